from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        from celery.signals import heartbeat_sent

        from outbox.worker import note_heartbeat

        heartbeat_sent.connect(note_heartbeat, dispatch_uid="outbox.worker")
