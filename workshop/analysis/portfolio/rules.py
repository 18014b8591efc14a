"""What a plan has to respect: capacity, prerequisites, exclusions, and ideas that must be in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import fsum, isfinite

import numpy as np

from workshop.analysis.conversion import Array
from workshop.domain.idea import Candidate

ROUNDING = 1e-6
"""Days by which the sum of efforts may exceed a capacity: 0.1 + 0.2 fit into 0.3."""


class Infeasible(ValueError):  # noqa: N818 - the field's own word
    """No plan can do what was asked; the message is a sentence for whoever asked."""


def quoted(names: Iterable[str]) -> str:
    """Names as they appear in a sentence.

    >>> quoted(["Chatbot", "Call back", "Price list"])
    "'Chatbot', 'Call back' and 'Price list'"
    """
    *others, last = (f"'{name}'" for name in names)
    return f"{', '.join(others)} and {last}" if others else last


def days(number: float) -> str:
    """Person-days as they appear in a sentence.

    >>> days(1), days(2.50)
    ('1 day', '2.5 days')
    """
    return f"{number:,.6g} {'day' if number == 1 else 'days'}"


@dataclass(frozen=True, slots=True)
class Inequalities:
    """Rules in numbers: `left` @ x ≤ `right`, `low` ≤ x ≤ `high`, with x = 1 for an idea chosen.

    `left` has shape (rules, ideas), `right` (rules,), `low` and `high` (ideas,).
    """

    left: Array
    right: Array
    low: Array
    high: Array

    def hold(self, adopted: Array) -> bool:
        """Whether a set of ideas, shape (ideas,), keeps to the rules."""
        within = self.left @ adopted <= self.right + ROUNDING
        return bool(within.all() and (self.low <= adopted).all() and (adopted <= self.high).all())

    def taking(self, idea: int) -> Inequalities:
        """The same rules for sets that contain an idea, given by its index."""
        return replace(self, low=np.where(np.arange(self.low.size) == idea, 1.0, self.low))

    def leaving(self, idea: int) -> Inequalities:
        """The same rules for sets that lack an idea, given by its index."""
        return replace(self, high=np.where(np.arange(self.high.size) == idea, 0.0, self.high))


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one choice; ideas are spoken of by name.

    `requires` pairs an idea with its prerequisite. An idea whose prerequisite is not among the
    ideas cannot be chosen; pairs that name no idea at all say nothing.
    """

    ideas: tuple[Candidate, ...]
    capacity: Mapping[str, float]
    requires: tuple[tuple[str, str], ...] = ()
    excludes: tuple[tuple[str, str], ...] = ()
    must: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        name, times = Counter(self.names).most_common(1)[0] if self.ideas else ("", 0)
        if times > 1:
            raise ValueError(f"{times} ideas are called '{name}'; each needs a name of its own")
        for department, available in self.capacity.items():
            if not available >= 0:
                raise ValueError(
                    f"the capacity of {department} is {available:g}; it must be 0 days or more"
                )
        for idea in self.ideas:
            for department, effort in idea.effort.items():
                if effort and department not in self.capacity:
                    raise ValueError(
                        f"'{idea.name}' needs {days(effort)} of {department}, whose capacity is "
                        "not given; give it, 0 if it has none"
                    )
        for one, other in self.excludes:
            if one == other:
                raise ValueError(f"'{one}' cannot exclude itself; name another idea")

    @property
    def names(self) -> list[str]:
        return [idea.name for idea in self.ideas]

    def inequalities(self) -> Inequalities:
        """The rules in numbers. Raises Infeasible where no plan can satisfy them."""
        needed = self.needed()
        at = {name: index for index, name in enumerate(self.names)}
        one = np.eye(len(at))
        limits = {d: available for d, available in self.capacity.items() if isfinite(available)}
        effort = [[idea.effort.get(d, 0.0) for idea in self.ideas] for d in limits]
        order = [one[at[a]] - one[at[b]] for a, b in self.requires if a in at and b in at]
        apart = [one[at[a]] + one[at[b]] for a, b in self.excludes if a in at and b in at]
        right = np.array([*limits.values(), *[0.0] * len(order), *[1.0] * len(apart)])
        return Inequalities(
            left=np.array([*effort, *order, *apart]).reshape(right.size, len(at)),
            right=right,
            low=np.array([float(name in needed) for name in at]),
            high=np.array([float(self.possible(name)) for name in at]),
        )

    def possible(self, name: str) -> bool:
        """Whether an idea fits, together with its prerequisites, beside what has to be in."""
        wanted = self.with_prerequisites([name, *self.must])
        taken = [idea for idea in self.ideas if idea.name in wanted]
        return len(taken) == len(wanted) and all(
            fsum(idea.effort.get(department, 0.0) for idea in taken) <= available + ROUNDING
            for department, available in self.capacity.items()
        )

    def with_a_day_more(self) -> Iterator[tuple[str, Inequalities]]:
        """For each department the rules with one more person-day of it."""
        for department, available in self.capacity.items():
            more = replace(self, capacity={**self.capacity, department: available + 1})
            yield department, more.inequalities()

    def with_prerequisites(self, names: Iterable[str]) -> dict[str, str | None]:
        """These ideas and all that they require, each with the one that requires it.

        >>> Rules((), {}, requires=(("A", "B"), ("B", "C"))).with_prerequisites(["A"])
        {'A': None, 'B': 'A', 'C': 'B'}
        """
        wanted: dict[str, str | None] = dict.fromkeys(names)
        waiting = list(wanted)
        for name in waiting:
            for prerequisite in (other for one, other in self.requires if one == name):
                if prerequisite not in wanted:
                    wanted[prerequisite] = name
                    waiting.append(prerequisite)
        return wanted

    def needed(self) -> dict[str, str | None]:
        """What has to be in every plan, each with the one that requires it.

        Raises Infeasible where no plan can contain all of it.
        """
        needed = self.with_prerequisites(self.must)
        self._refuse_absent(needed)
        self._refuse_excluded(needed)
        self._refuse_overspent(needed)
        return needed

    def _refuse_absent(self, needed: Mapping[str, str | None]) -> None:
        for name, requirer in needed.items():
            if name in self.names:
                continue
            if requirer is None:
                raise Infeasible(
                    f"'{name}' must be in the plan, but it is not among the ideas to choose from; "
                    "allow it or do without it"
                )
            raise Infeasible(
                f"'{requirer}' must be in the plan and requires '{name}', which is not among the "
                f"ideas to choose from; allow '{name}' or do without '{requirer}'"
            )

    def _refuse_excluded(self, needed: Mapping[str, str | None]) -> None:
        for pair in self.excludes:
            if not set(pair) <= needed.keys():
                continue
            because = [f"'{needed[name]}' requires '{name}'" for name in pair if needed[name]]
            raise Infeasible(
                f"{quoted(pair)} exclude each other, but both must be in the plan"
                f"{' because ' if because else ''}{' and '.join(because)}; give up one of them"
            )

    def _refuse_overspent(self, needed: Mapping[str, str | None]) -> None:
        for department, needs in self.effort(needed).items():
            available = self.capacity[department]
            if needs <= available + ROUNDING:
                continue
            taking = [
                idea.name
                for idea in self.ideas
                if idea.name in needed and idea.effort.get(department)
            ]
            raise Infeasible(
                f"{quoted(taking)} must be in the plan and {'need' if taking[1:] else 'needs'} "
                f"{days(needs)} of {department}; its capacity is {days(available)}, "
                f"{days(needs - available)} too few"
            )

    def effort(self, chosen: Iterable[str]) -> dict[str, float]:
        """Person-days that these ideas take, by department."""
        wanted = set(chosen)
        taken = [idea for idea in self.ideas if idea.name in wanted]
        return {
            department: fsum(idea.effort.get(department, 0.0) for idea in taken)
            for department in self.capacity
        }
