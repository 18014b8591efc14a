"""What a lead's cells say: its stage as a CRM shows it, its outcome, its reason, its dates."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.layouts.words import Words
from tests.pipelines import Lead, Outcome, Pipeline


def stage_names(pipeline: Pipeline, words: Words) -> list[str]:
    """The stages of the pipeline in order, the last one won."""
    return [*words.stages[: pipeline.stages - 1], words.won_stage]


def kept_stage(lead: Lead, words: Words) -> str:
    """The stage where a CRM with a status of its own leaves a closed deal."""
    return words.stages[lead.kept_stage]


def shown_stage(lead: Lead, words: Words) -> str:
    """The stage where the stages themselves say won and lost."""
    ends = {Outcome.WON: words.won_stage, Outcome.LOST: words.lost_stage}
    return ends.get(lead.outcome) or kept_stage(lead, words)


def status(lead: Lead, words: Words) -> str:
    return {Outcome.WON: words.won, Outcome.LOST: words.lost, Outcome.OPEN: words.open}[
        lead.outcome
    ]


def reason(lead: Lead, words: Words) -> str | None:
    return None if lead.reason is None else words.reasons[lead.reason]


def segment(lead: Lead, words: Words) -> str:
    return words.segments[lead.segment]


def expected_close(lead: Lead) -> datetime:
    """The date of closing that CRMs keep for open deals too: some day ahead."""
    return lead.closed or lead.last_moved + timedelta(days=90)


def closed_when(lead: Lead, outcome: Outcome) -> datetime | None:
    return lead.closed if lead.outcome is outcome else None


def probability(lead: Lead, stages: int) -> int:
    """The chance of winning that a CRM gives to the stage where a deal stands."""
    closed = {Outcome.WON: 100, Outcome.LOST: 0}
    return closed.get(lead.outcome, 100 * (lead.kept_stage + 1) // stages)


def moves(lead: Lead, pipeline: Pipeline, words: Words) -> list[tuple[str, datetime]]:
    """The stages that a lead went through as named in a history, the lost one too."""
    names = stage_names(pipeline, words)
    went = [(names[stage], moment) for stage, moment in lead.steps]
    if lead.outcome is Outcome.LOST and lead.closed:
        went.append((words.lost_stage, lead.closed))
    return went


def by_time(pipeline: Pipeline, words: Words) -> list[tuple[datetime, Lead, str]]:
    """Every move of every lead in the order in which they happened."""
    events = [
        (moment, lead, stage)
        for lead in pipeline.leads
        for stage, moment in moves(lead, pipeline, words)
    ]
    return sorted(events, key=lambda event: event[0])


def chance(stage: str, pipeline: Pipeline, words: Words) -> int:
    """The chance of winning that a CRM gives to a stage of a history."""
    names = stage_names(pipeline, words)
    if stage == words.lost_stage:
        return 0
    return 100 if stage == words.won_stage else 100 * (names.index(stage) + 1) // len(names)
