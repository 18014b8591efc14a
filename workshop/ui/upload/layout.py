"""“This is how we read your file”: the guess at a layout, to be corrected before it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import streamlit as st

from workshop.intake import Code, Opened
from workshop.intake.cells import key as same
from workshop.intake.dates import Ambiguous, date_format
from workshop.intake.layout import Field, Layout, Shape
from workshop.intake.recognition import Recognition
from workshop.ui.text import escape_markdown
from workshop.ui.upload import cautions
from workshop.ui.upload.answers import Answers
from workshop.ui.upload.columns import ask_columns, ask_first_touch, fields_of, missing
from workshop.ui.upload.currency import ask_currency
from workshop.ui.upload.header import ask_headers
from workshop.ui.upload.stages import ask_stages
from workshop.wording import figures
from workshop.wording.import_words import SHAPES

OF_LEADS = [Shape.HISTORY, Shape.DATES, Shape.DEALS]


def ask_layout(
    opened: Opened, answers: Answers, open_again: Callable[[Mapping[str, int]], None]
) -> Layout | None:
    """Draw the guess, to be corrected; the layout once somebody presses “Read the file”."""
    with st.container(key="layout"):
        with st.container(key="layout_head"):
            st.header("This is how we read your file", anchor=False)
            st.write("Correct what is not so. Nothing is counted before you press the button.")
        beware = st.container()
        left, right = st.columns([5, 4], gap="large")
        with left:
            ask_headers(opened, answers, open_again)
            first = _first_guess(opened, answers)
            shape = _ask_shape(first, answers)
            of_pipeline, of_currency = st.container(), st.container()
            columns = ask_columns(opened, first.layout, shape, answers)
            with of_pipeline:
                base = _ask_pipeline(opened, first, shape, columns, answers)
            first_touch = ask_first_touch(opened, first.layout, shape, answers)
            day_first, is_told = _ask_date_order(
                opened, first.layout, shape, columns, first_touch, answers
            )
            merged = _ask_merges(opened, columns, first_touch, answers)
        about_order = [one for one in base.cautions if one.code is Code.STAGE_ORDER]
        others = cautions.without(base.cautions, {Code.STAGE_ORDER, Code.CURRENCIES})
        with right:
            stages, meanings, dates = ask_stages(
                opened, shape, columns, base.layout, about_order, answers
            )
            problem = _problem(shape, columns, is_told)
            try:
                layout = Layout(
                    shape, stages, columns, meanings, dates, merged, first_touch, day_first,
                    base.pipeline if Field.PIPELINE in columns else None,
                )  # fmt: skip
            except ValueError as error:
                layout, problem = None, problem or f"{error}."
        if layout is not None:
            with of_currency:
                currency, exchange, of_values = ask_currency(opened, layout, answers)
            layout = replace(layout, currency=currency, exchange=exchange)
            others = (*others, *of_values)
        with beware:
            cautions.show(others)
        with right:
            if problem:
                st.warning(escape_markdown(problem))
            pressed = st.button(
                "Read the file",
                key="layout_read",
                type="primary",
                width="stretch",
                disabled=bool(problem),
            )
    return layout if pressed and not problem else None


def _first_guess(opened: Opened, answers: Answers) -> Recognition:
    """The guess at all of it, for the pipeline that somebody has chosen."""
    chosen = answers.given("pipeline")
    return opened.of_pipeline(chosen if chosen in opened.recognition.pipelines else None)


def _ask_shape(guess: Recognition, answers: Answers) -> Shape:
    known = guess.layout.shape if guess.layout else Shape.HISTORY
    suggested = known if known in OF_LEADS else Shape.HISTORY
    return answers.select(
        "layout_shape", "The file has", OF_LEADS, suggested, format_func=SHAPES.__getitem__
    )


def _ask_pipeline(
    opened: Opened, first: Recognition, shape: Shape, columns: Mapping[Field, str], answers: Answers
) -> Recognition:
    """The guess at the stages, of one pipeline where the files hold several."""
    guess = _guess_for(opened, first, shape, columns)
    if not guess.pipelines:
        return guess
    rows: dict[str, int] = {}
    if Field.PIPELINE in columns:
        for text, number in opened.values(columns[Field.PIPELINE]).items():
            rows[same(text)] = rows.get(same(text), 0) + number
    chosen = answers.select(
        "pipeline",
        "Which pipeline?",
        guess.pipelines,
        guess.pipeline,
        format_func=lambda name: (
            f"{name}: {figures.counted(rows[same(name)], 'row')}" if same(name) in rows else name
        ),
    )
    if chosen == guess.pipeline:
        return guess
    return _of_shape(opened.again(columns, chosen), shape)


def _ask_date_order(
    opened: Opened,
    guess: Layout | None,
    shape: Shape,
    columns: Mapping[Field, str],
    first_touch: Mapping[Field, str],
    answers: Answers,
) -> tuple[bool | None, bool]:
    """Whether the day comes first, asked where the dates cannot tell; and whether that is clear."""
    asked = [
        found
        for column in _dated(guess, shape, columns, first_touch)
        if isinstance(found := date_format(opened.samples(column)), Ambiguous)
    ]
    if not asked:
        return None, True
    example = asked[0]
    labels = {
        True: f"day first, as in {example.day_first.label}",
        False: f"month first, as in {example.month_first.label}",
    }
    first = answers.radio(
        "layout_day_first",
        escape_markdown(f"How is {example.example} meant?"),
        [True, False],
        guess.day_first if guess else None,
        format_func=lambda first: escape_markdown(labels[first]),
        horizontal=True,
    )
    return first, first is not None


def _dated(
    guess: Layout | None,
    shape: Shape,
    columns: Mapping[Field, str],
    first_touch: Mapping[Field, str],
) -> Iterator[str]:
    if shape is Shape.DATES:
        yield from dict.fromkeys(guess.dates.values() if guess else ())
    for field in (Field.ENTERED_AT, Field.CREATED_AT, Field.CLOSED_AT):
        if field in columns:
            yield columns[field]
    if Field.CREATED_AT in first_touch:
        yield first_touch[Field.CREATED_AT]


def _ask_merges(
    opened: Opened, columns: Mapping[Field, str], first_touch: Mapping[Field, str], answers: Answers
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
            label = escape_markdown(f"{others} is “{proposal.keep}”")
            if answers.tick(f"merge_{number}_{same(proposal.keep)}", label):
                kept = dict.fromkeys(proposal.others, proposal.keep)
                merged.setdefault(field, {}).update(kept)
    if Field.REASON in merged and Field.WON_REASON in columns:
        merged[Field.WON_REASON] = merged[Field.REASON]
    return merged


def _guess_for(
    opened: Opened, first: Recognition, shape: Shape, columns: Mapping[Field, str]
) -> Recognition:
    """The guess at the stages: the first one, unless somebody has chosen something else."""
    if first.layout and first.layout.shape is shape:
        fields = fields_of(shape)
        known = {field: name for field, name in first.layout.columns.items() if field in fields}
        if known == dict(columns):
            return first
    chosen = None if first is opened.recognition else first.pipeline
    return _of_shape(opened.again(columns, chosen), shape)


def _of_shape(guess: Recognition, shape: Shape) -> Recognition:
    """A guess without its layout where that is of another shape."""
    if guess.layout is None or guess.layout.shape is not shape:
        return replace(guess, layout=None)
    return guess


def _problem(shape: Shape, columns: Mapping[Field, str], is_told: bool) -> str:
    if unsaid := missing(shape, columns):
        return f"Choose the column that says: {unsaid}."
    if not is_told:
        return "Say whether the day or the month comes first."
    return ""
