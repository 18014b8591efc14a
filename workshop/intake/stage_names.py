"""Stages by name: the known ones, their pipelines, and the columns that date them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cache, lru_cache

from workshop.intake.layout import Outcome
from workshop.intake.numbering import bare
from workshop.intake.outcomes import is_open, is_won, meaning
from workshop.intake.vocabulary import joined, squeezed, table, words

# Stages in the order of the funnel; the names on a line mean the same stage, as it is shown first.
LADDER: tuple[tuple[str, ...], ...] = tuple(table("stages").values())
RANKS = {squeezed(name): place for place, names in reversed([*enumerate(LADDER)]) for name in names}
SPELLED = {squeezed(name): name for names in reversed(LADDER) for name in reversed(names)}
SPELLED["closedwon"] = "Closed won"

PIPELINE_WORDS = (
    "pipeline", "pipelines", "funnel", "trichter", "pijplijn", "embudo", "funil", "imbuto",
    "entonnoir",
)  # fmt: skip
BRACKETED = re.compile(r"(?P<stage>.*\S)\s*[(\[](?P<pipeline>[^()\[\]]*)[)\]]")
BEFORE = re.compile(r"(?P<pipeline>[^:/|>]+?)\s*(?:[:/|>→]|\s[-–—]\s)\s*(?P<stage>.+)")

LONGEST = 300  # a longer header is a sentence

# A column that dates a stage: "Became a lead date", "Date entered 'Demo (Sales Pipeline)'".
ENTERED = (
    r"date entered|entered|reached|"
    r"datum (?:des )?eintritts? in|eintritt(?:sdatum)?(?: in)?|eingetreten in|erreicht|"
    r"date (?:d['’])?entrée(?: dans| en)?|entrée dans|entré dans|"
    r"fecha de (?:entrada|ingreso)(?: en| a)?|entrada (?:en|em|na|no)|"
    r"data de entrada(?: em| na| no)?|"
    r"data (?:di )?(?:ingresso|entrata)(?: in| nella)?|ingresso in|"
    r"datum (?:van )?(?:binnenkomst|ingang)(?: in)?|ingegaan in|bereikt"
)
QUOTES = r"['\"“”‘’„‚«»]"
DATED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"became an? (?P<stage>.+?) date",
        r"(?:property_)?hs_lifecyclestage_(?P<stage>.+)_date",
        r"(?:property_)?hs_(?:v2_)?date_entered_(?P<stage>.+)",
        rf"(?:{ENTERED}):?\s*{QUOTES}\s*(?P<stage>.+?)\s*{QUOTES}",
        rf"{QUOTES}\s*(?P<stage>.+?)\s*{QUOTES}\s*(?:{ENTERED})(?: am| le| el| em| il| op)?",
        rf"(?:{ENTERED})(?::\s*|\s+)(?P<stage>.+)",
    )
)
# "Entered at" says when and "Reached out" something else.
AFTER_ENTERED = frozenset(
    ("", "at", "on", "by", "date", "out", "am", "von", "le", "par", "el", "por", "em", "il")
)
# The same by hand, "MQL date", "won_at", "Angebotsdatum": only where the stage is a known one.
DATED_BY_HAND = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:deal - )?(?P<stage>.+?)[ _-]*"
        r"(?:date|time|at|on|timestamp|s?-?datum|am|zeitpunkt|fecha|data|le|el|em|il|op)",
        r"(?:date|datum|fecha|data)(?: (?:of|de la|de|du|des|der|del|della|di|do|da|van|van de)"
        r"(?= )| (?:de l|d)['’])?[ _:-]*(?P<stage>.+)",
        r"wurde(?: zum| zu)? (?P<stage>.+) am",
        r"(?:date|datum|fecha|data)\b.*\b(?:devenue? une?|se convirtió en(?: un)?|"
        r"se tornou(?: um)?|diventat[oa](?: un)?|waarop|zum)\s+(?P<stage>.+?)(?: wurde| werd)?",
    )
)


def rank(stage: str) -> int | None:
    """Where a known stage stands in a funnel, counted from 0; None where nobody knows it.

    >>> rank("MQL") == rank("marketingqualifiedlead") < rank("2. Termin vereinbart")
    True
    """
    if is_won(stage):
        return len(LADDER)
    return RANKS.get(squeezed(stage), RANKS.get(squeezed(bare(stage))))


def is_stage_name(text: str) -> bool:
    """Whether a text is the name of a known stage, or says won or lost.

    >>> [is_stage_name(name) for name in ("Erstgespräch", "Unterschrift", "Absage", "Birthday")]
    [True, True, True, False]
    """
    return rank(text) is not None or meaning(text) is Outcome.LOST


def shown(written: str) -> str:
    """A stage as people read it: names that only a machine uses are spelled out.

    >>> shown("marketingqualifiedlead"), shown("closedwon"), shown("Demo done")
    ('Marketing qualified lead', 'Closed won', 'Demo done')
    """
    machine = written.islower() and written.isalpha()
    return SPELLED.get(written, written.capitalize()) if machine else " ".join(written.split())


# -- pipelines -------------------------------------------------------------------------------------


def split_pipeline(name: str, pipelines: Collection[str] = ()) -> tuple[str, str | None]:
    """A stage's own name, and the pipeline that is named with it.

    `pipelines` are those that are known already, as `pipelines_in` finds them.

    >>> split_pipeline("Discovery (Sales Pipeline)"), split_pipeline("Demo (15 min)")
    (('Discovery', 'Sales Pipeline'), ('Demo (15 min)', None))
    """
    known = set(map(squeezed, pipelines))
    for pattern in (BRACKETED, BEFORE):
        match = pattern.fullmatch(" ".join(name.split()))
        if match and (_names_pipeline(match["pipeline"]) or squeezed(match["pipeline"]) in known):
            return match["stage"], match["pipeline"].strip()
    return name, None


def pipelines_in(names: Iterable[str]) -> tuple[str, ...]:
    """The pipelines that the stages of a file name in brackets, in order of appearance.

    One is a bracket that says pipeline, or that stands behind two stages and says nothing of how
    they went, as “(scheduled)”, “(won)” and “(15 min)” do.

    >>> pipelines_in(["Demo (Inbound)", "Won (Inbound)", "Demo (held)", "Meeting (held)"])
    ('Inbound',)
    """
    stages: dict[str, set[str]] = defaultdict(set)
    written: dict[str, str] = {}
    for name in names:
        if match := BRACKETED.fullmatch(" ".join(name.split())):
            bracket = match["pipeline"].strip()
            written.setdefault(squeezed(bracket), bracket)
            stages[squeezed(bracket)].add(squeezed(match["stage"]))
    return tuple(
        bracket
        for key, bracket in written.items()
        if _names_pipeline(bracket) or (len(stages[key]) > 1 and _may_be_pipeline(bracket))
    )


def _names_pipeline(text: str) -> bool:
    return any(word.endswith(PIPELINE_WORDS) for word in words(text))


def _may_be_pipeline(bracket: str) -> bool:
    says = words(bracket)
    if not says or any(word.isdecimal() for word in says) or says[-1] in _states():
        return False
    return not (is_won(bracket) or meaning(bracket) or is_open(bracket))


@cache
def _states() -> frozenset[str]:
    return joined(table("outcomes"), "state")


# -- columns that date stages ----------------------------------------------------------------------


def dated_stage(column: str, pipelines: Collection[str] = ()) -> str | None:
    """The stage whose date a column holds, as its name says; None where it says none.

    >>> dated_stage("Became a Marketing Qualified Lead Date"), dated_stage("sql_date")
    ('Marketing Qualified Lead', 'sql')
    >>> dated_stage('Date entered "Closed Lost (Sales Pipeline)"'), dated_stage("Date of birth")
    ('Closed Lost', None)
    """
    return dated_stage_in_pipeline(column, pipelines)[0]


def dated_stage_in_pipeline(
    column: str, pipelines: Collection[str] = ()
) -> tuple[str | None, str | None]:
    """The stage whose date a column holds, and its pipeline where the column names one."""
    stage = _dated(" ".join(column.split())) if len(column) <= LONGEST else None
    if stage is None:
        return None, None
    return split_pipeline(stage, pipelines)


def is_other_date(column: str) -> bool:
    """Whether a column's name says a date that is none of a stage: a birthday, the next activity.

    >>> is_other_date("Nächste Aktivität"), is_other_date("Expected Close Date")
    (True, True)
    """
    name = words(column)
    found, longest = _other_dates()
    return any(
        name[start:end] in found
        for start in range(len(name))
        for end in range(start + 1, min(start + longest, len(name)) + 1)
    )


@lru_cache(maxsize=4096)
def _dated(name: str) -> str | None:
    for pattern in DATED:
        if match := pattern.fullmatch(name):
            stage = match["stage"].replace("_", " ").strip()
            is_none = squeezed(stage) in AFTER_ENTERED or is_other_date(stage)
            return None if is_none else stage or None
    if is_other_date(name):
        return None
    for pattern in DATED_BY_HAND:
        if match := pattern.fullmatch(name):
            stage = match["stage"].replace("_", " ").strip()
            if is_stage_name(stage) and squeezed(stage) not in _never_dated():
                return stage
    return None


@cache
def _other_dates() -> tuple[frozenset[tuple[str, ...]], int]:
    found = frozenset(words(name) for name in table("columns")["other date"])
    return found, max(map(len, found))


@cache
def _never_dated() -> frozenset[str]:
    """Known stages of whose names a date says when a lead began, not when it came there."""
    return joined(table("columns"), "never dated")
