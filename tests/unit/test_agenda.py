from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.activities import ACTIVITIES, walk
from workshop.activities.activity import Place
from workshop.domain import agenda, agenda_lines
from workshop.domain.agenda import Phase, Position, Timer
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Estimate, Idea, IdeaDraft
from workshop.domain.people import Person, Side, Team
from workshop.domain.workshop import Workshop

NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
FUNNEL = Funnel((Step("MQL", "SQL", 700, 280), Step("SQL", "Won", 280, 21)), 8000, "EUR", 365)
STEPS = st.integers(1, 12)


def test_a_workshop_on_two_steps_walks_from_the_lobby_to_the_end() -> None:
    assert [(p.phase.value, p.step) for p in walk.walk(2)] == [
        ("lobby", None),
        ("facts", 0),
        ("ideas", 0),
        ("report_back", 0),
        ("facts", 1),
        ("ideas", 1),
        ("report_back", 1),
        ("rank", None),
        ("commit", None),
        ("closed", None),
    ]


def test_a_walk_without_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="has 0 steps; it needs at least 1"):
        walk.walk(0)


@given(STEPS)
def test_back_undoes_next_everywhere(steps: int) -> None:
    for here, there in pairwise(walk.walk(steps)):
        assert walk.next_position(here, walk.walk(steps)) == there
        assert walk.back(there, walk.walk(steps)) == here


@given(STEPS)
def test_the_walk_ends_where_it_ends(steps: int) -> None:
    first, *_, last = walk.walk(steps)
    assert walk.back(first, walk.walk(steps)) == first
    assert walk.next_position(last, walk.walk(steps)) == last


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (Position(Phase.IDEAS, 2), "'ideas' at step 2 is no place of this walk"),
        (Position(Phase.FACTS), "'facts' at no step is no place"),
        (Position(Phase.RANK, 0), "'rank' at step 0 is no place"),
    ],
)
def test_a_place_outside_the_walk_is_refused(position: Position, words: str) -> None:
    for turn in (walk.next_position, walk.back):
        with pytest.raises(ValueError, match=words):
            turn(position, walk.walk(2))


@given(STEPS)
def test_ideas_are_hidden_until_their_step_reports_back_and_open_from_then_on(steps: int) -> None:
    for step in range(steps):
        opened = [
            agenda_lines.revealed(agenda_lines.usual(steps), position, step)
            for position in walk.walk(steps)
        ]
        report = walk.walk(steps).index(Position(Phase.REPORT, step))
        assert opened == [place >= report for place in range(len(opened))]


def test_of_steps_that_are_not_chosen_the_room_sees_the_facts() -> None:
    assert [(p.phase, p.step) for p in walk.walk(2, [1])][1:5] == [
        ("facts", 0),
        ("facts", 1),
        ("ideas", 1),
        ("report_back", 1),
    ]


@pytest.mark.parametrize("here", walk.walk(2))
def test_wherever_the_room_is_its_walk_knows_the_place(here: Position) -> None:
    workshop = Workshop("w", "Spring", "K7M2QX", False, here, Timer(), 0, NOW, steps=(1,))
    places = walk.agenda_of(workshop, FUNNEL).places
    assert places[walk.number(here, places)] == here
    # The step that is not chosen has more than its facts only while the room is at that.
    assert (len(places) == len(walk.walk(2))) == (here.step == 0 and here.phase != Phase.FACTS)
    planned, usual = walk.agenda_of(workshop, FUNNEL), agenda_lines.usual(2)
    assert (planned.minutes == usual.minutes) == (len(places) == 10)


def test_every_place_has_words_of_its_own() -> None:
    labels = [walk.label(position, FUNNEL) for position in walk.walk(2)]
    assert labels[:5] == [
        "Lobby",
        "Facts of MQL → SQL",
        "Ideas for MQL → SQL",
        "Report back on MQL → SQL",
        "Facts of SQL → Won",
    ]
    assert len(set(labels)) == len(labels)


def test_every_place_has_words_for_under_its_heading() -> None:
    labels = [walk.short_label(position, FUNNEL) for position in walk.walk(1)]
    assert labels[:4] == ["Lobby", "Facts", "Ideas", "Report back"]
    for activity in ACTIVITIES:
        assert bool(activity.short_label) == (
            activity.place in (Place.AT_EACH_STEP, Place.AT_CHOSEN_STEPS)
        )


def test_who_asks_for_the_step_of_a_place_without_one_is_refused() -> None:
    assert Position(Phase.FACTS, 2).its_step == 2
    with pytest.raises(ValueError, match="'facts' is at no step"):
        _ = Position(Phase.FACTS).its_step


def test_who_has_left_reports_back_where_an_idea_of_theirs_counts() -> None:
    here = Team("here", "Team 1", (Person("p", "Ada", Side.SALES, "here"),))
    gone = Team("gone", "Team 2")
    draft = IdeaDraft("Call within a day", Estimate(0.1, 0.2, 0.4))
    counts = Idea("one", 1, "gone", "Bo", draft, NOW)
    hidden = Idea("two", 0, "gone", "Bo", draft, NOW, withdrawn=True)
    teams = (gone, here)
    assert agenda.reporting(teams, [counts, hidden], step=1) == teams
    assert agenda.reporting(teams, [counts, hidden], step=0) == (here,)


def test_a_stage_named_like_a_placeholder_is_only_a_name() -> None:
    funnel = Funnel((Step("{step}", "{0}", 2, 1),), 1, "EUR", 7)
    assert walk.label(Position(Phase.IDEAS, 0), funnel) == "Ideas for {step} → {0}"


def test_a_timer_ends_at_a_moment_that_every_screen_can_count_down_to() -> None:
    assert agenda.start(NOW, 10) == Timer(NOW + timedelta(minutes=10), NOW + timedelta(minutes=8))


@given(st.integers(1, 60), st.lists(st.integers(1, 5), max_size=5))
def test_the_last_fifth_of_all_the_time_there_is_is_nearly_over(
    minutes: int, more: list[int]
) -> None:
    timer = agenda.start(NOW, minutes)
    for each in more:
        timer = agenda.extend(timer, NOW, each)
    assert timer.ends_at is not None
    assert timer.warns_at is not None
    whole, last = timer.ends_at - NOW, timer.ends_at - timer.warns_at
    assert last.total_seconds() == pytest.approx(whole.total_seconds() / 5)


def test_a_minute_more_is_added_to_what_is_left() -> None:
    timer = agenda.extend(agenda.start(NOW, 8), NOW + timedelta(minutes=5))
    assert timer.ends_at == NOW + timedelta(minutes=9)


def test_a_minute_more_after_time_is_up_is_a_whole_minute() -> None:
    later = NOW + timedelta(minutes=30)
    assert agenda.extend(agenda.start(NOW, 8), later).ends_at == later + timedelta(minutes=1)


def test_a_minute_more_without_a_timer_starts_one() -> None:
    assert agenda.extend(agenda.stop(), NOW).ends_at == NOW + timedelta(minutes=1)


def test_a_stopped_timer_has_no_time() -> None:
    assert agenda.stop() == Timer()


@pytest.mark.parametrize("minutes", [-1, 1441, float("nan")])
def test_a_timer_of_nonsense_is_refused(minutes: float) -> None:
    with pytest.raises(ValueError, match="it must lie between 0 and 1440"):
        agenda.start(NOW, minutes)
