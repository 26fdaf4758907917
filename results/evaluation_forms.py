"""Forms of the evaluation form: at each of its states other fields are written, by other people."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from django import forms
from django.forms import inlineformset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from documents.editing import Difference, RevisedForm
from goals.models import Indicator
from plans.models import Intake
from results.achieved import fill_in
from results.evaluation_lines import LineFormSet, bring_onto_what_stands
from results.evaluations import MANAGED_BY
from results.models import Competence, Evaluation, NextGoal, PlannedResult

State = Evaluation.State
MORE = 2
"""So many empty lines to fill in stand below those there are."""


@dataclass(frozen=True)
class Fields:
    """What is written at a state; `grows` names the lists to which lines may be added."""

    form: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    competences: tuple[str, ...] = ()
    next_goals: tuple[str, ...] = ()
    grows: tuple[str, ...] = ()


FIELDS = {
    State.PLANNING: Fields(
        results=("text", "measure", "weight", "source", "indicator"),
        competences=("name",),
        grows=("results", "competences"),
    ),
    State.SELF: Fields(
        form=("employee_comment",),
        results=("achieved", "correction", "self_score"),
        competences=("self_score",),
    ),
    State.ASSESSMENT: Fields(
        form=("manager_comment", "development_needs"),
        results=("achieved", "correction", "manager_score"),
        competences=("manager_score", "comment"),
        next_goals=("text", "measure"),
        grows=("next_goals",),
    ),
}
LISTS = {"results": PlannedResult, "competences": Competence, "next_goals": NextGoal}


class BeginForm(forms.ModelForm):
    """For whom a form is begun, and for which intake."""

    class Meta:
        model = Evaluation
        fields = ["intake", "employee"]

    intake = forms.ModelChoiceField(Intake.objects.all(), label=_("Intake"), empty_label=None)
    employee = forms.ModelChoiceField(User.objects.none(), label=_("Employee"), empty_label=None)

    def __init__(self, *args: Any, manager: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = MANAGED_BY.get(manager.role, ())  # type: ignore[call-overload]
        people = User.objects.active().filter(role__in=roles)
        self.fields["employee"].queryset = people  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """Which other manager goes on with a form, and why."""

    manager = forms.ModelChoiceField(User.objects.none(), label=_("Manager"), empty_label=None)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, evaluation: Evaluation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_it_now = [evaluation.employee_id, evaluation.manager_id]
        others = User.objects.active().filter(role__in=list(MANAGED_BY)).exclude(pk__in=of_it_now)
        self.fields["manager"].queryset = others  # type: ignore[attr-defined]


class Editing:
    """Everything that is written at the present state of a form, as one thing to save."""

    def __init__(self, evaluation: Evaluation, sent: QueryDict | None) -> None:
        self.evaluation = evaluation
        self.fields = FIELDS[State(evaluation.state)]
        self.came_and_went: list[Difference] = []
        data = None if sent is None else self._onto_what_stands(sent)
        self.form = _main_form(self.fields.form)(data, instance=evaluation)
        self.lists = {
            name: _list(name, self.fields)(data, instance=evaluation, prefix=name)
            for name in LISTS
            if getattr(self.fields, name)
        }
        for form in self.lists["results"].forms if "results" in self.lists else ():
            if "indicator" in form.fields:
                of_year = Indicator.objects.filter(goal__year__year=evaluation.intake.year)
                form.fields["indicator"].queryset = of_year  # type: ignore[attr-defined]

    def _onto_what_stands(self, sent: QueryDict) -> QueryDict:
        data = sent.copy()
        for name in LISTS:
            if fields := getattr(self.fields, name):
                standing = getattr(self.evaluation, name).all()
                grows = name in self.fields.grows
                self.came_and_went += bring_onto_what_stands(
                    data, name, standing, fields, grows=grows
                )
        return data

    @property
    def has_faulty_lines(self) -> bool:
        return self.form.is_bound and any(not each.is_valid() for each in self.lists.values())

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(each.is_valid() for each in self.lists.values())])

    def save(self, *, by: User, at: datetime) -> bool:
        """Save all of it or nothing; False if somebody else saved meanwhile."""
        with self.evaluation.held(State(self.evaluation.state)):
            if not self.form.save_revised(by=by, at=at):
                self._compare_lines()
                return False
            for each in self.lists.values():
                each.save_in_order()
            if self.evaluation.state != State.PLANNING:
                fill_in(self.evaluation, at)
        return True

    def _compare_lines(self) -> None:
        """Add what differs in the lines to what the form itself says of both."""
        if conflict := self.form.conflict:
            found = [each for lines in self.lists.values() for each in lines.differences()]
            every = [*conflict.differences, *self.came_and_went, *found]
            self.form.conflict = replace(conflict, differences=every)


def _main_form(fields: tuple[str, ...]) -> type[RevisedForm]:
    areas: dict[str, Any] = {name: forms.Textarea({"rows": 4}) for name in fields}
    made = forms.modelform_factory(Evaluation, form=RevisedForm, fields=fields, widgets=areas)
    return cast(type[RevisedForm], made)


def _list(name: str, fields: Fields) -> type[LineFormSet]:
    grows = name in fields.grows
    made = inlineformset_factory(
        Evaluation,
        LISTS[name],
        formset=LineFormSet,
        fields=getattr(fields, name),
        extra=MORE if grows else 0,
        can_delete=grows,
        widgets={"achieved": forms.Textarea({"rows": 2})},
    )
    return cast(type[LineFormSet], made)
