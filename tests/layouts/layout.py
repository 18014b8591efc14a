"""A layout: how a file lays a pipeline out, and what of the truth it carries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tests.layouts.files import Format, Table
from tests.layouts.words import Words
from tests.pipelines import Outcome, Pipeline
from workshop.intake.layout import Shape


class Stages(Enum):
    """Which stages a file tells of."""

    ALL = "all stages"
    ENDS = "created → won"


class Losses(Enum):
    """What a file tells of those who did not win."""

    REASONS = "losses by reason"
    COUNTED = "losses"
    NONE = "nothing of losses"
    TOGETHER = "losses and open leads together"


@dataclass(frozen=True)
class Carries:
    """What of the truth stands in the files of a layout; the rest cannot be asked of a reader."""

    stages: Stages = Stages.ALL
    losses: Losses = Losses.REASONS
    value: bool = True
    currency: str | None = None
    period: bool = True

    def __str__(self) -> str:
        told = [self.stages.value, self.losses.value]
        told += ["mean value"] if self.value else []
        told += [f"currency {self.currency}"] if self.currency else []
        told += ["period"] if self.period else []
        return ", ".join(told)


EUR = Carries(currency="EUR")
ENDS = Carries(stages=Stages.ENDS)
ENDS_EUR = Carries(stages=Stages.ENDS, currency="EUR")
NO_VALUE = Carries(value=False)
COUNTED = Carries(losses=Losses.COUNTED, value=False)


@dataclass(frozen=True)
class Expected:
    """What a right reading says; None where the files do not say it."""

    reached: tuple[int, ...]
    won: int
    lost: int | None
    open: int | None
    losses: Mapping[int, Mapping[str, int]] | None
    mean_value: float | None
    currency: str | None
    period_days: tuple[int, int] | None


def expected(pipeline: Pipeline, carries: Carries, reasons: Sequence[str]) -> Expected:
    """The truth as far as it is carried, with the words of the layout for the reasons."""
    won, lost = (len(pipeline.ended(outcome)) for outcome in (Outcome.WON, Outcome.LOST))
    total = len(pipeline.leads)
    ends = carries.stages is Stages.ENDS
    losses: dict[int, dict[str, int]] = {}
    for stage, by_reason in pipeline.losses.items():
        at_stage = losses.setdefault(0 if ends else stage, {})
        for reason, count in by_reason.items():
            at_stage[reasons[reason]] = at_stage.get(reasons[reason], 0) + count
    if carries.losses is Losses.NONE:
        lost = 0
    told = carries.losses is not Losses.TOGETHER
    return Expected(
        reached=(total, won) if ends else pipeline.reached,
        won=won,
        lost=lost if told else None,
        open=total - won - lost if told else None,
        losses=losses if carries.losses in (Losses.REASONS, Losses.TOGETHER) else None,
        mean_value=pipeline.mean_value if carries.value else None,
        currency=carries.currency,
        period_days=pipeline.period_days if carries.period else None,
    )


Lay = Callable[[Pipeline, Words], Table]
Write = Callable[[Pipeline, Words, Format, Path], Sequence[Path]]


@dataclass(frozen=True)
class Layout:
    """One way to lay a pipeline out in files."""

    name: str
    says: str
    words: Words
    format: Format
    shape: Shape
    carries: Carries
    writes: Write

    def write(self, pipeline: Pipeline, folder: Path) -> Sequence[Path]:
        """The files of a pipeline, in an empty folder."""
        return self.writes(pipeline, self.words, self.format, folder)

    def expected(self, pipeline: Pipeline) -> Expected:
        return expected(pipeline, self.carries, self.words.reasons)


LAYOUTS: dict[str, Layout] = {}


def several_files(
    name: str,
    says: str,
    words: Words,
    format: Format,
    shape: Shape,
    carries: Carries = Carries(),
) -> Callable[[Write], Write]:
    """Registers a layout by the function that writes its files."""
    if name in LAYOUTS:
        raise ValueError(f"there are two layouts {name}")

    def registered(writes: Write) -> Write:
        LAYOUTS[name] = Layout(name, says, words, format, shape, carries, writes)
        return writes

    return registered


def layout(
    name: str,
    says: str,
    words: Words,
    format: Format,
    shape: Shape,
    carries: Carries = Carries(),
) -> Callable[[Lay], Lay]:
    """Registers a layout by the function that lays a pipeline out in one table."""

    def registered(lay: Lay) -> Lay:
        def writes(pipeline: Pipeline, words: Words, form: Format, folder: Path) -> Sequence[Path]:
            return [form.write(lay(pipeline, words), folder / name)]

        several_files(name, says, words, format, shape, carries)(writes)
        return lay

    return registered
