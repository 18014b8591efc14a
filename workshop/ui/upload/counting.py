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
from workshop.ui.number_field import number_field
from workshop.ui.text import escape_markdown
from workshop.ui.upload.memory import Said, note, recall, recall_one
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
        return read.once(
            self,
            lambda cohort: cohort.funnel(
                self.counting,
                self.segment,
                window=self.window,
                basis=self.basis,
                settled_days=self.settled or 0,
            ),
        )


def ask_counting(read: Read, said: Said) -> tuple[Counting, timedelta | None]:
    """Who counts as having reached a stage, and within which time."""
    with st.container(key="counting"):
        st.subheader("Who counts as having reached a stage", anchor=False)
        left, right = st.columns([4, 5], gap="large")
        with left:
            st.radio(
                "Counting",
                list(Counting),
                format_func=_name,
                captions=[COUNTING_MEANS[one] for one in Counting],
                key=recall_one(said, "ways_of_counting", list(Counting), Counting.DEEPEST),
                label_visibility="collapsed",
            )
            counting: Counting = note(said, "ways_of_counting")
            window = _ask_window(read, said)
        with right:
            _countings(read, counting, window)
    return counting, window


def _ask_window(read: Read, said: Said) -> timedelta | None:
    undated = undated_stages(read)
    if undated:
        st.text_input(WINDOW, placeholder="no limit", key="window_off", disabled=True)
        st.text(
            f"No date says when leads came to {', '.join(undated)}. So no limit of days can be "
            "set, and only the deepest stage tells how far they came."
        )
        return None
    days = number_field(WINDOW, recall(said, "window", ""), DAYS, "no limit")
    note(said, "window")
    return None if days is None else timedelta(days=days)


def undated_stages(read: Read) -> list[str]:
    """The stages that leads came to while no date says when."""
    told = zip(read.cohort.stages, read.cohort.reached(), _dated(read), strict=True)
    return [stage for stage, reached, dated in told if reached and not dated]


def _dated(read: Read) -> tuple[int, ...]:
    return read.once("dated", lambda cohort: cohort.follow_up.dated)


def _name(counting: Counting) -> str:
    return COUNTINGS[counting].capitalize()


def _countings(read: Read, chosen: Counting, window: timedelta | None) -> None:
    """How many reached each stage in each way; the chosen one is marked."""
    columns = {
        ("✓ " if one is chosen else "") + _name(one): [
            figures.count(number) for number in reached(read, one, window)
        ]
        for one in Counting
    }
    stages = [escape_markdown(stage) for stage in read.cohort.stages]
    with st.container(key="countings"):
        st.table(pd.DataFrame({"Reached": stages, **columns}), hide_index=True)


def reached(read: Read, counting: Counting, window: timedelta | None) -> tuple[int, ...]:
    """How many leads reached each stage."""
    return read.once(("reached", counting, window), lambda cohort: cohort.reached(counting, window))


def ask_basis(
    read: Read, counting: Counting, window: timedelta | None, said: Said
) -> tuple[Basis, int | None]:
    """How leads that are still open count, and of so many last days who entered is left out."""
    missing = _dates_missing(read)
    truths = read.once("truths", lambda cohort: cohort.truths())
    simple = counting is Counting.DEEPEST and window is None
    with st.container(key="basis"):
        st.subheader("What counts for leads that are still open", anchor=False)
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
                st.radio(
                    "Open leads",
                    bases,
                    format_func=lambda one: BASES[one].capitalize(),
                    captions=[BASIS_MEANS[one] for one in bases],
                    key=recall_one(said, "basis_of", bases, Basis.NAIVE),
                    label_visibility="collapsed",
                )
                basis = note(said, "basis_of")
                if missing:
                    st.text(f"{missing} So nothing can be corrected for how long leads are open.")
                if basis is Basis.SETTLED:
                    days = number_field(
                        "Ignore who entered a step in the last days",
                        recall(said, "settled", written(SETTLED_DAYS)),
                        DAYS,
                    )
                    note(said, "settled")
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
    following = read.cohort.follow_up
    if read.once("entered", lambda _: following.entered_days) is None:
        return "No date says when leads came in."
    if read.once("closed", lambda _: following.closed_days) is None:
        return "No date says when leads were won or lost."
    return ""


def ask_segment(read: Read, said: Said) -> str | None:
    """The segment that the workshop is about, where it is not about all leads."""
    names = segments(read, Counting.DEEPEST, None)["segment"].tolist()
    if len(names) < 2:
        return None
    st.selectbox(
        "The workshop looks at",
        [EVERYBODY, *names],
        key=recall_one(said, "segment", [EVERYBODY, *names], EVERYBODY),
        help="A workshop about one segment or channel takes its numbers alone.",
    )
    segment: str = note(said, "segment")
    return None if segment == EVERYBODY else segment


def segments(read: Read, counting: Counting, window: timedelta | None) -> pd.DataFrame:
    """How many of each segment reached each stage."""
    return read.once(
        ("segments", counting, window), lambda cohort: cohort.by_segment(counting, window)
    )
