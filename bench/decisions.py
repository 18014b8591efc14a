"""Which way of choosing brings a company the most: simulated companies whose truth is known.

What is drawn for each company, in plain words:

- A funnel of four steps with 2,000 to 20,000 leads, true rates between 20 and 60 %, and true
  shares of three loss reasons and an unexplained rest. The company sees counts drawn from them.
- Forty ideas, ten a step: what five mini-teams write down in four rounds. One in five goes after
  all that the step loses; the others after one reason, the more often the more it loses, so
  several ideas land on the same reason.
- What an idea truly recovers is lognormal: half of those on a reason recover less than 15 %, half
  of those on a whole step less than 5 %, a few several times that. It truly works with a chance
  of its own, 60 % on average, for most between 25 and 90 %; nobody can know which will.
- Effort is lognormal around 8 days of sales, marketing or both, more for ideas that recover more.
  There are 20 to 60 days of each, and five prerequisites and five exclusions between random pairs.
- What the company is told of an idea: a likely value, too high by 30 % on average (more in some
  companies than in others) and wrong beside that by a factor, from 1.2 to 2.7 for one standard
  deviation, some ideas being better understood than others; a range about it, wider where the
  error is larger, but only 30 to 70 % as wide as it would have to be to hold the truth nine times
  in ten. Efforts are told as they are.
- Management is asked once how many of ten such ideas work here. The answer is the mean true chance
  in tenths, noisy and somewhat too high. ICE and RICE ask for a confidence in each idea: they, and
  the rows that say so, get as noisy a chance for each.
- Twelve people guess the four rates, with ranges that are too narrow by the habit that makes the
  ranges of the ideas too narrow. People err together: half of the variance is common to a step.

Everyone chooses by the same figures. Those who pick down a list take each idea that still fits,
with the prerequisites it lacks. The outcome is the true gain of what was chosen, together, in
expectation over which ideas work, as a share of what somebody reaches who knows all the truth but
that. "As good as anyone could" knows the distributions above, this company's optimism and how
wrong each estimate tends to be, and takes the proven best by the expectations that follow; of the
chances it knows what management was asked.

The second table is about money: what each plan says that it brings beside what came true, and how
often its 10-90 % range held what came true, in expectation and where each idea works or not.

All this is a guess at what companies are like, not fitted to any. So both tables repeat the
question in other worlds: with more capacity, with small effects, with better estimates.

Run it as `python bench/decisions.py [companies] [processes]`; every figure it prints is measured in
that run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from math import exp, log
from typing import Any

import numpy as np
from measuring import machine
from picking import picked

from workshop.analysis.belief import UNTRIED, chance_of_success, probable
from workshop.analysis.calibration import widening
from workshop.analysis.gains import gains_alone, joint_gain
from workshop.analysis.portfolio import choose_within, shrunk
from workshop.analysis.uncertainty import simulate_together
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Candidate, Effect, Estimate

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

STAGES = ["Lead", "MQL", "SQL", "Opportunity", "Won"]
REASONS = ["No follow-up", "No budget", "Competitor"]
SIDES = ("sales", "marketing")
MANY = 10**9  # entrants of a step whose measured rate is as good as the true one
VOTERS, DOTS = 12, 5
OURS = "best plan, probable"
FLAWED_CHANCE = (0.4, 0.8)  # mean and standard deviation of the error of a chance, as log odds


@dataclass(frozen=True)
class World:
    """The parameters that are varied between worlds."""

    median_fraction: float = 0.15  # on a reason; a third of that on a whole step
    spread: float = 0.8  # standard deviation of the log of the true fraction
    errors: tuple[float, float] = (0.2, 1.0)  # range of the standard deviation of a log error
    capacity: tuple[float, float] = (20, 60)  # range of the days of each department
    ideas: int = 40

    def typical(self, effect: Effect) -> float:
        return self.median_fraction / (3 if effect.reason is None else 1)


@dataclass(frozen=True)
class Company:
    truth: Funnel
    measured: Funnel
    true_ideas: tuple[Candidate, ...]
    told_ideas: tuple[Candidate, ...]
    capacity: dict[str, float]
    requires: tuple[tuple[str, str], ...]
    excludes: tuple[tuple[str, str], ...]
    optimism: float  # mean of the log error of the estimates
    errors: tuple[float, ...]  # standard deviation of the log error of each
    narrowness: float  # how wide ranges are, of how wide they would have to be
    held: float  # share of the people's ranges of the rates that held the truth
    works: tuple[bool, ...]  # whether each idea turns out to work
    answered: float  # by management: of ideas like these, how many work here
    stream: np.random.Generator

    @property
    def ideas(self) -> list[Candidate]:
        """As told, with management's answer for all of them."""
        return [with_effect(idea, success=self.answered) for idea in self.told_ideas]

    def best(self, f: Funnel, ideas: Iterable[Candidate]) -> tuple[str, ...]:
        rules = self.requires, self.excludes
        [chosen] = choose_within(f, ideas, [self.capacity], *rules, seconds=5.0)
        return chosen or ()

    def down_the_list(self, scores: Array) -> list[str]:
        """The ideas of the highest scores that fit; equal scores in random order."""
        order = np.lexsort([self.stream.random(len(scores)), -scores])
        ideas = [self.told_ideas[k] for k in order]
        return [idea.name for idea in picked(ideas, self.capacity, self.requires, self.excludes)]

    def true_gain(self, chosen: Sequence[str]) -> float:
        """In expectation over which ideas work, of MANY entrants."""
        return joint_gain(self.truth, [i.effect for i in self.true_ideas if i.name in chosen])

    def outcome(self, chosen: Sequence[str]) -> float:
        """What came of it: each idea works or does not."""
        happened = [
            with_effect(idea, success=float(works)).effect
            for idea, works in zip(self.true_ideas, self.works, strict=True)
            if idea.name in chosen
        ]
        return joint_gain(self.truth, happened)


