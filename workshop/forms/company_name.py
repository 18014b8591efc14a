"""The form by which a company gets its name."""

from __future__ import annotations

from workshop.domain.access import Visitor
from workshop.domain.checks import TITLE_LENGTH
from workshop.domain.company import Company
from workshop.forms.form import Field, Form, Kind, Submission
from workshop.store import Store

NAME = "company_name"


def company_name_form(company: Company) -> Form:
    """The form with the name that it has."""
    field = Field(
        "name",
        Kind.TEXT,
        "Name of the company",
        required="Write the name of the company.",
        longest=TITLE_LENGTH,
    )
    return Form(NAME, {}, (field,), "Rename", values={"name": company.name}, enter_sends=True)


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Rename the company. Raises Problems."""
    name = company_name_form(store.companies.of(who)).read(submission)["name"]
    store.companies.rename(who, name, submission_id=submission.id)
    return "Renamed, in all of its workshops."
