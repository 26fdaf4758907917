"""The task templates a new installation begins with."""

from typing import Any

from events.event_type import all_types
from work.models import TaskTemplate


def seed_templates(**_kwargs: Any) -> int:
    """Create the default templates that are missing; return how many.

    Runs after every migrate. What exists is left alone, whatever was edited in it.
    """
    created = 0
    for event_type in all_types():
        for position, default in enumerate(event_type.tasks):
            _template, is_new = TaskTemplate.objects.get_or_create(
                event_kind=event_type.key,
                key=default.key,
                defaults={
                    "title": default.title[0],
                    "title_en": default.title[1],
                    "offset": default.offset,
                    "unit": default.unit,
                    "anchor": default.anchor,
                    "role": default.role,
                    "position": position,
                },
            )
            created += is_new
    return created
