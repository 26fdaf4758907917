from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0006_import_taken_up"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="eventalert",
            name="event_alert_once",
        ),
        migrations.AddField(
            model_name="eventalert",
            name="count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="eventalert",
            constraint=models.UniqueConstraint(
                fields=("event", "topic", "about_at", "count"), name="event_alert_once"
            ),
        ),
    ]
