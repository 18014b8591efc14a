"""Sentences that the room has written, read out one by one, the sides by turns."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from workshop.activities import asking
from workshop.activities.asking import Sheet
from workshop.analysis.reading_order import reading_order
from workshop.domain.question import Answered
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block, Style, Text
from workshop.ui.text import keyed_text
from workshop.wording.sides import LETTERS

LONG = 120
"""Characters from which a sentence is drawn smaller."""
NOTHING = "Nobody has written anything."


def sentences(given: Mapping[str, tuple[Answered, ...]]) -> tuple[Answered, ...]:
    """What is read out, in its order; who only said why they cannot answer is left out."""
    return reading_order(
        [one for answers in given.values() for one in answers if one.answer.value is not None]
    )


def shown(seen: Snapshot, count: int) -> int:
    """The place of the sentence that the board shows, of so many."""
    return min(seen.workshop.team_shown, count - 1)


def board(seen: Snapshot, sheet: Sheet) -> None:
    asking.board_of_all(seen, sheet, read_out)


def read_out(seen: Snapshot, given: Mapping[str, tuple[Answered, ...]]) -> None:
    """One sentence, very large, with the letter of its side and the name where they are shown."""
    all_of_them = sentences(given)
    if not all_of_them:
        keyed_text("board_hint", NOTHING)
        return
    place = shown(seen, len(all_of_them))
    sentence = all_of_them[place]
    words = words_of(sentence)
    with st.container(key="board_obstacle"):
        if sentence.side is not None:
            keyed_text(f"badge_{sentence.side}", LETTERS[sentence.side])
        keyed_text(f"obstacle_{'long' if len(words) > LONG else 'short'}", words)
    if sentence.name:
        keyed_text("board_said_by", sentence.name)
    keyed_text("board_read", read_words(place, len(all_of_them)))


def words_of(sentence: Answered) -> str:
    """A sentence on one line, whatever breaks were typed."""
    return " ".join(str(sentence.answer.value).split())


def read_words(place: int, count: int) -> str:
    """How many are read where the board shows the one at `place`, of so many.

    >>> read_words(11, 16), read_words(3, 4)
    ('12 read · 4 still unread', '4 read · none unread')
    """
    left = count - place - 1
    return f"{place + 1} read · {f'{left} still unread' if left else 'none unread'}"


def team(seen: Snapshot, sheet: Sheet, listen: str) -> list[Block]:
    """What is asked; once sentences are read out, what to do meanwhile: `listen`."""
    if sentences(asking.answers_to_all(seen, sheet)):
        return [Text(listen, Style.NOTE)]
    return asking.team(seen, sheet)


def facilitator(seen: Snapshot, sheet: Sheet) -> None:
    """The way from one sentence to the next, once they are read out; the buttons of the question.

    The way stands above whatever is long or short: its buttons keep their place.
    """
    all_of_them = sentences(asking.answers_to_all(seen, sheet))
    if all_of_them:
        place = shown(seen, len(all_of_them))
        sentence = all_of_them[place]
        with st.container(border=True, key="obstacle_box"):
            asking.turn_buttons(seen, place, len(all_of_them), "Previous sentence", "Next sentence")
            st.text(f"On the projector, {read_words(place, len(all_of_them))}:")
            st.text(
                f"{sentence.name}: {words_of(sentence)}" if sentence.name else words_of(sentence)
            )
    asking.facilitator(seen, sheet)
