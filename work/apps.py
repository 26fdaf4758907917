from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    name = "work"
    verbose_name = _("Tasks")

    def ready(self) -> None:
        from accounts.signals import leaving_shown
        from events.signals import event_cancelled, event_created, event_moved, event_shown
        from outbox.signals import naming
        from work import event_panel, event_tasks, leaving, morning
        from work.seeding import seed_templates

        event_created.connect(event_tasks.make, dispatch_uid="work.event_tasks.make")
        event_moved.connect(event_tasks.settle, dispatch_uid="work.event_tasks.settle")
        event_cancelled.connect(event_tasks.close, dispatch_uid="work.event_tasks.close")
        event_shown.connect(event_panel.part_of_page, dispatch_uid="work.event_panel.part_of_page")
        leaving_shown.connect(leaving.left_behind, dispatch_uid="work.leaving.left_behind")
        naming.connect(morning.names, dispatch_uid="work.morning.names")
        post_migrate.connect(seed_templates, sender=self, dispatch_uid="work.seed_templates")
