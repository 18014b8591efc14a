"""The stages of lead-level files: which of them make the funnel, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from workshop.intake import Caution, Opened
from workshop.intake.cells import key as same
from workshop.intake.columns import Column
from workshop.intake.counts import MAX_STAGES
from workshop.intake.evidence import Evidence
from workshop.intake.layout import Field, Layout, Outcome, Shape
from workshop.intake.stages import ladder
from workshop.ui.upload import cautions
from workshop.ui.upload.answers import Answers
from workshop.wording import figures

SAYS = {
    Outcome.LOST: "Lost",
    Outcome.OPEN: "Still open",
    Outcome.LEFT_OUT: "Left out",
}
WRITTEN_IN = (Field.STAGE, Field.OLD_STAGE, Field.STATUS)
Choice = int | str


@dataclass(frozen=True)
class Written:
    """A stage as the file has it, how often, and what it is taken for: a place from 1, or not.

    No `rows` where it is the name of a column with dates.
    """

    says: str
    rows: int | None
    means: Choice
    name: str


def ask_stages(
    opened: Opened,
    shape: Shape,
    columns: Mapping[Field, str],
    guess: Layout | None,
    about_order: Sequence[Caution],
    answers: Answers,
) -> tuple[tuple[str, ...], dict[str, str], dict[str, str]]:
    """The funnel's stages in order, what each written one means, and the date column of each."""
    written_in = [columns[field] for field in WRITTEN_IN if field in columns]
    found = _told(opened, written_in, guess) if written_in else []
    if shape is Shape.DATES:
        found = [*_dates(opened, guess), *found]
    unwritten = _unwritten(guess, found)
    with st.container(key="stages"):
        st.text("The stages, in order")
        st.text(
            "Give each one its place in the funnel, 1 for the first. Two with the same number "
            "are one stage; the last one is won."
        )
        cautions.show(about_order)
        places = list(range(1, max(len(found) + len(unwritten), 2) + 1))
        for place, name in unwritten.items():
            _fixed(place, name, is_last=place == max(unwritten) and place > 1)
        chosen = [
            (one, _ask(number, one, places, shape, answers)) for number, one in enumerate(found)
        ]
        names = _names(chosen, unwritten)
        dates = [(one, choice) for one, choice in chosen if one.rows is None]
        stages = tuple(names.values())
        if len(stages) > 1:
            with st.container(key="stages_in_order"):
                st.text(" → ".join(stages))
    meanings = {
        same(one.says): names[choice] if isinstance(choice, int) else choice
        for one, choice in chosen
        if one.rows is not None
    }
    return stages, meanings, _date_columns(dates, names)


def _told(opened: Opened, columns: Sequence[str], guess: Layout | None) -> list[Written]:
    """The values of the columns that say a stage or an outcome."""
    rows: dict[str, int] = {}
    spelled: dict[str, str] = {}
    for column in columns:
        for says, number in opened.values(column).items():
            spelled.setdefault(same(says), says)
            rows[same(says)] = rows.get(same(says), 0) + number
    often = sorted(rows, key=lambda one: -rows[one])[:MAX_STAGES]
    if guess is None:
        known = ladder([spelled[one] for one in rows if one in often], Evidence(), {}, {})
        order, meanings = known.stages, known.meanings
    else:
        order = guess.stages
        meanings = {same(stage): stage for stage in order} | dict(guess.meanings)
    places = {name: place for place, name in enumerate(order, 1)}
    found = [
        Written(spelled[one], rows[one], places.get(means, means), means)
        for one in often
        for means in [meanings.get(one, str(Outcome.LEFT_OUT))]
    ]
    return sorted(found, key=_in_order)


def _dates(opened: Opened, guess: Layout | None) -> list[Written]:
    """The columns that hold dates."""
    stages = {column: stage for stage, column in (guess.dates if guess else {}).items()}
    names = dict.fromkeys(
        name
        for table in opened.database.tables
        for name in table.columns
        if name in stages or _holds_dates(opened, name, table.is_moment(name))
    )
    places = {name: place for place, name in enumerate(guess.stages if guess else (), 1)}
    found = [
        Written(name, None, places.get(stage, stage), stage if stage in places else name)
        for name in names
        for stage in [stages.get(name, str(Outcome.LEFT_OUT))]
    ]
    return sorted(found, key=_in_order)


def _holds_dates(opened: Opened, name: str, is_moment: bool) -> bool:
    if is_moment:
        return True
    column = Column(name, samples=opened.samples(name))
    return bool(column.filled) and column.holds_dates() and not column.holds_numbers()


def _in_order(one: Written) -> tuple[int, int]:
    if isinstance(one.means, int):
        return one.means, -(one.rows or 0)
    return 1_000 + list(Outcome).index(Outcome(one.means)), -(one.rows or 0)


def _unwritten(guess: Layout | None, found: Sequence[Written]) -> dict[int, str]:
    """Stages that no cell names, by place: what was created, and a win told by its date."""
    if guess is None:
        return {}
    written = {one.means for one in found}
    return {place: name for place, name in enumerate(guess.stages, 1) if place not in written}


def _fixed(place: int, name: str, is_last: bool) -> None:
    with st.container(key=f"written_fixed_{place}"):
        st.text(name)
        st.text("by its date")
        st.text("Last stage" if is_last else f"Stage {place}")


def _ask(
    number: int, one: Written, places: Sequence[int], shape: Shape, answers: Answers
) -> Choice:
    outcomes = [Outcome.LOST, Outcome.LEFT_OUT] if one.rows is None else list(Outcome)
    options: list[Choice] = [*places, *map(str, outcomes)]
    with st.container(key=f"written_{number}"):
        st.text(one.says)
        st.text("" if one.rows is None else figures.counted(one.rows, "row"))
        return answers.select(
            _key(shape, one.says, is_date=one.rows is None),
            f"What {one.says} means",
            options,
            one.means,
            format_func=_spoken,
            label_visibility="collapsed",
        )


def _key(shape: Shape, says: str, *, is_date: bool) -> str:
    of = "today" if shape is Shape.DATES and not is_date else shape.name.lower()
    return f"means_{of}_{same(says)}"


def remember_places(answers: Answers, layout: Layout, places: Mapping[str, int]) -> None:
    """Give the stages of a layout other places, as if somebody had chosen them."""
    written = [(says, stage, False) for says, stage in layout.meanings.items()]
    written += [(column, stage, True) for stage, column in layout.dates.items()]
    for says, stage, is_date in written:
        if stage in places:
            answers.change(_key(layout.shape, says, is_date=is_date), places[stage])


def _spoken(choice: Choice) -> str:
    return f"Stage {figures.count(choice)}" if isinstance(choice, int) else SAYS[Outcome(choice)]


def _names(
    chosen: Sequence[tuple[Written, Choice]], unwritten: Mapping[int, str]
) -> dict[int, str]:
    """The funnel's stages by place, in order; of several at one place, the guessed one's name."""
    names = dict(unwritten)
    for one, choice in sorted(chosen, key=lambda pair: pair[0].means != pair[1]):
        if isinstance(choice, int):
            guessed = isinstance(one.means, int)
            names.setdefault(choice, one.name if guessed else one.says)
    return dict(sorted(names.items()))


def _date_columns(
    chosen: Sequence[tuple[Written, Choice]], names: Mapping[int, str]
) -> dict[str, str]:
    """The date column of each stage; of several, the first one."""
    found: dict[str, str] = {}
    for one, choice in chosen:
        if choice == Outcome.LEFT_OUT:
            continue
        found.setdefault(names[choice] if isinstance(choice, int) else str(choice), one.says)
    return found
