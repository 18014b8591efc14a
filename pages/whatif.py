"""What if: move a rate and watch the revenue; keep what you like as a named set; compare."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose

import pandas as pd
import streamlit as st

from workshop.analysis import scenario
from workshop.analysis.conversion import revenue
from workshop.analysis.planning import PlanAtCapacity, names, plan_today
from workshop.analysis.ranking import effects
from workshop.domain.access import Role, fingerprint
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel
from workshop.domain.scenario import Scenario
from workshop.forms.number import MONEY, OF_TEN, PEOPLE, written
from workshop.forms.success import of_ten, share
from workshop.live import services, snapshot
from workshop.live.snapshot import Snapshot
from workshop.store import StoreError
from workshop.ui import management
from workshop.ui.identity import require
from workshop.ui.management import in_percent
from workshop.ui.number_field import number_field, typed
from workshop.ui.render_slots import release_slot_while
from workshop.ui.text import escape_markdown
from workshop.wording import figures
from workshop.wording.comparison import changes, points_more

BEST = 3
TODAY = "Today"

who = require(Role.MANAGER)
store = services.store()
state = st.session_state


def fill(chosen: Scenario) -> None:
    """Put a set into the sliders."""
    for place, rate in enumerate(chosen.rates):
        state[f"whatif_rate_{place}"] = in_percent(rate)
    state.whatif_deal_value = written(chosen.deal_value)
    state.whatif_volume = written(round(chosen.entrants))
    state.whatif_quality = in_percent(chosen.quality)
    state.whatif_success = of_ten(chosen.success)
    state.set_problem = ""


def supposed(funnel: Funnel, name: str) -> Scenario:
    """What the sliders say, as a set with this name; ValueError says what is missing."""
    volume = typed("whatif_volume", PEOPLE, "Volume")
    deal_value = typed("whatif_deal_value", MONEY, "Deal value")
    if volume is None or deal_value is None:
        raise ValueError("Give a volume and a deal value.")
    works = typed("whatif_success", OF_TEN, "Ideas that work")
    return Scenario(
        name,
        round(volume),
        tuple(state[f"whatif_rate_{place}"] / 100 for place in range(len(funnel.steps))),
        deal_value,
        state.whatif_quality / 100,
        None if works is None else share(works),
    )


def keep() -> None:
    try:
        name = state.set_name.strip()
        if name == TODAY:
            raise ValueError(f"'{TODAY}' is what was measured; choose another name.")
        store.scenarios.save(who, supposed(snapshot.take(who).funnel, name))
    except (ValueError, StoreError) as problem:
        state.set_problem = str(problem)
        return
    state.set_problem = ""
    state.set_name = ""
    state.done = "Saved. It stands beside the others below."


def sliders(seen: Snapshot) -> None:
    funnel = seen.funnel
    today = scenario.today(funnel, seen.assumptions, TODAY)
    # Sliders that are not on a page forget what they said: they begin at today's figures.
    if "whatif_volume" not in state or f"whatif_rate_{len(funnel.steps) - 1}" not in state:
        fill(today)
    st.header("Conversion rates", anchor=False)
    for place, step in enumerate(funnel.steps):
        percent_slider(
            f"{escape_markdown(step.name)}, today {figures.percent(step.rate)}",
            f"whatif_rate_{place}",
        )
    st.header("Volume and money", anchor=False)
    volume, value = st.columns(2)
    with volume:
        number_field(
            f"{escape_markdown(funnel.stages[0])}, today {figures.count(funnel.entrants)}",
            "whatif_volume",
            PEOPLE,
        )
    with value:
        number_field(f"Deal value, {funnel.currency}", "whatif_deal_value", MONEY)
    st.header("Ideas", anchor=False)
    quality, success = st.columns(2)
    with quality:
        percent_slider("How well recovered prospects close", "whatif_quality")
    with success:
        number_field("Of ten ideas, how many work", "whatif_success", OF_TEN)
    st.button("Back to today", key="whatif_reset", on_click=fill, args=(today,))


def percent_slider(label: str, key: str) -> None:
    st.slider(label, 0.0, 100.0, step=0.1, format="%.1f %%", key=key)


def outcome(funnel: Funnel, today: Scenario) -> None:
    try:
        what_if = supposed(funnel, "What if")
    except ValueError as problem:
        st.info(escape_markdown(str(problem)), icon=":material/edit:")
        return
    now, then = (
        figures.a_year(worth, funnel.period_days)
        for worth in (revenue(funnel), scenario.revenue(what_if))
    )
    more = figures.money(abs(then - now), funnel.currency)
    st.metric(
        "Revenue a year in this scenario",
        escape_markdown(figures.money(then, funnel.currency)),
        f"{'+' if then > now else '-'}{more}" if not isclose(then, now) else None,
    )
    changed = changes(today, what_if, funnel)
    st.text(
        f"Today it is {figures.money(now, funnel.currency)} a year. "
        + (f"Changed: {'; '.join(changed)}." if changed else "Move a slider to see what changes.")
    )
    st.caption("Nothing is saved and no other screen changes while you move the sliders.")
    with st.form("set", enter_to_submit=True):
        name, save = st.columns([5, 1], vertical_alignment="bottom")
        name.text_input(
            "Save this as a scenario",
            key="set_name",
            placeholder="For instance: cautious, or: after the price rise",
        )
        management.problem_line(state.get("set_problem", ""))
        save.form_submit_button("Save", key="set_save", type="primary", on_click=keep)


def comparison(seen: Snapshot) -> None:
    today = scenario.today(seen.funnel, seen.assumptions, TODAY)
    kept = [one for one in store.scenarios.all(who) if len(one.rates) == len(today.rates)]
    st.header("Scenarios side by side", anchor=False)
    if not kept:
        st.text("None yet. Move the sliders, give the scenario a name, and it is compared here.")
        return
    sets = (today, *kept)
    with release_slot_while(who, "Looking for the best plan of each scenario …"):
        plans = [best_plan(seen, one) for one in sets]
    st.table(
        pd.DataFrame(
            {
                escape_markdown(one.name): told(seen, one, plan, today)
                for one, plan in zip(sets, plans, strict=True)
            }
        )
    )
    newest = store.funnels.versions(who)[0].number
    if stale := [one.name for one in kept if one.funnel_version not in (None, newest)]:
        st.warning(
            escape_markdown(
                f"Saved on earlier numbers: {', '.join(stale)}. Put each into the sliders, check "
                "its rates, and save it again."
            ),
            icon=":material/history:",
        )
    plans_compared(seen, sets, plans)
    with st.container(key="whatif_sets", horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "A scenario", kept, format_func=lambda one: one.name, key="set_chosen", width=320
        )
        st.button("Put it into the sliders", key="set_load", on_click=fill, args=(chosen,))
        st.button(
            "Remove it",
            # Of this set, not of the one that is chosen next: pressed twice, it removes one.
            key=f"set_drop_{fingerprint(chosen.name)}",
            on_click=store.scenarios.remove,
            args=(who, chosen.name),
        )


def best_plan(seen: Snapshot, one: Scenario) -> PlanAtCapacity | None:
    """The best plan if a set were true, within the capacity of today; None where none fits."""
    return seen.computed(
        f"best plan of {one!r}",
        lambda: plan_today(
            scenario.supposed(seen.funnel, one), scenario.believed(one), seen.ideas, seen.planned
        ),
    )


def plans_compared(
    seen: Snapshot, sets: Sequence[Scenario], plans: Sequence[PlanAtCapacity | None]
) -> None:
    """Which ideas are in the best plan of each set; what differs from today's is said."""
    st.header("The best plan of each scenario", anchor=False)
    in_any = {idea_id for plan in plans if plan for idea_id in plan.chosen}
    if not in_any:
        st.text("No idea is in any of them.")
        return
    st.text("Within the plan's capacity and conditions. Changes compared with today.")
    called = names(seen.ideas)
    in_order = [idea_id for idea_id in seen.ranking["id"] if idea_id in in_any]
    columns = {
        escape_markdown(one.name): [membership(idea_id, plan, plans[0]) for idea_id in in_order]
        for one, plan in zip(sets, plans, strict=True)
    }
    st.table(pd.DataFrame(columns, index=[escape_markdown(called[one]) for one in in_order]))


