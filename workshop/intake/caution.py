"""What to beware of in numbers that could be read: what it is, how to mend it, how bad it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much harm a caution's matter does, shown to both departments on a projector."""

    NOTE = "note"
    WARNING = "warning"
    CRITICAL = "critical"


class Code(StrEnum):
    """What a caution is about."""

    # how the files are read
    COLUMN_UNUSED = "column_unused"
    FILE_UNUSED = "file_unused"
    NOT_RECOGNISED = "not_recognised"
    DATES_UNREADABLE = "dates_unreadable"
    NO_CREATION_DATE = "no_creation_date"
    NO_CLOSING_DATE = "no_closing_date"
    NO_REASON = "no_reason"
    NO_ID = "no_id"
    IDS_COLLAPSED = "ids_collapsed"
    PIPELINES = "pipelines"
    TOO_MANY_STAGES = "too_many_stages"
    STAGE_ORDER = "stage_order"
    STAGE_PLACE_UNSURE = "stage_place_unsure"
    STAGE_NOT_NAMED = "stage_not_named"
    WON_UNKNOWN = "won_unknown"
    LOST_UNKNOWN = "lost_unknown"
    TAKEN_FOR_LOST = "taken_for_lost"
    AFTER_WON = "after_won"
    LOST_AT_UNKNOWN = "lost_at_unknown"
    WINS_ALONE = "wins_alone"
    OTHER_CHANGES = "other_changes"
    # what came of it
    ROWS_SET_ASIDE = "rows_set_aside"
    NOBODY_LOST = "nobody_lost"
    NOBODY_WON = "nobody_won"
    NO_STEP_LOSS = "no_step_loss"
    LAST_WORD = "last_word"
    DATES_MISSING = "dates_missing"
    DATE_OUTLIERS = "date_outliers"
    FUTURE_DATES = "future_dates"
    PERIOD_UNKNOWN = "period_unknown"
    PERIOD_BY_CLOSING = "period_by_closing"
    PERIOD_SHORT = "period_short"
    CURRENCIES = "currencies"
    VALUE_UNKNOWN = "value_unknown"
    VALUE_BY_ONE_DEAL = "value_by_one_deal"
    OPEN_LEADS = "open_leads"
    EARLY_WINS_MISSING = "early_wins_missing"
    CHANGED_MIX = "changed_mix"


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to beware of, in plain words with its numbers; messages may quote the file.

    `remedy` says what to do about it, "" where there is nothing to do.
    """

    code: Code
    message: str
    remedy: str = ""
    severity: Severity = Severity.WARNING

    def __post_init__(self) -> None:
        if not self.message.strip():
            raise ValueError(f"the caution {self.code} says nothing")

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()
