"""Amounts: a field on a screen, a cell and a column of millions of cells mean the same."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from workshop.intake import read_deals
from workshop.intake.amounts import (
    CODES,
    SIGNS,
    AmountFormat,
    amount_format,
    are_amounts,
    bare_number,
    currencies,
    currency_of,
    typed_number,
)

MARKS = (None, ".", ",")
SPACES = [" ", "\u00a0", "\u2009", "\u202f"]


@pytest.mark.parametrize(
    ("samples", "means"),
    [
        (["8.000"], [8000]),
        (["8.000", "12.500"], [8000, 12500]),
        (["8,000", "12,500"], [8000, 12500]),
        (["8.000", "1.234,50"], [8000, 1234.5]),
        (["8.000", "12.5"], [8, 12.5]),
        (["8.000", "1234.500"], [8, 1234.5]),
        (["8,000", "12.5"], [8000, 12.5]),
        (["8,000", "12,5"], [8, 12.5]),
        (["8.000", "0.500"], [8, 0.5]),
        (["1.234.567,125", "8.000"], [1_234_567.125, 8000]),
        (["1234.125"], [1234.125]),
        (["1.234.567", "8,000"], [1_234_567, 8]),
        (["1,23,456.78", "12,34,567", "1,500"], [123_456.78, 1_234_567, 1500]),
        (["1'234.50", "8.000"], [1234.5, 8]),
        (["1’234,50"], [1234.5]),
        (["1_234_567"], [1_234_567]),
        (["1 234 567", "12 000"], [1_234_567, 12_000]),
        *([[f"1{space}234,50 €"], [1234.5]] for space in SPACES),
        (["8'000.–", "8'000.-", "CHF 1'250.50"], [8000, 8000, 1250.5]),
        (["8.000,-", "1.234,50 €"], [8000, 1234.5]),
        (["1.5E+3", "2e2"], [1500, 200]),
        (["1.50", "2.25", "1.234,50"], [1.5, 2.25, 1234.5]),
        (["1,234.50", "2,345.50", "1.234,50", "12,50"], [1234.5, 2345.5, 1234.5, 12.5]),
        (["12.345.67", "1.2.3", "12 34", "1,2,3"], [None, None, None, None]),
    ],
)
def test_how_amounts_are_written_is_told_by_the_whole_column(
    samples: list[str], means: list[float | None]
) -> None:
    format_ = amount_format(samples)
    read = [format_.parse(text) for text in samples]
    assert [None if value is None else float(value) for value in read] == means
    assert in_duckdb(format_, samples) == means


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("€1.234,50", 1234.5),
        ("1.234,50€", 1234.5),
        ("EUR 1.234,50", 1234.5),
        ("1.234,50 eur", 1234.5),
        ("US$ 1,234.50", 1234.5),
        ("$1,234.50 USD", 1234.5),
        ("£12.50", 12.5),
        ("¥500", 500),
        ("CHF 12.50", 12.5),
        ("Fr. 12.50", 12.5),
        ("12,50 kr", 12.5),
        ("kr 12,50", 12.5),
        ("1.234,50 kr.", 1234.5),
        ("R$ 1.234,50", 1234.5),
        ("1 234,50 zł", 1234.5),
        ("25 Euro", 25),
        ("8k", 8000),
        ("8 K", 8000),
        ("1,5 M", 1_500_000),
        ("$1.25m", 1_250_000),
        ("1,2 Mio. €", 1_200_000),
        ("2 Mio", 2_000_000),
        ("0,5 Mrd. EUR", 500_000_000),
        ("8 Tsd. €", 8000),
        ("8 tsd", 8000),
        ("12 T€", 12_000),
        ("12 TEUR", 12_000),
        ("12 k€", 12_000),
        ("12 kEUR", 12_000),
        ("3 M€", 3_000_000),
        ("2 Md€", 2_000_000_000),
        ("3 mille", 3000),
        ("3 mil", 3000),
        ("3 mila", 3000),
        ("1,5 mln", 1_500_000),
        ("1,5 mld", 1_500_000_000),
        ("2 millones", 2_000_000),
        ("2 milhões", 2_000_000),
        ("4 duizend", 4000),
        ("1.5bn", 1_500_000_000),
        ("2 mn", 2_000_000),
        ("8.000 k", 8_000_000),
        ("(1,234.00)", -1234),
        ("($1,234.00)", -1234),
        ("$(1,234.00)", -1234),
        ("1,234-", -1234),
        ("1.234,50- €", -1234.5),
        ("−5", -5),
        ("-€5", -5),
        ("€ -5", -5),
        ("+5", 5),
        ("12,5 %", 12.5),
        (".5", 0.5),
        (" 7 ", 7),
        ("7.", 7),
    ],
)
def test_an_amount_is_read_with_all_that_stands_beside_it(text: str, means: float) -> None:
    format_ = amount_format([text])
    value = format_.parse(text)
    assert value is not None
    assert float(value) == means
    assert in_duckdb(format_, [text]) == [means]


NO_AMOUNTS = [
    *("", " ", "-", "–", "n/a", "many", "EUR", "€", "k", ".", ",", "1-2", "2026-01-05", "12:30"),
    *("01.02.2026", "5 5", "1 23", "((5))", "(5", "--5", "(-5)", "-5-", "5 apples", "#12", "1e999"),
    *("inf", "nan", "Infinity", "1_0", "0x1F", "+-5", "5kk", "1e5k", "١٢"),
    *("123456789012345678901", "A1", "v2.5", "5\x0b"),
]


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    for mark in MARKS:
        assert AmountFormat(mark).parse(text) is None
        assert in_duckdb(AmountFormat(mark), [text]) == [None]
    with pytest.raises(ValueError, match=r"Write a number, such as 8,000 or 2\.5\."):
        typed_number(text)


@pytest.mark.parametrize("beside", sorted({*CODES, *SIGNS, "kr", "Kr.", "KR"}))
def test_no_currency_is_taken_for_a_thousand_or_a_million(beside: str) -> None:
    for text in (f"5 {beside}", f"5{beside}", f"{beside} 5", f"{beside}5"):
        assert AmountFormat(None).parse(text) == 5, text


@st.composite
def written_amounts(draw: st.DrawFn) -> str:
    """An amount as somebody might write it; now and then, nearly one."""
    point, group = draw(
        st.permutations([".", ",", "'", "_", *SPACES]).map(lambda marks: (marks[0], marks[1]))
    )
    whole = draw(st.integers(0, 10 ** draw(st.integers(1, 19))))
    digits = f"{whole:,}".replace(",", group) if draw(st.booleans()) else str(whole)
    cents = draw(st.sampled_from(["", *(point + "0123456789"[:places] for places in range(5))]))
    scale = draw(st.sampled_from(["", "", "", "k", " Mio.", "Mrd", " tsd", "e3", "E-2", " MM"]))
    before = draw(st.sampled_from(["", "", "€", "$ ", "CHF ", "Fr.", "US$", "kr. ", "no "]))
    after = draw(st.sampled_from(["", "", " €", "EUR", " kr", "zł", "%", " R$", " x"]))
    opened, closed = draw(
        st.sampled_from([*[("", "")] * 4, ("-", ""), ("(", ")"), ("", "-"), ("−", ""), ("(", "")])
    )
    inside = draw(st.booleans())
    amount = f"{digits}{cents}{scale}"
    if inside:
        return f"{opened}{before}{amount}{after}{closed}"
    return f"{before}{opened}{amount}{closed}{after}"


@cache
def engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def in_duckdb(format_: AmountFormat, texts: Sequence[str]) -> list[float | None]:
    # It takes longer to begin, and to prepare the question, than to answer it for many texts.
    rows = (
        engine()
        .execute(
            f"SELECT {format_.sql('written')} FROM (SELECT unnest($1::VARCHAR[]) AS written)",
            [list(texts)],
        )
        .fetchall()
    )
    return [value for (value,) in rows]


def in_python(format_: AmountFormat, texts: Sequence[str]) -> list[float | None]:
    values = [format_.parse(text) for text in texts]
    return [None if value is None else float(value) for value in values]


@examples(10)
@given(texts=st.lists(written_amounts(), min_size=20, max_size=100))
@example(texts=["1_0", "+-5", "1e1_0", "\x0b5", "999999999999999999.9", "1.e3", ".5e3", "1e-400"])
def test_python_and_duckdb_read_every_amount_alike(texts: list[str]) -> None:
    for format_ in (amount_format(texts), *map(AmountFormat, MARKS)):
        assert in_duckdb(format_, texts) == in_python(format_, texts)


@examples(10)
@given(texts=st.lists(st.text("0123456789.,-–−+()'_ \u00a0€$kKeEmMrRTtsSdD%\n\t"), min_size=20))
def test_python_and_duckdb_read_any_text_alike(texts: list[str]) -> None:
    for format_ in (amount_format(texts), *map(AmountFormat, MARKS)):
        assert in_duckdb(format_, texts) == in_python(format_, texts)


@given(
    amounts=st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=2),
    marks=st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("\u202f", ",")]),
)
def test_cents_tell_the_decimal_mark_whatever_groups(
    amounts: list[Decimal], marks: tuple[str, str]
) -> None:
    swapped = str.maketrans({",": marks[0], ".": marks[1]})
    texts = [f"{amount:,.2f}".translate(swapped) for amount in amounts]
    format_ = amount_format(texts)
    assert [format_.parse(text) for text in texts] == amounts


@pytest.mark.parametrize(
    ("text", "means"),
    [
        *(("8.000", 8000), ("8,000", 8000), ("2,5", 2.5), ("2.5", 2.5), ("1.234,50", 1234.5)),
        *(("12,5 %", 12.5), ("8k", 8000), ("€ 8.000", 8000), ("0.125", 0.125), ("-3", -3)),
    ],
)
def test_a_field_on_a_screen_means_what_a_file_means(text: str, means: float) -> None:
    assert float(typed_number(text)) == means


def test_a_number_alone_has_nothing_beside_it() -> None:
    assert bare_number("1.234") == bare_number("1,234") == 1234
    assert [bare_number(text) for text in ("1e3", "5 €", "5k", "many", "")] == [None] * 5


def test_a_column_holds_amounts_where_all_that_is_said_is_one() -> None:
    assert are_amounts(["€ 5", "1.234,50", "n/a", "-"])
    assert not are_amounts(["5", "many"])
    assert not are_amounts(["-", "n/a"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("EUR", "EUR"), ("eur", "EUR"), (" USD ", "USD"), ("€", "EUR"), ("$", "USD")),
        *(("US$", "USD"), ("C$ 5", "CAD"), ("R$ 1.234,50", "BRL"), ("£", "GBP"), ("¥", "JPY")),
        *(("CN¥", "CNY"), ("zł", "PLN"), ("1 234,50 zł", "PLN"), ("Fr. 12.–", "CHF")),
        *(("US Dollar", "USD"), ("U.S. Dollars", "USD"), ("US-Dollar", "USD"), ("euro", "EUR")),
        *(("dollar des États-Unis", "USD"), ("libra esterlina", "GBP"), ("franco suizo", "CHF")),
        *(("Schweizer Franken", "CHF"), ("Zweedse kroon", "SEK"), ("iene japonês", "JPY")),
        *(("GBP - British Pound", "GBP"), ("British Pound (GBP)", "GBP"), ("Euro (€)", "EUR")),
        *(("Canadian Dollar ($)", "CAD"), ("EUR 1.234,50", "EUR"), ("1.234,50EUR", "EUR")),
        *(("12 kEUR", "EUR"), ("12 TEUR", "EUR"), ("5 usd", "USD"), ("8 Mio. €", "EUR")),
        *(("kr", None), ("100 kr", None), ("EUR/USD", None), ("€ or $", None), ("", None)),
        *(("1,234", None), ("8k", None), ("All of it", None), ("XXX", None)),
    ],
)
def test_a_currency_is_known_by_its_code_its_sign_or_its_name(text: str, code: str | None) -> None:
    assert currency_of(text) == code


def test_the_cells_of_a_currency_column_are_looked_up_once_each() -> None:
    cells = ["€", "US Dollar", "€", "", "kr"]
    assert currencies(cells) == {"€": "EUR", "US Dollar": "USD", "kr": None}


def test_a_format_has_a_decimal_mark_or_none() -> None:
    with pytest.raises(ValueError, match="no decimal mark"):
        AmountFormat("'")


AMOUNTS_IN_A_FILE = {
    "german": ["8.000", "1.234,50 €", "2,5 Tsd. €", "n/a"],
    "english": ["8,000", "$1,234.50", "2.5k", "-"],
    "swiss": ["8'000.–", "CHF 1'234.50", "2’500", ""],
    "french": ["8\u202f000", "1 234,50 €", "2,5 k€", "–"],
    "machine": ["8000.000", "1234.5", "2.5E+3", "n/a"],
    "late": [*["8.000"] * 1_000, "12.5"],
}


@pytest.mark.parametrize("said", AMOUNTS_IN_A_FILE.values(), ids=AMOUNTS_IN_A_FILE)
def test_the_deal_value_of_a_file_is_the_mean_of_its_amounts_as_written(
    said: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "deals.tsv"
    rows = [f"{place}\tClosed Won\t2026-01-05\t{text}" for place, text in enumerate(said)]
    path.write_text("\n".join(["Record ID\tDeal Stage\tCreate Date\tAmount", *rows]), "utf-8")
    with read_deals(path) as cohort:
        expected = (1_000 * 8 + 12.5) / 1_001 if len(said) > 4 else (8_000 + 1_234.5 + 2_500) / 3
        assert cohort.mean_value() == pytest.approx(expected)
