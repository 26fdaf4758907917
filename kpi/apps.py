from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class KpiConfig(AppConfig):
    name = "kpi"
    verbose_name = _("KPI")

    def ready(self) -> None:
        from goals.signals import measurements_wanted
        from kpi import letter_names
        from kpi.default_channels import seed_channels
        from kpi.for_goals import tell_measured
        from outbox.signals import naming

        post_migrate.connect(seed_channels, sender=self, dispatch_uid="kpi.seed_channels")
        measurements_wanted.connect(tell_measured, dispatch_uid="kpi.tell_measured")
        naming.connect(letter_names.names, dispatch_uid="kpi.letter_names")
