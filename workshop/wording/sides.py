"""The sides of a room in words."""

from __future__ import annotations

from workshop.domain.people import Side

LETTERS = {Side.SALES: "S", Side.MARKETING: "M", Side.OTHER: "O"}
NAMES = {Side.SALES: "sales", Side.MARKETING: "marketing", Side.OTHER: "the third side"}
