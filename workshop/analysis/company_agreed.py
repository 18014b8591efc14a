"""What holds in a company, of all that its workshops have settled on and agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workshop.domain.agreement import Agreement
from workshop.domain.company import Agreed
from workshop.domain.hand_off import key_of, place_of
from workshop.domain.question import QuestionKey, Subject
from workshop.domain.settlement import Settlement


def settled_in(held: Sequence[Agreed], stages: Sequence[str]) -> tuple[Settlement, ...]:
    """The newest settlement of each word and each duty, where no later workshop has taken it back.

    `held` is oldest first. Duties are those of steps between these `stages`, found by the names of
    the stages, so that a step may change its place; those of steps that are gone are left out.
    """
    found: dict[QuestionKey, Settlement] = {}
    for one in held:
        for key in one.taken_back:
            moved = _among(stages, one.stages, key)
            if moved is not None:
                found.pop(moved, None)
        for settled in one.settled:
            moved = _among(stages, one.stages, settled.key)
            known = found.get(moved) if moved else None
            if moved and (known is None or known.settled_at <= settled.settled_at):
                found[moved] = replace(settled, key=moved)
    return tuple(found.values())


def current_agreement(held: Sequence[Agreed]) -> tuple[Agreed, Agreement] | None:
    """The newest version of an agreement in the company, and where it was drafted."""
    drafted = [(one, version) for one in held for version in one.agreements]
    return max(drafted, key=lambda pair: pair[1].created_at, default=None)


def _among(stages: Sequence[str], own: Sequence[str], key: QuestionKey) -> QuestionKey | None:
    """The same question where the funnel has these stages; None where it has no such step."""
    if key.subject is Subject.TERM:
        return key
    if key.subject is not Subject.HAND_OFF:  # of one afternoon
        return None
    place, duty = place_of(key)
    wanted, known = _names(own)[place : place + 2], _names(stages)
    places = [step for step in range(len(known) - 1) if known[step : step + 2] == wanted]
    return key_of(places[0], duty) if places else None


def _names(stages: Sequence[str]) -> list[str]:
    return [" ".join(stage.casefold().split()) for stage in stages]
