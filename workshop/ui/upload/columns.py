"""Which column of lead-level files says what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from workshop.intake import Opened
from workshop.intake.layout import Field, Layout, Shape
from workshop.ui.upload.memory import Said, note, recall_one

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


def ask_columns(opened: Opened, guess: Layout | None, shape: Shape, said: Said) -> dict[Field, str]:
    """Which column says what, as far as one does."""
    known = _known(guess, shape)
    with st.container(key="layout_columns"):
        chosen = _ask(opened, shape, FIELDS[shape], known, said)
    # Its widgets are drawn when it is closed, too: they keep what was chosen.
    with (
        st.expander("More columns", expanded=bool(known.keys() & set(MORE[shape]))),
        st.container(key="layout_more_columns"),
    ):
        return chosen | _ask(opened, shape, MORE[shape], known, said)


def _ask(
    opened: Opened,
    shape: Shape,
    fields: Iterable[Field],
    known: Mapping[Field, str],
    said: Said,
) -> dict[Field, str]:
    chosen: dict[Field, str] = {}
    for field in fields:
        is_every_row = field is Field.LEAD and shape is not Shape.HISTORY
        column = _ask_column(
            said,
            f"{shape.name}_{field.name}",
            label(field, shape),
            _names(opened),
            known.get(field),
            EVERY_ROW if is_every_row else NOT_SAID,
        )
        if column:
            chosen[field] = column
    return chosen


def _known(guess: Layout | None, shape: Shape) -> Mapping[Field, str]:
    """What the columns of the guess say, as far as they are good for this shape."""
    fields = fields_of(shape)
    return {one: name for one, name in guess.columns.items() if one in fields} if guess else {}


def _names(opened: Opened) -> list[str]:
    return list(dict.fromkeys(name for table in opened.database.tables for name in table.columns))


def _ask_column(
    said: Said, name: str, label: str, options: Sequence[str], first: str | None, unsaid: str
) -> str | None:
    key = f"column_{name.lower()}"
    st.selectbox(
        label,
        options,
        key=recall_one(said, key, options, first),
        index=None,
        placeholder=unsaid,
    )
    column: str | None = note(said, key)
    return column


def ask_first_touch(
    opened: Opened, guess: Layout | None, shape: Shape, said: Said
) -> dict[Field, str]:
    """The columns of the other file, which holds the leads that the deals came from."""
    if shape is not Shape.DEALS or len(opened.database.tables) < 2:
        return {}
    known = guess.first_touch if guess else {}
    st.text("The other file: the leads that the deals came from")
    with st.container(key="layout_first_touch"):
        chosen = {
            field: _ask_column(
                said, f"touch_{field.name}", label, _names(opened), known.get(field), NOT_SAID
            )
            for field, label in FIRST_TOUCH.items()
        }
    found = {field: column for field, column in chosen.items() if column}
    return found if {Field.LEAD, Field.CREATED_AT} <= found.keys() else {}
