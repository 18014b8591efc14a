"""What each side of a mini-team is asked, and what its screen can be told from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.ids import named_id
from tests.store.test_store import DRAFT, joined
from tests.team_page import TeamPage
from workshop.domain.access import Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, Idea
from workshop.domain.people import Side
from workshop.live import services, snapshot
from workshop.store import Store
from workshop.ui.estimates import gap_words, unanswered

OWN, SECRET = named_id("own"), named_id("secret")
BOTH = [Side.SALES, Side.MARKETING]


def test_the_gap_is_said_in_points() -> None:
    assert gap_words([0.3, 0.29]).startswith("You differ by 1 point:")
    assert gap_words([0.1, 0.3, 0.145]).startswith("You differ by 20 points:")
    assert gap_words([0.1, 0.1]) == "You expect the same."


def test_a_side_is_waited_for_where_it_sits_in_the_team_and_has_said_nothing() -> None:
    old = Idea("a", 0, "t", "Ada", DRAFT, datetime.now(UTC))
    asked = replace(old, estimates=((Side.SALES, DRAFT.recovers),))
    assert unanswered(asked, BOTH) == [Side.MARKETING]
    assert unanswered(asked, [Side.SALES, Side.SALES]) == []
    assert unanswered(old, BOTH) == []


def test_the_ranking_of_one_side_tells_nothing_of_what_only_the_other_has_estimated(
    store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "store", lambda: store)
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada", Side.SALES)
    bo = joined(store, facilitator, "Bo", Side.MARKETING)
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))

    def ranked(visitor: Visitor) -> dict[str, dict[str, float]]:
        figures = ["gain", "p10", "p90", "place", "p_top3"]
        table: dict[str, dict[str, float]] = (
            snapshot.take(visitor).ranking.set_index("id")[figures].to_dict("index")
        )
        return table

    store.ideas.save(bo, OWN, 1, replace(DRAFT, recovers=Estimate(0.1, 0.1, 0.1)))
    before = ranked(bo)
    store.ideas.save(ada, SECRET, 1, replace(DRAFT, recovers=Estimate(0.9, 0.9, 0.9)))
    # Sales looks first: what is kept of its ranking must not be shown to marketing.
    assert set(ranked(ada)) == {SECRET}
    assert ranked(bo) == before
    store.ideas.estimate(bo, SECRET, Estimate(0.7, 0.7, 0.7))
    assert list(ranked(bo)) == [SECRET, OWN]
    # 80 % of 210 are won back, each of them worth 8,000 · .3 · .25.
    assert ranked(bo)[SECRET]["gain"] == pytest.approx(0.8 * 210 * 600)


def test_a_laptop_that_is_handed_over_asks_the_other_side_and_shows_nothing_of_its_owners(
    records: Store, facilitator: Visitor
) -> None:
    ada = joined(records, facilitator, "Ada", Side.SALES)
    joined(records, facilitator, "Bo", Side.MARKETING)
    records.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    own = Estimate(0.11, 0.22, 0.33)
    records.ideas.save(ada, OWN, 1, replace(DRAFT, title="Own", recovers=own))
    records.ideas.save(ada, SECRET, 1, replace(DRAFT, title="Second", recovers=own))
    page = TeamPage(ada)
    page.press(f"hand_marketing_{OWN}")
    assert page.laptop["handed_to"] == "marketing"
    assert (page.forms["idea_form"], list(page.buttons)) == (None, ["hand_back"])
    assert page.forms["estimate"]["about"] == {"idea": OWN, "side": "marketing"}
    assert "Then 1 more idea to estimate." in page.texts
    assert not any(figure in page.says for figure in ("11", "22", "33"))
    page.press("hand_back")
    assert page.laptop["handed_to"] == ""
    assert page.forms["idea_form"]["title"] == "Write down an idea"


def test_a_laptop_goes_back_by_itself_once_the_other_side_has_answered_all(
    records: Store, facilitator: Visitor
) -> None:
    ada = joined(records, facilitator, "Ada", Side.SALES)
    joined(records, facilitator, "Bo", Side.MARKETING)
    records.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    for idea_id in (OWN, SECRET):
        records.ideas.save(ada, idea_id, 1, DRAFT)
    page = TeamPage(ada)
    page.press(f"hand_marketing_{OWN}")
    for is_left in (True, False):
        page.send("estimate", low="10", likely="20", high="30")
        page.look()
        assert (page.laptop["handed_to"] == "marketing") == is_left
    assert "hand_back" not in page.buttons
    assert page.forms["idea_form"] is not None


@pytest.mark.parametrize("side", [Side.SALES, Side.OTHER])
def test_a_laptop_is_not_handed_to_a_side_that_is_asked_for_nothing(
    records: Store, facilitator: Visitor, side: Side
) -> None:
    ada = joined(records, facilitator, "Ada", Side.SALES)
    joined(records, facilitator, "Bo", Side.MARKETING)
    records.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    records.ideas.save(ada, OWN, 1, DRAFT)
    page = TeamPage(ada, {"handed_to": side})
    assert page.laptop["handed_to"] == ""
    assert page.forms["idea_form"] is not None
