"""What the pages of plans share: saving a form that several people may have open."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.http import StaffRequest
from documents.editing import RevisedForm
from documents.models import Document


def saved(request: StaffRequest, form: RevisedForm, document: Document | None = None) -> bool:
    """Save a form that was sent and is right; False if there is something to be shown first."""
    if request.method != "POST" or not form.is_valid():
        return False
    return form.save_revised(by=request.user, at=timezone.now(), document=document)


def refuse_locked(request: StaffRequest, document: Document) -> None:
    """Open no form for what is locked; one sent too late gets its answer when it is saved."""
    if request.method != "POST" and not document.is_open:
        raise PermissionDenied
