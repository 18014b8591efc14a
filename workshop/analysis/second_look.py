"""The second look: what became of every commitment of a company, by the numbers of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp

import numpy as np

from workshop.analysis.conversion import leak
from workshop.analysis.follow_up import (
    Counted,
    Verdict,
    Word,
    log_odds,
    more_needed,
    shrunk_baseline,
    verdict,
)
from workshop.domain.commitment import CommitmentKind
from workshop.domain.company import CompanyRecord, Followed, PastWorkshop
from workshop.domain.funnel import Funnel, Step

EIGHTY_PERCENT = 1.2816
"""Standard errors on either side of the mean that hold 80 of 100 cases."""


class Uncounted(StrEnum):
    """Why nothing can be said of a rate yet."""

    NO_MEASURE = "no_measure"
    NO_NEW_NUMBERS = "no_new_numbers"
    NO_SUCH_STEP = "no_such_step"


@dataclass(frozen=True, slots=True)
class Worth:
    """What a change brings a period of the new numbers, in their currency: 80 of 100 within."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True, slots=True)
class Look:
    """A commitment and what the numbers say of it.

    `before` and `after` are (advanced, entered), None where nobody counted; `baseline` is what
    `before` is judged by, pulled towards older numbers where the step was chosen as the worst.
    `word` is NOT_DONE where its owners say so, whatever the numbers are, and None where nothing
    can be said; then `uncounted` says why. `more` is about how many more must enter, None where
    that never shows. `holds_older` says that the new numbers have cases from before.
    """

    followed: Followed
    before: Counted | None = None
    baseline: Counted | None = None
    after: Counted | None = None
    verdict: Verdict | None = None
    word: Word | None = None
    more: int | None = None
    worth: Worth | None = None
    uncounted: Uncounted | None = None
    holds_older: bool = False


def looks(record: CompanyRecord, workshop_id: str) -> tuple[Look, ...]:
    """Every commitment made up to this workshop, by its numbers; what is asked about first first.

    Clauses of the agreement come before all others, then what was not done, then what is due.
    """
    known = {one.id for one in record.before(workshop_id)} | {workshop_id}
    now = record.workshop(workshop_id)
    seen = [
        look(one, now, record.before(one.workshop_id))
        for one in record.followed
        if one.workshop_id in known
    ]
    return tuple(sorted(seen, key=_asked_first))


def _asked_first(one: Look) -> tuple[bool, bool, object]:
    commitment = one.followed.commitment
    is_clause = commitment.kind is CommitmentKind.CLAUSE
    return not is_clause, one.word is not Word.NOT_DONE, commitment.due


def look(followed: Followed, now: PastWorkshop, older: Sequence[PastWorkshop] = ()) -> Look:
    """What the numbers of this workshop say of a commitment.

    `older` are the workshops before the one that it was made in, for a step that was chosen
    because it lost most: such a step comes back in part by itself.
    """
    before, after, uncounted = _counted(followed, now)
    not_done = Word.NOT_DONE if followed.is_kept is False else None
    if before is None or after is None:
        return Look(followed, before, word=not_done, uncounted=uncounted)
    baseline = _baseline(followed, before, older)
    target = followed.commitment.target
    found = verdict(baseline, after, target)
    return Look(
        followed,
        before,
        baseline,
        after,
        found,
        not_done or found.word,
        more_needed(baseline, after, target),
        _worth(followed, now.funnel, baseline, after, found),
        holds_older=now.first_day is not None and now.first_day <= followed.made_at.date(),
    )


def _counted(
    followed: Followed, now: PastWorkshop
) -> tuple[Counted | None, Counted | None, Uncounted | None]:
    """The counts before and after, and why there is none; what was counted by hand comes first."""
    if len(followed.readings) > 1:
        first, last = followed.readings[0], followed.readings[-1]
        return (first.advanced, first.entered), (last.advanced, last.entered), None
    step = followed.step
    if step is None:
        only = followed.readings[0] if followed.readings else None
        before = (only.advanced, only.entered) if only else None
        return before, None, Uncounted.NO_NEW_NUMBERS if only else Uncounted.NO_MEASURE
    counted = (step.advanced, step.entered)
    if now.funnel.counts == followed.began_with.counts:
        return counted, None, Uncounted.NO_NEW_NUMBERS
    same = same_step(now.funnel, step)
    if same is None:
        return counted, None, Uncounted.NO_SUCH_STEP
    return counted, (same.advanced, same.entered), None


def same_step(funnel: Funnel, step: Step) -> Step | None:
    """The step of another funnel between the stages of the same names, or None.

    >>> one = Step("MQL", "SQL", 700, 280)
    >>> same_step(Funnel((Step("mql", "SQL ", 100, 50),), 8e3, "EUR", 365), one).entered
    100
    """
    wanted = (_plain(step.source), _plain(step.target))
    found = [one for one in funnel.steps if (_plain(one.source), _plain(one.target)) == wanted]
    return found[0] if found else None


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _baseline(followed: Followed, before: Counted, older: Sequence[PastWorkshop]) -> Counted:
    step = followed.step
    if step is None or followed.readings:
        return before
    lost = leak(followed.began_with)
    was_worst = followed.began_with.steps.index(step) == int(np.argmax(lost))
    funnels = [one.funnel for one in older if one.funnel.counts != followed.began_with.counts]
    same = [found for funnel in funnels if (found := same_step(funnel, step))]
    if not was_worst or not same:
        return before
    return shrunk_baseline(before, [(one.advanced, one.entered) for one in same])


def _worth(
    followed: Followed, now: Funnel, baseline: Counted, after: Counted, found: Verdict
) -> Worth | None:
    """n₁(p₁ − p₀) times what one more is worth further down, with the range of the change."""
    step = followed.step
    same = same_step(now, step) if step else None
    if same is None or followed.readings:
        return None
    start, _ = log_odds(baseline)
    further = now.deal_value
    for later in now.steps[now.steps.index(same) + 1 :]:
        further *= later.rate
    low, likely, high = (
        after[1] * (_rate(start + found.mean + errors * found.sd) - _rate(start)) * further
        for errors in (-EIGHTY_PERCENT, 0.0, EIGHTY_PERCENT)
    )
    return Worth(low, likely, high)


def _rate(odds: float) -> float:
    return 1 / (1 + exp(-odds))


def kept(seen: Sequence[Look]) -> tuple[int, int]:
    """How many commitments their owners say they keep, of how many they have said anything about.

    >>> kept([])
    (0, 0)
    """
    said = [one.followed.is_kept for one in seen]
    return said.count(True), len(said) - said.count(None)
