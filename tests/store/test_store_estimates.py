"""Each side of a mini-team estimates for itself, unseen by the other until both are in."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.ids import ONE, TWO
from tests.store.test_store import DRAFT, joined
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, EstimateRequest
from workshop.domain.people import Side
from workshop.store import IDEAS, Store, StoreError, team_topic

SALES, MARKETING = DRAFT.recovers, Estimate(0.2, 0.5, 0.7)


@pytest.fixture
def team(store: Store, funnel: Funnel) -> tuple[Visitor, Visitor, Visitor]:
    """A facilitator, and sales and marketing of the one mini-team; sales has saved an idea."""
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada", Side.SALES)
    bo = joined(store, facilitator, "Bo", Side.MARKETING)
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    store.ideas.save(ada, ONE, 1, DRAFT)
    return facilitator, ada, bo


def stranger(store: Store, facilitator: Visitor) -> Visitor:
    """Somebody of another mini-team."""
    people = [joined(store, facilitator, f"P{n}", list(Side)[n % 2]) for n in range(4)]
    home = store.ideas.readable(facilitator)[0].team_id
    return next(person for person in people if store.seats.person(person).team_id != home)


def test_the_author_speaks_for_their_own_side(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    [idea] = store.ideas.readable(team[0])
    assert idea.estimates == ((Side.SALES, SALES),)


def test_the_other_side_is_asked_and_gets_nothing_that_a_figure_could_be_told_from(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    _, ada, bo = team
    assert store.ideas.readable(bo) == ()
    title, plan, reason = DRAFT.title, DRAFT.plan, DRAFT.reason
    assert store.ideas.estimate_requests(bo) == (
        EstimateRequest(ONE, 1, title, plan, reason, (Side.SALES,)),
    )
    assert store.ideas.estimate_requests(ada) == ()


def test_both_sides_read_both_once_both_are_in(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    _, _, bo = team
    store.ideas.estimate(bo, ONE, MARKETING)
    for visitor in team:
        [idea] = store.ideas.readable(visitor)
        assert dict(idea.estimates) == {Side.SALES: SALES, Side.MARKETING: MARKETING}
        assert idea.draft == DRAFT
    assert store.ideas.estimate_requests(bo) == ()


def test_a_teammate_of_the_side_that_has_estimated_reads_it_at_once(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    cy = joined(store, team[0], "Cy", Side.SALES)
    store.seats.move(team[0], cy.person_id, store.seats.person(team[1]).team_id)
    assert [idea.id for idea in store.ideas.readable(cy)] == [ONE]


def test_somebody_of_neither_side_waits_until_sales_and_marketing_are_in(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, _, bo = team
    di = joined(store, facilitator, "Di", Side.OTHER)
    store.seats.move(facilitator, di.person_id, store.seats.person(bo).team_id)
    assert store.ideas.readable(di) == ()
    store.ideas.estimate(bo, ONE, MARKETING)
    assert [idea.id for idea in store.ideas.readable(di)] == [ONE]


def test_what_the_room_reads_after_report_back_everybody_reads(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, _, bo = team
    store.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    assert store.ideas.readable(bo) == store.ideas.readable(facilitator)
    assert store.ideas.readable(bo) == store.ideas.readable(
        Visitor(Role.PROJECTOR, facilitator.workshop_id)
    )
    assert store.ideas.estimate_requests(bo) == ()


def test_nobody_is_asked_about_a_withdrawn_idea(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    _, ada, bo = team
    store.ideas.withdraw(ada, ONE)
    assert store.ideas.estimate_requests(bo) == store.ideas.readable(bo) == ()


def test_who_edits_an_idea_of_the_other_side_changes_its_words_and_their_own_figures(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, _, bo = team
    store.ideas.save(bo, ONE, 1, replace(DRAFT, title="Call at once", recovers=MARKETING))
    [idea] = store.ideas.readable(facilitator)
    assert idea.draft == replace(DRAFT, title="Call at once")
    assert idea.estimates == ((Side.SALES, SALES), (Side.MARKETING, MARKETING))
    assert idea.author == "Ada"


def test_a_side_replaces_its_own_figures_with_before_and_after_in_the_trail(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, _, bo = team
    store.ideas.estimate(bo, ONE, MARKETING)
    store.ideas.estimate(bo, ONE, Estimate(0.1, 0.3, 0.6))
    assert dict(store.ideas.readable(bo)[0].estimates)[Side.MARKETING] == Estimate(0.1, 0.3, 0.6)
    second, first, *_ = store.activity.all(facilitator)
    assert (first[3], first[4], first[5]) == ("idea_estimated", ONE, None)
    _, role, person, verb, subject, before, after = second
    assert (role, person, verb, subject) == ("participant", bo.person_id, "idea_estimated", ONE)
    assert json.loads(before) == {"side": "marketing", "low": 0.2, "likely": 0.5, "high": 0.7}
    assert json.loads(after) == {"side": "marketing", "low": 0.1, "likely": 0.3, "high": 0.6}


def test_on_a_shared_laptop_the_other_side_has_the_first_word_only(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, ada, bo = team
    store.ideas.estimate(ada, ONE, MARKETING, Side.MARKETING)
    assert dict(store.ideas.readable(bo)[0].estimates)[Side.MARKETING] == MARKETING
    with pytest.raises(Forbidden, match="only marketing may change that"):
        store.ideas.estimate(ada, ONE, SALES, Side.MARKETING)
    with pytest.raises(Forbidden, match="nobody in this mini-team is from other"):
        store.ideas.estimate(ada, ONE, SALES, Side.OTHER)
    assert dict(store.ideas.readable(facilitator)[0].estimates)[Side.MARKETING] == MARKETING


def test_nobody_estimates_for_another_mini_team(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    other = stranger(store, team[0])
    with pytest.raises(Forbidden, match="another mini-team"):
        store.ideas.estimate(other, ONE, MARKETING)
    assert store.ideas.readable(other) == store.ideas.estimate_requests(other) == ()


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.MANAGER, Role.PROJECTOR])
def test_only_mini_teams_estimate(
    store: Store, team: tuple[Visitor, Visitor, Visitor], role: Role
) -> None:
    with pytest.raises(Forbidden):
        store.ideas.estimate(Visitor(role, team[0].workshop_id), ONE, MARKETING)
    with pytest.raises(Forbidden):
        store.ideas.estimate_requests(Visitor(role, team[0].workshop_id))


def test_an_estimate_does_not_reach_into_another_workshop(
    store: Store, funnel: Funnel, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, _, bo = team
    eve = joined(store, store.workshops.start("There", funnel), "Eve", Side.MARKETING)
    with pytest.raises(StoreError, match="not in the records"):
        store.ideas.estimate(eve, ONE, MARKETING)
    with pytest.raises(StoreError, match="not in the records"):
        store.ideas.save(eve, ONE, 1, replace(DRAFT, recovers=MARKETING))
    assert store.ideas.readable(facilitator)[0].estimates == ((Side.SALES, SALES),)
    store.ideas.estimate(bo, ONE, Estimate(0, 0, 0))
    assert dict(store.ideas.readable(facilitator)[0].estimates)[Side.MARKETING] == Estimate(0, 0, 0)


def test_an_idea_from_before_sides_were_asked_apart_has_its_one_estimate(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, _, bo = team
    store.database.engine.execute("DELETE FROM estimate")
    store.database._cache.clear()
    old = next(idea for idea in store.ideas.readable(bo) if idea.id == ONE)
    assert (old.draft, old.estimates, old.beliefs) == (DRAFT, (), (SALES,))
    store.ideas.save(bo, ONE, 1, replace(DRAFT, recovers=MARKETING))
    edited = next(idea for idea in store.ideas.readable(facilitator) if idea.id == ONE)
    assert edited.estimates == ((Side.MARKETING, MARKETING),)
    before = json.loads(store.activity.all(facilitator)[0][5])
    assert before["recovers"] == {"low": 0.1, "likely": 0.2, "high": 0.4}


def test_an_estimate_is_a_change_of_the_ideas_and_of_the_team(funnel: Funnel) -> None:
    told: list[tuple[str, ...]] = []
    store = Store(":memory:", lambda _, topics: told.append(topics))
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada", Side.SALES)
    store.ideas.save(ada, ONE, 1, DRAFT)
    store.ideas.estimate(ada, ONE, MARKETING)
    assert told[-1] == (IDEAS, team_topic(store.seats.person(ada).team_id))
    store.close()


# -- once a mini-team has reported back ----------------------------------------------------------

LESS, MORE = Estimate(0.1, 0.15, 0.3), Estimate(0.1, 0.23, 0.4)


@pytest.fixture
def reported(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> tuple[Visitor, Visitor, Visitor]:
    """Both sides have estimated, and the mini-team is on the projector."""
    store.ideas.estimate(team[2], ONE, MARKETING)
    store.agenda.move_to(team[0], Position(Phase.REPORT, 1))
    return team


def said(store: Store, visitor: Visitor) -> tuple[dict[Side, Estimate], dict[Side, Estimate]]:
    """What the sides say last, and what they had said first, as somebody reads it."""
    [idea] = store.ideas.readable(visitor)
    return dict(idea.estimates), idea.first_round


def test_both_rounds_are_kept_and_the_last_one_counts(
    store: Store, reported: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, ada, bo = reported
    store.ideas.estimate_again(ada, ONE, LESS)
    store.ideas.estimate_again(bo, ONE, MORE)
    [idea] = store.ideas.readable(facilitator)
    assert idea.first_round == {Side.SALES: SALES, Side.MARKETING: MARKETING}
    assert idea.beliefs == (LESS, MORE)
    assert idea.draft.recovers == LESS
    assert idea.gaps == (pytest.approx(0.3), pytest.approx(0.08))
    store.database._cache.clear()
    assert store.ideas.readable(facilitator) == (idea,)
    rows = store.database.read("SELECT side, round, likely FROM estimate ORDER BY round, number")
    assert rows == [
        ("sales", 1, 0.2),
        ("marketing", 1, 0.5),
        ("sales", 2, 0.15),
        ("marketing", 2, 0.23),
    ]


def test_nobody_reads_what_only_the_other_side_has_estimated_anew(
    store: Store, reported: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, ada, bo = reported
    room, other = Visitor(Role.PROJECTOR, facilitator.workshop_id), stranger(store, facilitator)
    first = {Side.SALES: SALES, Side.MARKETING: MARKETING}
    store.ideas.estimate_again(ada, ONE, LESS)
    for visitor in (bo, room, other):
        assert said(store, visitor) == (first, first)
        assert store.ideas.readable(visitor)[0].draft.recovers == SALES
    anew = {Side.SALES: LESS, Side.MARKETING: MARKETING}
    for visitor in (ada, facilitator, Visitor(Role.MANAGER, facilitator.workshop_id)):
        assert said(store, visitor) == (anew, first)
    store.ideas.estimate_again(bo, ONE, MORE)
    for visitor in (ada, bo, room, other):
        assert said(store, visitor) == ({Side.SALES: LESS, Side.MARKETING: MORE}, first)


def test_once_the_report_back_is_over_everybody_reads_what_one_side_alone_has_said(
    store: Store, reported: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, ada, bo = reported
    store.ideas.estimate_again(ada, ONE, LESS)
    store.agenda.move_to(facilitator, Position(Phase.RANK))
    assert said(store, bo)[0] == {Side.SALES: LESS, Side.MARKETING: MARKETING}
    store.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    assert said(store, bo)[0][Side.SALES] == SALES


def test_each_side_is_asked_anew_once_with_nothing_of_what_the_other_says_anew(
    store: Store, reported: tuple[Visitor, Visitor, Visitor]
) -> None:
    _, ada, bo = reported
    before = store.ideas.asked_again(bo)
    assert [idea.id for idea in before] == [ONE]
    store.ideas.estimate_again(ada, ONE, LESS)
    assert store.ideas.asked_again(ada) == ()
    assert store.ideas.asked_again(bo) == before
    assert store.ideas.asked_again(ada, Side.MARKETING) == before
    store.ideas.estimate_again(bo, ONE, MARKETING)  # blank keeps the first one
    assert store.ideas.asked_again(bo) == ()


def test_nobody_estimates_anew_before_their_mini_team_has_reported_back(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, ada, bo = team
    store.ideas.estimate(bo, ONE, MARKETING)
    other = stranger(store, facilitator)
    store.ideas.save(other, TWO, 1, replace(DRAFT, title="Another"))
    for phase in (Phase.IDEAS, Phase.REPORT):
        store.agenda.move_to(facilitator, Position(phase, 1))
        late = other if phase is Phase.REPORT else ada  # the other team reports second
        assert store.ideas.asked_again(late) == ()
        with pytest.raises(StoreError, match="not reported back yet"):
            store.ideas.estimate_again(late, TWO if late is other else ONE, LESS)
    store.agenda.show_team(facilitator, 1)
    assert [idea.id for idea in store.ideas.asked_again(other)] == [TWO]
    assert [idea.id for idea in store.ideas.asked_again(ada)] == [ONE]


def test_who_has_not_estimated_before_is_not_asked_anew(
    store: Store, team: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, ada, bo = team
    store.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    assert store.ideas.asked_again(bo) == ()
    with pytest.raises(StoreError, match="not estimated this idea before"):
        store.ideas.estimate_again(bo, ONE, LESS)
    store.ideas.withdraw(ada, ONE)
    assert store.ideas.asked_again(ada) == ()


def test_a_side_speaks_anew_for_itself_and_for_the_other_the_first_time_alone(
    store: Store, reported: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, ada, bo = reported
    store.ideas.estimate_again(ada, ONE, MORE, Side.MARKETING)
    with pytest.raises(Forbidden, match="only marketing may change that"):
        store.ideas.estimate_again(ada, ONE, LESS, Side.MARKETING)
    with pytest.raises(Forbidden, match="nobody in this mini-team is from other"):
        store.ideas.estimate_again(ada, ONE, LESS, Side.OTHER)
    with pytest.raises(Forbidden, match="another mini-team"):
        store.ideas.estimate_again(stranger(store, facilitator), ONE, LESS)
    store.ideas.estimate_again(bo, ONE, LESS)
    assert said(store, facilitator)[0][Side.MARKETING] == LESS


def test_the_trail_tells_the_second_estimate_from_the_first(
    store: Store, reported: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, ada, _ = reported
    store.ideas.estimate_again(ada, ONE, LESS)
    store.ideas.estimate_again(ada, ONE, MORE)
    second, first, *_ = store.activity.all(facilitator)
    assert (first[3], first[4], first[5]) == ("idea_estimated_again", ONE, None)
    assert json.loads(first[6]) == {"side": "sales", "low": 0.1, "likely": 0.15, "high": 0.3}
    assert json.loads(second[5]) == json.loads(first[6])


def test_who_edits_an_idea_after_the_second_estimate_changes_that_one(
    store: Store, reported: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, ada, _ = reported
    store.ideas.estimate_again(ada, ONE, LESS)
    store.ideas.save(ada, ONE, 1, replace(DRAFT, title="Call at once", recovers=MORE))
    now, first = said(store, facilitator)
    assert (now[Side.SALES], first[Side.SALES]) == (MORE, SALES)


def test_an_estimate_that_is_edited_after_the_report_back_is_the_second_one(
    store: Store, reported: tuple[Visitor, Visitor, Visitor]
) -> None:
    facilitator, ada, bo = reported
    store.ideas.save(ada, ONE, 1, replace(DRAFT, title="Call at once"))
    assert store.ideas.readable(facilitator)[0].first == ()
    store.ideas.save(ada, ONE, 1, replace(DRAFT, recovers=LESS))
    now, first = said(store, facilitator)
    assert (now[Side.SALES], first[Side.SALES]) == (LESS, SALES)
    assert said(store, bo)[0][Side.SALES] == SALES


def test_a_first_estimate_that_comes_late_changes_no_second_one(
    store: Store, reported: tuple[Visitor, Visitor, Visitor]
) -> None:
    """A laptop that was offline sends what it was asked before the report back."""
    facilitator, _, bo = reported
    store.ideas.estimate_again(bo, ONE, MORE)
    store.ideas.estimate(bo, ONE, LESS, Side.MARKETING)
    now, first = said(store, facilitator)
    assert (now[Side.MARKETING], first[Side.MARKETING]) == (MORE, LESS)
