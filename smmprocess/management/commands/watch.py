"""`manage.py watch`: rings by e-mail when messages do not go out. One of it runs beside beat."""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from smmprocess.watch import EVERY, Watch


class Command(BaseCommand):
    help = "Look whether sending works, and write to those responsible when it does not."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        watch = Watch()
        while True:
            close_old_connections()
            watch.look(timezone.now())
            time.sleep(EVERY.total_seconds())
