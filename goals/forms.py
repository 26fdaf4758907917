"""Forms of a year's goals, of a goal, its indicators and the check-ins on them."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.person_field import PersonField
from documents.editing import RevisedForm
from files.forms import UploadField
from goals.models import CheckIn, Goal, Indicator, Series, Year


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class NewYearForm(forms.ModelForm):
    """Which year begins, and with what."""

    source = forms.ModelChoiceField(
        Year.objects.all(),
        label=_("Begin with"),
        required=False,
        empty_label=_("the six categories of the process"),
        help_text=_("From an earlier year: its last results stand beside the new targets."),
    )

    class Meta:
        model = Year
        fields = ["year"]
        labels = {"year": _("Year")}


class YearForm(RevisedForm):
    """The strategy that a year's goals follow from."""

    class Meta:
        model = Year
        fields = ["strategy_title", "strategy_url"]
        labels = {"strategy_title": _("Strategy"), "strategy_url": _("Link to the strategy")}

    strategy_url = forms.URLField(
        label=_("Link to the strategy"), required=False, max_length=500, assume_scheme="https"
    )


class StrategyFileForm(forms.Form):
    """The strategy as a file."""

    upload = UploadField(label=_("File of the strategy"))


class GoalForm(RevisedForm):
    owner = PersonField(_("Owner"))

    class Meta:
        model = Goal
        fields = ["category", "title", "title_en", "description", "owner"]
        labels = {
            "category": _("Category"),
            "title": _("Goal"),
            "title_en": _("Goal in English"),
            "description": _("Description"),
        }
        help_texts = {"title_en": _("Left empty: the Latvian one is used.")}
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}


class IndicatorForm(RevisedForm):
    owner = PersonField(_("Owner"))

    class Meta:
        model = Indicator
        fields = ["name", "name_en", "unit", "direction", "start", "target", "owner", "series"]
        labels = {
            "name": _("Indicator"),
            "name_en": _("Indicator in English"),
            "unit": pgettext_lazy("of an amount", "Unit"),
            "direction": _("Direction"),
            "start": _("Start"),
            "target": _("Target"),
            "series": _("KPI series"),
        }
        help_texts = {
            "name_en": _("Left empty: the Latvian one is used."),
            "series": _("Where its measurements come from; without one, people report its values."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        series = self.fields["series"]
        assert isinstance(series, forms.ModelChoiceField)
        kept = Series.objects.filter(pk=self.instance.series_id)
        series.queryset = Series.objects.on() | kept
        series.empty_label = _("None: people report it")


class CheckInForm(forms.Form):
    """How an indicator stood on a day."""

    on = forms.DateField(label=_("Day"), widget=DayInput())
    value = forms.DecimalField(label=_("Value"), max_digits=14, decimal_places=2)
    confidence = forms.ChoiceField(
        label=_("Confidence"), choices=CheckIn.Confidence.choices, widget=forms.RadioSelect
    )
    sentence = forms.CharField(label=_("In one sentence"), max_length=300)

    @classmethod
    def initial_from(cls, check_in: CheckIn | None, today: date) -> dict[str, Any]:
        """Give what a correction begins with, or a new check-in of today."""
        if check_in is None:
            return {"on": today}
        return {name: getattr(check_in, name) for name in cls.base_fields}


class MoveForm(forms.Form):
    """Which way something goes in the order."""

    direction = forms.ChoiceField(choices=[("up", "up"), ("down", "down")])
