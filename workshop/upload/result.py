"""What came of lead-level files: the report, the choices, and the funnel that follows from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pandas as pd
import streamlit as st

from workshop import charts, exports, figures, screen
from workshop.intake import Cohort, Opened, Read, Report
from workshop.intake.journeys import Counting
from workshop.intake.layout import Layout
from workshop.maturity import Basis
from workshop.model import Funnel
from workshop.number_field import DAYS, number_field, written
from workshop.origin import Origin
from workshop.upload.memory import Said, note, recall, recall_one
from workshop.upload.numbers import Numbers, deal_value, preview

COUNTINGS = {
    Counting.DEEPEST: (
        "The deepest stage reached",
        "Stages skipped on the way are filled in, as most CRMs do.",
    ),
    Counting.ORDERED: (
        "The stages in order",
        "A stage counts only after all before it; anything may lie between.",
    ),
    Counting.STRICT: (
        "Strictly one after the other",
        "The same, and nothing else may happen to the lead between two of them.",
    ),
    Counting.ANY: (
        "In any order",
        "Of the first stages all must have been reached, no matter in which order.",
    ),
}
BASES = {
    Basis.NAIVE: (
        "Open counts as lost",
        "The plain share of all who entered: too low while some may still be won.",
    ),
    Basis.CLOSED_ONLY: (
        "Open is left out",
        "Only leads whose end is known: too high where losses are recorded late or never.",
    ),
    Basis.CORRECTED: (
        "Corrected for open",
        "The open ones are taken to go on as the others of their age did.",
    ),
    Basis.SETTLED: (
        "The last days are ignored",
        "Only leads that have had so many days; what is open then counts as lost.",
    ),
}
SETTLED_DAYS = 90
EVERYBODY = "all leads"


def choose(
    read: Read,
    opened: Opened,
    layout: Layout,
    said: Said,
    read_anew: Callable[[], None],
    accept: Callable[[Numbers | None], None],
    before: Funnel | None,
) -> None:
    """Draw what came of the files, the funnel by what is chosen on the way, and the way on."""
    _report(read, read_anew)
    for number, says in enumerate(read.cautions):
        with st.container(key=f"caution_{number}"):
            st.text(says)
    counting, window = _counting(read, said)
    basis, settled = _basis(read, counting, window, said)
    _look_closer(read, counting, window)
    with st.container(key="accepted"):
        left, right = st.columns([3, 2], gap="large")
    with right:
        segment = _segment(read, said)
        value, currency = deal_value(_known_value(read, segment), before)
        funnel = read.once(
            (counting, window, basis, settled, segment),
            lambda asked: asked.funnel(
                counting, segment, window=window, basis=basis, settled_days=settled or 0
            ),
        )
    funnel = Funnel(funnel.steps, value or 0.0, currency, funnel.period_days)
    with left:
        preview(funnel, is_valued=value is not None)
    origin = _origin(read, opened, layout, counting, window, basis, settled, segment)
    with right:
        accept(None if value is None else Numbers(funnel, origin))


# -- the report ------------------------------------------------------------------------------------


def set_aside_csv(report: Report) -> bytes:
    """The rows that were set aside, as a file."""
    return exports.set_aside_csv(
        (one.file, one.line, one.lead, str(one.cause), one.says) for one in report.asides
    )


def _report(read: Read, read_anew: Callable[[], None]) -> None:
    report = read.cohort.report
    aside = report.rows_read - report.rows_used
    with st.container(key="report"):
        with st.container(key="report_head"):
            st.subheader(
                f"{figures.count(report.rows_used)} of {screen.counted(report.rows_read, 'row')} "
                "used",
                anchor=False,
            )
            st.button(
                "Correct how it is read",
                key="read_anew",
                type="tertiary",
                icon=":material/arrow_back:",
                on_click=read_anew,
            )
        if not aside:
            st.text("No row was set aside.")
            return
        with st.container(key="report_causes"):
            for number, (cause, rows) in enumerate(report.set_aside.items()):
                with st.container(key=f"cause_{number}"):
                    st.text(figures.count(rows))
                    st.text(str(cause))
        st.download_button(
            "Rows set aside, CSV",
            read.once("set aside", lambda cohort: set_aside_csv(cohort.report)),
            "rows-set-aside.csv",
            "text/csv",
            key="report_csv",
            on_click="ignore",
            icon=":material/download:",
            help="Every row that was not used, with its line in the file and the cause",
        )


# -- the choices -----------------------------------------------------------------------------------


def _counting(read: Read, said: Said) -> tuple[Counting, timedelta | None]:
    with st.container(key="counting"):
        st.subheader("Who counts as having reached a stage", anchor=False)
        left, right = st.columns([4, 5], gap="large")
        with left:
            st.radio(
                "Counting",
                list(COUNTINGS),
                format_func=lambda one: COUNTINGS[one][0],
                captions=[caption for _, caption in COUNTINGS.values()],
                key=recall_one(said, "ways_of_counting", list(COUNTINGS), Counting.DEEPEST),
                label_visibility="collapsed",
            )
            counting: Counting = note(said, "ways_of_counting")
            days = number_field(
                "Only what happened within so many days of a lead's first stage",
                recall(said, "window", ""),
                DAYS,
                "no limit",
            )
            note(said, "window")
        window = None if days is None else timedelta(days=days)
        with right:
            _countings(read, counting, window)
    return counting, window


def _countings(read: Read, chosen: Counting, window: timedelta | None) -> None:
    """How many reached each stage in each way; the chosen one is marked."""
    columns = {
        ("✓ " if one is chosen else "") + COUNTINGS[one][0]: [
            figures.count(number) for number in _reached(read, one, window)
        ]
        for one in COUNTINGS
    }
    stages = [screen.plain(stage) for stage in read.cohort.stages]
    with st.container(key="countings"):
        st.table(pd.DataFrame({"Reached": stages, **columns}), hide_index=True)


def _reached(read: Read, counting: Counting, window: timedelta | None) -> tuple[int, ...]:
    return read.once(("reached", counting, window), lambda cohort: cohort.reached(counting, window))


def _basis(
    read: Read, counting: Counting, window: timedelta | None, said: Said
) -> tuple[Basis, int | None]:
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
                st.radio(
                    "Open leads",
                    list(BASES),
                    format_func=lambda one: BASES[one][0],
                    captions=[caption for _, caption in BASES.values()],
                    key=recall_one(said, "basis_of", list(BASES), Basis.NAIVE),
                    label_visibility="collapsed",
                )
                basis = note(said, "basis_of")
                if basis is Basis.SETTLED:
                    days = number_field(
                        "Ignore who entered a step in the last days",
                        recall(said, "settled", written(SETTLED_DAYS)),
                        DAYS,
                    )
                    note(said, "settled")
                    settled = round(days or SETTLED_DAYS)
        with right:
            screen.chart(
                "truth",
                charts.truth_chart(read.cohort.steps, truths, basis),
                charts.truth_alt(read.cohort.steps, truths, basis),
                charts.truth_table(read.cohort.steps, truths),
                height="content",
            )
    return basis, settled


def _segment(read: Read, said: Said) -> str | None:
    names = _segments(read, Counting.DEEPEST, None)["segment"].tolist()
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


# -- a closer look ---------------------------------------------------------------------------------


def _look_closer(read: Read, counting: Counting, window: timedelta | None) -> None:
    cohort = read.cohort
    with st.container(key="closer"):
        st.subheader("A closer look", anchor=False)
        st.selectbox(
            "At the step",
            range(len(cohort.steps)),
            format_func=lambda place: cohort.steps[place],
            key="closer_step",
            width=340,
        )
        step: int = st.session_state.closer_step
        segments, why, days = st.tabs(["By segment", "Why", "How long it takes"])
        with segments:
            _by_segment(read, counting, window, step)
        with why:
            _why(read, counting, window, step)
        with days:
            _days(read, step)


def _segments(read: Read, counting: Counting, window: timedelta | None) -> pd.DataFrame:
    return read.once(
        ("segments", counting, window), lambda cohort: cohort.by_segment(counting, window)
    )


def _by_segment(read: Read, counting: Counting, window: timedelta | None, step: int) -> None:
    reached = _segments(read, counting, window)
    if len(reached) < 2:
        st.text("No column says which segment or channel a lead came from.")
        return
    screen.chart(
        "segments",
        charts.segments_chart(reached, step),
        charts.segments_alt(reached, step),
        charts.segments_table(reached, step),
        height="content",
    )


def _why(read: Read, counting: Counting, window: timedelta | None, step: int) -> None:
    funnel = read.once(
        (counting, window, Basis.NAIVE, None, None),
        lambda cohort: cohort.funnel(counting, window=window),
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.text("Why they did not go on")
        screen.chart(
            "why_lost",
            charts.reasons_chart(funnel.steps[step], large=False),
            charts.reasons_alt(funnel.steps[step]),
            charts.reasons_table(funnel.steps[step]),
            height="content",
        )
    with right:
        won = read.once("won reasons", lambda cohort: cohort.won_reasons())
        st.text("Why customers bought")
        if won:
            rows = {"Reason": [*map(screen.plain, won)], "Won": [*map(figures.count, won.values())]}
            st.table(pd.DataFrame(rows), hide_index=True)
        else:
            st.text("No column says why they bought.")


def _days(read: Read, step: int) -> None:
    months = read.once("months", Cohort.days_by_month)
    here = months[months["step"] == read.cohort.steps[step]]
    left, right = st.columns(2, gap="large")
    with left:
        days = charts.days_table(read.once("days", Cohort.days))
        st.table(days.map(lambda cell: screen.plain(str(cell))), hide_index=True)
    with right:
        st.text("Half of those who go on do so within … days, by the month in which they entered")
        if here.empty:
            st.text("Nobody went on whose two dates are known.")
            return
        screen.chart(
            "months",
            charts.months_chart(here),
            charts.months_alt(here),
            charts.months_table(here),
            height="content",
        )


# -- what is accepted ------------------------------------------------------------------------------


def _known_value(read: Read, segment: str | None) -> float | None:
    return read.once(("value", segment), lambda cohort: cohort.mean_value(segment))


def _origin(
    read: Read,
    opened: Opened,
    layout: Layout,
    counting: Counting,
    window: timedelta | None,
    basis: Basis,
    settled: int | None,
    segment: str | None,
) -> Origin:
    report = read.cohort.report
    columns = {str(field): name for field, name in layout.columns.items()}
    columns |= {f"{field}, of the leads": name for field, name in layout.first_touch.items()}
    columns |= {f"date of {stage}": name for stage, name in layout.dates.items()}
    return Origin(
        opened.files,
        str(layout.shape),
        columns,
        layout.stages,
        dict(layout.meanings),
        {one: kept for merged in layout.merged.values() for one, kept in merged.items()},
        _date_order(layout.day_first),
        COUNTINGS[counting][0].lower(),
        None if window is None else window.days,
        str(basis),
        settled,
        segment or "",
        report.rows_read,
        {str(cause): rows for cause, rows in report.set_aside.items()},
        read.cautions,
    )


def _date_order(day_first: bool | None) -> str:
    if day_first is None:
        return ""
    return "day first" if day_first else "month first"