def company(world: World, seed: int) -> Company:
    stream = np.random.default_rng(seed)
    truth, measured = funnels(stream)
    optimism, narrowness = stream.normal(np.log(1.3), 0.2), stream.uniform(0.3, 0.7)
    errors = tuple(stream.uniform(*world.errors, world.ideas).tolist())
    true_ideas = tuple(true_idea(world, measured, k, stream) for k in range(world.ideas))
    chances = np.array([idea.effect.success for idea in true_ideas])
    later = np.random.default_rng([seed, 1])
    return Company(
        truth,
        measured,
        true_ideas,
        tuple(
            replace(idea, effect=told(idea.effect, optimism, error, narrowness, stream))
            for idea, error in zip(true_ideas, errors, strict=True)
        ),
        {side: float(round(stream.uniform(*world.capacity))) for side in SIDES},
        pairs(world.ideas, stream),
        pairs(world.ideas, stream),
        optimism,
        errors,
        narrowness,
        held(narrowness, later),
        tuple((later.random(world.ideas) < chances).tolist()),
        flawed(float(chances.mean()), later),
        stream,
    )


def funnels(stream: np.random.Generator) -> tuple[Funnel, Funnel]:
    """The true funnel, and the one that the company has counted."""
    true_steps, counted_steps = [], []
    entered = int(np.exp(stream.uniform(np.log(2_000), np.log(20_000))))
    for source, target in pairwise(STAGES):
        rate, shares = stream.uniform(0.2, 0.6), stream.dirichlet([2, 2, 2, 1])
        advanced = int(stream.binomial(entered, rate))
        true_losses = (MANY * (1 - rate) * shares).astype(int)
        counted_losses = stream.multinomial(entered - advanced, shares)
        true_steps.append(step(source, target, MANY, int(MANY * rate), true_losses))
        counted_steps.append(step(source, target, entered, advanced, counted_losses))
        entered = advanced
    return (
        Funnel(tuple(true_steps), 1, "EUR", 365),
        Funnel(tuple(counted_steps), 1, "EUR", 365),
    )


def step(source: str, target: str, entered: int, advanced: int, losses: Iterable[int]) -> Step:
    counts = {reason: int(count) for reason, count in zip(REASONS, losses, strict=False)}
    return Step(source, target, entered, advanced, counts)


