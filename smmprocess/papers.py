"""Whose a document is, and where its page is: the goals of a year, or a plan of an intake."""

from dataclasses import dataclass

from django.db.models import QuerySet

from documents.models import Document
from smmprocess.links import address


@dataclass(frozen=True)
class Paper:
    """A document with its owner."""

    document: Document
    name: str
    """In the language that is active."""

    url: str


def with_owners(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Read along whose the documents are."""
    return documents.select_related(
        "goals_year",
        "communication_plan__intake",
        "activity_plan__intake",
        "submitted_by",
        "decided_by",
    )


def paper_of(document: Document) -> Paper | None:
    """Name the document; None where it belongs to nothing that is known here."""
    if year := getattr(document, "goals_year", None):
        return Paper(document, str(year), address("goals:year_detail", year.year))
    if plan := getattr(document, "communication_plan", None):
        url = address("plans:communication_detail", plan.intake_id)
        return Paper(document, str(plan), url)
    if plan := getattr(document, "activity_plan", None):
        return Paper(document, str(plan), address("plans:intake_activities", plan.intake_id))
    return None


def papers(documents: QuerySet[Document]) -> list[Paper]:
    found = (paper_of(document) for document in with_owners(documents))
    return [paper for paper in found if paper is not None]
