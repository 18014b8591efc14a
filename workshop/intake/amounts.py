"""Amounts: how a column of them is written, what one says, and in which currency.

What a text says is told by regular expressions that Python and DuckDB understand alike, so that a
field on a screen, a cell of a table of counts and millions of cells of an export mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name

from workshop.intake.patterns import compiled
from workshop.intake.sql import sql_text

POINT, COMMA = ".", ","
LARGEST = 1e18
"""From there on digits are an id or a slip."""

# -- currencies ------------------------------------------------------------------------------------

CODES = frozenset(
    code
    for used in get_global("territory_currencies").values()
    for code, _, until, is_tender in used
    if until is None and is_tender
)
SIGNS = {
    **{sign: code for code, sign in Locale("en").currency_symbols.items() if code in CODES},
    **dict.fromkeys(("US$", "$US"), "USD"),
    **dict.fromkeys(("AU$", "$AU"), "AUD"),
    **dict.fromkeys(("C$", "$CA"), "CAD"),
    **dict.fromkeys(("S$", "SG$"), "SGD"),
    **dict.fromkeys(("￥", "JP¥", "円"), "JPY"),
    **dict.fromkeys(("元", "RMB"), "CNY"),
    **dict.fromkeys(("Fr.", "SFr.", "sFr."), "CHF"),
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
    "lei": "RON",
    "лв.": "BGN",
    "₺": "TRY",
    "₽": "RUB",
    "₴": "UAH",
    "฿": "THB",
    "Dkr": "DKK",
    "Nkr": "NOK",
    "Skr": "SEK",
}
SHARED = ("kr", "kr.", "Kr", "Kr.", "KR", "Rs", "Rs.", "£E")
"""Signs of several currencies. So is $, but who writes it alone mostly means that of the US."""
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
EVERYDAY = {
    **dict.fromkeys(("dollar", "dollars", "american dollar"), "USD"),
    **dict.fromkeys(("pound", "pounds", "sterling", "pound sterling", "pfund"), "GBP"),
    **dict.fromkeys(("franken", "francs suisses"), "CHF"),
    **dict.fromkeys(("euro", "euros"), "EUR"),
    "yen": "JPY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "zloty": "PLN",
}


def _any(texts: Iterable[str]) -> str:
    """A pattern of these texts, the longest first."""
    return "|".join(
        re.escape(text) for text in sorted(set(texts), key=lambda one: (-len(one), one))
    )


SIGN = re.compile(
    rf"(?<![^\W\d_])(?:{_any(filter(str.isalpha, (*SIGNS, *SHARED)))})(?![^\W\d_])"
    rf"|{_any(sign for sign in (*SIGNS, *SHARED) if not sign.isalpha())}"
)
CODE = re.compile(r"(?<![A-Z])[KMT]?([A-Z]{3})(?![A-Z])")


def currency_of(text: str) -> str | None:
    """The ISO code of the currency that an amount or a cell of a currency column names.

    None where it names none, several, or one that several countries have.

    >>> [currency_of(text) for text in ("EUR", "1.234 €", "GBP - British Pound", "US Dollar", "kr")]
    ['EUR', 'EUR', 'GBP', 'USD', None]
    """
    bare = text.strip()
    # Words such as "all" and "top" are codes only where nothing else is said.
    shouted = bare.upper() if len(bare) == 3 or re.search("[0-9]", bare) else bare
    if codes := CODES & {*CODE.findall(shouted)}:
        return next(iter(codes)) if len(codes) == 1 else None
    names = _names()
    for part in (bare, *re.split(r"[()/:;]| [-–] ", bare)):
        if code := names.get(_words_alone(part)):
            return code
    signs = {SIGNS.get(sign) for sign in SIGN.findall(bare)}
    return signs.pop() if len(signs) == 1 else None


def currencies(cells: Iterable[str]) -> dict[str, str | None]:
    """The code of each different cell of a currency column; blank cells do not count.

    >>> currencies(["€", "usd", "€", ""])
    {'€': 'EUR', 'usd': 'USD'}
    """
    return {cell: currency_of(cell) for cell in dict.fromkeys(cells) if cell.strip()}


@cache
def _names() -> dict[str, str]:
    """What currencies are called in these languages, one and several of them, with the codes."""
    return EVERYDAY | {
        _words_alone(get_currency_name(code, count, language)): code
        for language in LANGUAGES
        for code in sorted(CODES)
        for count in (None, 1, 2)
    }


def _words_alone(name: str) -> str:
    """Words alone: "U.S. Dollar" and "US-Dollar" are one name."""
    return " ".join(re.sub(r"[\W\d_]+", " ", name.replace(".", "")).split()).casefold()


# -- one amount ------------------------------------------------------------------------------------
# No look-around, back-reference, case folding or class such as \s stands in these patterns: the
# RE2 of DuckDB has none, or means something else.

SPACES = " \u00a0\u2007\u2009\u202f"
BLANK = f"[{SPACES}\t\r\n]*"
MINUS = "[-−–]"
DIGITS = "[0-9]"
GROUPS = {POINT: r"\.", COMMA: ",", "space": f"[{SPACES}]", "apostrophe": "['’]", "underscore": "_"}
LAKHS = "[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
GROUPING = f".,'’_{SPACES}"

SCALE_WORDS = {
    "e3": "k tsd tsd. tausend thousand mille mil mila duizend t€ teur",
    "e6": (
        "m mm mn mn. mi mln mln. mio mio. mill mill. million millions millionen millones millón "
        "milhão milhões milione milioni miljoen"
    ),
    "e9": (
        "b bn bn. bi md mds mld mld. mrd mrd. milliard milliards milliarde milliarden miliardo "
        "miliardi miljard billion billions bilhão bilhões"
    ),
}
NOTHING = {"-", "–", "—", "--", "n/a", "#n/a", "na", "n.a.", "k.a.", "null", "none", "nan", "?"}


def _in_any_case(words: Iterable[str]) -> str:
    return "|".join(
        "".join(f"[{mark}{mark.upper()}]" if mark.isalpha() else re.escape(mark) for mark in word)
        for word in sorted(words, key=lambda one: (-len(one), one))
    )


DOTTED = _any(sign for sign in (*SIGNS, *SHARED) if POINT in sign)
CURRENCY = f"{_any((*SIGNS, *SHARED))}|{_in_any_case((*map(str.lower, CODES), *EVERYDAY))}"
# Each part with the blanks behind it: two that could take the same ones would take turns for ever.
BESIDE = f"(?:(?:{CURRENCY}){BLANK})?"
BEFORE = f"{BLANK}{BESIDE}(?:[-−–+(]{BLANK}{BESIDE})?"
AFTER = f"{BLANK}{BESIDE}(?:%{BLANK})?(?:[-−–)]{BLANK}{BESIDE})?"
SCALES = {scale: _in_any_case(words.split()) for scale, words in SCALE_WORDS.items()}
EXPONENT = "[eE][-+]?[0-9]{1,3}"

# What tells the sign and the scale of a text that is an amount.
UNSIGNED = rf"(?:[^-−–+()]|[0-9.,]{EXPONENT}|[.,]{MINUS}{{1,2}})*"
POSITIVE = rf"[^-−–+()0-9]*\+?{UNSIGNED}"
NEGATIVE = (
    f"[^-−–+()0-9]*{MINUS}{UNSIGNED}|{UNSIGNED}{MINUS}[^-−–+()0-9]*"
    rf"|[^-−–+()0-9]*\({UNSIGNED}\)[^-−–+()0-9]*"
)
SCALED = {
    scale: f"(?s:.*)[0-9.,]{BLANK}(?:{words}){BLANK}{BESIDE}(?:[-−–)%][^0-9]*)?"
    for scale, words in SCALES.items()
}


@dataclass(frozen=True, slots=True)
class NumberNotation:
    """A way to read amounts: with this decimal mark, or with none, where every mark groups."""

    mark: str | None

    @property
    def whole(self) -> str:
        grouping = [group for name, group in GROUPS.items() if name != self.mark]
        grouped = [f"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+" for group in grouping]
        lakhs = [LAKHS] if self.mark != COMMA else []
        return f"(?:{'|'.join([*grouped, *lakhs, '[0-9]+'])})"

    @property
    def number(self) -> str:
        """The pattern of the digits with their marks."""
        if self.mark is None:
            return self.whole
        return f"(?:{self.whole}(?:{GROUPS[self.mark]}[0-9]*)?|{GROUPS[self.mark]}[0-9]+)"

    @property
    def amount(self) -> str:
        """The pattern of a number with all that may stand beside it."""
        number = f"{self.number}(?:{EXPONENT}|{BLANK}(?:{'|'.join(SCALES.values())}))?"
        if self.mark is not None:  # a dash stands for no cents, as in 8'000.– and 8.000,-
            number = f"(?:{number}|{self.whole}{GROUPS[self.mark]}{MINUS}{{1,2}})"
        return f"{BEFORE}{number}{AFTER}"

    @property
    def parts(self) -> str:
        """The pattern that finds the number in an amount."""
        number = f"{self.number}(?:{EXPONENT})?"
        return f"[^0-9.,]*?(?:{DOTTED})?[^0-9.,]*({number})[^0-9]*"

    def digits(self, text: str) -> str | None:
        """Digits and point of an amount that is written so."""
        if _is(self.amount, text) and (found := compiled(self.parts).fullmatch(text)):
            return self._bare_digits(found[1])
        return None

    def bare(self, text: str) -> Decimal | None:
        """A number with nothing beside it but a sign before it."""
        found = compiled(f"({MINUS}?)[+]?({self.number})").fullmatch(text)
        if found is None:
            return None
        value = Decimal(self._bare_digits(found[2]))
        return value.copy_negate() if found[1] else value

    def _bare_digits(self, number: str) -> str:
        kept = {} if self.mark is None else {self.mark: POINT}
        return number.translate(str.maketrans(dict.fromkeys(GROUPING) | kept))

    def sql(self, written: str) -> str:
        """The `digits` of a text for DuckDB."""
        removed, kept = ((self.mark or "") + GROUPING, POINT if self.mark else "")
        number = f"regexp_extract({written}, {sql_text(f'^(?:{self.parts})$')}, 1)"
        return (
            f"CASE WHEN {_matches(written, self.amount)} "
            f"THEN translate({number}, {sql_text(removed)}, {sql_text(kept)}) END"
        )


def _is(pattern: str, text: str) -> bool:
    return bool(compiled(pattern).fullmatch(text))


def _matches(written: str, pattern: str) -> str:
    return f"regexp_full_match({written}, {sql_text(pattern)})"


# Most cells of most columns are so plain, and read ten times as fast as the others.
PLAIN = {
    None: ("-?[0-9]{1,17}", "{0}"),
    POINT: (r"-?[0-9]{1,17}(?:\.[0-9]+)?", "{0}"),
    COMMA: (
        r"-?(?:[0-9]{1,17}|[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4})(?:,[0-9]+)?",
        "replace(replace({0}, '.', ''), ',', '.')",
    ),
}
WHOLE, WITH_POINT, WITH_COMMA = NumberNotation(None), NumberNotation(POINT), NumberNotation(COMMA)


# What tells the decimal mark of a column is looked for beyond its first rows.
MARK_TELLS = tuple(rf"{mark}([0-9]{{1,2}}|[0-9]{{4,}})([^0-9.,]|$)" for mark in (r"\.", ","))


# -- how a column is written -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AmountFormat:
    """How the amounts of a column are written: their decimal mark, None where nothing tells it.

    A mark before three digits then groups: 8.000 and 8,000 are both eight thousand. What cannot be
    read with this decimal mark is read with the other one: 12.5 is never 125.
    """

    decimal_mark: str | None

    def __post_init__(self) -> None:
        if self.decimal_mark not in (None, POINT, COMMA):
            raise ValueError(f"“{self.decimal_mark}” is no decimal mark")

    @property
    def notations(self) -> tuple[NumberNotation, ...]:
        """The ways to read one amount, the likeliest first."""
        if self.decimal_mark is None:
            return WHOLE, WITH_POINT, WITH_COMMA
        own = (WITH_POINT, WITH_COMMA)
        return own if self.decimal_mark == POINT else own[::-1]

    def parse(self, text: str) -> Decimal | None:
        """The amount that a cell says, without its currency; None where it says none.

        >>> AmountFormat(",").parse("-1.234,50 €")
        Decimal('-1234.50')
        """
        for reading in self.notations:
            if digits := reading.digits(text):
                return _value(text, digits)
        return None

    def usual_sql(self, expression: str) -> str:
        """The same for DuckDB, of digits and marks alone; NULL for all others."""
        plain, number = PLAIN[self.decimal_mark]
        return (
            f"CASE WHEN {_matches(expression, plain)} "
            f"THEN try_cast({number.format(expression)} AS DOUBLE) END"
        )

    def sql(self, expression: str) -> str:
        """The same for DuckDB, as an expression of type DOUBLE; `expression` is a VARCHAR."""
        sign = (
            f"CASE WHEN {_matches(expression, POSITIVE)} THEN '' "
            f"WHEN {_matches(expression, NEGATIVE)} THEN '-' END"
        )
        digits = ", ".join(reading.sql(expression) for reading in self.notations)
        scales = " ".join(
            f"WHEN {_matches(expression, scaled)} THEN '{scale}'"
            for scale, scaled in SCALED.items()
        )
        scale = f"CASE WHEN regexp_matches({expression}, '[A-Za-z]') THEN CASE {scales} END END"
        value = f"try_cast({sign} || coalesce({digits}) || coalesce({scale}, '') AS DOUBLE)"
        # The list of one gives the value a name.
        return (
            f"coalesce({self.usual_sql(expression)}, "
            f"CASE WHEN regexp_matches({expression}, '[0-9]') THEN list_transform([{value}], "
            f"lambda value: CASE WHEN abs(value) < {LARGEST} THEN value END)[1] END)"
        )


def _value(text: str, digits: str) -> Decimal | None:
    """What an amount with these digits says."""
    scales = (scale for scale, scaled in SCALED.items() if _is(scaled, text))
    value = Decimal(digits + next(scales, ""))
    if float(value) >= LARGEST:
        return None
    if _is(POSITIVE, text):
        return value
    return value.copy_negate() if _is(NEGATIVE, text) else None


def amount_format(samples: Iterable[str]) -> AmountFormat:
    """How the amounts of a column are written, by what most of those say that can tell it.

    >>> amount_format(["8.000", "12.500"]).parse("8.000")
    Decimal('8000')
    >>> amount_format(["8.000", "12.5"]).parse("8.000")
    Decimal('8.000')
    """
    points = commas = 0
    for text in samples:
        is_point, is_comma = (one.digits(text) is not None for one in (WITH_POINT, WITH_COMMA))
        points += is_point and not is_comma
        commas += is_comma and not is_point
    if points == commas:
        return AmountFormat(None)
    return AmountFormat(POINT if points > commas else COMMA)


def are_amounts(texts: Sequence[str]) -> bool:
    """Whether texts are amounts, or say that there is none, and at least one of them is one."""
    amounts = [text for text in texts if text.strip().casefold() not in NOTHING]
    return bool(amounts) and all(AmountFormat(None).parse(text) is not None for text in amounts)


def bare_number(text: str) -> Decimal | None:
    """A number with nothing beside it but its sign, read as if it were a column of its own.

    >>> bare_number("1.234"), bare_number("1,234.5"), bare_number("5 €")
    (Decimal('1234'), Decimal('1234.5'), None)
    """
    for reading in AmountFormat(None).notations:
        if (value := reading.bare(text)) is not None:
            return value
    return None


def typed_number(text: str) -> Decimal:
    """What a field on a screen says. Raises ValueError where that is no number.

    >>> [str(typed_number(text)) for text in ("8.000", "8,000", "2,5", "12,5 %", "8k")]
    ['8000', '8000', '2.5', '12.5', '8E+3']
    """
    value = amount_format([text]).parse(text)
    if value is None:
        raise ValueError("Write a number, such as 8,000 or 2.5.")
    return value
