"""Whatever can be saved can be drawn: every page, for any workshop that participants can make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from tests.examples import examples
from tests.funnels import fractions
from tests.team_page import TeamPage
from workshop import charts, exports
from workshop.activities import walk
from workshop.analysis.explanation import Standing, explanation, twice_counted
from workshop.analysis.overlap import overlaps
from workshop.analysis.planning import best_plan, plans_by_capacity
from workshop.analysis.portfolio import Infeasible
from workshop.analysis.ranking import (
    aim,
    assumed,
    effects,
    goes_after,
    lenses_a_year,
    ranking,
    target_rate,
    worth,
)
from workshop.analysis.sensitivity import first_order, total_order
from workshop.analysis.unknowns import biggest_uncertainty, least_known, worth_finding_out
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import BoardView, Phase, Position
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Condition, Demand
from workshop.domain.commitment import Commitment
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.domain.scenario import Scenario
from workshop.domain.text import cleaned
from workshop.live import services
from workshop.store import Store
from workshop.ui import identity
from workshop.wording.figures import exact_money, money, range_of_money
from workshop.wording.lenses import LENSES

MENU = Path(__file__).parents[2] / "pages" / "menu.py"
HOSTILE = "*a* <b>b</b> $c$ :red[e] [f](http://g.example) =1+1 \u202e\n| x | {0}"
MANAGEMENT = (
    "manage.py",
    "ranking.py",
    "sensitivity.py",
    "assumptions.py",
    "whatif.py",
    "plan.py",
    "agreement.py",
    "actions.py",
    "answers.py",
)

texts = st.sampled_from(["Call back", HOSTILE, "x" * 200, "日本 " * 50, "- ", "\x00a"]) | st.text(
    min_size=1, max_size=200
).filter(lambda text: cleaned(text).strip())
names = texts.map(lambda text: text[:80]).filter(lambda text: cleaned(text).strip())
marks = st.sampled_from([0.0, 1.0, 1e-300, 0.05, 1 - 1e-12]) | fractions
estimates = st.tuples(marks, marks, marks).map(lambda three: Estimate(*sorted(three))) | marks.map(
    lambda mark: Estimate(mark, mark, mark)
)
days = st.sampled_from([0.0, 0.0, 1e-320, 0.01, 4.0, 10_000.0])
counts = st.sampled_from([0, 1, 2, 700, 10**12])
values = st.sampled_from([0.0, 1e-320, 0.004, 8000.0, 1e12, 1e15])

NOTHING_ASSUMED = Assumptions()


@dataclass(frozen=True)
class Written:
    """An idea as a mini-team wrote it, and what became of it."""

    step: int
    draft: IdeaDraft
    other_side: Estimate | None = None
    fate: str = "counts"
    committed: bool = False


@dataclass(frozen=True)
class Made:
    """A workshop as its people made it."""

    funnel: Funnel
    ideas: tuple[Written, ...]
    assumptions: Assumptions = NOTHING_ASSUMED
    capacity: tuple[float | None, float | None] = (None, None)
    demands: tuple[Demand, ...] = ()


@st.composite
def funnels(draw: st.DrawFn) -> Funnel:
    stages = draw(
        st.lists(texts, min_size=2, max_size=5, unique_by=lambda name: cleaned(name).strip())
    )
    reached = sorted(draw(st.lists(counts, min_size=len(stages), max_size=len(stages))))[::-1]
    steps = []
    for place in range(len(stages) - 1):
        lost = reached[place] - reached[place + 1]
        reasons = draw(st.lists(texts, max_size=9, unique=True))
        each = lost // max(len(reasons), 1)
        losses = {reason: draw(st.sampled_from([0, each])) for reason in reasons}
        segments = draw(
            st.sampled_from([{}, {"Search": {}}, {"Search": {"": lost - sum(losses.values())}}])
        )
        benchmark = draw(st.none() | marks)
        pair = stages[place : place + 2]
        steps.append(
            Step(*pair, *reached[place : place + 2], losses, benchmark=benchmark, segments=segments)
        )
    period = draw(st.sampled_from([1, 365, 36_500]))
    return Funnel(tuple(steps), draw(values), draw(st.sampled_from(["EUR", "JPY", "CHF"])), period)


@st.composite
def ideas(draw: st.DrawFn, funnel: Funnel) -> Written:
    place = draw(st.integers(0, len(funnel.steps) - 1))
    step = funnel.steps[place]
    draft = IdeaDraft(
        draw(texts),
        draw(estimates),
        draw(st.just("") | texts),
        draw(st.sampled_from([None, *step.losses])),
        draw(days),
        draw(days),
        draw(st.just("") | names),
        draw(st.sampled_from([None, *step.segments])),
    )
    fate = draw(st.sampled_from(["counts", "counts", "withdrawn", "merged"]))
    return Written(place, draft, draw(st.none() | estimates), fate, draw(st.booleans()))


@st.composite
def workshops(draw: st.DrawFn) -> Made:
    funnel = draw(funnels())
    assumptions = Assumptions(
        draw(st.none() | values),
        draw(st.none() | st.sampled_from([1, 36_500])),
        draw(st.none() | st.tuples(*[st.none() | marks for _ in funnel.steps])),
        draw(marks),
        draw(marks),
    )
    limits = st.sampled_from([None, 0.0, 1e-320, 4.0, 1e6])
    return Made(
        funnel,
        tuple(draw(st.lists(ideas(funnel), max_size=6))),
        draw(st.just(NOTHING_ASSUMED) | st.just(assumptions)),
        (draw(limits), draw(limits)),
        tuple(draw(st.lists(st.sampled_from(Demand), max_size=3))),
    )


@dataclass(frozen=True)
class People:
    """Who is in a workshop: the same room for whatever they make."""

    manager: Visitor
    facilitator: Visitor
    room: Visitor
    sales: Visitor
    marketing: Visitor


def play(store: Store, made: Made) -> People:
    """Make a workshop with nothing but what its people's screens do."""
    facilitator = store.workshops.start("Spring off-site", made.funnel)
    code = store.workshops.get(facilitator).code
    sales, marketing = (
        store.tokens.admit(store.seats.join(code, name, side))
        for name, side in (("Ada", Side.SALES), (HOSTILE[:80], Side.MARKETING))
    )
    assert sales
    assert marketing
    manager = Visitor(Role.MANAGER, facilitator.workshop_id)
    ids = [uuid4().hex for _ in made.ideas]
    for id_, idea in zip(ids, made.ideas, strict=True):
        store.ideas.save(sales, id_, idea.step, idea.draft)
        if idea.other_side:
            store.ideas.estimate(marketing, id_, idea.other_side)
        if idea.committed:
            words = [text[:80] for text in (idea.draft.title, HOSTILE, "Bo", "Rate", HOSTILE)]
            title, owner, co_owner, kpi, first = words
            signed = (0.0, 1.0, date(2027, 3, 1), first)
            store.commitments.save(
                manager, Commitment(id_, id_, title or "A", owner, co_owner, kpi, *signed)
            )
    for demand, id_, other in zip(made.demands, ids, ids[1:], strict=False):
        pair = demand in (Demand.REQUIRES, Demand.EXCLUDES)
        store.constraints.add(manager, Condition(demand, id_, other if pair else ""))
    for id_, idea in zip(ids, made.ideas, strict=True):
        match idea.fate:
            case "withdrawn":
                store.ideas.withdraw(facilitator, id_)
            case "merged":
                standing = [one.id for one in store.ideas.readable(facilitator) if one.counts]
                if id_ in standing and standing[0] != id_:
                    store.ideas.merge(facilitator, id_, standing[0])
    store.assumptions.save(manager, made.assumptions)
    store.constraints.set_capacity(manager, *made.capacity)
    rates = tuple(step.rate for step in made.funnel.steps)
    store.scenarios.save(manager, Scenario(HOSTILE[:80], 0, rates, made.funnel.deal_value))
    room = Visitor(Role.PROJECTOR, facilitator.workshop_id)
    return People(manager, facilitator, room, sales, marketing)


