"""Stages as they are written → the ordered stages of a funnel, and what each writing means.

The order follows from how leads went through the stages; then from the file's own numbers, letters
and probabilities; known names only break ties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from workshop.domain.checks import TITLE_LENGTH
from workshop.intake import crm
from workshop.intake.caution import Caution, Code, Severity
from workshop.intake.cells import key, quoted
from workshop.intake.evidence import Evidence
from workshop.intake.layout import Outcome
from workshop.intake.order import Claim, ranked_pairs
from workshop.wording.figures import count

Label = tuple[str, float | None, str | None]
Labels = Mapping[str, Label]
"""By `key()` of a stage's id its label, its place, and WON or an Outcome if it is an end."""

FEW = 3  # so few leads at a stage tell nothing of how it ends
MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class Ladder:
    """The stages in order, the last one won; what each writing means; whose place is a guess."""

    stages: tuple[str, ...]
    meanings: Mapping[str, str] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()
    is_won_known: bool = False
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stage:
    """A stage of the funnel: its name, the keys of how it is written, and its own number."""

    name: str
    keys: tuple[str, ...]
    number: tuple[float, ...] | None
    rank: int | None


def ladder(
    written: Sequence[str],
    evidence: Evidence,
    labels: Labels,
    ends: Mapping[str, str],
    numbers: Mapping[str, float] | None = None,
) -> Ladder:
    """The stages in the order of the evidence, else of the file's own numbers, else of known names.

    `labels` names stages that are written as ids; `ends` gives by `key()` what a stage means that
    is an Outcome, or won; `numbers` a place or a probability that the file gives to each stage.

    >>> ladder(["Won", "Signed off by legal", "Lost", "Demo"], Evidence(), {}, {}).stages
    ('Signed off by legal', 'Demo', 'Won')
    """
    texts: dict[str, Label] = {
        key(text): labels.get(key(text), (text, None, None)) for text in written
    }
    meanings = _outcomes(texts, ends)
    beware = []
    names = {one: label for one, (label, _, _) in texts.items() if one not in meanings}
    told_won = [one for one in names if (ends.get(one) or texts[one][2]) is not None]
    won = told_won or [
        one for one, label in names.items() if label in crm.won_among(names.values())
    ]
    lost = [one for one, means in meanings.items() if means == Outcome.LOST]
    for one in [*names]:
        if crm.is_open(names[one]) and not _is_passed(evidence, one, [*won, *lost]):
            meanings[one] = Outcome.OPEN
            del names[one]
    for one in [*_after_winning(evidence, names, won)]:
        meanings[one] = Outcome.LEFT_OUT
        beware.append(_left_out_after_winning(names.pop(one)))
    for one in _dead_ends(evidence, names, won, Outcome.LOST in meanings.values()):
        meanings[one] = Outcome.LOST
        beware.append(_taken_for_lost(names.pop(one), evidence.entered[one]))
    pipelines = crm.pipelines_in(names.values())
    shown = {
        one: crm.shown(crm.split_pipeline(label, pipelines)[0]) for one, label in names.items()
    }
    open_keys = [one for one in names if one not in won]
    own = _own_numbers({one: texts[one] for one in open_keys}, numbers or {})
    stages = [
        _Stage(shown[group[0]], group, own.get(group[0]), crm.rank(names[group[0]]))
        for group in _groups(open_keys, names, shown, evidence)
    ]
    order, unsure = _ordered(stages, evidence)
    beware += _disagreement(order, evidence)
    won_name = [shown[one] for one in won[:1]]
    meanings |= {one: stage.name for stage in stages for one in stage.keys}
    meanings |= {one: name for one in won for name in won_name}
    return Ladder(
        (*(stage.name for stage in order), *won_name), meanings, unsure, bool(won), tuple(beware)
    )


