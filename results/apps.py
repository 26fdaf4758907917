from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    name = "results"
    verbose_name = _("Results")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from plans.signals import targets_shown
        from results import beside

        targets_shown.connect(beside.beside_targets, dispatch_uid="results.beside.beside_targets")
