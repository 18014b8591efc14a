"""Stages as they are written → the ordered stages of a funnel, and what each writing means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from workshop.intake import crm
from workshop.intake.cells import key
from workshop.intake.layout import Outcome
from workshop.model import TITLE_LENGTH


@dataclass(frozen=True, slots=True)
class Ladder:
    """The stages in order, the last one won; what each writing means; whose place is a guess."""

    stages: tuple[str, ...]
    meanings: Mapping[str, str] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()
    is_won_known: bool = False


def ladder(
    written: Sequence[str],
    after: Mapping[str, float],
    labels: Mapping[str, tuple[str, float, str | None]],
    ends: Mapping[str, str],
) -> Ladder:
    """Order stages by their labels' places, else by the numbers before them, else by what is
    known of their names, else by `after`, their mean place in a history, else as they appear.

    `labels` gives by id a label, its place, and what it means; `ends` gives by `key()` what a
    stage means that is an Outcome, or won.

    >>> ladder(["Won", "Signed off by legal", "Lost", "Demo"], {}, {}, {}).stages
    ('Signed off by legal', 'Demo', 'Won')
    """
    meanings: dict[str, str] = {}
    places: dict[str, float] = {}
    names: dict[object, str] = {}
    late: dict[str, float] = {}
    means = {key(stage): mean for stage, mean in after.items()}
    won: str | None = None
    for text in written:
        label, place, end = labels.get(key(text), (text, inf, None))
        end = ends.get(key(text)) or end or crm.meaning(label)
        if end in set(Outcome) or len(label) > TITLE_LENGTH or not key(label):
            meanings[key(text)] = end if end in set(Outcome) and end else Outcome.LEFT_OUT
            continue
        is_won = end is not None or crm.is_won(label)
        known = "won" if is_won else crm.rank(label)
        name = names.setdefault(key(label) if known is None else known, crm.shown(label))
        meanings[key(text)] = name
        if is_won:
            won = name
        else:
            places[name] = min(place, places.get(name, inf))
            if key(text) in means:
                late[name] = means[key(text)]
    order, unsure = _ordered(list(places), places, late)
    return Ladder((*order, *([won] if won else [])), meanings, unsure, won is not None)


def _ordered(
    names: Sequence[str], places: Mapping[str, float], late: Mapping[str, float]
) -> tuple[list[str], tuple[str, ...]]:
    numbers = {name: crm.step_number(name) for name in names}
    if all(places[name] < inf for name in names):
        return sorted(names, key=lambda name: places[name]), ()
    if all(number is not None for number in numbers.values()):
        return sorted(names, key=lambda name: numbers[name] or 0), ()
    ranks = {name: rank for name in names if (rank := crm.rank(name)) is not None}
    order = sorted(ranks, key=lambda name: ranks[name])
    unsure = []
    for number, name in enumerate(names):
        if name in ranks:
            continue
        if name in late:
            before = [place for place, one in enumerate(order) if late.get(one, inf) <= late[name]]
        else:
            unsure.append(name)
            before = [order.index(names[number - 1])] if number else []
        order.insert(1 + max(before, default=-1), name)
    return order, tuple(unsure)
