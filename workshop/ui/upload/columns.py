"""Which column of lead-level files says what."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

import streamlit as st

from workshop.intake import Opened
from workshop.intake.layout import Field, Layout, Shape
from workshop.ui.upload.answers import Answers

LABELS = {
    Field.LEAD: "Lead or deal",
    Field.STAGE: "Stage",
    Field.ENTERED_AT: "Entered the stage on",
    Field.CREATED_AT: "Created on",
    Field.CLOSED_AT: "Won or lost on",
    Field.STATUS: "Won, lost or open",
    Field.REASON: "Why it was lost",
    Field.WON_REASON: "Why the customer bought",
    Field.SEGMENT: "Segment or channel",
    Field.VALUE: "Deal value",
    Field.CURRENCY: "Currency of the deal value",
    Field.PIPELINE: "Pipeline",
    Field.PROBABILITY: "Chance of winning",
    Field.OLD_STAGE: "Stage before the change",
    Field.CHANGED_FIELD: "What was changed",
}
STAGE_TODAY = "Stage today"
WORDS = (Field.REASON, Field.WON_REASON, Field.SEGMENT, Field.VALUE)
FIELDS = {
    Shape.HISTORY: (Field.LEAD, Field.STAGE, Field.ENTERED_AT, *WORDS),
    Shape.DATES: (Field.LEAD, Field.STATUS, *WORDS),
    Shape.DEALS: (
        Field.LEAD,
        Field.STAGE,
        Field.STATUS,
        Field.CREATED_AT,
        Field.CLOSED_AT,
        *WORDS,
    ),
}
# What fewer files have: asked in a place of its own.
MORE = {
    Shape.HISTORY: (
        Field.PIPELINE,
        Field.CURRENCY,
        Field.CHANGED_FIELD,
        Field.OLD_STAGE,
        Field.STATUS,
        Field.CREATED_AT,
    ),
    Shape.DATES: (Field.PIPELINE, Field.CURRENCY, Field.STAGE),
    Shape.DEALS: (Field.PIPELINE, Field.CURRENCY, Field.PROBABILITY),
}
NEEDED = {
    Shape.HISTORY: {Field.LEAD, Field.STAGE},
    Shape.DATES: set(),
    Shape.DEALS: set(),
}
FIRST_TOUCH = {
    Field.LEAD: "The same lead there",
    Field.CREATED_AT: "First contact on",
    Field.SEGMENT: "Its segment or channel",
}
NOT_SAID = "not in the file"
EVERY_ROW = "not in the file: every row is one"
ONE_ROW_A_LEAD = (Shape.DATES, Shape.DEALS)


def fields_of(shape: Shape) -> tuple[Field, ...]:
    """All that a column of such a file may say."""
    return (*FIELDS[shape], *MORE[shape])


def label(field: Field, shape: Shape) -> str:
    """What a field is called on the screen."""
    if (shape, field) in ((Shape.HISTORY, Field.STATUS), (Shape.DATES, Field.STAGE)):
        return STAGE_TODAY
    return LABELS[field]


def missing(shape: Shape, columns: Mapping[Field, str]) -> str:
    """What no column says yet, in words; "" where all is said."""
    return ", ".join(
        label(field, shape)
        for field in FIELDS[shape]
        if field in NEEDED[shape] and field not in columns
    )


def ask_columns(
    opened: Opened, guess: Layout | None, shape: Shape, answers: Answers
) -> dict[Field, str]:
    """Which column says what, as far as one does."""
    known = guess.columns if guess else {}
    main, more = ({one: label(one, shape) for one in fields[shape]} for fields in (FIELDS, MORE))
    with st.container(key="layout_columns"):
        chosen = _ask(opened, shape, main, known, answers)
    # Its widgets are drawn when it is closed, too: they keep what was chosen.
    with (
        st.expander("More columns", expanded=bool(known.keys() & more.keys())),
        st.container(key="layout_more_columns"),
    ):
        return chosen | _ask(opened, shape, more, known, answers)


def ask_first_touch(
    opened: Opened, guess: Layout | None, shape: Shape, answers: Answers
) -> dict[Field, str]:
    """The columns of the other file, which holds the leads that the deals came from."""
    if shape is not Shape.DEALS or len(opened.database.tables) < 2:
        return {}
    st.text("The other file: the leads that the deals came from")
    with st.container(key="layout_first_touch"):
        known = guess.first_touch if guess else {}
        found = _ask(opened, "touch", FIRST_TOUCH, known, answers)
    return found if {Field.LEAD, Field.CREATED_AT} <= found.keys() else {}


def _ask(
    opened: Opened,
    of: str,
    labels: Mapping[Field, str],
    known: Mapping[Field, str],
    answers: Answers,
) -> dict[Field, str]:
    """The column of each field, where one is chosen."""
    names = list(dict.fromkeys(chain(*(table.columns for table in opened.database.tables))))
    chosen = {
        field: answers.select(
            f"column_{of}_{field.name}".lower(),
            label,
            names,
            known.get(field),
            index=None,
            placeholder=EVERY_ROW if field is Field.LEAD and of in ONE_ROW_A_LEAD else NOT_SAID,
        )
        for field, label in labels.items()
    }
    return {field: column for field, column in chosen.items() if column}
