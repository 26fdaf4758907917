from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        from celery.signals import heartbeat_sent
        from django.core.checks import register

        from outbox.lease_check import check_lease
        from outbox.worker import note_heartbeat

        register(check_lease)

        heartbeat_sent.connect(note_heartbeat, dispatch_uid="outbox.worker")