def _outcomes(texts: Labels, ends: Mapping[str, str]) -> dict[str, str]:
    """Of the stages that are no step on the way to won: what they mean instead."""
    found: dict[str, str] = {}
    for one, (label, _, end) in texts.items():
        told = ends.get(one) or end
        if told is None and (said := crm.meaning(label)):
            told = said
        if told in set(Outcome):
            found[one] = str(told)
        elif len(label) > TITLE_LENGTH or not key(label):
            found[one] = Outcome.LEFT_OUT
    return found


def _is_passed(evidence: Evidence, one: str, ends: Sequence[str]) -> bool:
    """Whether leads enter what sounds like open on their way, and not once they are won or lost."""
    entered = evidence.entered.get(one, 0)
    after = max((evidence.before.get((end, one), 0) for end in ends), default=0)
    return entered > 0 and after < MOSTLY * entered


# -- ends that no word tells -----------------------------------------------------------------------


def _after_winning(
    evidence: Evidence, names: Mapping[str, str], won: Sequence[str]
) -> Iterator[str]:
    """The stages that leads enter only once they are won, such as onboarding."""
    for one in names:
        entered = evidence.entered.get(one, 0)
        after = max((evidence.before.get((win, one), 0) for win in won), default=0)
        if one not in won and entered >= FEW and after >= MOSTLY * entered:
            yield one


def _dead_ends(
    evidence: Evidence, names: Mapping[str, str], won: Sequence[str], lost_is_known: bool
) -> list[str]:
    """The stages that say lost by what happens: nobody leaves them, no won lead was ever there.

    Where the file says lost in words, only those that come with reasons as well.
    """
    if not won and lost_is_known:
        return []
    many_won = sum(evidence.entered.get(win, 0) for win in won) >= FEW
    found = []
    for one in names:
        entered = evidence.entered.get(one, 0)
        is_end = entered >= FEW and not evidence.left.get(one, 0) and one not in won
        if is_end and not any(evidence.both(one, win) for win in won):
            explained = evidence.reasons.get(one, 0) >= MOSTLY * entered
            if explained or (many_won and not lost_is_known and _left_early(evidence, one, names)):
                found.append(one)
    if not won and len(found) >= len([one for one in names if not evidence.left.get(one, 0)]):
        return []  # one of them has to be the win
    return found


def _left_early(evidence: Evidence, end: str, names: Mapping[str, str]) -> bool:
    """Whether leads came to this end from more than one stage, some of them farther than others."""
    passed = [before for stage in names if (before := evidence.before.get((stage, end), 0))]
    return len(passed) > 1 and min(passed) < max(passed)


def _taken_for_lost(name: str, leads: int) -> Caution:
    return Caution(
        Code.TAKEN_FOR_LOST,
        f"{quoted(name)} is taken for lost: none of the {count(leads)} leads there went on, and no "
        "won lead was ever there.",
        "If it is a step on the way to won, give it its place.",
    )


def _left_out_after_winning(name: str) -> Caution:
    return Caution(
        Code.AFTER_WON,
        f"{quoted(name)} is left out: leads come there only once they are won.",
        severity=Severity.NOTE,
    )


# -- one stage in several writings, and its number -------------------------------------------------


def _groups(
    keys: Sequence[str], names: Mapping[str, str], shown: Mapping[str, str], evidence: Evidence
) -> list[tuple[str, ...]]:
    """Writings of one stage together: the same but for marks, or known to mean the same.

    Two that the same lead enters one after the other are never one.
    """
    groups: list[list[str]] = []
    for one in keys:
        for group in groups:
            apart = any(evidence.both(one, other) for other in group)
            same = crm.squeezed(shown[one]) == crm.squeezed(shown[group[0]])
            if not apart and (
                same or _are_synonyms(names[one], names[group[0]], one in evidence.entered)
            ):
                group.append(one)
                break
        else:
            groups.append([one])
    return [tuple(group) for group in groups]


def _are_synonyms(one: str, other: str, is_followed: bool) -> bool:
    """Whether two names mean the same stage, where it is known that no lead enters both."""
    rank = crm.rank(one)
    return is_followed and rank is not None and rank == crm.rank(other)


