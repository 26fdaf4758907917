from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0002_delivery_reports_and_detours"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="no_answer_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
