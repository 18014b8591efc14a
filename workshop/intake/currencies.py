"""In which currencies deal values are written, and what counts of them in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from workshop.intake.amounts import currency_of
from workshop.intake.caution import Caution, Code, Severity
from workshop.intake.layout import Field, Layout
from workshop.intake.lead_database import LeadDatabase, Table
from workshop.intake.pipelines import in_pipeline
from workshop.intake.sql import sql_name, sql_text
from workshop.wording.figures import count

# What is left of an amount without its digits and what groups them: € of "€ 1.234,50".
BARE = "trim(regexp_replace({}, '[0-9.,''’()\\s_+-]+', ' ', 'g'))"
UNNAMED = ""


def currencies_in(database: LeadDatabase, layout: Layout) -> Counter[str]:
    """How many deal values are in which currency, by ISO code; UNNAMED where nothing says it."""
    found: Counter[str] = Counter()
    for table in database.tables:
        value = layout.columns.get(Field.VALUE)
        if value is None or value not in table.columns:
            continue
        for text, rows in database.query(
            f"SELECT {says_currency(table, layout)}, count(*) FROM {table.source} AS raw "
            f"WHERE raw.{sql_name(value)} IS NOT NULL AND {in_pipeline(table, layout)} GROUP BY ALL"
        ):
            found[currency_of(text or "") or currency_of(value) or UNNAMED] += rows
    return found


def says_currency(table: Table, layout: Layout) -> str:
    """What a row says of its currency, as SQL: a column of its own, or the signs of the amount."""
    column = layout.columns.get(Field.CURRENCY)
    if column in table.columns and column is not None:
        return f"raw.{sql_name(column)}::VARCHAR"
    value = layout.columns[Field.VALUE]
    return BARE.format(f"raw.{sql_name(value)}::VARCHAR")


def rate_of(database: LeadDatabase, table: Table, layout: Layout) -> str | None:
    """What a row's value counts in the layout's currency, as SQL; None where all count alike.

    Nothing where no rate is known: values in several currencies have no mean.
    """
    value = layout.columns.get(Field.VALUE)
    if value is None or layout.currency is None:
        return None
    says = says_currency(table, layout)
    texts = [
        text for (text,) in database.query(f"SELECT DISTINCT {says} FROM {table.source} AS raw")
    ]
    codes = {text: currency_of(text or "") or currency_of(value) for text in texts}
    if not set(codes.values()) - {None, layout.currency}:
        return None
    rates: Mapping[str, float] = {**layout.exchange, layout.currency: 1.0}
    known = {text: rates.get(code or UNNAMED) for text, code in codes.items()}
    cases = " ".join(
        f"WHEN {sql_text(text)} THEN {rate!r}"
        for text, rate in known.items()
        if text is not None and rate is not None
    )
    return f"CASE {says} {cases} END" if cases else "NULL::DOUBLE"


def main_currency(found: Counter[str]) -> str | None:
    """The currency of most values; None where nothing says one."""
    named_ = Counter({code: rows for code, rows in found.items() if code != UNNAMED})
    return named_.most_common(1)[0][0] if named_ else None


def mixed(
    found: Counter[str], chosen: str | None = None, exchange: Mapping[str, float] | None = None
) -> tuple[Caution, ...]:
    """Whether values are in several currencies, and which of them count.

    In the `chosen` one, else that of most values, and in those that `exchange` has a rate for.
    """
    codes = {code: rows for code, rows in found.most_common() if code != UNNAMED}
    if len(codes) < 2:
        return ()
    counted = [chosen or main_currency(found) or UNNAMED, *(exchange or {})]
    left_out = sum(rows for code, rows in found.items() if code not in counted)
    listed = ", ".join(f"{code} ({count(rows)})" for code, rows in codes.items())
    says = f"Deal values are in {len(codes)} currencies: {listed}."
    if found[UNNAMED]:
        says += f" {count(found[UNNAMED])} name none."
    if not left_out:
        says += f" All count, in {counted[0]}, by the rates that were given."
        return (Caution(Code.CURRENCIES, says, severity=Severity.NOTE),)
    return (
        Caution(
            Code.CURRENCIES,
            f"{says} Only those in {' and '.join(counted)} make the mean value; "
            f"{count(left_out)} of {count(found.total())} do not.",
            "Choose one currency, or say what the others are worth in it.",
            Severity.CRITICAL,
        ),
    )
