import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0007_alert_count"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="look_asked_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
    ]
