"""`manage.py doctor`: look at everything the installation needs, and say it in words."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from smmprocess.doctor import look


class Command(BaseCommand):
    help = "Look at worker, database, providers, clock and settings; fail if anything is red."
    # It has to run where something is wrong, and says itself what is.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE)

    def handle(self, *args: Any, language: str, **options: Any) -> None:
        red = 0
        with override(language):
            for check in look(timezone.now()):
                mark = self.style.SUCCESS("ok ") if check.ok else self.style.ERROR("RED")
                self.stdout.write(f"{mark}  {check.name}: {check.sentence}")
                if not check.ok:
                    red += 1
                    self.stdout.write(f"     {check.fix}")
            if red:
                sentence = ngettext("%(count)s thing is red.", "%(count)s things are red.", red)
                raise CommandError(sentence % {"count": red})
            self.stdout.write(gettext("All is well."))
