"""Fill the database with a believable college, or bring it up to the present hour."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from smmprocess.demo import list_file, open_days, staff, story


class Command(BaseCommand):
    help = (
        "Fills the database with a demonstration college whose open day is about to start. Run "
        "again, it adds the next open day and changes nothing else."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        people = staff.make_staff()
        story.tell(people, now)
        event = open_days.make_soon(people, now)
        path = settings.VAR_DIR / "demo" / "dalibnieki.xlsx"
        list_file.write_list(path)
        starts = timezone.localtime(event.starts_at)
        self.stdout.write(f"Open day at {starts:%H:%M}; its first reminders go 15 minutes before.")
        self.stdout.write(f"A list to import: {path.relative_to(settings.BASE_DIR)}")
        self.stdout.write("Sign in as:")
        self.stdout.write(staff.sign_ins())