def membership(idea_id: str, plan: PlanAtCapacity | None, today: PlanAtCapacity | None) -> str:
    """Whether an idea is in a plan, and whether that differs from today's."""
    inside, before = (idea_id in (each.chosen if each else ()) for each in (plan, today))
    if inside:
        return "✓" if before else "✓ new"
    return "✗ out" if before else ""


def told(
    seen: Snapshot, one: Scenario, plan: PlanAtCapacity | None, today: Scenario
) -> dict[str, str]:
    """A set in words: what it assumes, the revenue, and the best ideas under it.

    Where a rate or the revenue is not today's, the difference is said beside it.
    """
    funnel = seen.funnel

    def a_year(worth: float) -> str:
        return figures.money(figures.a_year(worth, funnel.period_days), funnel.currency)

    def signed(worth: float) -> str:
        return f"{'+' if worth > 0 else '−'} {a_year(abs(worth))}"

    brings = figures.money(plan.gain, funnel.currency) if plan else "none fits"
    more = scenario.revenue(one) - scenario.revenue(today)
    difference = "" if isclose(more, 0, abs_tol=0.5) else f" ({signed(more)})"
    words = {
        "Revenue a year": f"{a_year(scenario.revenue(one))}{difference}",
        "The best plan brings": brings,
    }
    words |= best_ideas(seen, one)
    words |= {
        step.name: rate_beside(rate, was)
        for step, rate, was in zip(funnel.steps, one.rates, today.rates, strict=True)
    }
    words |= {
        funnel.stages[0]: figures.count(one.entrants),
        "Deal value": figures.money(one.deal_value, funnel.currency),
        "How well recovered prospects close": figures.percent(one.quality),
        "Of ten ideas, how many work": figures.NOT_SAID
        if one.success is None
        else f"{10 * one.success:.3g}",
    }
    return {escape_markdown(name): escape_markdown(value) for name, value in words.items()}


def rate_beside(rate: float, today: float) -> str:
    points = round(100 * (rate - today), 1)
    return figures.percent(rate) + (f" ({points_more(points)})" if points else "")


def best_ideas(seen: Snapshot, one: Scenario) -> dict[str, str]:
    funnel, ideas = seen.funnel, seen.counted
    assumed = Assumptions(quality=one.quality, success=one.success)
    gains = scenario.gains(funnel, one, effects(ideas, assumed))
    best = sorted(range(len(ideas)), key=lambda k: -gains[k])[:BEST]
    worths = (figures.a_year(float(gains[k]), funnel.period_days) for k in best)
    said = [
        f"{ideas[k].draft.title}: {figures.money(worth, funnel.currency)}"
        for k, worth in zip(best, worths, strict=True)
    ]
    return {f"Best idea {place}": words for place, words in enumerate(said, start=1)}


def stage(seen: Snapshot) -> None:
    management.done_toast()
    with st.container(key="whatif"):
        left, right = st.columns([4, 7], gap="large")
        with left:
            sliders(seen)
        with right, st.container(key="whatif_outcome"):
            outcome(seen.funnel, scenario.today(seen.funnel, seen.assumptions, TODAY))
            comparison(seen)


management.page(who, stage)