def draw_values(store: Store, people: People) -> None:
    """What the pages say and draw, without the pages."""
    who = people.manager
    funnel, assumptions = (
        assumed(store.funnels.current(who), store.assumptions.current(who)),
        store.assumptions.current(who),
    )
    written = store.ideas.readable(who)
    standing = [idea for idea in written if idea.counts]
    acting = effects(standing, assumptions)
    currency = funnel.currency
    for place, step in enumerate(funnel.steps):
        charts.funnel_chart(funnel, place, large=True)
        charts.funnel_alt(funnel, place)
        charts.reasons_chart(step, large=True)
        charts.reasons_alt(step)
        charts.reasons_table(step)
    charts.funnel_table(funnel)
    lenses = lenses_a_year(funnel)
    for lens in LENSES:
        charts.lenses_chart(lenses, currency, large=False, lens=lens)
    charts.lenses_side_by_side(lenses, currency)
    charts.lenses_table(lenses, currency)
    own, total = first_order(funnel).tolist(), total_order(funnel).tolist()
    charts.sobol_chart(own, total, funnel.steps, large=True)
    charts.sobol_alt(own, total, funnel.steps)
    least_known(funnel)
    biggest_uncertainty(funnel)
    worth_finding_out(store.funnels.current(who), assumptions, written)
    for group in overlaps(funnel, acting):
        twice_counted(funnel, standing, group)
    table = ranking(store.funnels.current(who), assumptions, written, {})
    assert sorted(table["id"]) == sorted(idea.id for idea in written)
    counted = table[table["state"] == "counts"]
    assert not counted[["gain", "p10", "p50", "p90", "p_top3", "place"]].isna().any(axis=None)
    charts.ranking_chart(counted, currency, large=True)
    charts.ranking_table(counted, currency)
    by_id = {idea.id: idea for idea in written}
    for row in counted.itertuples():
        idea = by_id[row.id]
        standing_ = Standing(row.p10, row.p90, row.p_top3)
        assert all(explanation(store.funnels.current(who), assumptions, idea, standing_, standing))
        exact_money(row.gain, currency)
        assert 0 <= target_rate(funnel, idea) <= 1
    for idea in written:
        aim(funnel.steps[idea.step], idea.draft)
        goes_after(idea.draft)
    for each in worth(store.funnels.current(who), assumptions, written).values():
        range_of_money(each["p10"], each["p90"], currency)
        money(each["gain"], currency)
    actions = store.commitments.all(who)
    exports.ideas_csv(table, actions, currency)
    exports.actions_csv(actions, table, currency)
    results = exports.Results(
        "Spring",
        store.funnels.current(who),
        assumptions,
        written,
        table,
        actions,
        date(2026, 3, 14),
        scenarios=store.scenarios.all(who),
    )
    exports.workbook(results)
    exports.markdown(results)


