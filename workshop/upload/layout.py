"""“This is how we read your file”: the guess at a layout, to be corrected before it is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from workshop import screen
from workshop.intake import Caution, Opened
from workshop.intake.cells import key as same
from workshop.intake.dates import Ambiguous, date_format
from workshop.intake.layout import Field, Layout, Shape
from workshop.intake.recognition import Recognition
from workshop.upload.memory import Said, note, recall, recall_one
from workshop.upload.stages import ask_stages

SHAPES = [Shape.HISTORY, Shape.DATES, Shape.DEALS]
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
}
WORDS = (Field.REASON, Field.WON_REASON, Field.SEGMENT, Field.VALUE)
FIELDS = {
    Shape.HISTORY: (Field.LEAD, Field.STAGE, Field.ENTERED_AT, *WORDS),
    Shape.DATES: (Field.LEAD, *WORDS),
    Shape.DEALS: (
        Field.LEAD,
        Field.STAGE,
        Field.STATUS,
        Field.CREATED_AT,
        Field.CLOSED_AT,
        *WORDS,
    ),
}
NEEDED = {
    Shape.HISTORY: {Field.LEAD, Field.STAGE, Field.ENTERED_AT},
    Shape.DATES: {Field.LEAD},
    Shape.DEALS: {Field.LEAD},
}
FIRST_TOUCH = {
    Field.LEAD: "The same lead there",
    Field.CREATED_AT: "First contact on",
    Field.SEGMENT: "Its segment or channel",
}
NOT_SAID = "not in the file"


def ask_layout(opened: Opened, said: Said) -> Layout | None:
    """Draw the guess, to be corrected; the layout once somebody presses “Read the file”."""
    guess = opened.recognition
    with st.container(key="layout"):
        with st.container(key="layout_head"):
            st.subheader("This is how we read your file", anchor=False)
            st.write("Correct what is not so. Nothing is counted before you press the button.")
        left, right = st.columns([5, 4], gap="large")
        with left:
            shape = _ask_shape(guess, said)
            columns = _ask_columns(opened, shape, said)
            first_touch = _ask_first_touch(opened, shape, said)
            day_first, is_told = _ask_date_order(opened, shape, columns, first_touch, said)
            merged = _ask_merges(opened, columns, first_touch, said)
        base = _guess_for(opened, shape, columns)
        with right:
            stages, meanings, dates = ask_stages(opened, shape, columns, base.layout, said)
            problem = _problem(shape, columns, is_told)
            try:
                layout = Layout(
                    shape, stages, columns, meanings, dates, merged, first_touch, day_first
                )
            except ValueError as error:
                problem = problem or f"{error}."
            _say(problem, base.cautions)
            pressed = st.button(
                "Read the file",
                key="layout_read",
                type="primary",
                width="stretch",
                disabled=bool(problem),
            )
    return layout if pressed and not problem else None


def _ask_shape(guess: Recognition, said: Said) -> Shape:
    known = guess.layout.shape if guess.layout else None
    st.selectbox(
        "The file has",
        SHAPES,
        format_func=str,
        key=recall_one(said, "layout_shape", SHAPES, known if known in SHAPES else Shape.HISTORY),
    )
    shape: Shape = note(said, "layout_shape")
    return shape


def _ask_columns(opened: Opened, shape: Shape, said: Said) -> dict[Field, str]:
    """Which column says what, as far as one does."""
    guess = opened.recognition.layout
    known = guess.columns if guess and guess.shape is shape else _by_names(opened, shape)
    options = list(dict.fromkeys(name for table in opened.desk.tables for name in table.columns))
    chosen: dict[Field, str] = {}
    with st.container(key="layout_columns"):
        for field in FIELDS[shape]:
            column = _ask_column(
                said, f"{shape.name}_{field.name}", LABELS[field], options, known.get(field)
            )
            if column:
                chosen[field] = column
    return chosen


def _ask_column(
    said: Said, name: str, label: str, options: Sequence[str], first: str | None
) -> str | None:
    key = f"column_{name.lower()}"
    st.selectbox(
        label,
        options,
        key=recall_one(said, key, options, first),
        index=None,
        placeholder=NOT_SAID,
    )
    column: str | None = note(said, key)
    return column


def _by_names(opened: Opened, shape: Shape) -> Mapping[Field, str]:
    """What the columns of a guess with another shape are good for in this one."""
    guess = opened.recognition.layout
    return (
        {field: name for field, name in guess.columns.items() if field in FIELDS[shape]}
        if guess
        else {}
    )


def _ask_first_touch(opened: Opened, shape: Shape, said: Said) -> dict[Field, str]:
    """The columns of the other file, which holds the leads that the deals came from."""
    if shape is not Shape.DEALS or len(opened.desk.tables) < 2:
        return {}
    guess = opened.recognition.layout
    known = guess.first_touch if guess else {}
    options = list(dict.fromkeys(name for table in opened.desk.tables for name in table.columns))
    st.text("The other file: the leads that the deals came from")
    with st.container(key="layout_first_touch"):
        chosen = {
            field: _ask_column(said, f"touch_{field.name}", label, options, known.get(field))
            for field, label in FIRST_TOUCH.items()
        }
    found = {field: column for field, column in chosen.items() if column}
    return found if {Field.LEAD, Field.CREATED_AT} <= found.keys() else {}


def _ask_date_order(
    opened: Opened,
    shape: Shape,
    columns: Mapping[Field, str],
    first_touch: Mapping[Field, str],
    said: Said,
) -> tuple[bool | None, bool]:
    """Whether the day comes first, asked where the dates cannot tell; and whether that is clear."""
    asked = [
        found
        for column in _dated(opened, shape, columns, first_touch)
        if isinstance(found := date_format(opened.samples(column)), Ambiguous)
    ]
    if not asked:
        return None, True
    example = asked[0]
    labels = {
        True: f"day first, as in {example.day_first.label}",
        False: f"month first, as in {example.month_first.label}",
    }
    guess = opened.recognition.layout
    st.radio(
        screen.plain(f"How is {example.example} meant?"),
        [True, False],
        format_func=lambda first: screen.plain(labels[first]),
        key=recall_one(said, "layout_day_first", [True, False], guess.day_first if guess else None),
        horizontal=True,
    )
    first: bool | None = note(said, "layout_day_first")
    return first, first is not None


def _dated(
    opened: Opened, shape: Shape, columns: Mapping[Field, str], first_touch: Mapping[Field, str]
) -> Iterator[str]:
    guess = opened.recognition.layout
    if shape is Shape.DATES:
        yield from dict.fromkeys(guess.dates.values() if guess else ())
    for field in (Field.ENTERED_AT, Field.CREATED_AT, Field.CLOSED_AT):
        if field in columns:
            yield columns[field]
    if Field.CREATED_AT in first_touch:
        yield first_touch[Field.CREATED_AT]


def _ask_merges(
    opened: Opened, columns: Mapping[Field, str], first_touch: Mapping[Field, str], said: Said
) -> dict[Field, dict[str, str]]:
    """Offer to take spellings together; nothing is merged unasked."""
    reasons = [columns[field] for field in (Field.REASON, Field.WON_REASON) if field in columns]
    segments = [of[Field.SEGMENT] for of in (columns, first_touch) if Field.SEGMENT in of]
    merged: dict[Field, dict[str, str]] = {}
    proposals = [
        (field, proposal)
        for field, names in ((Field.REASON, reasons), (Field.SEGMENT, segments))
        for proposal in (opened.alike(*dict.fromkeys(names)) if names else ())
    ]
    if not proposals:
        return {}
    with st.container(key="layout_merges"):
        st.text("These may mean the same. Tick what is to count as one.")
        for number, (field, proposal) in enumerate(proposals):
            others = ", ".join(f"“{other}”" for other in proposal.others)
            key = recall(said, f"merge_{number}_{same(proposal.keep)}", False)
            st.checkbox(screen.plain(f"{others} is “{proposal.keep}”"), key=key)
            if note(said, key):
                kept = dict.fromkeys(proposal.others, proposal.keep)
                merged.setdefault(field, {}).update(kept)
    if Field.REASON in merged and Field.WON_REASON in columns:
        merged[Field.WON_REASON] = merged[Field.REASON]
    return merged


def _guess_for(opened: Opened, shape: Shape, columns: Mapping[Field, str]) -> Recognition:
    """The guess at the stages: the first one, unless somebody has chosen other columns."""
    first = opened.recognition
    if first.layout and first.layout.shape is shape:
        known = {field: name for field, name in first.layout.columns.items() if field in LABELS}
        if known == dict(columns):
            return first
    again = opened.again(columns)
    if again.layout is None or again.layout.shape is not shape:
        return replace(again, layout=None)
    return again


def _problem(shape: Shape, columns: Mapping[Field, str], is_told: bool) -> str:
    missing = [LABELS[field] for field in FIELDS[shape] if field in NEEDED[shape] - columns.keys()]
    if missing:
        return f"Choose the column that says: {', '.join(missing)}."
    if not is_told:
        return "Say whether the day or the month comes first."
    return ""


def _say(problem: str, cautions: Sequence[Caution]) -> None:
    if cautions:
        with st.container(key="layout_missing"):
            for caution in cautions:
                st.text(str(caution))
    if problem:
        st.warning(screen.plain(problem))
