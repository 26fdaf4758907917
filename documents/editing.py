"""Two people edit the same thing: the second is told, sees both, and decides."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.db import IntegrityError, models, transaction
from django.http import QueryDict
from django.utils.translation import gettext

from accounts.models import User
from documents.content import words
from documents.models import Document, InvalidTransitionError, Revised

Saved = TypeVar("Saved")


@contextmanager
def open_for_change(document: Document) -> Iterator[None]:
    """Change what belongs to a document, in one transaction and only while it is not locked."""
    with transaction.atomic():
        document.hold_open()
        yield


def save_unless_taken(form: forms.ModelForm, save: Callable[[], Saved]) -> Saved | None:
    """Save in one transaction; None if somebody saved the same meanwhile, as the form then says.

    What was free when the form was looked through may be taken by now. The database refuses it,
    and looking once more finds the sentence.
    """
    try:
        with transaction.atomic():
            return save()
    except IntegrityError:
        form.full_clean()
        if not form.errors:
            raise
        return None


@dataclass(frozen=True)
class Difference:
    """A field in which what was saved meanwhile and the own input differ."""

    label: str
    saved: str
    own: str


@dataclass(frozen=True)
class Conflict:
    """What somebody else saved while the person was writing."""

    by: User | None
    at: datetime | None
    differences: list[Difference]


class RevisedForm(forms.ModelForm):
    """A form of something `Revised`. The page has to show the hidden field `revision`.

    `save_revised` takes the place of `save`. Where somebody else saved meanwhile it saves nothing
    and fills `conflict`, which _form_errors.html shows; what the person typed stays in the form,
    and sending it again saves it over the other's.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)

    conflict: Conflict | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["revision"].initial = self.instance.revision

    def save_revised(self, *, by: User, at: datetime, document: Document | None = None) -> bool:
        """Save; False if somebody saved meanwhile, or if the document is locked by now."""

        def save() -> bool:
            if document:
                document.hold_open()
            return self._update(by, at) if self.instance.pk else self._insert(by, at)

        try:
            saved = save_unless_taken(self, save)
        except InvalidTransitionError as refusal:
            self.add_error(None, str(refusal))
            return False
        if saved is False:
            self.show_both()
        return bool(saved)

    def _insert(self, by: User, at: datetime) -> bool:
        self.instance.changed_by, self.instance.changed_at = by, at
        self.save()
        return True

    def _update(self, by: User, at: datetime) -> bool:
        seen = self.cleaned_data["revision"]
        stamps = {"revision": seen + 1, "changed_by": by, "changed_at": at}
        values = {field.name: getattr(self.instance, field.name) for field in self._columns()}
        if not self._rows().filter(revision=seen).update(**values, **stamps):
            return False
        for name, value in stamps.items():
            setattr(self.instance, name, value)
        self.save(commit=False)  # writes nothing, and gives save_m2m
        self.save_m2m()
        return True

    def _rows(self) -> models.QuerySet[Revised]:
        rows: models.QuerySet[Revised] = type(self.instance)._base_manager.filter(
            pk=self.instance.pk
        )
        return rows

    def _columns(self) -> list[models.Field]:
        return [
            field
            for field in self.instance._meta.concrete_fields
            if field.editable and field.name in self.fields
        ]

    def show_both(self) -> None:
        """Say what was saved meanwhile, and let the next click save over exactly that."""
        saved = self._rows().select_related("changed_by").first()
        if saved is None:
            self.add_error(None, gettext("Somebody took this out while you were writing."))
            return
        for record in (saved, self.instance):
            self.complete(record)
        pairs = [(name, *self._both(name, saved)) for name in self._meta.fields or ()]
        differences = [
            Difference(str(self.fields[name].label), theirs, own)
            for name, theirs, own in pairs
            if name in self.fields and theirs != own
        ]
        self.conflict = Conflict(saved.changed_by, saved.changed_at, differences)
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent[self.add_prefix("revision")] = str(saved.revision)
        self.data = sent

    def complete(self, record: models.Model) -> None:
        """Fill in what is filled in by itself when this is saved: it is nobody's change."""

    def _both(self, name: str, saved: Revised) -> tuple[str, str]:
        field = self.instance._meta.get_field(name)
        if field.many_to_many:
            return words(getattr(saved, name).all()), words(list(self.cleaned_data[name]))
        return said(saved, name), said(self.instance, name)


def said(record: models.Model, name: str) -> str:
    """Say a field of a record as people read it."""
    display = getattr(record, f"get_{name}_display", None)
    return words(display() if display else getattr(record, name))
