"""The moment that a cell says, as SQL: what `dates` has detected, for every row of a column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from workshop.intake.dates import RANGES, DateFormat, Numbered, before_a_date
from workshop.intake.moment_pattern import BLANK, FIELDS, MOMENT, SUFFIX
from workshop.intake.names_of_days import numbers_of_months
from workshop.intake.sql import sql_text

MICROSECONDS = {
    Numbered.SECONDS: "({0} * 1000000)",
    Numbered.MILLISECONDS: "({0} * 1000)",
    # To a millisecond: a spreadsheet has no more digits for the fractions of a day.
    Numbered.EXCEL_DAYS: "(round(({0} - 25569) * 86400000) * 1000)",
}
ISO = re.compile(r"%Y-%m-%d(?:[T ]%H:%M(?::%S(?:\.%n)?)?)?")
# What DuckDB's strptime, which knows English names alone, reads fast and as it is meant.
STRPTIME = re.compile("(?:%[dmYyHIMSnpz]|[-/.:, TZ]|UTC|GMT)+")
# So many of the ways seen in a column are tried before all ways.
USUAL = 3
# What stands for a directive in the text; a group is called as its field.
GROUPS = {
    "%a": "(?P<before>[a-z-]+)",
    "%Y": "(?P<year>[0-9]{4})",
    "%y": "(?P<year>[0-9]{2})",
    "%m": "(?P<month>[0-9]{1,2})",
    "%b": r"(?P<name>[a-z]+)\.?",
    "%B": r"(?P<name>[a-z]+)\.?",
    "%d": f"(?P<day>[0-9]{{1,2}}){SUFFIX}?",
    "%G": "(?P<week_year>[0-9]{4})",
    "%V": "(?P<week>[0-9]{2})",
    "%u": "(?P<week_day>[1-7])",
    "%H": "(?P<hour>[01]?[0-9]|2[0-3])",
    "%I": "(?P<hour>0?[0-9]|1[0-2])",
    "%M": "(?P<minute>[0-5][0-9])",
    "%S": "(?P<second>[0-5][0-9])",
    "%n": "(?P<fraction>[0-9]{1,9})",
    "%p": rf"(?P<half>[ap])\.?{BLANK}?m\.?",
    "%z": "(?P<sign>[-+])(?P<offset_hours>[01][0-9]):?(?P<offset_minutes>[0-5][0-9])?",
}


def usual_moment(format_: DateFormat, written: str) -> str:
    """Microseconds since 1970 of a text in the ways that are usual in its column; else NULL."""
    if format_.numbers:
        number = MICROSECONDS[format_.numbers].format(f"try_cast({written} AS DOUBLE)")
        low, high = RANGES[format_.numbers]
        ways = [
            f"CASE WHEN try_cast({written} AS DOUBLE) >= {low} "
            f"AND try_cast({written} AS DOUBLE) < {high} THEN ({number})::BIGINT END"
        ]
    else:
        ways = [_usual_text(format_, usual, written) for usual in format_.formats[:USUAL]]
    return f"coalesce({', '.join(dict.fromkeys(ways))})"


def any_moment(format_: DateFormat, written: str) -> str:
    """Microseconds since 1970 of a text in any way that can be read in one way only; else NULL.

    It takes long, to plan as well as to run: for the cells that `usual_moment` does not read.
    """
    ways = [_iso(written), _any_text(format_, written), _number(written)]
    if format_.numbers:
        usual = MICROSECONDS[format_.numbers].format(f"try_cast({written} AS DOUBLE)")
        ways = [_number(written), _any_text(format_, written), f"try_cast({usual} AS BIGINT)"]
    return f"coalesce({', '.join(ways)})"


def _usual_text(format_: DateFormat, usual: str, written: str) -> str:
    if all(ISO.fullmatch(seen) for seen in format_.formats):
        # The fastest, but it passes over offsets and PM: only where a text is as long as seen,
        # with 3, 6 or 9 digits in a fraction.
        length = len(DateFormat((usual,)).label)
        lengths = f"IN ({length}, {length + 3}, {length + 6})" if "%n" in usual else f"= {length}"
        moment = f"epoch_us(try_cast({written} AS TIMESTAMP))"
        return f"CASE WHEN strlen({written}) {lengths} THEN {moment} END"
    if STRPTIME.fullmatch(usual):
        # One format in a call: with several, a moment takes over the offset of the one before.
        kind = "TIMESTAMPTZ" if "%z" in usual else "TIMESTAMP"
        return _since_1970(f"try_strptime({written}, {sql_text(usual)})::{kind}")
    parts = re.split("(%[A-Za-z])", usual)
    pattern = "".join(
        GROUPS[part] if part in GROUPS else re.escape(part).replace(r"\ ", BLANK) for part in parts
    )
    fields = {field: f"p.{field}" for field in _groups(pattern)}
    return _text(f"(?i){pattern}", fields, written, format_.day_first)


def _iso(written: str) -> str:
    """The moment that ISO 8601 writes with or without an offset, in any number of digits."""
    return _since_1970(f"try_cast({written} AS TIMESTAMPTZ)")


def _since_1970(moment: str) -> str:
    """Its microseconds; NULL before 1970, as where the 26 of 31/12/26 is taken for a year."""
    return f"try_cast(epoch_us({moment}) AS UBIGINT)::BIGINT"


def _any_text(format_: DateFormat, written: str) -> str:
    """The moment that a text says in any of the ways in `moment_pattern`."""
    fields = {
        field: "(" + " || ".join(f"p.{group}" for group in groups) + ")"
        for field, groups in FIELDS.items()
    }
    return _text(MOMENT.pattern, fields, written, format_.day_first)


def _text(pattern: str, fields: Mapping[str, str], written: str, day_first: bool | None) -> str:
    groups = ", ".join(map(sql_text, _groups(pattern)))
    whole = sql_text(f"^(?:{pattern})$")
    match = f"regexp_extract(strip_accents(trim({written})), {whole}, [{groups}])"
    return _with("p", match, _moment(dict.fromkeys(FIELDS, "''") | dict(fields), day_first))


def _groups(pattern: str) -> list[str]:
    return [*re.compile(pattern).groupindex]


def _number(written: str) -> str:
    """The moment that a number stands for, by how large it is."""
    cases = " ".join(
        f"WHEN n >= {low} AND n < {high} THEN {MICROSECONDS[kind].format('n')}::BIGINT"
        for kind, (low, high) in RANGES.items()
    )
    return _with("n", f"try_cast({written} AS DOUBLE)", f"CASE {cases} END")


def _with(name: str, value: str, expression: str) -> str:
    """An expression in which a value that takes long to work out has a name."""
    return f"list_transform([{value}], lambda {name}: {expression})[1]"


def _moment(said: Mapping[str, str], day_first: bool | None) -> str:
    """Microseconds since 1970 from the fields of a text; those that it lacks are ''."""
    hour, half = _whole(said["hour"]), f"lower({said['half']})"
    before = f"list_contains({_words(sorted(before_a_date()))}, lower({said['before']}))"
    minutes = f"{_whole(said['offset_hours'])} * 60 + {_whole(said['offset_minutes'])}"
    return (
        f"CASE WHEN ({said['before']} = '' OR {before}) AND ({half} = '' OR {hour} <= 12) "
        f"AND ({said['sign']} = '' OR {said['hour']} <> '') "
        f"THEN epoch_us({_day(said, day_first)}) "
        f"+ (CASE {half} WHEN '' THEN {hour} WHEN 'a' THEN {hour} % 12 ELSE {hour} % 12 + 12 END "
        f"* 3600 + {_whole(said['minute'])} * 60 + {_whole(said['second'])}) * 1000000 "
        f"+ rpad({said['fraction']}, 6, '0')::BIGINT "
        f"- CASE {said['sign']} WHEN '+' THEN 1 ELSE -1 END * ({minutes}) * 60000000 END"
    )


def _day(said: Mapping[str, str], day_first: bool | None) -> str:
    """The day as a TIMESTAMP, NULL where there is no such day or it may be one of two."""
    left, right = said["left"], said["right"]
    # Dots are day first where the column does not say.
    usual = f"nullif({said['mark']} = '.', FALSE)" if day_first is None else str(day_first)
    is_day_first = (
        f"CASE WHEN {_whole(left)} > 12 THEN TRUE WHEN {_whole(right)} > 12 THEN FALSE "
        f"ELSE {usual} END"
    )
    names, numbers = _words(numbers_of_months()), _words(map(str, numbers_of_months().values()))
    month = (
        f"CASE WHEN {said['name']} <> '' THEN map({names}, {numbers})[lower({said['name']})] "
        f"WHEN {said['month']} <> '' THEN {said['month']} "
        f"ELSE CASE {is_day_first} WHEN TRUE THEN {right} WHEN FALSE THEN {left} END END"
    )
    day = f"CASE WHEN {said['day']} <> '' THEN {said['day']} "
    day += f"ELSE CASE {is_day_first} WHEN TRUE THEN {left} WHEN FALSE THEN {right} END END"
    century = "CASE WHEN length(y) = 4 THEN '' WHEN y < '69' THEN '20' ELSE '19' END || y"
    year = _with("y", said["year"], century)
    week = f"{said['week_year']} || '-W' || {said['week']} || '-' || {said['week_day']}"
    return (
        f"CASE WHEN {said['week']} <> '' THEN try_strptime({week}, '%G-W%V-%u') "
        f"ELSE try_cast({year} || '-' || {month} || '-' || {day} AS TIMESTAMP) END"
    )


def _words(words: Iterable[str]) -> str:
    """A list of words, in fewer parts for DuckDB to plan than a list of literals."""
    return f"string_split({sql_text(' '.join(words))}, ' ')"


def _whole(digits: str) -> str:
    """Digits as a number, 0 where there are none.

    >>> _whole("p.hour")
    "('0' || p.hour)::BIGINT"
    """
    return f"('0' || {digits})::BIGINT"
