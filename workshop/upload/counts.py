"""Files of stage counts: understood at once."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from workshop import intake
from workshop.intake import IntakeError, Opened
from workshop.intake.layout import Shape
from workshop.model import Funnel
from workshop.origin import Origin
from workshop.upload.numbers import PERIODS, Numbers, deal_value, preview, tell

FILES = ["csv", "txt", "tsv", "xlsx", "parquet"]


def understand(
    opened: Opened, accept: Callable[[Numbers | None], None], before: Funnel | None
) -> None:
    """What the files do not say, the funnel as it was understood, and the way on."""
    left, right = st.columns([3, 2], gap="large")
    with right:
        losses, value, currency, days = ask(len(opened.contents) == 1, before)
    with left:
        numbers = read(opened, losses, value or 0.0, currency, days)
        if numbers is not None:
            preview(numbers.funnel, is_valued=value is not None)
    with right:
        accept(None if value is None else numbers)


def ask(
    with_losses: bool, before: Funnel | None
) -> tuple[UploadedFile | None, float | None, str, int]:
    """What a file of stages does not say: why people were lost, deal value, currency, days."""
    value, money = deal_value(None, before)
    days = st.selectbox("The numbers cover", list(PERIODS), key="start_period")
    losses = None
    if with_losses:
        losses = st.file_uploader(
            "Why prospects were lost, if you know: stage, reason, count",
            key="start_losses",
            type=FILES,
            max_upload_size=intake.MAX_BYTES // 1_000_000,
            help="Optional. It may be a second sheet of the funnel's Excel file as well.",
        )
    return losses, value, money, PERIODS[days]


def read(
    opened: Opened, losses: UploadedFile | None, value: float, currency: str, period_days: int
) -> Numbers | None:
    """The uploaded funnel, or every problem of the files at once."""
    funnel_file, *others = sorted(opened.contents, key=lambda file: _is_of_losses(opened, file[0]))
    if losses is not None:
        others = [(losses.name, losses.getvalue())]
    try:
        funnel: Funnel = intake.read_upload(
            *funnel_file,
            losses=others[0] if others else None,
            deal_value=value,
            currency=currency,
            period_days=period_days,
        )
    except IntakeError as error:
        tell(error.problems)
        return None
    files = (funnel_file[0], *(name for name, _ in others[:1]))
    return Numbers(funnel, Origin(files, str(Shape.COUNTS)))


def _is_of_losses(opened: Opened, name: str) -> bool:
    return (
        any(
            "reason" in (column.casefold() for column in table.columns)
            for table in opened.desk.tables
            if table.name == name
        )
        and len(opened.contents) > 1
    )
