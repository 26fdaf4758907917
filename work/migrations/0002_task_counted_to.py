from django.db import migrations, models
from django.db.models import Q


def fill(apps, _schema_editor):
    """Give tasks the end their day goes with; who moved meanwhile lasted as long as it does now."""
    Task = apps.get_model("work", "Task")
    counted = Task.objects.filter(counted_from__isnull=False).select_related("event")
    for task in counted:
        task.counted_to = task.counted_from + (task.event.ends_at - task.event.starts_at)
    Task.objects.bulk_update(counted, ["counted_to"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("work", "0001_initial")]

    operations = [
        migrations.AddField(
            "task", "counted_to", models.DateTimeField(editable=False, null=True)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            "task",
            models.CheckConstraint(
                condition=Q(counted_from=None, counted_to=None)
                | Q(counted_from__isnull=False, counted_to__isnull=False),
                name="task_counted_by_start_and_end",
            ),
        ),
    ]
