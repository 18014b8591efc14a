"""What holds in a company, of all that its workshops have settled on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from workshop.analysis.company_agreed import current_agreement, settled_in
from workshop.domain.agreement import Agreement, ClauseKind
from workshop.domain.company import Agreed
from workshop.domain.hand_off import Doer, Duty, key_of
from workshop.domain.question import QuestionKey, Subject
from workshop.domain.settlement import Settlement
from workshop.domain.term import term_key

THEN = datetime(2026, 3, 1, tzinfo=UTC)
STAGES = ("Lead", "MQL", "SQL", "Won")


def settled(key: QuestionKey, value: str, day: int = 0, **other: Any) -> Settlement:
    return Settlement(key, value, "Ada", "Bo", THEN + timedelta(days=day), **other)


def agreed(name: str, *held: Settlement, **other: Any) -> Agreed:
    return Agreed(name, name, other.pop("stages", STAGES), held, **other)


def meanings(*held: Agreed, stages: tuple[str, ...] = STAGES) -> dict[str, str]:
    return {str(one.key): one.value for one in settled_in(held, stages)}


def test_the_newest_settlement_of_a_word_holds_whichever_workshop_it_is_of() -> None:
    mql, lost = term_key("MQL"), term_key("lost")
    first = agreed("first", settled(mql, "clicked"), settled(lost, "silent for a year"))
    second = agreed("second", settled(mql, "asked for a price", 90))
    assert meanings(first, second) == {
        str(mql): "asked for a price",
        str(lost): "silent for a year",
    }
    late = agreed("first", settled(mql, "clicked twice", 91))
    assert meanings(late, second)[str(mql)] == "clicked twice"


def test_what_a_later_workshop_has_taken_back_holds_no_more() -> None:
    mql = term_key("MQL")
    first = agreed("first", settled(mql, "clicked"))
    assert meanings(first, agreed("second", taken_back=frozenset({mql}))) == {}


def test_a_duty_follows_its_step_by_the_names_of_its_stages() -> None:
    duty = settled(key_of(1, Duty.FINDS), "the web form", owner=Doer.MARKETING)
    gone = settled(key_of(2, Duty.FINDS), "the list", owner=Doer.SALES)
    elsewhere = ("Visitor", "Lead", " mql", "sql", "Opportunity", "Won")
    assert meanings(agreed("first", duty, gone), stages=elsewhere) == {
        str(key_of(2, Duty.FINDS)): "the web form"
    }
    taken = agreed("second", stages=elsewhere, taken_back=frozenset({key_of(2, Duty.FINDS)}))
    assert list(meanings(agreed("first", duty, gone), taken)) == [str(key_of(2, Duty.FINDS))]


def test_what_is_of_one_afternoon_is_not_of_the_company() -> None:
    limit = settled(QuestionKey(Subject.LIMIT, "all"), "product")
    assert meanings(agreed("first", limit)) == {}


def test_the_newest_agreement_is_the_companys() -> None:
    def version(number: int, day: int) -> Agreement:
        words = ((ClauseKind.BOTH, f"{number} of {day}"),)
        return Agreement(number, words, THEN + timedelta(days=day))

    first = agreed("first", agreements=(version(1, 0), version(2, 5)))
    second = agreed("second", agreements=(version(1, 3),))
    assert current_agreement([first, second]) == (first, version(2, 5))
    assert current_agreement([agreed("third")]) is None