def draw_plans(store: Store, people: People) -> None:
    """The best plans, which take longest to find."""
    who = people.manager
    funnel, assumptions, written = (
        store.funnels.current(who),
        store.assumptions.current(who),
        store.ideas.readable(who),
    )
    currency, choice = funnel.currency, store.constraints.current(who)
    try:
        plan = best_plan(funnel, assumptions, written, choice)
    except Infeasible:
        return
    range_of_money(plan.p10, plan.p90, currency)
    for amount in (plan.gain, plan.as_estimated, plan.gap, *plan.credit.values()):
        money(amount, currency)
    for amount in plan.shadow_price.values():
        money(amount, currency)
    charts.capacity_chart(plan.effort, plan.capacity, large=False)
    charts.capacity_alt(plan.effort, plan.capacity)
    plans = plans_by_capacity(funnel, assumptions, written, choice)
    charts.plans_chart(plans, plans[0], currency)
    charts.plans_alt(plans, currency)
    charts.plans_table(plans, currency)


BOUNDED = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(BOUNDED, max_examples=examples(3).max_examples)
@given(made=workshops())
def test_any_workshop_has_its_figures_charts_and_files(store: Store, made: Made) -> None:
    draw_values(store, play(store, made))


@settings(BOUNDED, max_examples=1)
@given(made=workshops())
def test_any_workshop_has_its_plans(store: Store, made: Made) -> None:
    draw_plans(store, play(store, made))


