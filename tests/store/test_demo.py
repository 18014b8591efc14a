"""The filled example."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.filled_example import facilitator as facilitator
from tests.filled_example import store as store
from workshop import intake
from workshop.activities import obstacles, relationship
from workshop.activities.asking import Sheet
from workshop.analysis.agreement import kappa
from workshop.analysis.judging import FEWEST_CASES, Judged, Tally, majorities, most_split
from workshop.domain.access import Visitor
from workshop.domain.agenda import Phase
from workshop.domain.agreement import ClauseKind, consent_question
from workshop.domain.people import Side
from workshop.domain.question import QuestionState, Subject
from workshop.domain.term import term_key
from workshop.server import demo
from workshop.store import Store


def test_the_example_stands_at_its_ranking_with_mixed_teams_and_an_action(
    store: Store, facilitator: Visitor
) -> None:
    workshop = store.workshops.get(facilitator)
    assert workshop.is_demo
    assert workshop.position.phase == Phase.RANK
    assert len(store.ideas.readable(facilitator)) == 9
    assert len(store.commitments.all(facilitator)) == 1
    for team in store.seats.teams(facilitator):
        assert {Side.SALES, Side.MARKETING} <= {person.side for person in team.people}


def test_in_three_ideas_of_the_example_the_two_sides_differ(
    store: Store, facilitator: Visitor
) -> None:
    differing = [
        {side for side, _ in idea.estimates}
        for idea in store.ideas.readable(facilitator)
        if len(set(idea.beliefs)) > 1
    ]
    assert differing == 3 * [{Side.SALES, Side.MARKETING}]


@pytest.mark.parametrize("sheet", [relationship.SHEET, obstacles.SHEET], ids=lambda it: it.subject)
def test_both_sides_of_the_example_have_answered_the_whole_sheet(
    store: Store, facilitator: Visitor, sheet: Sheet
) -> None:
    held = store.questions.all(facilitator)
    for asked in sheet.asked:
        key = asked.question.key
        assert held[key] == replace(asked.question, state=QuestionState.REVEALED)
        sides = Counter(given.side for given in store.questions.answers(facilitator, key))
        assert sides == {Side.SALES: 4, Side.MARKETING: 4}


def test_in_the_example_each_side_sees_something_better_than_the_other(
    store: Store, facilitator: Visitor
) -> None:
    given = {
        asked.question.key.about: store.questions.answers(facilitator, asked.question.key)
        for asked in relationship.SHEET.asked
    }
    apart = relationship.gaps(relationship.marks_of(given))
    assert {gap.sales > gap.marketing for gap in apart} == {True, False}
    assert all(gap.beyond_chance for gap in apart)


def test_in_the_example_the_cases_of_a_word_tell_how_far_the_sides_agree(
    store: Store, facilitator: Visitor
) -> None:
    judged = []
    for case in store.cases.all(facilitator).values():
        assert case.term == term_key("SQL")
        given = store.questions.answers(facilitator, case.key)
        assert Counter(one.side for one in given) == {Side.SALES: 4, Side.MARKETING: 4}
        sides = (
            [one.answer.value for one in given if one.side is side]
            for side in (Side.SALES, Side.MARKETING)
        )
        judged.append(Judged(*(Tally(said.count("yes"), len(said)) for said in sides)))
    assert len(judged) >= FEWEST_CASES
    place = most_split(judged)
    assert place is not None
    assert judged[place].split == 1
    agreed = kappa(majorities(judged))
    assert agreed is not None
    assert 0.3 < agreed < 0.8


def test_the_room_of_the_example_can_be_taken_to_a_break_and_to_what_it_has_answered(
    store: Store, facilitator: Visitor
) -> None:
    workshop = store.workshops.get(facilitator)
    places = [place.phase for place in workshop.agenda_on(len(intake.example().steps)).places]
    assert len(places) == 22
    assert places[:2] == [Phase.LOBBY, Phase.FACTS]
    assert places.count(Phase.BREAK) == 1
    asked = {Phase.RELATIONSHIP, Phase.OBSTACLES, Phase.HAND_OFFS, Phase.WORDS, Phase.AGREEMENT}
    assert asked <= {*places}
    settled = store.settlements.valid(facilitator)
    assert {key.subject for key in settled} == {Subject.HAND_OFF, Subject.TERM}


def test_the_example_has_an_agreement_that_some_of_both_sides_have_signed(
    store: Store, facilitator: Visitor
) -> None:
    agreement = store.agreements.current(facilitator)
    assert agreement is not None
    assert [kind for kind, _ in agreement.clauses] == list(ClauseKind)
    signed = store.agreements.signatures(facilitator)
    assert Counter(one.side for one in signed) == {Side.SALES: 2, Side.MARKETING: 2}
    given = store.questions.answers(facilitator, consent_question(agreement.version).key)
    assert Counter(one.side for one in given) == {Side.SALES: 4, Side.MARKETING: 4}
    assert sum(bool(one.answer.remark) for one in given) == 2


def test_two_examples_do_not_touch_each_other(store: Store, facilitator: Visitor) -> None:
    second = demo.fill(store)
    assert store.workshops.get(facilitator).code != store.workshops.get(second).code
    assert len(store.ideas.readable(facilitator)) == len(store.ideas.readable(second)) == 9
