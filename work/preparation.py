"""By when, and by whom, the activities of an event's preparation are to be done: its tasks say."""

from accounts.models import Role
from events.board import Due
from events.models import Event
from work.models import Task


def dues_of(event: Event) -> dict[str, Due]:
    """Return day and owner of each activity that has a task, by the key of its template."""
    tasks = Task.objects.filter(event=event, template__isnull=False).select_related(
        "template", "assignee"
    )
    return {
        task.template.key: Due(task.due_on, str(task.assignee or Role(task.role).label))
        for task in tasks
        if task.template is not None
    }
