"""What is written down of a webinar's preparation, each part in one transaction."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from documents.editing import RevisedForm
from documents.models import saved_by
from events.models import Event
from files.uploads import store
from webinars.forms import ContractForm, ModerationForm, PresenterForm, TopicForm
from webinars.models import Presenter, Webinar


@transaction.atomic
def save(form: RevisedForm, *, by: User, at: datetime) -> bool:
    """Save a part; False if somebody saved meanwhile. What goes with it is kept elsewhere too."""
    if not form.save_revised(by=by, at=at):
        return False
    webinar: Webinar = form.instance
    event = webinar.event
    if isinstance(form, ContractForm) and form.cleaned_data["upload"]:
        webinar.take_contract(store(form.cleaned_data["upload"], by=by, at=at))
    if isinstance(form, TopicForm) and (webinar.presenter or "presenter" in form.changed_data):
        event.presenter = webinar.presenter.name if webinar.presenter else ""
        event.save(update_fields=["presenter"])
        if "presenter" in form.changed_data:
            _count_as_changed(event, by, at)
    if isinstance(form, ModerationForm) and form.has_new_moderator:
        event.moderator = form.cleaned_data["moderator"]
        event.save(update_fields=["moderator"])
        _count_as_changed(event, by, at)
    return True


def _count_as_changed(event: Event, by: User, at: datetime) -> None:
    """Have whoever has the event's own form open told of it."""
    Event.objects.filter(pk=event.pk).update(**saved_by(by.pk, at))


@transaction.atomic
def save_presenter(form: PresenterForm, *, by: User, at: datetime) -> bool:
    """Save a presenter with the photo, and the name where people will read it; False if somebody
    saved meanwhile."""
    if not form.save_revised(by=by, at=at):
        return False
    presenter: Presenter = form.instance
    # What took place stays under the name by which it was announced.
    to_come = Event.objects.upcoming(at).filter(webinar__presenter=presenter)
    to_rename = to_come.exclude(presenter=presenter.name).order_by()
    to_rename.update(presenter=presenter.name, **saved_by(by.pk, at))
    if form.cleaned_data["photo_file"]:
        presenter.take_photo(store(form.cleaned_data["photo_file"], by=by, at=at))
    return True
