"""What is implausible in a cohort, or misleads: cautions for the facilitator, the worst first."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import assert_never

from workshop.analysis import maturity, mixture
from workshop.intake.caution import Caution, Code, Severity
from workshop.intake.cohort import Cohort
from workshop.intake.period import PeriodBasis
from workshop.intake.report import Cause
from workshop.wording import figures
from workshop.wording.figures import count
from workshop.wording.import_words import CAUSES

FEW = 5  # of fewer leads nothing is said
MANY_ASIDE, MOST_ASIDE = 0.1, 0.5
OFTEN, FAR_TOO_OFTEN = 12, 100  # times that the won amounts make a year's revenue
CHANGED_BY_ONE = 0.5  # of the mean value, by one deal
FAR_BEYOND = 10  # times the mean of the few others
SHOWN = 3
# Rows that are about something else say nothing about the quality of a file.
ELSEWHERE = {Cause.OTHER_PIPELINE, Cause.OTHER_CHANGE}


def cautions(cohort: Cohort) -> tuple[Caution, ...]:
    """What to beware of in a cohort, the most embarrassing on a projector first."""
    found = (
        *rows_set_aside(cohort),
        *steps_without_losses(cohort),
        *dates(cohort),
        *period(cohort),
        *values(cohort),
        *last_words(cohort),
        *early_cohorts(cohort),
        *open_leads(cohort),
        *changed_mix(cohort),
    )
    order = list(Severity)
    return tuple(sorted(found, key=lambda one: -order.index(one.severity)))


def rows_set_aside(cohort: Cohort) -> tuple[Caution, ...]:
    """Whether more than a tenth of the rows were not used."""
    report = cohort.report
    aside = sum(rows for cause, rows in report.set_aside.items() if cause not in ELSEWHERE)
    if aside <= MANY_ASIDE * report.rows_read:
        return ()
    worst = max(
        (cause for cause in report.set_aside if cause not in ELSEWHERE),
        key=lambda cause: report.set_aside[cause],
    )
    most = aside > MOST_ASIDE * report.rows_read
    return (
        Caution(
            Code.ROWS_SET_ASIDE,
            f"{count(aside)} of {count(report.rows_read)} rows were not used. "
            f"{count(report.set_aside[worst])} of them: {CAUSES[worst]}",
            "Download the rows that were set aside and correct the file.",
            Severity.CRITICAL if most else Severity.WARNING,
        ),
    )


def steps_without_losses(cohort: Cohort) -> tuple[Caution, ...]:
    """Steps that lose nobody, and funnels without any loss or win."""
    reached = cohort.reached()
    if reached[0] < FEW:
        return ()
    if not reached[-1]:
        says = f"None of the {count(reached[0])} leads was won."
        remedy = "Check which stage or word means that a deal is won."
        return (Caution(Code.NOBODY_WON, says, remedy, Severity.CRITICAL),)
    if reached[0] == reached[-1]:
        says = f"All {count(reached[0])} leads were won: the file has no losses."
        remedy = "Export the lost and the open deals as well."
        return (Caution(Code.NOBODY_LOST, says, remedy, Severity.CRITICAL),)
    return tuple(
        Caution(
            Code.NO_STEP_LOSS,
            f"{step}: nobody is lost; all {count(entered)} went on.",
            "Check the order of the stages, and whether the file records who reached each one.",
        )
        for step, (entered, advanced) in zip(cohort.steps, pairwise(reached), strict=True)
        if entered == advanced >= FEW
    )


def dates(cohort: Cohort) -> tuple[Caution, ...]:
    """Ends without a date, dates far from all others, and dates that are still to come."""
    found = []
    undated, ended = cohort.follow_up.undated_ends()
    if undated:
        found.append(
            Caution(
                Code.DATES_MISSING,
                f"{count(undated)} of {count(ended)} won or lost leads have no date for it. They "
                "are counted; days and the correction for open leads leave them out.",
                "Export the date on which a deal was closed.",
                Severity.WARNING if undated > MANY_ASIDE * ended else Severity.NOTE,
            )
        )
    for days in (cohort.follow_up.entered_days, cohort.follow_up.ended_days):
        if days and days.outliers and not any(one.code is Code.DATE_OUTLIERS for one in found):
            shown = [figures.day(day) for day in days.outliers][:SHOWN]
            leads = sum(days.outliers.values())
            found.append(
                Caution(
                    Code.DATE_OUTLIERS,
                    f"{figures.counted(leads, 'lead')} dated far from all others: "
                    f"{', '.join(shown)}. The period and the time that open leads are followed "
                    "leave these dates out.",
                    "Correct the dates in the file, or leave these rows out.",
                )
            )
    known_until = cohort.span.known_until.date()
    if known_until > date.today() + timedelta(days=1):
        found.append(
            Caution(
                Code.FUTURE_DATES,
                f"The file says what happened until {figures.day(known_until)}, which is still to "
                "come.",
                "Check which column holds the date: expected dates are no events.",
            )
        )
    return tuple(found)


def period(cohort: Cohort) -> tuple[Caution, ...]:
    """How the period was found, and what a year's revenue makes of it."""
    found = []
    told = cohort.period
    match told.basis:
        case PeriodBasis.ASSUMED:
            found.append(
                Caution(
                    Code.PERIOD_UNKNOWN,
                    "Nothing in the file says how long the numbers cover: a year is assumed.",
                    "Say how long they cover.",
                    Severity.CRITICAL,
                )
            )
        case PeriodBasis.CLOSED:
            entered = cohort.follow_up.entered_days
            says = "No lead has a date of its beginning"
            if entered is not None and (on := entered.days_of_import):
                share, when = figures.percent(entered.on_busiest(on)), figures.days(on)
                says = f"{share} of the leads were created within {when}, as by an import"
            found.append(
                Caution(
                    Code.PERIOD_BY_CLOSING,
                    f"{says}. The period is taken from the days on which deals were closed: "
                    f"{figures.days(told.days)}.",
                    "Check that the numbers cover so long.",
                )
            )
        case PeriodBasis.ENTERED:
            found += _short(cohort)
        case _:
            assert_never(told.basis)
    return tuple(found)


