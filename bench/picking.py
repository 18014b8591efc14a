"""How people pick without a solver: down a list, taking what still fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workshop.domain.idea import Candidate

Pairs = Sequence[tuple[str, str]]


def picked(
    order: Iterable[Candidate],
    capacity: Mapping[str, float],
    requires: Pairs = (),
    excludes: Pairs = (),
) -> list[Candidate]:
    """Each idea of the list in its turn, with the prerequisites it lacks, if all of that fits."""
    order = list(order)
    by_name = {idea.name: idea for idea in order}
    plan: list[Candidate] = []
    for idea in order:
        wanted = plan + [by_name[name] for name in bundle(idea.name, requires, plan)]
        names = {wish.name for wish in wanted}
        fits = all(sum(w.effort.get(d, 0) for w in wanted) <= capacity[d] for d in capacity)
        if fits and not any(a in names and b in names for a, b in excludes):
            plan = wanted
    return plan


def bundle(name: str, requires: Pairs, plan: Sequence[Candidate]) -> list[str]:
    """An idea and its prerequisites, without those already in the plan."""
    names, have = [name], {idea.name for idea in plan}
    for each in names:
        names += [p for idea, p in requires if idea == each and p not in names]
    return [each for each in names if each not in have]