def true_idea(world: World, measured: Funnel, k: int, stream: np.random.Generator) -> Candidate:
    number = k % len(measured.steps)
    lost = np.array(list(measured.steps[number].losses.values())) + 1e-9
    reason = None if stream.random() < 0.2 else REASONS[stream.choice(3, p=lost / lost.sum())]
    effect = Effect(number, certain(0), reason, success=stream.beta(3, 2))
    size = stream.lognormal(0, world.spread)
    fraction = min(0.8, world.typical(effect) * size)
    days = np.ceil(stream.lognormal(np.log(8), 0.7, 2) * size**0.3)
    works = stream.choice([(1, 0), (0, 1), (1, 1)])
    return Candidate(
        f"idea {k:02}",
        replace(effect, recovers=certain(fraction)),
        dict(zip(SIDES, (days * works).tolist(), strict=True)),
    )


def told(
    effect: Effect, optimism: float, error: float, narrowness: float, stream: np.random.Generator
) -> Effect:
    """What the company hears of an idea: whole percents, and a chance in tenths."""
    likely = effect.recovers.likely * np.exp(stream.normal(optimism, error))
    reach = np.exp(1.645 * error * narrowness)
    percents = [min(95, max(1, round(100 * x))) for x in (likely / reach, likely, likely * reach)]
    return replace(
        effect,
        recovers=Estimate(*(percent / 100 for percent in percents)),
        success=flawed(effect.success, stream),
    )


def flawed(chance: float, stream: np.random.Generator) -> float:
    """What people say of a chance, in tenths."""
    return max(0.1, round(1 / (1 + exp(-log_odds(chance) - stream.normal(*FLAWED_CHANCE))), 1))


def held(narrowness: float, stream: np.random.Generator) -> float:
    """The share of all people's ranges that hold the rate; errors in standard deviations."""
    steps = len(STAGES) - 1
    common, own = stream.normal(size=(steps, 1)), stream.normal(size=(steps, VOTERS))
    errors = (common + own) / np.sqrt(2)
    return float((np.abs(errors) < 1.645 * narrowness).mean())


