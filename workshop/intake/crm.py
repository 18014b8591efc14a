"""How CRMs name columns and stages: HubSpot, Salesforce, Pipedrive, and people by hand."""

from __future__ import annotations

import re

from workshop.intake.layout import Field, Outcome

# What exports put before a column's own name: "Deal - Stage", "property_createdate".
PREFIX = re.compile(r"(?:deal|lead|opportunity) - |property_(?:hs_)?|properties[._](?:hs_)?|hs_")
# "3. Negotiation", "4-Proposal"
STEP_NUMBER = re.compile(r"\s*([0-9]{1,2})\s*[-.):–]\s*(?=\D)")
PIPELINE = re.compile(r"\s*\([^()]*\)\s*$")


def plain(name: str) -> str:
    """A name without case, blanks and marks, and without what exports put before it.

    >>> plain("Deal - Deal created"), plain("property_createdate"), plain("StageName")
    ('dealcreated', 'createdate', 'stagename')
    """
    return squeezed(PREFIX.sub("", name.strip().casefold(), count=1))


def squeezed(name: str) -> str:
    """The letters and digits of a name alone."""
    return "".join(filter(str.isalnum, name.casefold()))


def _words(names: str) -> tuple[str, ...]:
    return tuple(names.split())


# The names of columns as `plain` has them, the surest first.
COLUMNS: dict[Field, tuple[str, ...]] = {
    Field.LEAD: _words(
        "leadid dealid opportunityid recordid recordiddeal recordidcontact mqlid contactid "
        "prospectid personid customerid itemid objectid casesafeid 18digitid vid id lead deal "
        "opportunity contact prospect email dealname opportunityname name title account "
        "accountname company companyname"
    ),
    Field.STAGE: _words(
        "tostage newstage newvalueformatted dealstage opportunitystage stagename stage "
        "dealstagename pipelinestage currentstage funnelstage salesstage stageid dealstageid "
        "dealpipelinestageid event eventname eventtype step stepname phase lifecyclestage "
        "newvalue leadstatus status dealstatus value"
    ),
    Field.ENTERED_AT: _words(
        "dateentered enteredat enteredon entereddate entered stageenteredat stagechangedate "
        "stagechangetime changedate changedat changedon lastmodified lastmodifieddate editdate "
        "logtime timestamp eventtime eventtimestamp eventdate occurredat happenedat moment ts "
        "datetime date time"
    ),
    Field.CREATED_AT: _words(
        "createdate createddate createdat createdon createtime datecreated created dealcreated "
        "dealcreatedat dealcreatedon creationdate addtime addedat firstcontactdate firstcontact "
        "firsttouchdate firsttouch firstseen firstseenat leadcreateddate leadcreated leaddate "
        "inquirydate signupdate opendate openedat startdate"
    ),
    Field.CLOSED_AT: _words(
        "dealclosedon closedon closedat closetime actualclosedate closedate closeddate dateclosed "
        "dealclosedate closed wondate wontime wonat closedwondate"
    ),
    Field.STATUS: _words(
        "status dealstatus opportunitystatus leadstatus outcome result wonlost isclosedwon iswon "
        "won stage dealstage opportunitystage stagename dealstagename"
    ),
    Field.REASON: _words(
        "closedlostreason lostreason lossreason reasonlost reasonforloss reasonforlosing "
        "lostreasons lossreasons lostbecause disqualificationreason disqualifiedreason "
        "unqualifiedreason rejectionreason reasonclosed closereason reason"
    ),
    Field.WON_REASON: _words("closedwonreason wonreason winreason reasonwon reasonforwinning"),
    Field.SEGMENT: _words(
        "segment businesssegment customersegment marketsegment channel origin leadsource "
        "leadorigin leadchannel source originalsource originaltrafficsource originalsourcetype "
        "latestsource analyticssource dealsource sourcechannel sourceorigin utmsource campaign "
        "primarycampaignsource industry region market country product type dealtype leadtype"
    ),
    Field.OWNER: _words(
        "owner dealowner opportunityowner contactowner leadowner ownername salesrep rep "
        "assignedto accountexecutive salesperson hubspotowner ownerid dealownerid hubspotownerid "
        "srid userid"
    ),
    Field.VALUE: _words(
        "amount dealvalue dealamount value opportunityamount amountincompanycurrency "
        "contractvalue contractamount totalvalue annualcontractvalue acv tcv arr mrr revenue price "
        "forecastamount"
    ),
    Field.CURRENCY: _words("currency currencyisocode dealcurrency dealcurrencycode currencycode"),
    Field.PIPELINE: _words("pipeline pipelinename dealpipeline dealpipelineid pipelineid"),
    Field.PROBABILITY: _words("probability dealprobability opportunityprobability winprobability"),
    Field.CHANGED_FIELD: _words("fieldevent field fieldkey fieldname changedfield"),
    Field.OLD_STAGE: _words("oldvalue oldvalueformatted fromstage previousstage oldstage"),
}
WON_TIMES = ("wontime", "wondate", "wonat", "closedwondate")
WON_FLAGS = ("iswon", "isclosedwon", "closedwon", "won")
CLOSED_FLAGS = ("isclosed", "isdealclosed", "closed")
STAGE_FIELDS = ("stageid", "stage", "stagename", "status")
CREATIONS = ("created", "new", "dealcreated", "opportunitycreated", "leadcreated")
STATUSES = ("leadstatus", "status", "dealstatus")
MOVES = ("tostage", "newstage", "newvalue", "newvalueformatted")
LEAD_NAMES = _words("dealname opportunityname name title account accountname company companyname")
ENTITIES = {"mql": "MQL", "contact": "Contact", "prospect": "Prospect", "deal": "Deal"}
ENTITIES |= {"opportunity": "Opportunity", "subscriber": "Subscriber", "person": "Contact"}
COUNTS = ("count", "number", "numberofleads", "amountofleads", "leads")
# The columns of a table that names the stages of a pipeline.
STAGE_IDS = ("stageid", "id", "apiname")
STAGE_LABELS = ("label", "stagelabel", "masterlabel", "stagename", "name", "stage")
STAGE_ORDERS = ("displayorder", "ordernr", "sortorder", "stageorder", "position")

