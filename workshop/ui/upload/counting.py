"""Which leads of a cohort count, and how: the choices, with what each of them makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pandas as pd
import streamlit as st

from workshop import charts
from workshop.domain.funnel import Funnel
from workshop.domain.import_codes import Basis, Counting
from workshop.forms.number import DAYS, written
from workshop.intake import Read
from workshop.ui.charts import draw_chart
from workshop.ui.text import escape_markdown
from workshop.ui.upload.answers import Answers
from workshop.wording import figures
from workshop.wording.import_words import BASES, COUNTINGS

COUNTING_MEANS = {
    Counting.DEEPEST: "Stages skipped on the way are filled in, as most CRMs do.",
    Counting.ORDERED: "A stage counts only after all before it; anything may lie between.",
    Counting.STRICT: "The same, and nothing else may happen to the lead between two of them.",
    Counting.ANY: "Of the first stages all must have been reached, no matter in which order.",
}
BASIS_MEANS = {
    Basis.NAIVE: "The plain share of all who entered: too low while some may still be won.",
    Basis.CLOSED_ONLY: (
        "Only leads whose end is known: too high where losses are recorded late or never."
    ),
    Basis.CORRECTED: "The open ones are taken to go on as the others of their age did.",
    Basis.SETTLED: "Only leads that have had so many days; what is open then counts as lost.",
}
WINDOW = "Only what happened within so many days of a lead's first stage"
UNDATED = (Basis.NAIVE, Basis.CLOSED_ONLY)  # what can be counted without dates
SETTLED_DAYS = 90
EVERYBODY = "all leads"


@dataclass(frozen=True, slots=True)
class Counted:
    """The choices of which leads count, and how."""

    counting: Counting
    window: timedelta | None
    basis: Basis
    settled: int | None
    segment: str | None

    def funnel(self, read: Read) -> Funnel:
        """The funnel by these choices."""
        return read.cached(
            self,
            lambda cohort: cohort.funnel(
                self.counting,
                self.segment,
                window=self.window,
                basis=self.basis,
                settled_days=self.settled or 0,
            ),
        )


def ask_counting(read: Read, answers: Answers) -> tuple[Counting, timedelta | None]:
    """Who counts as having reached a stage, and within which time."""
    with st.container(key="counting"):
        st.header("Who counts as having reached a stage", anchor=False)
        left, right = st.columns([4, 5], gap="large")
        with left:
            counting = answers.radio(
                "ways_of_counting",
                "Counting",
                list(Counting),
                Counting.DEEPEST,
                format_func=_name,
                captions=[COUNTING_MEANS[one] for one in Counting],
                label_visibility="collapsed",
            )
            window = _ask_window(read, answers)
        with right:
            _countings(read, counting, window)
    return counting, window


def _ask_window(read: Read, answers: Answers) -> timedelta | None:
    undated = undated_stages(read)
    if undated:
        st.text_input(WINDOW, placeholder="no limit", key="window_off", disabled=True)
        st.text(
            f"No date says when leads came to {', '.join(undated)}. So no limit of days can be "
            "set, and only the deepest stage tells how far they came."
        )
        return None
    days = answers.number("window", WINDOW, DAYS, "", "no limit")
    return None if days is None else timedelta(days=days)


def undated_stages(read: Read) -> list[str]:
    """The stages that leads came to while no date says when."""
    cohort = read.cohort
    leads = zip(cohort.stages, cohort.reached(), cohort.follow_up.dated, strict=True)
    return [stage for stage, reached, dated in leads if reached and not dated]


def _name(counting: Counting) -> str:
    return COUNTINGS[counting].capitalize()


def _countings(read: Read, chosen: Counting, window: timedelta | None) -> None:
    """How many reached each stage in each way; the chosen one is marked."""
    columns = {
        ("✓ " if one is chosen else "") + _name(one): [
            figures.count(number) for number in read.cohort.reached(one, window)
        ]
        for one in Counting
    }
    stages = [escape_markdown(stage) for stage in read.cohort.stages]
    with st.container(key="countings"):
        st.table(pd.DataFrame({"Reached": stages, **columns}), hide_index=True)


def ask_basis(
    read: Read, counting: Counting, window: timedelta | None, answers: Answers
) -> tuple[Basis, int | None]:
    """How leads that are still open count, and of so many last days who entered is left out."""
    missing = _dates_missing(read)
    truths = read.cached("truths", lambda cohort: cohort.truths())
    simple = counting is Counting.DEEPEST and window is None
    with st.container(key="basis"):
        st.header("What counts for leads that are still open", anchor=False)
        left, right = st.columns([4, 5], gap="large")
        settled = None
        with left:
            if not simple:
                st.text(
                    "Open leads count as lost. To correct for them, count the deepest stage "
                    "without a limit of days."
                )
                basis = Basis.NAIVE
            else:
                bases = list(UNDATED if missing else Basis)
                basis = answers.radio(
                    "basis_of",
                    "Open leads",
                    bases,
                    Basis.NAIVE,
                    format_func=lambda one: BASES[one].capitalize(),
                    captions=[BASIS_MEANS[one] for one in bases],
                    label_visibility="collapsed",
                )
                if missing:
                    st.text(f"{missing} So nothing can be corrected for how long leads are open.")
                if basis is Basis.SETTLED:
                    label = "Ignore who entered a step in the last days"
                    days = answers.number("settled", label, DAYS, written(SETTLED_DAYS))
                    settled = round(days or SETTLED_DAYS)
        with right:
            if missing:
                return basis, None
            draw_chart(
                "truth",
                charts.truth_chart(read.cohort.steps, truths, basis),
                charts.truth_alt(read.cohort.steps, truths, basis),
                charts.truth_table(read.cohort.steps, truths),
                height="content",
            )
    return basis, settled


def _dates_missing(read: Read) -> str:
    """Which dates nobody has, in a sentence; "" where there are enough to follow leads."""
    if read.cohort.follow_up.entered_days is None:
        return "No date says when leads came in."
    if read.cohort.follow_up.closed_days is None:
        return "No date says when leads were won or lost."
    return ""


def ask_segment(read: Read, answers: Answers) -> str | None:
    """The segment that the workshop is about, where it is not about all leads."""
    names = read.cohort.by_segment()["segment"].tolist()
    if len(names) < 2:
        return None
    segment = answers.select(
        "segment",
        "The workshop looks at",
        [EVERYBODY, *names],
        EVERYBODY,
        help="A workshop about one segment or channel takes its numbers alone.",
    )
    return None if segment == EVERYBODY else segment
