"""Verdicts of a second look, in words."""

from __future__ import annotations

from typing import assert_never

from workshop.analysis.follow_up import Word
from workshop.analysis.second_look import Look, Uncounted
from workshop.wording import second_look as said


def verdict_words(seen: Look) -> str:
    """The verdict of a commitment, in a word or two."""
    match seen.word:
        case None:
            return uncounted_words(seen)
        case Word.NOT_DONE:
            return "not done"
        case Word.REACHED:
            return "reached"
        case Word.MOVED:
            return "moved"
        case Word.WORSE:
            return "worse"
        case Word.TOO_EARLY:
            return said.too_early(seen.more)
        case _:
            assert_never(seen.word)


def uncounted_words(seen: Look) -> str:
    """Why nothing can be said of a rate; what its owners say is all that there is then."""
    if seen.followed.is_kept:
        return "kept"
    match seen.uncounted:
        case Uncounted.NO_NEW_NUMBERS:
            return "no new numbers"
        case Uncounted.NO_SUCH_STEP:
            return "not in the new numbers"
        case Uncounted.NO_MEASURE | None:
            return "nobody has said"
        case _:
            assert_never(seen.uncounted)
