from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = _("Plans")

    def ready(self) -> None:
        from goals.signals import taking_out
        from plans.registers import keep_served

        taking_out.connect(keep_served, dispatch_uid="plans.registers.keep_served")
