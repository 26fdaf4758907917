from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GoalsConfig(AppConfig):
    name = "goals"
    verbose_name = _("Goals")

    def ready(self) -> None:
        from goals.default_series import seed_series

        post_migrate.connect(seed_series, sender=self, dispatch_uid="goals.seed_series")
