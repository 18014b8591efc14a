"""Two workshops to look at: one as a company would hold it, and one that fills every screen."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.commitment import Commitment
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Owner, Side
from workshop.store import Store

SIX_STAGES = Funnel.from_counts(
    {
        "Visitor": 48_200,
        "Lead": 3_100,
        "MQL": 1_240,
        "SQL": 410,
        "Proposal": 152,
        "Won": 38,
    },
    deal_value=18_500,
    currency="EUR",
    period_days=365,
    losses={
        "Lead": {"Not our market": 610, "No budget": 420, "Student or competitor": 380},
        "MQL": {"No follow-up": 390, "Too early": 210, "Wrong contact": 96},
        "SQL": {"No need": 88, "No budget": 64, "Lost touch": 51},
        "Proposal": {"Price": 41, "Competitor": 33, "No decision": 24},
    },
    owners={
        "Visitor": Owner.MARKETING,
        "Lead": Owner.MARKETING,
        "SQL": Owner.SALES,
        "Proposal": Owner.SALES,
    },
    benchmarks={"MQL": 0.38, "SQL": 0.42, "Proposal": 0.27},
)
PEOPLE = {
    "Amina": Side.SALES,
    "Ben": Side.MARKETING,
    "Chiara": Side.SALES,
    "Dmitri": Side.MARKETING,
    "Eve": Side.SALES,
    "Farid": Side.MARKETING,
    "Grete": Side.OTHER,
}
# Step, title, reason, low, likely and high, days of sales and of marketing.
IDEAS = (
    (2, "Call every MQL within a day", "No follow-up", (0.1, 0.2, 0.35), (8, 0)),
    (2, "One shared definition of an MQL", None, (0.02, 0.05, 0.1), (4, 6)),
    (3, "Ask for the budget on the first call", "No budget", (0.05, 0.1, 0.2), (2, 0)),
    (4, "Three prices in every proposal", "Price", (0.05, 0.12, 0.2), (6, 3)),
    (4, "A reference call before the offer", None, (0.02, 0.06, 0.1), (5, 5)),
    (1, "Shorter form, better landing pages", None, (0.01, 0.02, 0.04), (0, 12)),
    (0, "One page for each industry", None, (0.001, 0.002, 0.004), (0, 20)),
)

LONG_STAGES = (
    "Anonymous visitor of any web page",
    "Known contact with consent to mail",
    "Marketing engaged account (score ≥ 60)",
    "Marketing qualified opportunity",
    "Sales accepted and first call held",
    "Sales qualified with budget and need",
    "Proposal sent and decision maker met",
    "Contract under legal and security review",
    "Won and invoiced in the same quarter",
)
LONG_REASONS = tuple(
    f"{number}. Decided internally to postpone the purchase until the next budget round"
    for number in range(1, 13)
)
LONG_TITLE = (
    "Let sales and marketing call every account that engaged with two or more campaigns within "
    "one working day, with a script that names the campaign, the page and the question that the "
    "contact had asked"
)[:196]
LONG_NAMES = ("Maximiliane", "Bartholomäus", "Anne-Katharina", "Friedrich-Wilhelm")


def six_stages(store: Store) -> Visitor:
    """A company's workshop with two actions; returns its facilitator."""
    facilitator = store.workshops.start("Spring off-site", SIX_STAGES)
    writers = join(store, facilitator, PEOPLE)
    for place, (step, title, reason, marks, (sales, marketing)) in enumerate(IDEAS):
        draft = IdeaDraft(
            title,
            Estimate(*marks),
            reason=reason,
            days_sales=float(sales),
            days_marketing=float(marketing),
            owner="Amina",
        )
        store.ideas.save(writers[place % len(writers)], uuid4().hex, step, draft)
    for step in (1, 2):
        store.seats.set_done(writers[0], step, True)
    agree(store, facilitator, 2, ("Amina", "Ben"), "Publish the rota by Friday.")
    return facilitator


def long_names(store: Store) -> Visitor:
    """Nine stages, twelve reasons, thirty ideas and 24 people, all of long words."""
    counts = [96_400, 31_250, 12_900, 5_210, 2_140, 960, 410, 190, 88]
    lost = counts[3] - counts[4]
    reasons = {reason: lost // 14 - place for place, reason in enumerate(LONG_REASONS)}
    funnel = Funnel.from_counts(
        dict(zip(LONG_STAGES, counts, strict=True)),
        deal_value=12_345_678,
        currency="CHF",
        period_days=365,
        losses={LONG_STAGES[3]: reasons},
    )
    name = "Sales and marketing of the northern and the southern region, spring off-site"
    facilitator = store.workshops.start(name, funnel)
    sides = list(Side)
    people = {f"{LONG_NAMES[seat % 4]} Mustermann-{seat:02}": sides[seat % 3] for seat in range(24)}
    writers = join(store, facilitator, people)
    for number in range(30):
        draft = IdeaDraft(
            f"{LONG_TITLE} {number:02}",
            Estimate(0.01, 0.02 + number / 1000, 0.1),
            "A first step, a second step and a third step, each with somebody who does it. " * 3,
            reason=LONG_REASONS[number % 12],
            days_sales=5.0 + number % 3,
            days_marketing=4.0,
            owner=f"{LONG_NAMES[number % 4]} Mustermann",
        )
        store.ideas.save(writers[number % 5], uuid4().hex, 3, draft)
    store.seats.set_done(writers[0], 3, True)
    owners = ("Friedrich-Wilhelm Mustermann-11", "Anne-Katharina Mustermann-14")
    first_step = "Set up the shared inbox, name a deputy and publish the rota by Friday at noon."
    agree(store, facilitator, 8, owners, first_step)
    return facilitator


def join(store: Store, facilitator: Visitor, people: dict[str, Side]) -> list[Visitor]:
    code = store.workshops.get(facilitator).code
    tokens = [store.seats.join(code, name, side) for name, side in people.items()]
    seated = [store.tokens.admit(token) for token in tokens]
    store.agenda.move_to(facilitator, Position(Phase.LOBBY))
    return [visitor for visitor in seated if visitor is not None]


def agree(
    store: Store, facilitator: Visitor, number: int, owners: tuple[str, str], first_step: str
) -> None:
    """As many ideas become actions."""
    funnel = store.funnels.current(facilitator)
    for idea in store.ideas.readable(facilitator)[:number]:
        step = funnel.steps[idea.step]
        store.commitments.save(
            Visitor(Role.MANAGER, facilitator.workshop_id),
            Commitment(
                id=uuid4().hex,
                idea_id=idea.id,
                title=idea.draft.title,
                owner=owners[0],
                co_owner=owners[1],
                kpi=f"Conversion rate {step.target}"[:200],
                baseline=step.rate,
                target=min(step.rate + 0.05, 1),
                due=date(2027, 3, 14),
                first_step=first_step,
            ),
        )


def ways(store: Store, facilitator: Visitor) -> dict[Role, str]:
    """The ways in for each role; the participant is new."""
    code = store.workshops.get(facilitator).code
    roles = (Role.FACILITATOR, Role.MANAGER, Role.PROJECTOR)
    tokens = {role: store.tokens.issue(facilitator, role) for role in roles}
    tokens[Role.PARTICIPANT] = store.seats.join(code, "Ines", Side.SALES)
    return {role: f"/enter/{token}" for role, token in tokens.items()}


def ways_into_six_stages(store: Store) -> dict[Role, str]:
    return ways(store, six_stages(store))


def ways_into_long_names(store: Store) -> dict[Role, str]:
    return ways(store, long_names(store))
