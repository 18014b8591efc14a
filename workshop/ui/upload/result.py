"""What came of lead-level files: the report, the choices, and the funnel that follows from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from workshop import exports
from workshop.domain.funnel import Funnel
from workshop.domain.import_codes import PeriodSource
from workshop.domain.origin import DATE_OF, OF_LEADS, Origin
from workshop.intake import Read, Report
from workshop.ui.upload import cautions, outliers, sentences, stage_order
from workshop.ui.upload.closer import look_closer
from workshop.ui.upload.counting import Counted, ask_basis, ask_counting, ask_segment
from workshop.ui.upload.currency import left_out
from workshop.ui.upload.numbers import Numbers, deal_value, preview
from workshop.ui.upload.period import Covered, ask_period, found_in
from workshop.ui.upload.under_way import UnderWay
from workshop.wording import figures
from workshop.wording.import_words import BASES, CAUSES


def choose(
    read: Read, way: UnderWay, accept: Callable[[Numbers | None], None], before: Funnel | None
) -> None:
    """Draw what came of the files, the funnel by what is chosen on the way, and the way on."""
    layout, answers = read.layout, way.answers
    _report(read, way.correct)
    beware = st.container(key="result_cautions")
    outliers.offer(read, layout, way.read_as)
    counting, window = ask_counting(read, answers)
    stage_order.offer(read, way)
    basis, settled = ask_basis(read, counting, window, answers)
    look_closer(read, counting, window)
    with st.container(key="accepted"):
        left, right = st.columns([3, 2], gap="large")
    with right:
        segment = ask_segment(read, answers)
        mean = read.cached(("value", segment), lambda cohort: cohort.mean_value(segment))
        value, currency = deal_value(mean, before, layout.currency)
        found = found_in(read.cohort.period)
        asked = ask_period(found, answers)
        covered = asked or Covered(found.days, PeriodSource.CHOSEN)
    counted = Counted(counting, window, basis, settled, segment)
    known = cautions.ABOUT_PERIOD if covered.source is PeriodSource.CHOSEN else ()
    told = (*left_out(read.opened, layout), *cautions.without(read.cautions, known))
    with beware:
        cautions.show(told)
    measured = counted.funnel(read)
    funnel = Funnel(measured.steps, value or 0.0, currency, covered.days)
    with left:
        preview(funnel, _sentences(read, counted, funnel, is_valued=value is not None))
    with right:
        if value is None or asked is None:
            accept(None)
        else:
            origin = _origin(read, counted, covered)
            accept(Numbers(funnel, replace(origin, cautions=tuple(map(str, told)))))


# -- the report ------------------------------------------------------------------------------------


def set_aside_csv(report: Report) -> bytes:
    """The rows that were set aside, as a file."""
    return exports.set_aside_csv(
        (one.file, one.line, one.lead, CAUSES[one.cause], one.says) for one in report.set_aside_rows
    )


def _report(read: Read, read_anew: Callable[[], None]) -> None:
    report = read.cohort.report
    aside = report.rows_read - report.rows_used
    with st.container(key="report"):
        with st.container(key="report_head"):
            st.header(
                f"{figures.count(report.rows_used)} of {figures.counted(report.rows_read, 'row')} "
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
                    st.text(CAUSES[cause])
        st.download_button(
            "Rows set aside, CSV",
            read.cached("set aside", lambda cohort: set_aside_csv(cohort.report)),
            "rows-set-aside.csv",
            "text/csv",
            key="report_csv",
            on_click="ignore",
            icon=":material/download:",
            help="Every row that was not used, with its line in the file and the cause",
        )


# -- what is accepted ------------------------------------------------------------------------------


def _sentences(read: Read, counted: Counted, funnel: Funnel, *, is_valued: bool) -> tuple[str, ...]:
    """What a sales director checks first."""
    leads = read.cohort.outcome_counts(counted.counting, counted.segment, counted.window)
    came, became = sentences.of_leads(leads, read.cohort.period, counted.segment)
    others: tuple[str, ...] = ()
    if (funnel.counts[0], funnel.won) != (leads.all, leads.won):
        entered = figures.counted(funnel.counts[0], "lead")
        name = BASES[counted.basis].capitalize()
        others = (f"“{name}” makes that {entered}, of which {figures.count(funnel.won)} won.",)
    return came, became, *others, sentences.of_money(funnel, is_valued=is_valued)


def _origin(read: Read, counted: Counted, covered: Covered) -> Origin:
    """Where the numbers come from, and how they were read."""
    report, layout = read.cohort.report, read.layout
    columns = {str(field): name for field, name in layout.columns.items()}
    columns |= {f"{OF_LEADS}{field}": name for field, name in layout.first_touch.items()}
    columns |= {f"{DATE_OF}{stage}": name for stage, name in layout.dates.items()}
    return Origin(
        read.opened.files,
        layout.shape,
        columns,
        layout.stages,
        dict(layout.meanings),
        {one: kept for merged in layout.merged.values() for one, kept in merged.items()},
        layout.day_first,
        counted.counting,
        None if counted.window is None else counted.window.days,
        counted.basis,
        counted.settled,
        counted.segment or "",
        report.rows_read,
        report.set_aside,
        period_days=covered.days,
        period=covered.source,
        first_day=covered.first,
        last_day=covered.last,
        pipeline=layout.pipeline or "",
        exchange={code: f"{rate:g} {layout.currency}" for code, rate in layout.exchange.items()},
    )
