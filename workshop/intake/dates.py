"""How the dates of a column are written; asked for where the texts cannot tell it themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from workshop.intake.cells import quoted
from workshop.intake.moment_pattern import FIELDS, MOMENT
from workshop.intake.names_of_days import names_of_weekdays, numbers_of_months, without_accents
from workshop.intake.problems import Problem

# A reading must fit more than half of the texts; the rest is set aside row by row later.
READABLE = 0.5
# Where fewer than 1 in 50 of the telling dates are the other way round, they are slips.
SLIPS = 50
# May, Sept, juil: names of months in short.
SHORT_NAME = 4

NUMBER = re.compile(r"[0-9]{5,13}(?:\.[0-9]*)?")

# What 31 December 2026, 13:45:30 looks like, for the screen.
SHOWN = {
    "%a": "Thu",
    "%d": "31",
    "%m": "12",
    "%Y": "2026",
    "%y": "26",
    "%b": "Dec",
    "%B": "December",
    "%H": "13",
    "%I": "1",
    "%M": "45",
    "%S": "30",
    "%n": "250",
    "%p": "PM",
    "%z": "+01:00",
    "%G": "2026",
    "%V": "53",
    "%u": "4",
}
# What strptime calls the fields of a moment; {0} and {1} are a day and a month in any order.
DIRECTIVES = {
    "before": "%a",
    "year": "%Y",
    "month": "%m",
    "name": "%B",
    "day": "%d",
    "suffix": "",
    "left": "{0}",
    "right": "{1}",
    "week_year": "%G",
    "week": "%V",
    "week_day": "%u",
    "hour": "%H",
    "minute": "%M",
    "second": "%S",
    "fraction": "%n",
    "meridiem": "%p",
    "offset": "%z",
}


@cache
def before_a_date() -> frozenset[str]:
    """What may stand before a date and says nothing more."""
    return names_of_weekdays() | {"den", "le", "el", "am", "on"}


class Numbered(StrEnum):
    """What a number stands for where moments are written as numbers."""

    SECONDS = "seconds"  # since 1970
    MILLISECONDS = "milliseconds"  # since 1970
    EXCEL_DAYS = "excel_days"  # since 1899-12-30


# Between 1990 and 2100 in each of them, so that a price or an id seldom passes for a date.
RANGES = {
    Numbered.EXCEL_DAYS: (32_874, 73_050),
    Numbered.SECONDS: (631_152_000, 4_102_444_800),
    Numbered.MILLISECONDS: (631_152_000_000, 4_102_444_800_000),
}
A_DAY = {Numbered.EXCEL_DAYS: 1, Numbered.SECONDS: 86_400, Numbered.MILLISECONDS: 86_400_000}


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How the moments of a column are written: strptime formats, the usual first, or numbers.

    With %z among the formats a moment has an offset of its own; the others are taken as
    they stand. %n is a fraction of a second with 1 to 9 digits. Names are %a, %b and %B in
    whatever language they are. `has_clock` is whether any
    moment that was seen has a time of day other than midnight: without it moments are days, and
    two on the same day are not one before the other.
    """

    formats: tuple[str, ...] = ()
    numbers: Numbered | None = None
    has_clock: bool = False

    def __post_init__(self) -> None:
        if bool(self.formats) == bool(self.numbers):
            raise ValueError("moments are written in formats or as numbers; say one of the two")

    @property
    def label(self) -> str:
        """How the last afternoon of 2026 is written, for the screen.

        >>> DateFormat(("%d.%m.%Y %H:%M",)).label
        '31.12.2026 13:45'
        """
        if self.numbers:
            return str(self.numbers)
        return re.sub("%[A-Za-z]", lambda match: SHOWN[match[0]], self.formats[0])

    @property
    def zoned(self) -> bool:
        """Whether moments carry their offset from UTC."""
        return any("%z" in strptime for strptime in self.formats)

    @property
    def day_first(self) -> bool | None:
        """Whether 03/04/2026 is 3 April; None where no date is written like that."""
        orders = {strptime[:2] for strptime in self.formats if "%m" in strptime} - {"%Y"}
        return "%d" in orders if orders else None


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Dates such as 03/04/2026 that may be 3 April or 4 March: somebody has to say."""

    example: str
    day_first: DateFormat
    month_first: DateFormat


def date_format(
    samples: Sequence[str], day_first: bool | None = None
) -> DateFormat | Ambiguous | Problem:
    """How the dates among these texts are written; blank texts do not count.

    `day_first` is what somebody has said about 03/04/2026; None leaves it to the texts. Dates
    with dots are day first, as they are wherever they are in use, unless a day above 12 in the
    second place says otherwise. A few texts that nobody can read do not matter.

    >>> date_format(["3/4/2026", "31/12/2026"]).label
    '31/12/2026'
    >>> date_format(["3/4/2026"]).month_first.label
    '12/31/2026'
    """
    texts = [text.strip() for text in samples if text.strip()]
    if not texts:
        return Problem(None, None, "The column holds no dates.", "Choose another column.")
    read = [(text, _read(text)) for text in texts]
    dates = [(text, date) for text, date in read if isinstance(date, _Date)]
    numbers = [(text, number) for text, number in read if isinstance(number, Numbered)]
    if len(dates) + len(numbers) <= READABLE * len(texts):
        strange = next(text for text, date in read if date is None)
        says = f"Most of the column are no dates, for example {quoted(strange)}."
        return Problem(None, None, says, "Choose another column, or write dates as 2026-12-31.")
    if len(numbers) > len(dates):
        [(usual, _)] = Counter(number for _, number in numbers).most_common(1)
        has_clock = any(float(text) % A_DAY[number] for text, number in numbers)
        return DateFormat(numbers=usual, has_clock=has_clock)
    return _ordered(dates, day_first)


@dataclass(frozen=True, slots=True)
class _Date:
    """How one date is written; `pair` are {0} and {1} in its format, a day and a month or
    a month and a day. `has_clock` is whether it has a time of day other than midnight."""

    format: str
    has_clock: bool
    pair: tuple[int, int] | None = None


def _read(text: str) -> _Date | Numbered | None:
    match = MOMENT.fullmatch(without_accents(text))
    if match is None:
        return _number(text)
    said = {
        field: match[group] for field, groups in FIELDS.items() for group in groups if match[group]
    }
    if not (_is_day(said) and _is_clock(said)):
        return None
    pair = (int(said["left"]), int(said["right"])) if "left" in said else None
    midnight = "12" if "half" in said and said["half"] in "aA" else "0"
    clock = [said.get("hour", "0").removeprefix(midnight)]
    clock += [said.get(field, "") for field in ("minute", "second", "fraction")]
    return _Date(_format(match), any(part.strip("0") for part in clock), pair)


def _is_day(said: Mapping[str, str]) -> bool:
    if said.get("before", "den").lower() not in before_a_date():
        return False
    if "week" in said:
        return 1 <= int(said["week"]) <= 53
    if "left" in said:
        pair = int(said["left"]), int(said["right"])
        return 1 <= min(pair) <= 12 and max(pair) <= 31
    month = (
        numbers_of_months().get(said["name"].lower(), 0) if "name" in said else int(said["month"])
    )
    return 1 <= month <= 12 and 1 <= int(said["day"]) <= 31


def _is_clock(said: Mapping[str, str]) -> bool:
    if "hour" not in said:
        return "offset" not in said
    return "half" not in said or int(said["hour"]) <= 12


def _format(match: re.Match[str]) -> str:
    """What strptime calls such a text."""
    written, end = "", 0
    spans = [
        (*match.span(group), DIRECTIVES[field])
        for field in DIRECTIVES
        for group in FIELDS[field]
        if match[group]
    ]
    for begin, until, directive in sorted(spans):
        # A dot behind a name is there in some months only.
        between = match[0][end:begin].removeprefix("." if written.endswith(("%b", "%B")) else "")
        written += between + _as_long(directive, until - begin, match)
        end = until
    return written + match[0][end:]


def _as_long(directive: str, length: int, match: re.Match[str]) -> str:
    match directive:
        case "%Y" if length == 2:
            return "%y"
        case "%B" if length <= SHORT_NAME:
            return "%b"
        case "%H" if match["half"]:
            return "%I"
    return directive


def _number(text: str) -> Numbered | None:
    if not NUMBER.fullmatch(text):
        return None
    number = float(text)
    return next((kind for kind, (low, high) in RANGES.items() if low <= number < high), None)


def _ordered(
    dates: Sequence[tuple[str, _Date]], day_first: bool | None
) -> DateFormat | Ambiguous | Problem:
    paired = [(text, date.pair) for text, date in dates if date.pair]
    days = [text for text, (first, _) in paired if first > 12]
    months = [text for text, (_, second) in paired if second > 12]
    if day_first is not None or not paired:
        return _formats(dates, day_first or False)
    if min(len(days), len(months)) * SLIPS > max(len(days), len(months)):
        says = f"Some dates are day first ({quoted(days[0])}), some month first "
        says += f"({quoted(months[0])}), so the others can be read either way."
        return Problem(None, None, says, "Write all of them in one way, best as 2026-12-31.")
    if len(days) != len(months):
        return _formats(dates, len(days) > len(months))
    if all("{0}." in date.format for _, date in dates if date.pair):
        return _formats(dates, True)
    return Ambiguous(paired[0][0], _formats(dates, True), _formats(dates, False))


def _formats(dates: Iterable[tuple[str, _Date]], day_first: bool) -> DateFormat:
    """The ways seen, the usual first."""
    order = ("%d", "%m") if day_first else ("%m", "%d")
    seen = Counter(date.format.format(*order) for _, date in dates)
    return DateFormat(
        tuple(format_ for format_, _ in seen.most_common()),
        has_clock=any(date.has_clock for _, date in dates),
    )
