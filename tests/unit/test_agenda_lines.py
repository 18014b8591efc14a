"""The agenda as data: what may stand in it, what changes do to it, and when its lines begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.domain.agenda import Phase, Position
from workshop.domain.agenda_lines import (
    ABOUT_ALL_IDEAS,
    FIRST,
    LAST,
    LONGEST_LINE,
    MOST_LINES,
    Agenda,
    AgendaLine,
    add,
    choose_steps,
    for_steps,
    including,
    minutes_like,
    move_down,
    move_up,
    remove,
    revealed,
    starts,
    starts_from,
    usual,
    with_lock,
    with_minutes,
)

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
RANK, COMMIT = Position(Phase.RANK), Position(Phase.COMMIT)
LOBBY, CLOSED = AgendaLine(Phase.LOBBY), AgendaLine(Phase.CLOSED)
FACTS, IDEAS, REPORT = (AgendaLine(phase, 0) for phase in (Phase.FACTS, Phase.IDEAS, Phase.REPORT))
MINUTES = st.none() | st.integers(1, LONGEST_LINE)


def places(agenda: Agenda) -> list[str]:
    """Its lines in short: "facts 0"."""
    return [one.phase if one.step is None else f"{one.phase} {one.step}" for one in agenda.places]


def tried(change: Callable[[Agenda], Agenda], agenda: Agenda) -> Agenda:
    """What a change makes of it; the same where it is refused."""
    try:
        return change(agenda)
    except ValueError:
        return agenda


@st.composite
def changes(draw: st.DrawFn) -> Callable[[Agenda], Agenda]:
    """Any change, of any line that there may be."""
    codes = [*Phase, "words"]
    place = draw(
        st.builds(Position, st.sampled_from(codes), st.none() | st.integers(0, 3))
        | st.sampled_from(usual(4).places)
    )
    minutes = draw(MINUTES)
    chosen = draw(st.sets(st.integers(0, 3)))
    is_locked = draw(st.booleans())
    kinds: list[Callable[[Agenda], Agenda]] = [
        lambda agenda: move_up(agenda, place),
        lambda agenda: move_down(agenda, place),
        lambda agenda: remove(agenda, place),
        lambda agenda: with_minutes(agenda, place, minutes),
        lambda agenda: with_lock(agenda, place, is_locked),
        lambda agenda: add(agenda, AgendaLine(place.phase, place.step, minutes)),
        lambda agenda: choose_steps(agenda, chosen),
    ]
    return draw(st.sampled_from(kinds))


@st.composite
def agendas(draw: st.DrawFn) -> Agenda:
    agenda = usual(4)
    for change in draw(st.lists(changes(), max_size=25)):
        agenda = tried(change, agenda)
    return agenda


# -- what may stand in it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((), "begins in the lobby"),
        ((LOBBY,), "begins in the lobby"),
        ((CLOSED, LOBBY), "begins in the lobby"),
        ((LOBBY, FACTS), "ends with the closing"),
        ((LOBBY, FACTS, replace(FACTS, minutes=5), CLOSED), "on the agenda already"),
        ((LOBBY, LOBBY, CLOSED), "on the agenda already"),
        ((LOBBY, IDEAS, CLOSED), "Ideas need the facts"),
        ((LOBBY, IDEAS, FACTS, CLOSED), "Ideas need the facts"),
        ((LOBBY, REPORT, CLOSED), "Ideas need the facts"),
        ((LOBBY, FACTS, REPORT, IDEAS, CLOSED), "reports back after its ideas"),
        (
            (
                LOBBY,
                *(AgendaLine(f"a_{'x' * (n % 37)}", n // 37) for n in range(MOST_LINES)),
                CLOSED,
            ),
            "room for 300 lines",
        ),
    ],
)
def test_an_agenda_of_nonsense_is_refused(lines: tuple[AgendaLine, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Agenda(lines)


@pytest.mark.parametrize(
    ("activity", "step", "minutes", "words"),
    [
        ("Facts", 0, None, "no code of an activity"),
        ("facts", None, None, "needs a step"),
        ("rank", 0, None, "is at no step"),
        ("facts", -1, None, "index of the step"),
        ("facts", 0, 0, "between 1 and 240"),
        ("facts", 0, 241, "between 1 and 240"),
        ("facts", 0, 7.5, "whole minutes"),
    ],
)
def test_a_line_of_nonsense_is_refused(
    activity: str, step: int | None, minutes: int | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        AgendaLine(activity, step, minutes)


@given(agendas())
def test_whatever_is_changed_it_begins_in_the_lobby_and_ends_with_the_closing(
    agenda: Agenda,
) -> None:
    assert (agenda.places[0], agenda.places[-1]) == (FIRST, LAST)
    assert len(set(agenda.places)) == len(agenda.places)
    for step in agenda.chosen_steps:
        facts, ideas = Position(Phase.FACTS, step), Position(Phase.IDEAS, step)
        assert agenda.number(facts) < agenda.number(ideas)


# -- changes ---------------------------------------------------------------------------------------


@given(agendas(), changes())
def test_a_locked_line_stays_as_it_is_whatever_is_changed(
    agenda: Agenda, change: Callable[[Agenda], Agenda]
) -> None:
    changed = tried(change, agenda)
    for line in agenda.lines:
        if line.is_locked and line.position in changed.places:
            after = changed.line(line.position)
            assert replace(after, is_locked=True) == line
            others = [one for one in agenda.places if one in changed.places]
            passed = [one for one in changed.places if one in agenda.places]
            assert others.index(line.position) == passed.index(line.position)
        elif line.is_locked:
            pytest.fail("a locked line was removed")


@given(agendas(), st.data())
def test_moving_down_undoes_moving_up(agenda: Agenda, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(agenda.places))
    moved = tried(lambda before: move_up(before, place), agenda)
    if moved != agenda:
        assert moved.number(place) == agenda.number(place) - 1
        assert move_down(moved, place) == agenda


@given(agendas(), st.data())
def test_what_is_added_can_be_removed(agenda: Agenda, data: st.DataObject) -> None:
    step, before = (
        data.draw(st.none() | st.integers(0, 3)),
        data.draw(st.none() | st.sampled_from(agenda.places[1:])),
    )
    line = AgendaLine("words", step, 25)
    if line.position not in agenda.places:
        added = add(agenda, line, before)
        assert remove(added, line.position) == agenda
        if before is not None:
            assert added.number(before) == added.number(line.position) + 1


def test_the_lobby_the_closing_and_the_facts_of_a_chosen_step_cannot_be_removed() -> None:
    for place in (FIRST, LAST, Position(Phase.FACTS, 1)):
        with pytest.raises(ValueError, match=r"begins in|ends with|need the facts"):
            remove(usual(2), place)
    assert "facts 1" not in places(remove(usual(2, [0]), Position(Phase.FACTS, 1)))


@pytest.mark.parametrize("change", [move_up, move_down, remove])
def test_a_locked_line_says_that_it_is_locked(change: Callable[..., Agenda]) -> None:
    locked = with_lock(usual(1), RANK, True)
    with pytest.raises(ValueError, match="This line is locked"):
        change(locked, RANK)
    with pytest.raises(ValueError, match="This line is locked"):
        with_minutes(locked, RANK, 5)
    with pytest.raises(ValueError, match="Nothing passes a locked line"):
        move_up(locked, COMMIT)
    assert change(with_lock(locked, RANK, False), RANK) != usual(1)


def test_a_line_that_is_gone_is_not_on_the_agenda_any_more() -> None:
    gone = remove(usual(1), RANK)
    for change in (move_up, move_down, remove):
        with pytest.raises(ValueError, match="not on the agenda any more"):
            change(gone, RANK)


def test_a_new_line_stands_where_its_step_is() -> None:
    agenda = usual(3, [0])
    for place in (Position(Phase.REPORT, 1), Position(Phase.IDEAS, 1), Position(Phase.BREAK, 1)):
        agenda = add(agenda, AgendaLine(place.phase, place.step))
    agenda = add(agenda, AgendaLine("hand_offs", 0))
    agenda = add(remove(agenda, Position(Phase.FACTS, 2)), AgendaLine(Phase.FACTS, 2))
    assert places(agenda)[4:10] == [
        "hand_offs 0",
        "break 1",
        "facts 1",
        "ideas 1",
        "report_back 1",
        "facts 2",
    ]


@pytest.mark.parametrize(
    ("code", "follows"), [("break", "rank"), ("words", "rank"), ("commit", "closed")]
)
def test_a_new_line_at_no_step_stands_after_the_steps(code: str, follows: str) -> None:
    agenda = add(tried(lambda one: remove(one, Position(code)), usual(2)), AgendaLine(code))
    assert places(agenda)[places(agenda).index(code) + 1] == follows


@given(agendas(), st.sets(st.integers(0, 3), min_size=1))
def test_the_chosen_steps_are_those_that_were_chosen(agenda: Agenda, chosen: set[int]) -> None:
    free = Agenda(tuple(replace(line, is_locked=False) for line in agenda.lines))
    after = choose_steps(free, chosen)
    assert after.chosen_steps == tuple(sorted(chosen))
    kept = [one for one in free.places if one in after.places]
    assert [one for one in after.places if one in free.places] == kept
    assert {one for one in free.places if one.phase not in (Phase.IDEAS, Phase.REPORT)} <= set(kept)


def test_a_step_that_is_chosen_again_takes_as_long_as_the_others() -> None:
    long = with_minutes(usual(2), Position(Phase.IDEAS, 0), 20)
    again = choose_steps(choose_steps(long, [0]), [0, 1])
    assert [again.line(Position(phase, 1)).minutes for phase in (Phase.IDEAS, Phase.REPORT)] == [
        20,
        13,
    ]
    untimed = Agenda((LOBBY, FACTS, CLOSED))
    assert not choose_steps(untimed, [0]).is_timed
    assert minutes_like(untimed, "words", 25) is None
    assert minutes_like(usual(1), "stretch", 25) == 25


# -- what there is of it ---------------------------------------------------------------------------


@given(agendas(), st.integers(1, 6))
def test_lines_at_steps_that_are_gone_are_left_out(agenda: Agenda, steps: int) -> None:
    there = for_steps(agenda, steps)
    assert there.lines == tuple(
        line for line in agenda.lines if line.step is None or line.step < steps
    )


@given(agendas(), st.sampled_from(usual(4).places))
def test_where_the_room_is_is_always_on_the_agenda(agenda: Agenda, here: Position) -> None:
    whole = including(agenda, here)
    assert here in whole.places
    assert [line for line in whole.lines if line in agenda.lines] == list(agenda.lines)


@given(agendas(), st.sampled_from(usual(4).places), st.integers(0, 3))
def test_ideas_are_hidden_until_they_are_reported_back_wherever_that_stands(
    agenda: Agenda, here: Position, step: int
) -> None:
    whole, report = including(agenda, here), Position(Phase.REPORT, step)
    before = whole.places[: whole.number(here) + 1]
    if report in whole.places:
        assert revealed(agenda, here, step) == (report in before)
    else:
        assert not revealed(agenda, here, step) or any(
            place.phase in ABOUT_ALL_IDEAS for place in before
        )
    assert revealed(agenda, LAST, step)
    if here.phase == Phase.IDEAS and here.step == step:
        assert not revealed(agenda, here, step)


def test_a_ranking_before_the_ideas_of_a_step_does_not_open_them() -> None:
    early = add(remove(usual(2), RANK), AgendaLine(Phase.RANK), Position(Phase.FACTS, 1))
    silent = remove(early, Position(Phase.REPORT, 1))
    for agenda in (early, silent):
        assert revealed(agenda, RANK, 0)
        assert not revealed(agenda, RANK, 1)
        assert not revealed(agenda, Position(Phase.IDEAS, 1), 1)
        assert revealed(agenda, COMMIT, 1)


@given(agendas())
def test_each_line_begins_when_the_one_before_it_ends(agenda: Agenda) -> None:
    moment: datetime | None = NOON
    for line, begins in zip(agenda.lines, starts(agenda, NOON), strict=True):
        assert begins == moment
        known = moment is not None and line.minutes is not None
        moment = begins + timedelta(minutes=line.minutes or 0) if known and begins else None


@given(agendas(), st.data())
def test_what_comes_never_begins_in_the_past(agenda: Agenda, data: st.DataObject) -> None:
    here = data.draw(st.sampled_from(agenda.places))
    since = data.draw(st.none() | st.integers(0, 300).map(lambda m: NOON - timedelta(minutes=m)))
    until = data.draw(st.none() | st.integers(-90, 90).map(lambda m: NOON + timedelta(minutes=m)))
    begins = starts_from(agenda, here, NOON, since, until)
    number = agenda.number(here)
    assert begins[:number] == (None,) * number
    assert begins[number] == (since or NOON)
    assert all(one is None or one >= NOON for one in begins[number + 1 :])
    assert len(begins) == len(agenda.lines)


def test_the_timer_says_when_the_next_line_begins_and_a_town_hall_says_nothing() -> None:
    ends_at = NOON + timedelta(minutes=3)
    assert starts_from(usual(1), FIRST, NOON, None, ends_at)[1] == ends_at
    assert starts_from(usual(1), FIRST, NOON, None, None)[1] == NOON + timedelta(minutes=12)
    untimed = Agenda(tuple(replace(line, minutes=None) for line in usual(1).lines))
    assert starts_from(untimed, FIRST, NOON, None, None)[1:] == (None,) * 6
