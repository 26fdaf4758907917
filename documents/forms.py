"""The words that go with a step of a document."""

from django import forms
from django.utils.translation import gettext_lazy as _


def _few_lines() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3})


class NoWordsForm(forms.Form):
    """A step that needs no words."""


class ApproveForm(forms.Form):
    text = forms.CharField(label=_("Comment"), required=False, widget=_few_lines())


class SendBackForm(forms.Form):
    text = forms.CharField(label=_("What is to change"), widget=_few_lines())


class ReopenForm(forms.Form):
    text = forms.CharField(label=_("Why it has to change"), max_length=500, widget=_few_lines())


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Comment"), widget=_few_lines())
