"""Sensitivity: what moves the revenue, idea by idea, step by step, and what nobody knows yet."""

from __future__ import annotations

import streamlit as st

from workshop import charts, figures, management, planning, screen
from workshop.access import Role
from workshop.funnel import rate_interval
from workshop.management import built
from workshop.model import Funnel
from workshop.ranking import lenses_a_year
from workshop.sensitivity import WorthKnowing, first_order, total_order, worth_knowing
from workshop.store import IDEAS, PLAN

IDEAS_VIEW, STEPS_VIEW, UNKNOWN_VIEW = "Ideas", "Steps", "What we do not know"
MOST_IDEAS = 12
LENSES_SAY = {
    "plus_1pp": "One more prospect in a hundred goes on at this step.",
    "to_benchmark": "The step reaches its benchmark; nothing where none is known, or it is there.",
    "equal_effort": "The same push everywhere: it moves a rate of 50 % most, 0 or 100 % never.",
    "leak": "All that this step loses, at today's rates further down.",
    "plus_10pct": "A tenth more of the rate. It is worth the same at every step, so it ranks none.",
}

who = screen.require(Role.MANAGER)
store = screen.store()


def ideas_view(funnel: Funnel) -> None:
    table = screen.ranking(who)
    counted = table[table["state"] == "counts"]
    st.subheader("What each idea could bring a year", anchor=False)
    if counted.empty:
        st.info(
            "No ideas yet. Until the first one comes, Steps says where an idea would pay most.",
            icon=":material/lightbulb:",
        )
        return
    st.text(
        "The dot is the expected gain of the idea alone. Eight times in ten the gain lies in the "
        "bar; top 3 is the chance of being among the best three."
    )
    screen.chart(
        "ideas_chart",
        built(
            who,
            "tornado",
            lambda: charts.ranking_chart(counted, funnel.currency, False, MOST_IDEAS),
        ),
        charts.RANKING_ALT,
        charts.ranking_table(counted, funnel.currency),
    )
    if len(counted) > MOST_IDEAS:
        st.text(f"The first {MOST_IDEAS} of {figures.count(len(counted))}; all are in the ranking.")


def steps_view(funnel: Funnel) -> None:
    lenses = lenses_a_year(funnel)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("What improving each step is worth, a year", anchor=False)
        lens = st.segmented_control(
            "How much better",
            list(charts.LENSES),
            format_func=lambda lens: screen.plain(charts.LENSES[lens]),
            default="plus_1pp",
            required=True,
            key="lens",
        )
        st.text(LENSES_SAY[lens])
        screen.chart(
            "lenses_chart",
            built(who, lens, lambda: charts.lenses_chart(lenses, funnel.currency, False, lens)),
            charts.lenses_alt(lens),
            charts.lenses_table(lenses, funnel.currency),
        )
    with right:
        st.subheader("The same steps, seen five ways", anchor=False)
        st.table(charts.lenses_table(lenses, funnel.currency).map(screen.plain))
        st.write(
            "**+10 % is worth the same at every step**: revenue is the product of all the "
            "rates, so a tenth more at any of them is a tenth more revenue (elasticity 1). "
            "It cannot say which step to improve. The other four can."
        )


def unknown_view(funnel: Funnel) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Where the doubt about the revenue comes from", anchor=False)
        own, total = first_order(funnel).tolist(), total_order(funnel).tolist()
        st.text(
            "Each rate was counted on a limited number of cases. Solid is the share of the doubt "
            "that would go if this rate alone were known exactly."
        )
        screen.chart(
            "sobol_chart",
            built(who, "sobol", lambda: charts.sobol_chart(own, total, funnel.steps, False)),
            charts.sobol_alt(own, total, funnel.steps),
            charts.sobol_table(own, total, funnel.steps),
        )
        least_known = funnel.steps[max(range(len(own)), key=own.__getitem__)]
        low, high = (figures.percent(rate) for rate in rate_interval(least_known))
        st.text(
            f"Least known is {least_known.name}, counted on {figures.count(least_known.entered)} "
            f"{least_known.source}: its rate lies between {low} and {high}, nine times in ten."
        )
    with right, st.container(key="worth_knowing"):
        st.subheader("What to find out before deciding", anchor=False)
        for sentence in worth_finding_out(funnel):
            st.text(sentence)


def worth_finding_out(funnel: Funnel) -> tuple[str, ...]:
    """Which estimate, or which rate, is most worth firming up, and what that is worth."""
    ideas = management.counted(who)
    if len(ideas) < 2:
        return ("With two ideas or more it says here which estimate is worth firming up first.",)
    called = planning.names(ideas)
    assumptions = store.assumptions(who)
    known: WorthKnowing = screen.once(
        "worth knowing",
        (who.workshop_id, store.version(who.workshop_id, IDEAS, PLAN)),
        lambda: worth_knowing(
            funnel,
            [planning.candidate(idea, called[idea.id], assumptions) for idea in ideas],
        ),
    )

    def worth(amount: float) -> str:
        return figures.money(figures.a_year(amount, funnel.period_days), funnel.currency)

    if known.firm_up is None:
        first = "No single estimate could change which idea is best: the choice stands."
    else:
        first = (
            f"Firm up the estimate of '{known.firm_up}' first: to know what it wins back "
            f"is worth up to {worth(max(known.estimates))} a year, since it could change which "
            "idea is best."
        )
    rate = max(range(len(known.rates)), key=known.rates.__getitem__)
    second = (
        f"Of the rates, {funnel.steps[rate].name} matters most to that choice: up to "
        f"{worth(known.rates[rate])} a year."
        if known.rates[rate] > 0
        else "No rate, known exactly, would change which idea is best."
    )
    return (
        first,
        second,
        f"To know everything would be worth {worth(known.perfect)} a year; never spend more than "
        "that on finding out.",
    )


def stage() -> None:
    funnel = management.seen_funnel(who)
    with st.container(key="sensitivity"):
        view = st.segmented_control(
            "What to look at",
            [IDEAS_VIEW, STEPS_VIEW, UNKNOWN_VIEW],
            default=IDEAS_VIEW,
            required=True,
            key="sensitivity_view",
            label_visibility="collapsed",
        )
        if view == IDEAS_VIEW:
            ideas_view(funnel)
        elif view == STEPS_VIEW:
            steps_view(funnel)
        else:
            unknown_view(funnel)


management.page(who, stage)
