"""What is known of an import, as the codes that are stored; `import_words` says them."""

from __future__ import annotations

from enum import StrEnum


class Shape(StrEnum):
    """What a row of the file is about: a stage, an entry into one, a lead with dates, a deal."""

    COUNTS = "counts"
    HISTORY = "history"
    DATES = "dates"
    DEALS = "deals"


class Field(StrEnum):
    """What a column of a lead-level file may say."""

    LEAD = "lead"
    STAGE = "stage"
    ENTERED_AT = "entered_at"
    CREATED_AT = "created_at"
    CLOSED_AT = "closed_at"
    STATUS = "status"
    REASON = "reason"
    WON_REASON = "won_reason"
    SEGMENT = "segment"
    OWNER = "owner"
    VALUE = "deal_value"
    CURRENCY = "currency"
    PIPELINE = "pipeline"
    PROBABILITY = "probability"
    CHANGED_FIELD = "changed_field"
    OLD_STAGE = "old_stage"


class Outcome(StrEnum):
    """What a stage or a status as written means, where it is no stage of the funnel."""

    LOST = "lost"
    OPEN = "open"
    LEFT_OUT = "left_out"


class Counting(StrEnum):
    """Which leads count as having reached a stage."""

    DEEPEST = "deepest"
    ORDERED = "ordered"
    STRICT = "strict"
    ANY = "any"


class Basis(StrEnum):
    """How leads that are still open count in a funnel."""

    NAIVE = "naive"
    CLOSED_ONLY = "closed_only"
    CORRECTED = "corrected"
    SETTLED = "settled"


class Cause(StrEnum):
    """Why a row was set aside."""

    BROKEN = "broken"
    TOTAL = "total"
    NO_LEAD = "no_lead"
    OTHER_PIPELINE = "other_pipeline"
    OTHER_CHANGE = "other_change"
    NOTHING = "nothing"
    OUTLIER = "outlier"
    UNREADABLE = "unreadable"
    UNKNOWN_STAGE = "unknown_stage"
    DUPLICATE = "duplicate"
    BACKWARDS = "backwards"


class PeriodSource(StrEnum):
    """Where the length of the period comes from: the files, or whoever read them."""

    ENTERED = "entered"
    CLOSED = "closed"
    ASSUMED = "assumed"
    AS_BEFORE = "as_before"
    CHOSEN = "chosen"
