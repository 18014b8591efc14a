"""Files of stage counts: understood at once."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from workshop import intake
from workshop.domain.funnel import Funnel
from workshop.domain.import_codes import PeriodSource, Shape
from workshop.domain.origin import Origin
from workshop.intake import IntakeError, Opened
from workshop.intake.period import YEAR
from workshop.intake.reading import YEAR_ASSUMED
from workshop.server.upload_permit import UploadedFile, Wanted
from workshop.ui.upload import cautions, sentences
from workshop.ui.upload.answers import Answers
from workshop.ui.upload.file_field import ask_for_files
from workshop.ui.upload.header import show_headers
from workshop.ui.upload.numbers import Numbers, deal_value, preview, tell
from workshop.ui.upload.period import Covered, ask_period, of_counts

FILES = ("csv", "txt", "tsv", "xlsx", "parquet")
LOSSES = "start_losses"


def understand(
    opened: Opened,
    answers: Answers,
    accept: Callable[[Numbers | None], None],
    before: Funnel | None,
) -> None:
    """What the files do not say, the funnel as it was understood, and the way on."""
    left, right = st.columns([3, 2], gap="large")
    with right:
        value, currency = deal_value(None, before)
        asked = ask_period(of_counts(before), answers)
        covered = asked or Covered(YEAR, PeriodSource.CHOSEN)
        losses = _ask_losses() if len(opened.contents) == 1 else None
    is_assumed = covered.source is PeriodSource.ASSUMED
    with left:
        show_headers(opened)
        cautions.show([YEAR_ASSUMED] if is_assumed else [])
        numbers = read(opened, losses, value or 0.0, currency, covered)
        if numbers is not None:
            money = sentences.of_money(numbers.funnel, is_valued=value is not None)
            preview(numbers.funnel, (*sentences.of_counts(numbers.funnel), money))
    with right:
        accept(None if value is None or asked is None else numbers)


def _ask_losses() -> UploadedFile | None:
    files = ask_for_files(
        LOSSES,
        "Why prospects were lost, if you know: stage, reason, count",
        Wanted(FILES, intake.MAX_BYTES),
        "Optional; it may be a second sheet of the funnel's Excel file as well.",
    )
    return files[0] if files else None


def read(
    opened: Opened, losses: UploadedFile | None, value: float, currency: str, covered: Covered
) -> Numbers | None:
    """The uploaded funnel, or every problem of the files at once."""
    funnel_file, *others = intake.in_order(opened.contents, opened.database)
    if losses is not None:
        others = [(losses.name, losses.content())]
    try:
        funnel: Funnel = intake.read_upload(
            *funnel_file,
            losses=others[0] if others else None,
            deal_value=value,
            currency=currency,
            period_days=covered.days,
        )
    except IntakeError as error:
        tell(error.problems)
        return None
    files = (funnel_file[0], *(name for name, _ in others[:1]))
    origin = Origin(files, Shape.COUNTS, period_days=covered.days, period=covered.source)
    return Numbers(funnel, origin)
