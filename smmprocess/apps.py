from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SmmprocessConfig(AppConfig):
    name = "smmprocess"
    verbose_name = _("Process")

    def ready(self) -> None:
        from documents.signals import approved, reopened, sent_back, submitted
        from outbox.signals import naming
        from smmprocess import decision_messages, step_messages

        submitted.connect(decision_messages.ask_directors)
        reopened.connect(decision_messages.tell_directors)
        approved.connect(decision_messages.tell_author)
        sent_back.connect(decision_messages.tell_author)
        naming.connect(step_messages.names, dispatch_uid="smmprocess.step_messages.names")
