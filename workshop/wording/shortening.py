"""Long names where there is little room: whole words, then an ellipsis."""

from __future__ import annotations

from workshop.domain.funnel import Step

_IDLE_AT_THE_END = " ,;:.·–-→("


def shorten(text: str, most: int) -> str:
    """The whole words that fit into `most` characters, then "…"; a longer single word is cut.

    Raises ValueError where not even a letter and the ellipsis fit.

    >>> shorten("Marketing qualified opportunity", 22), shorten("Won", 22)
    ('Marketing qualified …', 'Won')
    >>> shorten("Donaudampfschifffahrt", 8)
    'Donauda…'
    """
    if most < 2:
        raise ValueError(f"{most} characters are too few; it takes at least 2")
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    whole = words[: most - 1].rpartition(" ")[0].rstrip(_IDLE_AT_THE_END)
    return f"{whole} …" if whole else f"{words[: most - 1]}…"


def shorten_step(step: Step, most: int) -> str:
    """The name of a step in at most `most` characters; what one stage leaves the other takes.

    >>> shorten_step(Step("Marketing qualified opportunity", "Won", 9, 3), 30)
    'Marketing qualified … → Won'
    """
    arrow = " → "
    room = most - len(arrow)
    source = shorten(step.source, max(room // 2, room - len(step.target)))
    target = shorten(step.target, max(room // 2, room - len(source)))
    return f"{source}{arrow}{target}"
