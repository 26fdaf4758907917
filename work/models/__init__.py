"""Tasks, where they come from, and who does them."""

from work.models.attached import TaskComment, TaskFile
from work.models.change import TaskChange
from work.models.feed import CalendarFeed
from work.models.hand_over import HandOver
from work.models.morning import MorningList
from work.models.recurring import RecurringTask
from work.models.task import StepRefusedError, Task, TaskQuerySet
from work.models.template import TaskTemplate

__all__ = [
    "CalendarFeed",
    "HandOver",
    "MorningList",
    "RecurringTask",
    "StepRefusedError",
    "Task",
    "TaskChange",
    "TaskComment",
    "TaskFile",
    "TaskQuerySet",
    "TaskTemplate",
]
