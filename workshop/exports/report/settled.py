"""What we call things, and who hands over what."""

from __future__ import annotations

from typing import Any

from workshop.exports.results import Results
from workshop.exports.rows import Row
from workshop.exports.settled import hand_offs, words
from workshop.exports.typesetting import Table

STANDS_FOR_IT = "For sales and marketing"


def settled(results: Results) -> list[dict[str, Any]]:
    """The settled words and hand-offs, each as a table, or a sentence where there are none."""
    meanings = [
        [row["word"], row["meaning"], _both(row)]
        for row in words(results.measured, results.settled)
    ]
    duties = [
        [row["step"], row["duty"], row["doer"], row["rule"], _both(row)]
        for row in hand_offs(results.measured, results.settled)
    ]
    terms = Table(["Word", "What it means here", STANDS_FOR_IT], meanings, [1, 3.4, 1.4])
    owners = Table(["Step", "What", "Who", "How", STANDS_FOR_IT], duties, [1.3, 1.1, 1, 2, 1.4])
    return [
        {"title": "What we call things", "says": "No word is settled yet.", "table": terms},
        {"title": "Who hands over what", "says": "No hand-off is settled yet.", "table": owners},
    ]


def _both(row: Row) -> str:
    return f"{row['sales']}, {row['marketing']}"
