from django.db import migrations, models
from django.db.models import F


def give_back(apps, schema_editor):
    """What a worker that was stopped for the upgrade had in hand and not begun waits again."""
    in_hand = apps.get_model("outbox", "Message").objects.filter(status="calling", is_in_hand=True)
    in_hand.update(status="planned", claim=None, lease_until=None, attempts=F("attempts") - 1)


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0009_reason_left_unclear"),
    ]

    operations = [
        migrations.RunPython(give_back, migrations.RunPython.noop),
    ]
