"""How the dates of a column are written; asked for where the texts cannot tell it themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from workshop.intake.cells import quoted
from workshop.intake.problems import Problem

# A reading must fit more than half of the texts; the rest is set aside row by row later.
READABLE = 0.5
# Where fewer than 1 in 50 of the telling dates are the other way round, they are slips.
SLIPS = 50

NAMES = "january february march april may june july august september october november december"
MONTHS = dict.fromkeys(NAMES.split(), "%B") | {name[:3]: "%b" for name in NAMES.split()}

YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
CLOCK = (
    r"(?:(?P<gap>T|,? )(?P<hour>[0-9]{1,2}):[0-9]{2}"
    r"(?P<seconds>:[0-9]{2}(?P<fraction>\.[0-9]{1,9})?)?"
    r"(?:(?P<blank>[ \u00a0\u202f]?)(?P<half>[AaPp][Mm]))?"
    r"(?P<zone>Z| ?UTC| ?GMT| ?[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})" + CLOCK
)
YEAR_LAST = re.compile(
    r"(?P<first>[0-9]{1,2})(?P<mark>[-/.])(?P<second>[0-9]{1,2})(?P=mark)" + YEAR + CLOCK
)
DAY_NAME = re.compile(
    r"(?P<day>[0-9]{1,2})(?P<mark>[- ]|\. )(?P<name>[A-Za-z]+)(?P<other>[- ])" + YEAR + CLOCK
)
NAME_DAY = re.compile(r"(?P<name>[A-Za-z]+) (?P<day>[0-9]{1,2}), (?P<year>[0-9]{4})" + CLOCK)
COMPACT = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
NUMBER = re.compile(r"[0-9]{5,13}(?:\.[0-9]*)?")

# What 31 December 2026, 13:45:30 looks like, for the screen.
SHOWN = {
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
}


class Numbered(StrEnum):
    """What a number stands for where moments are written as numbers."""

    SECONDS = "seconds since 1970"
    MILLISECONDS = "milliseconds since 1970"
    EXCEL_DAYS = "days as Excel counts them"  # since 1899-12-30


# Between 1990 and 2100 in each of them, so that a price or an id seldom passes for a date.
RANGES = {
    Numbered.EXCEL_DAYS: (32_874, 73_050),
    Numbered.SECONDS: (631_152_000, 4_102_444_800),
    Numbered.MILLISECONDS: (631_152_000_000, 4_102_444_800_000),
}


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How the moments of a column are written: strptime formats to try in order, or numbers.

    With %z among the formats a moment has an offset of its own; the others are taken as
    they stand. %n is a fraction of a second with 1 to 9 digits.
    """

    formats: tuple[str, ...] = ()
    numbers: Numbered | None = None

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
    numbers = Counter(number for _, number in read if isinstance(number, Numbered))
    if len(dates) + numbers.total() <= READABLE * len(texts):
        strange = next(text for text, date in read if date is None)
        says = f"Most of the column are no dates, for example {quoted(strange)}."
        return Problem(None, None, says, "Choose another column, or write dates as 2026-12-31.")
    if numbers.total() > len(dates):
        return DateFormat(numbers=numbers.most_common(1)[0][0])
    return _ordered(dates, day_first)


@dataclass(frozen=True, slots=True)
class _Date:
    """How one date is written; `day` has {0} and {1} where day or month may come first."""

    day: str
    gap: str
    clock: str
    zone: str
    pair: tuple[int, int] | None = None


def _read(text: str) -> _Date | Numbered | None:
    if match := YEAR_FIRST.fullmatch(text):
        if not (1 <= int(match["month"]) <= 12 and 1 <= int(match["day"]) <= 31):
            return None
        return _date(f"%Y{match['mark']}%m{match['mark']}%d", match)
    if match := YEAR_LAST.fullmatch(text):
        pair = int(match["first"]), int(match["second"])
        if not (1 <= min(pair) <= 12 and max(pair) <= 31):
            return None
        return _date(f"{{0}}{match['mark']}{{1}}{match['mark']}{_year(match)}", match, pair)
    if match := DAY_NAME.fullmatch(text):
        month = MONTHS.get(match["name"].casefold())
        written = f"%d{match['mark']}{month}{match['other']}{_year(match)}"
        return _date(written, match) if month and 1 <= int(match["day"]) <= 31 else None
    if match := NAME_DAY.fullmatch(text):
        month = MONTHS.get(match["name"].casefold())
        return _date(f"{month} %d, %Y", match) if month and 1 <= int(match["day"]) <= 31 else None
    if COMPACT.fullmatch(text):
        return _Date("%Y%m%d", "", "", "")
    return _number(text)


def _date(day: str, match: re.Match[str], pair: tuple[int, int] | None = None) -> _Date | None:
    if match["hour"] is None:
        return _Date(day, "", "", "", pair)
    if int(match["hour"]) > (12 if match["half"] else 23):
        return None
    clock = "%I:%M" if match["half"] else "%H:%M"
    clock += ":%S" if match["seconds"] else ""
    clock += ".%n" if match["fraction"] else ""
    clock += f"{match['blank']}%p" if match["half"] else ""
    zone = match["zone"] or ""
    offset = re.sub("[+-].*", "%z", zone)
    return _Date(day, match["gap"], clock, offset, pair)


def _year(match: re.Match[str]) -> str:
    return "%Y" if len(match["year"]) == 4 else "%y"


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
    if all("." in text.split()[0] for text, _ in paired):
        return _formats(dates, True)
    return Ambiguous(paired[0][0], _formats(dates, True), _formats(dates, False))


def _formats(dates: Iterable[tuple[str, _Date]], day_first: bool) -> DateFormat:
    """The ways seen, the usual first; then the same days with clock times not seen so far."""
    seen = [
        date for date, _ in Counter(replace(date, pair=None) for _, date in dates).most_common()
    ]
    kin = [other for date in seen for other in _kin(date)]
    order = ("%d", "%m") if day_first else ("%m", "%d")
    formats = [date.day.format(*order) + date.gap + date.clock + date.zone for date in seen + kin]
    # %y does not take the first half of a long year, but %Y takes a short one for the year 26.
    short_years_first = sorted(dict.fromkeys(formats), key=lambda strptime: "%y" not in strptime)
    return DateFormat(tuple(short_years_first))


def _kin(date: _Date) -> Iterator[_Date]:
    """The same days with other clock times, and both ways to write a month's name."""
    if date.day == "%Y%m%d":
        return
    half = date.clock[-3:] if date.clock.endswith(" %p") else date.clock[-2:]
    clocks = (
        (f"%I:%M{half}", f"%I:%M:%S{half}")
        if date.clock.endswith("%p")
        else ("%H:%M:%S", "%H:%M", "%H:%M:%S.%n")
    )
    for month in ("%b", "%B") if "%b" in date.day or "%B" in date.day else ("",):
        day = re.sub("%[bB]", month, date.day)
        yield _Date(day, "", "", "")
        for clock in clocks:
            yield _Date(day, date.gap or " ", clock, date.zone)
