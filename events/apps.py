from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        from events import faults, occasion_names, reminders, signals
        from events.event_type import seed_rules
        from outbox import queue
        from outbox.signals import claiming, looking_for_faults, naming

        claiming.connect(reminders.recheck, dispatch_uid="events.reminders.recheck")
        signals.have_joined.connect(queue.ask_anew_of, dispatch_uid="outbox.queue")
        looking_for_faults.connect(faults.faults, dispatch_uid="events.faults")
        naming.connect(occasion_names.names, dispatch_uid="events.occasion_names")
        post_migrate.connect(seed_rules, sender=self, dispatch_uid="events.seed_rules")