def _own_numbers(texts: Labels, numbers: Mapping[str, float]) -> dict[str, tuple[float, ...]]:
    """The place that the file itself gives to each stage, where it gives one to all or most."""
    if texts and all(place is not None for _, place, _ in texts.values()):
        return {one: (place or 0.0,) for one, (_, place, _) in texts.items()}
    said = crm.sequence([label for label, _, _ in texts.values()])
    by_name = {
        one: tuple(map(float, said[label])) for one, (label, _, _) in texts.items() if label in said
    }
    if len(by_name) > 1 or not numbers:
        return by_name
    return {one: (numbers[one],) for one in texts if one in numbers}


# -- the order -------------------------------------------------------------------------------------


def _ordered(stages: Sequence[_Stage], evidence: Evidence) -> tuple[list[_Stage], tuple[str, ...]]:
    """The stages in order, and the names of those whose place nothing tells."""
    late = {stage.name: _place(stage, evidence) for stage in stages}
    usual = sorted(
        (stage.name for stage in stages),
        key=lambda name: (late[name] is None, late[name] or 0.0),
    )
    clear, weak = _witnessed(stages, evidence)
    numbered = _by(stages, lambda stage: stage.number)
    known = _by(stages, lambda stage: None if stage.rank is None else (stage.rank,))
    claims = [*clear, *numbered, *weak, *known]
    named = {stage.name: stage for stage in stages}
    order = [named[name] for name in ranked_pairs(usual, claims)]
    told = {name for claim in claims for name in claim}
    unsure = tuple(stage.name for stage in stages if len(stages) > 1 and stage.name not in told)
    return order, unsure


def _place(stage: _Stage, evidence: Evidence) -> float | None:
    known = [evidence.place[one] for one in stage.keys if one in evidence.place]
    return min(known) if known else None


def _net(one: _Stage, other: _Stage, evidence: Evidence) -> tuple[int, int]:
    """How many more leads entered one before the other, and how many entered both."""
    pairs = [(a, b) for a in one.keys for b in other.keys]
    return sum(evidence.net(*pair) for pair in pairs), sum(evidence.both(*pair) for pair in pairs)


def _witnessed(stages: Sequence[_Stage], evidence: Evidence) -> tuple[list[Claim], list[Claim]]:
    """What most leads did, and what only more of them did than not; the most leads first."""
    clear: list[tuple[int, str, str]] = []
    weak: list[tuple[int, str, str]] = []
    for first, second in combinations(stages, 2):
        net, both = _net(first, second, evidence)
        one, other = (first.name, second.name) if net > 0 else (second.name, first.name)
        if net:
            (clear if 2 * abs(net) >= both else weak).append((-abs(net), one, other))
    return [(a, b) for _, a, b in sorted(clear)], [(a, b) for _, a, b in sorted(weak)]


def _by(
    stages: Sequence[_Stage], place_of: Callable[[_Stage], tuple[float, ...] | None]
) -> list[Claim]:
    placed = [(place, stage.name) for stage in stages if (place := place_of(stage)) is not None]
    return [
        (first, second) if one < other else (second, first)
        for (one, first), (other, second) in combinations(placed, 2)
        if one != other
    ]


def _disagreement(order: Sequence[_Stage], evidence: Evidence) -> list[Caution]:
    """Where names say one order and the leads another: the pair that most leads tell of."""
    found = [
        (net, both, one.name, other.name)
        for one, other in combinations(order, 2)
        for net, both in [_net(one, other, evidence)]
        if net > 0 and _is_after_by_name(one, other)
    ]
    if not found:
        return []
    net, both, one, other = max(found)
    went = (both + net) // 2
    return [
        Caution(
            Code.STAGE_ORDER,
            f"By their names, {quoted(other)} would come before {quoted(one)}. {count(went)} of "
            f"{count(both)} leads went the other way, so {quoted(one)} comes first.",
            "Change the order of the stages if that is not so.",
        )
    ]


def _is_after_by_name(one: _Stage, other: _Stage) -> bool:
    if one.number is not None and other.number is not None:
        return one.number > other.number
    return one.rank is not None and other.rank is not None and one.rank > other.rank
