from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0003_message_no_answer"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="is_in_hand",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
