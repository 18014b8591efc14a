"""The words that both sides use, and the questions what they mean."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from workshop.domain.funnel import Funnel
from workshop.domain.question import QuestionKey, Subject

COMMON = ("qualified", "lost")
"""Words that every funnel has, whatever its stages are called."""
LONGEST_READABLE = 40


def term_key(term: str) -> QuestionKey:
    """The question what a word means; of the word itself, since a stage may change its place.

    >>> term_key("MQL") == term_key(" mql")
    True
    >>> term_key("MQL").about
    'mql_c6f1c2fc'
    """
    plain = " ".join(term.casefold().split())
    readable = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_READABLE]
    mark = hashlib.sha256(plain.encode()).hexdigest()[:8]
    return QuestionKey(Subject.TERM, f"{readable}_{mark}".lstrip("_"))


def terms(funnel: Funnel, steps: Iterable[int]) -> tuple[str, ...]:
    """The words to be asked about: the stages of these steps, then the common ones, each once."""
    stages = [name for step in steps for name in funnel.stages[step : step + 2]]
    by_key = {term_key(name): name for name in reversed((*stages, *COMMON))}
    return tuple(reversed(by_key.values()))


def term_of(key: QuestionKey, funnel: Funnel) -> str:
    """The word that a question is about, as the funnel writes it; as its code says it if not.

    >>> from workshop.domain.funnel import Step
    >>> funnel = Funnel((Step("MQL", "SQL", 700, 280),), 8000, "EUR", 365)
    >>> term_of(term_key("mql"), funnel), term_of(term_key("Hot lead"), funnel)
    ('MQL', 'hot lead')
    """
    known = {term_key(name): name for name in (*COMMON, *funnel.stages)}
    return known.get(key, key.about.rpartition("_")[0].replace("_", " ") or key.about)
