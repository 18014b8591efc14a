"""The colours, and the letters that go with them: never colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workshop.domain.people import Owner

SALES = "#0072B2"
MARKETING = "#E69F00"
TOGETHER = "#009E73"
LOSS = "#D55E00"
INK = "currentColor"  # the page's own text colour, light or dark; paler ink is our grey

COLOURS: Mapping[Owner, str] = MappingProxyType(
    {Owner.SALES: SALES, Owner.MARKETING: MARKETING, Owner.BOTH: TOGETHER}
)
LETTERS: Mapping[Owner, str] = MappingProxyType(
    {Owner.SALES: "S", Owner.MARKETING: "M", Owner.BOTH: "S+M"}
)
# What is legible on the department's colour.
LETTER_COLOURS: Mapping[Owner, str] = MappingProxyType(
    {Owner.SALES: "#FFFFFF", Owner.MARKETING: "#000000", Owner.BOTH: "#000000"}
)
