"""The moment that a cell says, as SQL: what `dates` has detected, for every row of a column."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workshop.intake.dates import BEFORE, RANGES, DateFormat, Numbered
from workshop.intake.desk import quoted
from workshop.intake.moment_pattern import BLANK, FIELDS, MOMENT, SUFFIX
from workshop.intake.names_of_days import MONTHS

MICROSECONDS = {
    Numbered.SECONDS: "({0} * 1000000)",
    Numbered.MILLISECONDS: "({0} * 1000)",
    # To a millisecond: a spreadsheet has no more digits for the fractions of a day.
    Numbered.EXCEL_DAYS: "(round(({0} - 25569) * 86400000) * 1000)",
}
# 2026-12-31, with 13:45, with :30, with a fraction behind it.
ISO_LENGTHS = (10, 16, 19, 23, 26)
STRPTIME = re.compile("(?:%[dmYyHIMSnpz]|[-/.:, T])+")
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


def parsed_moment(format_: DateFormat, written: str) -> str:
    """Microseconds since 1970 of a text in this format, NULL where it is no moment.

    What is usual in the column is tried first, as it is fast; a cell in another way is read too
    where it can be read in one way only.
    """
    if format_.numbers:
        usual = MICROSECONDS[format_.numbers].format(f"try_cast({written} AS DOUBLE)")
        ways = [_number(written), _any_text(format_, written), f"try_cast({usual} AS BIGINT)"]
    else:
        ways = [_usual_text(format_, usual, written) for usual in format_.formats[:USUAL]]
        ways += [_any_text(format_, written), _number(written)]
    return f"coalesce({', '.join(dict.fromkeys(ways))})"


def _usual_text(format_: DateFormat, usual: str, written: str) -> str:
    if usual.startswith("%Y-%m-%d"):
        if format_.zoned or not STRPTIME.fullmatch(usual):
            return f"epoch_us(try_cast({written} AS TIMESTAMPTZ))"
        # This cast is the fastest, but passes over an offset, hence the lengths.
        moment = f"epoch_us(try_cast({written} AS TIMESTAMP))"
        return f"CASE WHEN strlen({written}) IN {ISO_LENGTHS} THEN {moment} END"
    if STRPTIME.fullmatch(usual):
        # One format in a call: with several, a moment takes over the offset of the one before.
        kind = "TIMESTAMPTZ" if "%z" in usual else "TIMESTAMP"
        moment = f"try_strptime(trim({written}), {quoted(usual)})::{kind}"
        # %Y takes the 26 of 31/12/26 for the year 26, which no unsigned number can say.
        return f"try_cast(epoch_us({moment}) AS UBIGINT)::BIGINT"
    parts = re.split("(%[A-Za-z])", usual)
    pattern = "".join(
        GROUPS[part] if part in GROUPS else re.escape(part).replace(r"\ ", BLANK) for part in parts
    )
    fields = {field: f"p.{field}" for field in re.findall("[?]P<([a-z_]+)>", pattern)}
    return _text(f"(?i){pattern}", fields, written, format_.day_first)


def _any_text(format_: DateFormat, written: str) -> str:
    """The moment that a text says in any of the ways in `moment_pattern`."""
    fields = {
        field: "(" + " || ".join(f"p.{group}" for group in groups) + ")"
        for field, groups in FIELDS.items()
    }
    return _text(MOMENT.pattern, fields, written, format_.day_first)


def _text(pattern: str, fields: Mapping[str, str], written: str, day_first: bool | None) -> str:
    groups = ", ".join(map(quoted, re.findall("[?]P<([a-z_0-9]+)>", pattern)))
    match = (
        f"regexp_extract(strip_accents(trim({written})), {quoted(f'^(?:{pattern})$')}, [{groups}])"
    )
    return _with("p", match, _moment(dict.fromkeys(FIELDS, "''") | dict(fields), day_first))


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
    before = ", ".join(quoted(word) for word in sorted(BEFORE | {""}))
    minutes = f"{_whole(said['offset_hours'])} * 60 + {_whole(said['offset_minutes'])}"
    return (
        f"CASE WHEN lower({said['before']}) IN ({before}) "
        f"AND ({half} = '' OR {hour} <= 12) AND ({said['sign']} = '' OR {said['hour']} <> '') "
        f"THEN epoch_us(({_day(said, day_first)})::TIMESTAMP) "
        f"+ (CASE {half} WHEN '' THEN {hour} WHEN 'a' THEN {hour} % 12 ELSE {hour} % 12 + 12 END "
        f"* 3600 + {_whole(said['minute'])} * 60 + {_whole(said['second'])}) * 1000000 "
        f"+ rpad({said['fraction']}, 6, '0')::BIGINT "
        f"- CASE {said['sign']} WHEN '+' THEN 1 ELSE -1 END * ({minutes}) * 60000000 END"
    )


def _day(said: Mapping[str, str], day_first: bool | None) -> str:
    """The day as a TIMESTAMP, NULL where there is no such day or it may be one of two."""
    names = ", ".join(f"{quoted(name)}: '{number}'" for name, number in MONTHS.items())
    name = f"MAP {{{names}}}[lower({said['name']})]"
    left, right = said["left"], said["right"]
    day_month, month_day = _date(said, right, left), _date(said, left, right)
    # Dots are day first where the column does not say.
    dotted = f"CASE {said['mark']} WHEN '.' THEN {day_month} END"
    either = {True: day_month, False: month_day, None: dotted}[day_first]
    week = f"{said['week_year']} || '-W' || {said['week']} || '-' || {said['week_day']}"
    return (
        f"CASE WHEN {said['week']} <> '' THEN try_strptime({week}, '%G-W%V-%u') "
        f"ELSE try_cast(CASE WHEN {said['name']} <> '' THEN {_date(said, name, said['day'])} "
        f"WHEN {said['month']} <> '' THEN {_date(said, said['month'], said['day'])} "
        f"WHEN {_whole(left)} > 12 THEN {day_month} WHEN {_whole(right)} > 12 THEN {month_day} "
        f"ELSE {either} END AS TIMESTAMP) END"
    )


def _date(said: Mapping[str, str], month: str, day: str) -> str:
    year = said["year"]
    century = f"CASE WHEN length({year}) = 4 THEN '' WHEN {year} < '69' THEN '20' ELSE '19' END"
    return f"({century}) || {year} || '-' || {month} || '-' || {day}"


def _whole(digits: str) -> str:
    """Digits as a number, 0 where there are none.

    >>> _whole("p.hour")
    "('0' || p.hour)::BIGINT"
    """
    return f"('0' || {digits})::BIGINT"