# Stages in the order of the funnel; the names on a line mean the same stage, as it is shown first.
LADDER: tuple[tuple[str, ...], ...] = (
    ("Visitor", "Visit", "Website visitor"),
    ("Subscriber",),
    ("Inquiry", "Enquiry", "Raw lead"),
    ("Lead", "New lead", "Lead in", "New", "Open - not contacted", "Created"),
    ("Attempted to contact", "Attempting contact", "Attempted"),
    ("Contacted", "Working - contacted", "Connected", "Working", "In progress"),
    ("MQL", "Marketing qualified lead", "Marketing qualified"),
    ("SAL", "Sales accepted lead", "Sales accepted"),
    ("SQL", "Sales qualified lead", "Sales qualified"),
    ("Converted", "Closed - converted"),
    ("Opportunity", "Deal", "Opp"),
    ("Prospecting", "Prospect"),
    ("Qualification", "Qualified", "Qualifying"),
    ("Contact made",),
    ("Appointment scheduled", "Meeting scheduled", "Meeting booked", "Meeting arranged"),
    ("Meeting", "Appointment", "Meeting held", "First meeting"),
    ("Needs analysis", "Needs defined"),
    ("Discovery", "Discovery call"),
    ("Qualified to buy",),
    ("Demo scheduled", "Demo booked"),
    ("Demo", "Demo done", "Demo held", "Product demo"),
    ("Presentation scheduled",),
    ("Presentation", "Presentation held"),
    ("Trial", "Pilot", "Proof of concept", "Evaluation"),
    ("Value proposition", "Solution"),
    ("Id. decision makers", "Identify decision makers"),
    ("Decision maker bought-in",),
    ("Perception analysis",),
    ("Proposal", "Proposal made", "Proposal sent", "Proposal/price quote", "Quote", "Quote sent"),
    ("Negotiation", "Negotiations started", "Negotiation/review", "In negotiation"),
    ("Verbal commitment", "Commit", "Verbal agreement"),
    ("Contract sent", "Contract", "Contracting"),
)
WON: tuple[str, ...] = _words(
    "won closedwon customer dealwon signed closedwondeal becamecustomer sold purchase purchased "
    "evangelist gewonnen"
)
LOST: tuple[str, ...] = _words(
    "lost closedlost deallost disqualified unqualified recycled rejected dead abandoned "
    "notinterested badfit nofit badtiming closednotconverted notconverted noopportunity cancelled "
    "canceled nurture verloren"
)
LEFT_OUT: tuple[str, ...] = _words("deleted duplicate test spam other archived")
OPEN: tuple[str, ...] = _words("open inprogress active pending ongoing offen")

