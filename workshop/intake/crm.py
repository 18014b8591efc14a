"""How CRMs name columns: HubSpot, Salesforce, Pipedrive and others, and people by hand.

The words are in data/crm, in seven languages. Names of stages and outcomes have modules of
their own; what the rest of intake asks of them is offered here too.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from workshop.intake.layout import Field
from workshop.intake.numbering import sequence, sequence_key, step_number
from workshop.intake.outcomes import is_customer, is_open, is_won, meaning, won_among
from workshop.intake.stage_names import (
    LADDER,
    RANKS,
    dated_stage,
    dated_stage_in_pipeline,
    is_other_date,
    is_stage_name,
    pipelines_in,
    rank,
    shown,
    split_pipeline,
)
from workshop.intake.vocabulary import folded, spelled_apart, squeezed, table, words

__all__ = [
    "LADDER",
    "RANKS",
    "dated_stage",
    "dated_stage_in_pipeline",
    "is_customer",
    "is_open",
    "is_other_date",
    "is_stage_name",
    "is_won",
    "meaning",
    "pipelines_in",
    "rank",
    "sequence",
    "sequence_key",
    "shown",
    "split_pipeline",
    "squeezed",
    "step_number",
    "won_among",
]

# What exports put before a column's own name: "Deal - Stage", "property_createdate".
ENTITY = "deal|lead|opportunity|opportunite|transaction|affaire|negocio|trato|trattativa|affare"
PREFIX = re.compile(
    rf"(?:{ENTITY})(?:\s+[-–—]\s+|\s*[:.]\s*)|property_(?:hs_)?|properties[._](?:hs_)?|hs_"
)
# What they put behind it: "Amount (EUR)", "Erstellt am (UTC)", "Deal Value [€]", "Betrag in €".
CURRENCIES = (
    "eur|usd|gbp|chf|cad|aud|nzd|sek|nok|dkk|pln|czk|huf|ron|bgn|brl|mxn|ars|clp|cop|pen|jpy|cny|"
    "inr|zar|try|ils|sgd|hkd|aed|euro|euros|dollar|dollars|[€$£¥]"
)
ZONES = "utc|gmt|cet|cest|mez|est|pst"
DAY_FORMAT = "[dmyjaht]{1,4}(?:[./-][dmyjaht]{1,4})+.*"  # dd.mm.yyyy, jj/mm/aaaa
UNIT = rf"k?(?:{CURRENCIES})|%|(?:{ZONES})(?:\s*[+-].*)?|{DAY_FORMAT}"
BEHIND = re.compile(
    rf"\s*[(\[{{]\s*(?:in |en |em )?(?:{UNIT})\s*[)\]}}]\s*$"
    rf"|\s+(?:in|en|em)\s+(?:{UNIT})\s*$|\s*[€$£¥%*]\s*$|\s+(?:eur|usd|gbp|chf)\s*$"
)
CUSTOM = "__c"  # behind the names of Salesforce's custom fields
# Words that make no difference: "Date de clôture de la transaction" is the date of closing.
FILLERS = frozenset(
    words(
        "deal deals opportunity opportunities lead leads opp the of a an and "
        "verkaufschance geschäft der die das des dem den am im von vom für und "
        "transaction affaire opportunité de la le les du des d l un une et en au "
        "negocio trato oportunidad oportunidade negócio el los del y do da dos das o e "
        "trattativa affare opportunità il lo i di della dello dell verkoopkans kans het van"
    )
)


@lru_cache(maxsize=8192)
def column_key(name: str) -> str:
    """What makes two columns' names the same: no case, blanks, marks, units, prefix of an export.

    >>> [column_key(name) for name in ("Deal - Deal created", "property_createdate", "StageName")]
    ['dealcreated', 'createdate', 'stagename']
    >>> [column_key(name) for name in ("Erstellt am (UTC)", "Deal Value [€]", "Date de\\nclôture")]
    ['erstelltam', 'dealvalue', 'datedecloture']
    """
    text = folded(" ".join(name.split()))
    own = BEHIND.sub("", PREFIX.sub("", text, count=1) if PREFIX.match(text) else text)
    own = own.removesuffix(CUSTOM)
    return squeezed(own) or squeezed(text)


def _called(*codes: str) -> tuple[str, ...]:
    """The names of some codes, as `column_key` has them, the surest first."""
    columns = table("columns")
    return tuple(dict.fromkeys(column_key(name) for code in codes for name in columns[code]))


# The names of columns as `column_key` has them, the surest first.
COLUMNS: dict[Field, tuple[str, ...]] = {
    field: _called(field) for field in Field if field in table("columns")
} | {
    Field.LEAD: _called("lead", "lead name"),
    Field.STAGE: (*_called("new stage", "stage", "new value", "any status"), "value"),
    Field.STATUS: _called(Field.STATUS, "any status", "result", "stage"),
}
WON_TIMES = _called("won time")
WON_FLAGS = _called("won flag")
CLOSED_FLAGS = _called("closed flag")
LAST_STAGES = _called("last stage")
ACTIVE_FLAGS = _called("active flag")
STAGE_FIELDS = _called("stage field")
CREATIONS = _called("creation")
STATUSES = _called("any status")
MOVES = _called("new stage", "new value")
LEAD_NAMES = _called("lead name")
COUNTS = _called("count")
ENTITIES = {
    "mql": "MQL",
    "contact": "Contact",
    "kontakt": "Contact",
    "contatto": "Contact",
    "prospect": "Prospect",
    "deal": "Deal",
    "opportunity": "Opportunity",
    "opportunit": "Opportunity",
    "oportunid": "Opportunity",
    "verkaufschance": "Opportunity",
    "verkoopkans": "Opportunity",
    "subscriber": "Subscriber",
    "person": "Contact",
}
# The columns of a table that names the stages of a pipeline.
STAGE_IDS = ("stageid", "id", "apiname")
STAGE_LABELS = ("label", "stagelabel", "masterlabel", "stagename", "name", "stage")
STAGE_ORDERS = ("displayorder", "ordernr", "sortorder", "stageorder", "position")


@lru_cache(maxsize=8192)
def name_rank(field: Field, column: str) -> int | None:
    """How surely a column's name says a field, the less the surer; None where it does not.

    Names that differ in nothing but words such as “deal” or “de la” come after those that match.

    >>> name_rank(Field.CLOSED_AT, "Date de clôture de la transaction") is not None
    True
    >>> name_rank(Field.CLOSED_AT, "Expected Close Date"), name_rank(Field.STAGE, "Birthday")
    (None, None)
    """
    names = COLUMNS[field]
    if (name := column_key(column)) in names:
        return names.index(name)
    place = _without_fillers(field).get(_telling(column))
    return None if place is None else len(names) + place


@cache
def _without_fillers(field: Field) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for place, name in enumerate(table("columns").get(field, ())):
        # “Lead date” is no more than a date where “lead” makes no difference.
        telling = _telling(name)
        if len(telling) > 1 or (telling and len(telling) == len(words(name))):
            found.setdefault(telling, place)
    return found


def _telling(column: str) -> tuple[str, ...]:
    """The words of a column's name that tell what it says."""
    own = BEHIND.sub("", folded(" ".join(spelled_apart(column).split())))
    return tuple(word for word in words(own) if word not in FILLERS)
