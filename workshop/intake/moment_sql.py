"""The moment that a cell says, as SQL: what `dates` has detected, for every row of a column."""

from __future__ import annotations

import re

from workshop.intake.dates import BEFORE, RANGES, DateFormat, Numbered
from workshop.intake.desk import quoted
from workshop.intake.moment_pattern import FIELDS, MOMENT
from workshop.intake.names_of_days import MONTHS

MICROSECONDS = {
    Numbered.SECONDS: "({0} * 1000000)",
    Numbered.MILLISECONDS: "({0} * 1000)",
    # To a millisecond: a spreadsheet has no more digits for the fractions of a day.
    Numbered.EXCEL_DAYS: "(round(({0} - 25569) * 86400000) * 1000)",
}
DIGITS_ALONE = re.compile("(?:%[dmYyHIMSnpz]|[-/.:, T])+")
# 2026-12-31, with 13:45, :30 and a fraction behind it.
ISO_LENGTHS = (10, 16, 19, 23, 26)


def parsed_moment(format_: DateFormat, written: str) -> str:
    """Microseconds since 1970 of a text in this format, NULL where it is no moment.

    The usual way of the column is tried first; a cell in another way is read too where it can
    be read in one way only.

    A cast to TIMESTAMP passes over an offset, hence the lengths. strptime with several formats
    gives a moment without an offset that of the moment before it, hence one format alone.
    """
    if format_.numbers:
        usual = MICROSECONDS[format_.numbers].format(f"try_cast({written} AS DOUBLE)")
        return (
            f"coalesce({_number(written)}, {_text(format_, written)}, try_cast({usual} AS BIGINT))"
        )
    return f"coalesce({_usual(format_, written)}{_text(format_, written)}, {_number(written)})"


def _usual(format_: DateFormat, written: str) -> str:
    """What reads most of a column fast, with a comma behind it; nothing where nothing does."""
    usual = format_.formats[0]
    if usual.startswith("%Y-%m-%d"):
        if format_.zoned:
            return f"epoch_us(try_cast({written} AS TIMESTAMPTZ)), "
        plain = f"try_cast({written} AS TIMESTAMP)"
        return f"CASE WHEN strlen({written}) IN {ISO_LENGTHS} THEN epoch_us({plain}) END, "
    if not DIGITS_ALONE.fullmatch(usual):
        return ""
    kind = "TIMESTAMPTZ" if "%z" in usual else "TIMESTAMP"
    moment = f"try_strptime(trim({written}), {quoted(usual)})::{kind}"
    # %Y takes the 26 of 31/12/26 for the year 26, which no unsigned number can say.
    return f"try_cast(epoch_us({moment}) AS UBIGINT)::BIGINT, "


def _number(written: str) -> str:
    """The moment that a number stands for, by how large it is."""
    cases = " ".join(
        f"WHEN n >= {low} AND n < {high} THEN {MICROSECONDS[kind].format('n')}::BIGINT"
        for kind, (low, high) in RANGES.items()
    )
    return _with("n", f"try_cast({written} AS DOUBLE)", f"CASE {cases} END")


def _text(format_: DateFormat, written: str) -> str:
    """The moment that a text says in any of the ways in `moment_pattern`."""
    groups = ", ".join(quoted(group) for group in MOMENT.groupindex)
    pattern = quoted(f"^{MOMENT.pattern}$")
    fields = f"regexp_extract(strip_accents(trim({written})), {pattern}, [{groups}])"
    return _with("p", fields, _moment(format_.day_first))


def _with(name: str, value: str, expression: str) -> str:
    """An expression in which a value that takes long to work out has a name."""
    return f"list_transform([{value}], lambda {name}: {expression})[1]"


def _field(field: str) -> str:
    return "(" + " || ".join(f"p.{group}" for group in FIELDS[field]) + ")"


def _whole(field: str) -> str:
    """A field as a number, 0 where it is empty."""
    return f"coalesce(try_cast({_field(field)} AS BIGINT), 0)"


def _moment(day_first: bool | None) -> str:
    hour, half = _whole("hour"), f"lower({_field('half')})"
    before = ", ".join(quoted(word) for word in sorted(BEFORE | {""}))
    return (
        f"CASE WHEN lower({_field('before')}) IN ({before}) "
        f"AND ({half} = '' OR {hour} <= 12) "
        f"AND ({_field('offset')} = '' OR {_field('hour')} <> '') "
        f"THEN epoch_us(({_day(day_first)})::TIMESTAMP) "
        f"+ (CASE {half} WHEN '' THEN {hour} WHEN 'a' THEN {hour} % 12 ELSE {hour} % 12 + 12 END "
        f"* 3600 + {_whole('minute')} * 60 + {_whole('second')}) * 1000000 "
        f"+ coalesce(try_cast(rpad({_field('fraction')}, 6, '0') AS BIGINT), 0) "
        f"- CASE WHEN {_field('sign')} = '+' THEN 1 ELSE -1 END "
        f"* ({_whole('offset_hours')} * 60 + {_whole('offset_minutes')}) * 60000000 END"
    )


def _day(day_first: bool | None) -> str:
    """The day as a TIMESTAMP, NULL where there is no such day or it may be one of two."""
    names = ", ".join(f"{quoted(name)}: {number}" for name, number in MONTHS.items())
    name = f"MAP {{{names}}}[lower({_field('name')})]"
    day_month, month_day = _date("p.right", "p.left"), _date("p.left", "p.right")
    # Dots are day first where the column does not say.
    dotted = f"CASE p.mark WHEN '.' THEN {day_month} END"
    either = {True: day_month, False: month_day, None: dotted}[day_first]
    return (
        "CASE WHEN p.week <> '' "
        "THEN try_strptime(p.week_year || '-W' || p.week || '-' || p.week_day, '%G-W%V-%u') "
        f"ELSE try_cast(CASE WHEN {_field('name')} <> '' THEN {_date(name, _field('day'))} "
        f"WHEN {_field('month')} <> '' THEN {_date(_field('month'), _field('day'))} "
        f"WHEN {_whole('left')} > 12 THEN {day_month} "
        f"WHEN {_whole('right')} > 12 THEN {month_day} "
        f"ELSE {either} END AS TIMESTAMP) END"
    )


def _date(month: str, day: str) -> str:
    year = _field("year")
    century = f"CASE WHEN length({year}) = 4 THEN '' WHEN {year} < '69' THEN '20' ELSE '19' END"
    return f"({century}) || {year} || '-' || {month} || '-' || {day}"