RANKS = {squeezed(name): place for place, names in enumerate(LADDER) for name in names}

# A column that dates a stage: "Became a lead date", "Date entered 'Demo (Sales Pipeline)'".
DATED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"became an? (?P<stage>.+?) date",
        r"(?:property_)?hs_lifecyclestage_(?P<stage>.+)_date",
        r"(?:property_)?hs_(?:v2_)?date_entered_(?P<stage>.+)",
        r"date entered ['\"“‘](?P<stage>.+)['\"”’]",
        r"(?:date entered|entered|date of|reached) (?P<stage>.+)",
    )
)
# The same by hand, "MQL date", "won_at": only where the stage is a known one.
DATED_BY_HAND = re.compile(
    r"(?:deal - )?(?P<stage>.+?)[ _]*(?:date|time|at|on|timestamp)", re.IGNORECASE
)
NOT_A_STAGE = ("created", "open", "opportunity close", "new", "visit")


def meaning(written: str) -> Outcome | None:
    """What a stage says that is none of the funnel's; None where it may be one of them."""
    name = squeezed(_bare(written))
    if name in LOST or name.startswith(("lost", "closedlost", "disqualified", "unqualified")):
        return Outcome.LOST
    return Outcome.LEFT_OUT if name in LEFT_OUT else None


def is_won(written: str) -> bool:
    """Whether a stage says that the deal is won.

    >>> is_won("7-Closed Won"), is_won("Customer"), is_won("Contract sent")
    (True, True, False)
    """
    name = squeezed(_bare(written))
    return name in WON or name.startswith("closedwon")


def is_open(written: str) -> bool:
    return squeezed(written) in OPEN


def rank(stage: str) -> int | None:
    """Where a known stage stands in a funnel, counted from 0; None where nobody knows it.

    >>> rank("MQL") == rank("marketingqualifiedlead") < rank("Appointment scheduled")
    True
    """
    return len(LADDER) if is_won(stage) else RANKS.get(squeezed(_bare(stage)))


def step_number(stage: str) -> int | None:
    """The number that a stage's name begins with: 4 of “4-Proposal”."""
    found = STEP_NUMBER.match(stage)
    return int(found[1]) if found else None


def shown(written: str) -> str:
    """A stage as people read it: names that only a machine uses are spelled out.

    >>> shown("marketingqualifiedlead"), shown("closedwon"), shown("Demo done")
    ('Marketing qualified lead', 'Closed won', 'Demo done')
    """
    names = {squeezed(name): name for names in LADDER for name in names} | {
        "closedwon": "Closed won"
    }
    machine = written.islower() and written.isalpha()
    return names.get(written, written.capitalize()) if machine else " ".join(written.split())


def dated_stage(column: str) -> str | None:
    """The stage whose date a column holds, as its name says; None where it says none.

    >>> dated_stage("Became a Marketing Qualified Lead Date"), dated_stage("sql_date")
    ('Marketing Qualified Lead', 'sql')
    """
    name = column.strip()
    for pattern in DATED:
        if match := pattern.fullmatch(name):
            return PIPELINE.sub("", match["stage"]).replace("_", " ").strip() or None
    match = DATED_BY_HAND.fullmatch(name)
    stage = match["stage"].replace("_", " ").strip() if match else ""
    known = rank(stage) is not None or meaning(stage) is Outcome.LOST
    return stage if known and stage.casefold() not in NOT_A_STAGE else None


def _bare(written: str) -> str:
    return PIPELINE.sub("", STEP_NUMBER.sub("", written, count=1))