STEP = Step("MQL", "SQL", 700, 280, {"No follow-up": 210, "Nobody": 0})
FUNNEL = Funnel(
    (STEP, replace(STEP, source="SQL", target="Won", entered=280, advanced=0)), 8e3, "EUR", 365
)
NONE, ALL, SOME = Estimate(0, 0, 0), Estimate(1, 1, 1), Estimate(0.1, 0.2, 0.4)


def written(*estimates: Estimate, **words: Any) -> tuple[Written, ...]:
    return tuple(
        Written(0, replace(IdeaDraft(f"Idea {number}", estimate), **words))
        for number, estimate in enumerate(estimates)
    )


NOBODY = Funnel((Step("A", "B", 0, 0, {"r": 0}), Step("B", "C", 0, 0)), 8e3, "EUR", 365)
HUGE = Funnel((Step("A", "B", 10**12, 10**6),), 1e15, "JPY", 1)
TINY = Funnel((Step("A", "B", 7, 7),), 1e-320, "CHF", 36_500)
EXTREMES = {
    "nobody came in and nobody wrote": Made(NOBODY, ()),
    "nobody came in": Made(NOBODY, written(SOME, reason="r"), capacity=(0, 0)),
    "one idea on nothing lost": Made(TINY, written(SOME, days_sales=1e-320), capacity=(4, 4)),
    "no days, nothing and all won back, sides that differ": Made(
        FUNNEL,
        (
            *written(SOME, ALL, NONE),
            *(replace(one, other_side=NONE, committed=True) for one in written(ALL, SOME)),
            *written(SOME, reason="Nobody"),
        ),
    ),
    "all withdrawn or merged": Made(
        FUNNEL,
        (
            *(replace(one, fate="merged", committed=True) for one in written(SOME, ALL)),
            *(replace(one, fate="withdrawn", committed=True) for one in written(SOME, ALL)),
        ),
    ),
    "hostile, long and huge": Made(
        HUGE, (*written(SOME, title=HOSTILE), *written(ALL, title="x" * 200, plan="y" * 10_000))
    ),
    "believed to bring nothing, and more than there is time for": Made(
        FUNNEL,
        written(SOME, ALL, days_sales=9.0),
        Assumptions(0, 1, (None, 1.0), 0, 0),
        (1, 1),
        (Demand.MUST,),
    ),
}


@pytest.fixture
def pages(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Open these pages of a workshop; without any, all of them at all places of the walk."""
    monkeypatch.setattr(services, "store", lambda: store)

    def see(people: People, *only: str) -> None:
        mine = {who.role: who for who in (people.manager, people.facilitator, people.room)}
        monkeypatch.setattr(identity, "visitor", lambda role, code: mine[role])
        app = AppTest.from_file(str(MENU), default_timeout=30)
        app.query_params["w"] = store.workshops.get(people.facilitator).code

        def look(page: str) -> None:
            app.switch_page(page).run()
            assert not app.exception, page

        for page in only or MANAGEMENT:
            look(page)
        if only:
            return
        for position in walk.walk(1):
            store.agenda.move_to(people.facilitator, position)
            look("board.py")
            assert TeamPage(people.marketing).shown["place"]
        store.agenda.move_to(people.facilitator, Position(Phase.RANK))
        for view in BoardView:
            store.agenda.show_view(people.facilitator, view)
            look("board.py")
        look("facilitate.py")

    return see


@pytest.mark.parametrize("made", EXTREMES.values(), ids=list(EXTREMES))
def test_every_page_is_drawn_at_every_place_of_the_walk(
    store: Store, pages: Callable[..., None], made: Made
) -> None:
    pages(play(store, made))


def test_three_hundred_ideas_are_ranked_and_shown(store: Store, pages: Callable[..., None]) -> None:
    people = play(store, Made(FUNNEL, written(*[SOME, ALL, NONE] * 100)))
    store.agenda.move_to(people.facilitator, Position(Phase.REPORT, 0))
    pages(people, "manage.py", "ranking.py", "facilitate.py", "board.py")
