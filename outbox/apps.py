from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        from celery.signals import celeryd_after_setup, heartbeat_sent
        from django.core.checks import register

        from outbox import queue
        from outbox.lease_check import check_lease
        from outbox.worker import note_heartbeat, share_threads
        from people.signals import offers_refused

        register(check_lease)
        offers_refused.connect(queue.ask_anew_of, dispatch_uid="outbox.queue")

        celeryd_after_setup.connect(share_threads, dispatch_uid="outbox.worker.share_threads")
        heartbeat_sent.connect(note_heartbeat, dispatch_uid="outbox.worker")