def pairs(count: int, stream: np.random.Generator) -> tuple[tuple[str, str], ...]:
    drawn = [stream.choice(count, 2, replace=False) for _ in range(count // 8)]
    return tuple((f"idea {a:02}", f"idea {b:02}") for a, b in drawn)


def certain(fraction: float) -> Estimate:
    return Estimate(fraction, fraction, fraction)


def with_effect(idea: Candidate, **changes: Any) -> Candidate:
    return replace(idea, effect=replace(idea.effect, **changes))


def believed(ideas: Sequence[Candidate], wide: float = UNTRIED) -> list[Candidate]:
    """The ideas with what will probably come true of them."""
    answer = probable([idea.effect for idea in ideas], wide)
    return [replace(idea, effect=effect) for idea, effect in zip(ideas, answer, strict=True)]


def log_odds(chance: float) -> float:
    return log(chance / (1 - chance))


def as_good_as_anyone(world: World, case: Company) -> list[Candidate]:
    """The ideas with the expectations of somebody who knows how truth and errors are drawn."""
    return [
        with_effect(idea, recovers=certain(expected_fraction(world, case, idea.effect, error)))
        for idea, error in zip(case.ideas, case.errors, strict=True)
    ]


def expected_fraction(world: World, case: Company, effect: Effect, error: float) -> float:
    logs = np.linspace(np.log(0.0005), np.log(0.8), 500)
    heard = np.log(max(0.005, effect.recovers.likely)) - case.optimism
    before = ((logs - np.log(world.typical(effect))) / world.spread) ** 2
    return expectation(np.exp(logs), -(before + ((heard - logs) / error) ** 2) / 2)


def expectation(values: Array, log_weights: Array) -> float:
    weights = np.exp(log_weights - log_weights.max())
    return float(values @ weights / weights.sum())


def votes(case: Company) -> Array:
    """Five dots for each of twelve people, who each see the room's estimates in their own way.

    They look at how much of a step's losses an idea would win back, and lean toward the ideas of
    their own team; neither revenue nor effort is on the wall.
    """
    share = [
        e.recovers.likely
        * case.measured.steps[e.step].lost_to(e.reason)
        / case.measured.steps[e.step].lost
        for e in (idea.effect for idea in case.told_ideas)
        if e.step is not None
    ]
    team = np.arange(len(share)) // 4 % 5
    dots = np.zeros(len(share))
    for person in range(VOTERS):
        appeal = np.log(share) + case.stream.normal(0, 1, len(share)) + 0.5 * (team == person % 5)
        dots[np.argsort(-appeal)[:DOTS]] += 1
    return dots


def ice(case: Company) -> Array:
    """Impact × confidence × ease, each from 1 to 10; impact and ease by rank among the ideas."""
    return tenths(alone(case)) * np.round(10 * chances(case)) * tenths(-days(case))


def rice(case: Company) -> Array:
    """Reach × impact × confidence / effort: prospects lost, .25 to 3, 50 to 100 %, days."""
    reach = [
        case.measured.steps[idea.effect.step].lost_to(idea.effect.reason)
        for idea in case.told_ideas
        if idea.effect.step is not None
    ]
    likely = np.array([idea.effect.recovers.likely for idea in case.told_ideas])
    impact = np.array([0.25, 0.5, 1, 2, 3])[((tenths(likely) - 1) // 2).astype(int)]
    confidence = np.array([0.5, 0.8, 1.0])[np.digitize(chances(case), [0.65, 0.9])]
    return np.asarray(reach * impact * confidence / days(case))


def tenths(values: Array) -> Array:
    """From 1 for the lowest tenth to 10 for the highest."""
    return np.ceil(10 * (values.argsort().argsort() + 1) / len(values))


def alone(case: Company) -> Array:
    return gains_alone(case.measured, [idea.effect for idea in case.ideas])


def chances(case: Company) -> Array:
    return np.array([idea.effect.success for idea in case.told_ideas])


def days(case: Company) -> Array:
    return np.array([sum(idea.effort.values()) for idea in case.told_ideas])


def methods(world: World) -> dict[str, Callable[[Company], Sequence[str]]]:
    return {
        "dot votes": lambda c: c.down_the_list(votes(c)),
        "ICE": lambda c: c.down_the_list(ice(c)),
        "RICE": lambda c: c.down_the_list(rice(c)),
        "gain": lambda c: c.down_the_list(alone(c)),
        "gain per day": lambda c: c.down_the_list(alone(c) / days(c)),
        "best plan, as told": lambda c: c.best(c.measured, c.ideas),
        "best plan, shrunk": lambda c: c.best(c.measured, shrunk(c.ideas)),
        OURS: lambda c: c.best(c.measured, believed(c.ideas)),
        "as good as anyone could": lambda c: c.best(c.measured, as_good_as_anyone(world, c)),
        "shrunk, chance by idea": lambda c: c.best(c.measured, shrunk(c.told_ideas)),
        "probable, chance by idea": lambda c: c.best(c.measured, believed(c.told_ideas)),
    }


def shares(world: World, seed: int) -> list[float]:
    """What each method reaches of the achievable gain at one company."""
    case = company(world, seed)
    achievable = case.true_gain(case.best(case.truth, case.true_ideas))
    return [case.true_gain(method(case)) / achievable for method in methods(world).values()]


def beliefs(case: Company) -> dict[str, list[Candidate]]:
    """What a plan may be chosen and told by."""
    ideas = case.ideas
    return {
        "as told, nobody asked": [with_effect(idea, success=1.0) for idea in ideas],
        "as told": ideas,
        "shrunk": shrunk(ideas),
        "probable": believed(ideas),
        "probable, room's ranges": believed(ideas, widening(case.held, len(STAGES) - 1)),
        "probable, true ranges": believed(ideas, 1 / case.narrowness),
        "probable, half elsewhere": [
            with_effect(idea, success=chance_of_success(10 * case.answered))
            for idea in believed(ideas)
        ],
    }


FIGURES = ["promised", "came true", "share", "held expected", "held outcome"]


def promises(world: World, seed: int) -> list[float]:
    """The FIGURES of the best plan by each of the `beliefs`, one after the other.

    The first two are for each entrant. The last two say whether the plan's range held them.
    """
    case = company(world, seed)
    achievable = case.true_gain(case.best(case.truth, case.true_ideas))
    answers = []
    for ideas in beliefs(case).values():
        chosen = case.best(case.measured, ideas)
        effects = [idea.effect for idea in ideas if idea.name in chosen]
        came = case.true_gain(chosen) / MANY
        low, high = np.quantile(simulate_together(case.measured, effects), [0.1, 0.9])
        answers += [
            joint_gain(case.measured, effects) / case.measured.entrants,
            came,
            came * MANY / achievable,
            *(
                float(low <= gain * case.measured.entrants <= high)
                for gain in (came, case.outcome(chosen) / MANY)
            ),
        ]
    return answers


def simulated(
    answers: Callable[[World, int], list[float]], world: World, companies: int, workers: Executor
) -> Array:
    """The answers at every company; shape (companies, answers)."""
    return np.array(list(workers.map(partial(answers, world), range(companies), chunksize=5)))


def error(values: Array) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def main_table(companies: int, workers: Executor) -> None:
    names = list(methods(World()))
    reached = simulated(shares, World(), companies, workers)
    ours = reached[:, names.index(OURS)]
    print(f"\nshare of the achievable gain, {companies} companies (± standard error)")
    print(f"{'':26}share           {OURS} is")
    for name, own in zip(names, reached.T, strict=True):
        row = f"{name:26}{own.mean():.3f} ± {error(own):.3f}"
        ahead = ours - own
        if name != OURS:
            row += f"   ahead by {ahead.mean():+.3f} ± {error(ahead):.3f}, "
            row += f"better in {(ahead > 1e-9).mean():.0%}, worse in {(ahead < -1e-9).mean():.0%}"
        print(row)


def worlds() -> dict[str, World]:
    return {
        "as above": World(),
        "60 to 150 days of each": World(capacity=(60, 150)),
        "a third of the effects": World(median_fraction=0.05),
        "better estimates": World(errors=(0.1, 0.4)),
    }


def kept_promises(companies: int, workers: Executor) -> None:
    print(
        f"\nwhat the best plan promises for each 1.00 that comes true, {companies} companies each:"
    )
    print("of all companies together, of one on average; how often its range from 10 to 90 % holds")
    print(
        "what comes true in expectation, and what happens; the share, and beside that of probable"
    )
    names = list(beliefs(company(World(), 0)))
    for world_name, world in worlds().items():
        answers = simulated(promises, world, companies, workers).reshape(companies, len(names), -1)
        ours = answers[:, names.index("probable"), FIGURES.index("share")]
        print(world_name)
        for name, own in zip(names, answers.transpose(1, 2, 0), strict=True):
            promised, came, share, *held = own
            together, each = promised.sum() / came.sum(), promised / came
            off = error((promised - together * came) / came.mean())
            row = (
                f"  {name:26}{together:.2f} ± {off:.2f}   {each.mean():.2f} ± {error(each):.2f}   "
            )
            row += "".join(f"{hits.mean():5.0%}" for hits in held) + f"   {share.mean():.3f}"
            if name != "probable":
                row += f"   {(share - ours).mean():+.3f} ± {error(share - ours):.3f}"
            print(row, flush=True)


def other_worlds(companies: int, workers: Executor) -> None:
    names = list(methods(World()))
    print(f"\nshares in other worlds, {companies} companies each")
    print(f"{'':26}" + "".join(f"{world:>25}" for world in worlds()))
    table = [
        simulated(shares, world, companies, workers).mean(axis=0) for world in worlds().values()
    ]
    for name, row in zip(names, np.transpose(table), strict=True):
        print(f"{name:26}" + "".join(f"{share:25.3f}" for share in row))


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count()
    print(machine("numpy", "scipy"))
    with ProcessPoolExecutor(processes) as pool:
        main_table(asked, pool)
        kept_promises(asked, pool)
        other_worlds(max(10, asked // 4), pool)