def _short(cohort: Cohort) -> list[Caution]:
    """Whether leads entered in fewer days than a won one takes, or than a year's sum allows."""
    told, cycle = cohort.period, cohort.follow_up.cycle_days
    won = cohort.reached()[-1]
    times = 365 / told.days
    if won < 1 or not (times >= FAR_TOO_OFTEN or (cycle is not None and told.days < cycle)):
        return []
    total = cohort.won_value
    sums = (
        f"The won deals of the file add up to {count(round(total.sum))}; counted as "
        f"{figures.days(told.days)} they make {count(round(total.sum * times))} a year."
        if total.deals
        else f"{figures.counted(won, 'win')}, counted as {figures.days(told.days)}, make "
        f"{count(round(won * times))} a year."
    )
    longer = "" if cycle is None else f" A won deal takes {figures.days(round(cycle))}."
    return [
        Caution(
            Code.PERIOD_SHORT,
            f"The leads began within {figures.days(told.days)}.{longer} {sums}",
            "Check the period.",
            Severity.CRITICAL if times >= OFTEN else Severity.WARNING,
        )
    ]


def values(cohort: Cohort) -> tuple[Caution, ...]:
    """Whether one deal makes the mean value of all."""
    told = cohort.won_value
    if told.deals < 2:
        return ()
    without = (told.sum - told.largest) / (told.deals - 1)
    mean = told.sum / told.deals
    # Of a few deals each makes much of the mean; only one far beyond the others is odd.
    is_usual = told.deals < FEW and told.largest < FAR_BEYOND * without
    if mean <= 0 or is_usual or (mean - without) / mean < CHANGED_BY_ONE:
        return ()
    return (
        Caution(
            Code.VALUE_BY_ONE_DEAL,
            f"One deal of {count(round(told.largest))} makes the mean value of a won deal "
            f"{count(round(mean))}; without it the mean is {count(round(without))}.",
            "Check that deal, or type the value of a usual one.",
        ),
    )


def last_words(cohort: Cohort) -> tuple[Caution, ...]:
    """How many leads were won or lost and then something else."""
    leads = cohort.follow_up.contradicting
    if not leads:
        return ()
    return (
        Caution(
            Code.LAST_WORD,
            f"{figures.counted(leads, 'lead')} changed after being won or lost. The latest entry "
            "counts.",
            severity=Severity.NOTE
            if leads <= MANY_ASIDE * cohort.reached()[0]
            else Severity.WARNING,
        ),
    )


def open_leads(cohort: Cohort) -> tuple[Caution, ...]:
    """The steps whose simple rates lie outside the interval of the corrected one."""
    found = (maturity.disagreement(told) for told in cohort.truths())
    return tuple(
        Caution(Code.OPEN_LEADS, f"{step}: {says}")
        for step, says in zip(cohort.steps, found, strict=True)
        if says
    )


def early_cohorts(cohort: Cohort) -> tuple[Caution, ...]:
    """Whether wins are only recorded from some day on, though leads came before."""
    early = cohort.follow_up.early()
    if early is None:
        return ()
    win, leads = early
    since = cohort.follow_up.until(0, len(cohort.stages) - 1, since=win)
    curve = maturity.incidence(maturity.within_horizon(since))
    expected = maturity.expected_before(leads.hours, leads.open, curve)
    says = maturity.truncation(expected, win.date(), cohort.stages[-1])
    return (Caution(Code.EARLY_WINS_MISSING, says),) if says else ()


def changed_mix(cohort: Cohort) -> tuple[Caution, ...]:
    """Whether the total and the segments moved in opposite ways from one half to the other."""
    found = mixture.reversal(*cohort.follow_up.halves())
    if found is None:
        return ()
    first, middle, last = (
        figures.day(moment.date())
        for moment in (cohort.span.first, cohort.span.middle, cohort.span.last)
    )
    says = mixture.sentence(
        found, f"those who came from {first} on", f"those from {middle} to {last}"
    )
    return (Caution(Code.CHANGED_MIX, says),)
