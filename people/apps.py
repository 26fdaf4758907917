from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("Participants")

    def ready(self) -> None:
        from people.consent_texts import seed_texts

        post_migrate.connect(seed_texts, sender=self, dispatch_uid="people.seed_texts")
