"""No sum on one screen contradicts the same sum on another, whatever people write."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from tests.examples import examples
from tests.screens import screen
from tests.ui.test_drawable import BOUNDED, Made, People, Written, play
from workshop.domain.agenda import Phase, Position
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.live import services
from workshop.store import Store
from workshop.ui import identity

FUNNEL = Funnel.from_counts(
    {"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84, "Won": 21},
    deal_value=8000,
    currency="EUR",
    period_days=365,
    losses={"Lead": {"Price": 600}},
)
percents = st.integers(1, 60)


@st.composite
def ideas(draw: st.DrawFn) -> Written:
    low, likely, high = sorted(draw(percents) / 100 for _ in range(3))
    reason = draw(st.sampled_from([None, "Price"]))
    draft = IdeaDraft("An idea", Estimate(low, likely, high), "", reason, draw(days), 1)
    return Written(0 if reason else draw(st.integers(0, 3)), draft)


days = st.integers(0, 9)
limits = st.sampled_from([None, 5.0, 12.0])


@pytest.fixture
def screens(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, AppTest]]:
    """The pages that say what the ideas of a workshop bring, each drawn once."""
    monkeypatch.setattr(services, "store", lambda: store)

    def see(people: People) -> dict[str, AppTest]:
        mine = {who.role: who for who in (people.manager, people.facilitator, people.room)}
        monkeypatch.setattr(identity, "visitor", lambda role, code: mine[role])
        drawn = {}
        for page in ("manage.py", "ranking.py", "plan.py", "whatif.py", "board.py"):
            app = screen(page, store.workshops.get(people.facilitator).code)
            drawn[page.removesuffix(".py")] = app
        return drawn

    return see


def words(app: AppTest) -> list[str]:
    said = [*app.text, *app.caption, *app.warning, *app.info]
    return [element.value.replace("\\", "") for element in said]


def metric(app: AppTest, label: str) -> str:
    [value] = [one.value for one in app.metric if one.label.startswith(label)]
    return str(value).replace("\\", "")


def cell(app: AppTest, row: str, column: str) -> str:
    """What a table of the page says in this row and column."""
    for table in app.table:
        told = table.value
        if row in told.index and column in told.columns:
            return str(told.loc[row, column]).replace("\\", "")
    raise AssertionError(f"no table has {row} and {column}")


def check(store: Store, people: People, drawn: dict[str, AppTest]) -> None:
    """Every sum that two screens show, beside each other."""
    manager = people.manager
    decision, plan = words(drawn["manage"]), metric(drawn["plan"], "The best plan brings")
    assert any(plan in line for line in decision if "a year" in line)
    ranges = {
        match[1]
        for line in [*decision, *words(drawn["plan"])]
        if (match := re.search(r"Eight times in ten (\S+)", line))
    }
    assert len({one.rstrip(",.") for one in ranges}) == 1
    assert cell(drawn["whatif"], "The best plan brings", "Today") == plan
    today = metric(drawn["ranking"], "Revenue today")
    assert cell(drawn["whatif"], "Revenue a year", "Today") == today
    assert any(f"on top of {today} today" in line for line in decision)
    together = metric(drawn["ranking"], "All ideas together")
    choice = store.constraints.current(manager)
    if choice.days_sales is None and choice.days_marketing is None:
        assert together == plan
    # Left out where there is nothing to tell.
    for bridge in (one.value for one in drawn["manage"].table if "Part" in one.value):
        assert bridge["Money a year"].iloc[-1].replace("\\", "") == plan
    board = words(drawn["board"])
    assert any(together in line for line in board)
    if None not in (choice.days_sales, choice.days_marketing):
        assert any(re.search(rf"brings (probably )?{re.escape(plan)}", line) for line in board)


@pytest.mark.parametrize("success", [None, 0.3])
@settings(BOUNDED, max_examples=examples(2).max_examples)
@given(told=st.lists(ideas(), min_size=1, max_size=5), sales=limits, marketing=limits)
def test_the_same_sum_is_the_same_on_every_screen(
    store: Store,
    screens: Callable[..., dict[str, AppTest]],
    success: float | None,
    told: list[Written],
    sales: float | None,
    marketing: float | None,
) -> None:
    made = Made(FUNNEL, tuple(told), Assumptions(success=success), (sales, marketing))
    people = play(store, made)
    store.agenda.move_to(people.facilitator, Position(Phase.RANK))
    check(store, people, screens(people))
