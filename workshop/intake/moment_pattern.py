"""The ways in which CRMs and spreadsheets write a moment, as one regular expression.

Python reads samples with it and DuckDB every row, so it uses only what both understand: no
look-ahead, no reference to an earlier group. It is matched with a text without accents. A field
that stands in several ways to write a date has a group in each, with a number behind its name.
"""

from __future__ import annotations

import re

BLANK = "[ \t\u00a0\u2009\u202f]"
DAY = "[0-9]{1,2}"
YEAR = "[0-9]{4}|[0-9]{2}"
NAME = r"[A-Za-z]{3,}"
SUFFIX = "(?:st|nd|rd|th|ere?|[oe]|º|°|ste|de)"
OF = f"(?:(?:de|del|of){BLANK}+)?"

NUMBERS = rf"(?P<year1>[0-9]{{4}})[-/.](?P<month1>{DAY})[-/.](?P<day1>{DAY})"
EITHER_WAY = (
    rf"(?P<left>{DAY})(?P<mark>[-/.]){BLANK}?(?P<right>{DAY})[-/.]{BLANK}?(?P<year2>{YEAR})"
)
DAY_NAME = (
    rf"(?P<day2>{DAY})(?P<suffix1>{SUFFIX})?"
    rf"(?:[-/]|\.?{BLANK}*){OF}(?P<name1>{NAME})\.?(?:[-/]|,?{BLANK}*){OF}(?P<year3>{YEAR})"
)
NAME_DAY = (
    rf"(?P<name2>{NAME})\.?(?:-|{BLANK}+)(?P<day3>{DAY})(?P<suffix2>{SUFFIX})?"
    rf"(?:-|,{BLANK}*|{BLANK}+)(?P<year4>[0-9]{{4}})"
)
WEEK = r"(?P<week_year>[0-9]{4})-?W(?P<week>[0-9]{2})-?(?P<week_day>[1-7])"
HOUR, SIXTY = "[01]?[0-9]|2[0-3]", "[0-5][0-9]"
COMPACT = (
    r"(?P<year5>(?:19|20)[0-9]{2})(?P<month2>0[1-9]|1[0-2])(?P<day4>0[1-9]|[12][0-9]|3[01])"
    rf"(?:(?:T|{BLANK})?(?P<hour1>[01][0-9]|2[0-3])(?P<minute1>{SIXTY})(?P<second1>{SIXTY})?)?"
)
DATE = "|".join((NUMBERS, EITHER_WAY, DAY_NAME, NAME_DAY, WEEK, COMPACT))

AT = f"T|,?{BLANK}+(?:-{BLANK})?(?:(?:um|at|a|as|om|a las|a la|alle|alle ore|ore|kl){BLANK}+)?"
CLOCK = (
    rf"(?:{AT})(?P<hour2>{HOUR})(?:{BLANK}?[:.h]{BLANK}?(?P<minute2>{SIXTY})"
    rf"(?:[:.](?P<second2>{SIXTY})(?:[.,](?P<fraction>[0-9]{{1,9}}))?)?"
    rf"(?:{BLANK}?(?:h|hs|Uhr|uur))?|{BLANK}?(?:h|Uhr|uur))"
    rf"(?:{BLANK}?(?P<meridiem>(?P<half>[ap])\.?{BLANK}?m\.?))?"
)
ZONE = (
    rf"(?:{BLANK}?(?:Z|UTC|GMT))?"
    rf"(?:{BLANK}?(?P<offset>(?P<sign>[-+−])(?P<offset_hours>[01]?[0-9])"
    rf":?(?P<offset_minutes>{SIXTY})?))?(?:{BLANK}\([A-Za-z ]*\))?"
)

MOMENT = re.compile(
    rf"(?i)(?:(?P<before>[a-z-]{{2,}})[.,]{{0,2}}{BLANK}+(?:(?:den|le|el|the){BLANK}+)?)?"
    rf"(?:{DATE})(?:{CLOCK})?{ZONE}"
)
FIELDS: dict[str, list[str]] = {}
"""The groups in which each field may stand; all of them are empty but one at most."""
for _group in MOMENT.groupindex:
    FIELDS.setdefault(_group.rstrip("0123456789"), []).append(_group)
