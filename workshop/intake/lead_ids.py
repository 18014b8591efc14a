"""Whether the column that names leads tells them apart; where it cannot, every row is a lead."""

from __future__ import annotations

import re
from collections import Counter
from typing import assert_never

from workshop.intake.caution import Caution, Code, Severity
from workshop.intake.cells import quoted
from workshop.intake.columns import Column, outcome
from workshop.intake.field_columns import FieldColumns
from workshop.intake.layout import Field, Shape

COLLAPSED = re.compile(r"\s*[0-9][.,]?[0-9]*[eE]\+[0-9]{2,}\s*")  # an id that lost its digits


def check_lead_ids(found: FieldColumns, shape: Shape | None) -> None:
    """Take every row for a lead where the column that names leads cannot tell them apart."""
    lead = found.columns.get(Field.LEAD)
    collapsed = lead is not None and any(COLLAPSED.fullmatch(text) for text in lead.filled)
    match shape:
        case Shape.HISTORY:
            if lead and collapsed:
                found.cautions.append(_collapsed(lead, "Leads are mixed up.", Severity.CRITICAL))
            elif lead and not found.names_leads_by_id():
                found.cautions.append(_same_names(lead))
        case Shape.DEALS | Shape.DATES:
            if lead is None:
                found.cautions.append(_no_id("No column holds an id", Severity.NOTE))
            elif collapsed:
                taken = "Every row is taken for a lead of its own."
                found.cautions.append(_collapsed(lead, taken, Severity.WARNING))
                del found.columns[Field.LEAD]
            elif len(set(lead.filled)) < len(lead.filled):
                _check_repeated(found, lead)
        case Shape.COUNTS | None:
            pass
        case _:
            assert_never(shape)


def _check_repeated(found: FieldColumns, lead: Column) -> None:
    if not found.names_leads_by_id():
        says = f"{quoted(lead.name)} holds names, and some occur twice"
        found.cautions.append(_no_id(says, Severity.NOTE))
        del found.columns[Field.LEAD]
        return
    ends = [found.columns.get(field) for field in (Field.STATUS, Field.STAGE)]
    by_lead = next((found.values_by_lead(column) for column in ends if column), {})
    mixed = sum(len(set(map(outcome, values))) > 1 for values in by_lead.values())
    if mixed * 2 > sum(Counter(lead.filled)[one] > 1 for one in set(lead.filled)):
        says = f"{quoted(lead.name)} repeats with different outcomes"
        found.cautions.append(_no_id(says, Severity.WARNING))
        del found.columns[Field.LEAD]


def _no_id(because: str, severity: Severity) -> Caution:
    return Caution(
        Code.NO_ID,
        f"{because}: every row is taken for a lead of its own.",
        "Choose the column of the id if there is one.",
        severity,
    )


def _same_names(lead: Column) -> Caution:
    return Caution(
        Code.NO_ID,
        f"No column holds an id, so {quoted(lead.name)} is taken for one: leads of the same name "
        "would count as one.",
        "Export the id as well.",
    )


def _collapsed(lead: Column, what_follows: str, severity: Severity) -> Caution:
    return Caution(
        Code.IDS_COLLAPSED,
        f"The ids in {quoted(lead.name)} have lost digits in a spreadsheet, as "
        f"{quoted(next(text for text in lead.filled if COLLAPSED.fullmatch(text)))} has. "
        f"{what_follows}",
        "Export the file again, and do not save it in a spreadsheet.",
        severity,
    )
