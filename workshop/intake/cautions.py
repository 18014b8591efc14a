"""What to beware of in a cohort, in sentences for the facilitator."""

from __future__ import annotations

from workshop import figures, maturity, mixture
from workshop.intake.cohort import Cohort


def cautions(cohort: Cohort) -> tuple[str, ...]:
    """Where open leads, missing early wins or a changed mix of segments mislead."""
    return (*early_cohorts(cohort), *open_leads(cohort), *changed_mix(cohort))


def open_leads(cohort: Cohort) -> tuple[str, ...]:
    """The steps whose simple rates lie outside the interval of the corrected one."""
    found = (maturity.disagreement(told) for told in cohort.truths())
    return tuple(f"{step}: {says}" for step, says in zip(cohort.steps, found, strict=True) if says)


def early_cohorts(cohort: Cohort) -> tuple[str, ...]:
    """Whether wins are only recorded from some day on, though leads came before."""
    early = cohort.following.early()
    if early is None:
        return ()
    win, leads = early
    since = cohort.following.until(0, len(cohort.stages) - 1, since=win)
    curve = maturity.incidence(maturity.within_horizon(since))
    expected = maturity.expected_before(leads.hours, leads.open, curve)
    says = maturity.truncation(expected, win.date(), cohort.stages[-1])
    return (says,) if says else ()


def changed_mix(cohort: Cohort) -> tuple[str, ...]:
    """Whether the total and the segments moved in opposite ways from one half to the other."""
    found = mixture.reversal(*cohort.following.halves())
    if found is None:
        return ()
    first, middle, last = (
        figures.day(moment.date())
        for moment in (cohort.span.first, cohort.span.middle, cohort.span.last)
    )
    return (
        mixture.sentence(
            found, f"those who came from {first} on", f"those from {middle} to {last}"
        ),
    )
