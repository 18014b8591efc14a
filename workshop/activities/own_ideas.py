"""What a mini-team writes: the form for an idea, its own ideas, and what its sides are asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from workshop.analysis.ranking import goes_after
from workshop.domain.agenda import Phase
from workshop.domain.funnel import Funnel
from workshop.domain.idea import EstimateRequest, Idea
from workshop.domain.people import Person, Side, Team
from workshop.forms import presses
from workshop.forms.form import Form
from workshop.forms.idea import change_of, new_idea
from workshop.live import services
from workshop.live.laptop import Laptop
from workshop.live.snapshot import Snapshot
from workshop.ui import arrivals, estimates
from workshop.ui.blocks import Block, Button, Group, Style, Text
from workshop.wording import figures

LATE = (
    "Your team had written ideas before you came. You read them at the report back, or as soon as "
    "one of your team, or the facilitator, shows them to you."
)


def own_team(seen: Snapshot) -> Team:
    """The mini-team of the person who is looking."""
    person = services.store().seats.person(seen.who)
    return next(team for team in seen.teams if team.id == person.team_id)


def _sides_of(team: Team) -> list[Side]:
    return [person.side for person in team.people]


def _ideas_of(seen: Snapshot, team: Team, place: int) -> list[Idea]:
    return [idea for idea in seen.ideas if idea.team_id == team.id and idea.step == place]


def _is_revealed(seen: Snapshot, place: int) -> bool:
    return place in seen.workshop.revealed_steps(len(seen.funnel.steps))


# -- the form --------------------------------------------------------------------------------------


def idea_form(seen: Snapshot) -> Form | None:
    """The form of a step: empty, or with the idea that is being changed.

    None while the other side holds this laptop.
    """
    if seen.laptop.handed_to is not None:
        return None
    place = seen.workshop.position.its_step
    step = seen.funnel.steps[place]
    edited = _edited(seen)
    if edited is None:
        return new_idea(step, place)
    side = services.store().seats.person(seen.who).side
    return change_of(edited, step, side, seen.laptop.submission_id)


def _edited(seen: Snapshot) -> Idea | None:
    """The idea that is being changed; None once that is saved, or the room is elsewhere."""
    laptop, place = seen.laptop, seen.workshop.position.step
    if not laptop.editing or services.store().has_taken(seen.who, laptop.submission_id):
        return None
    ideas = (one for one in seen.ideas if one.id == laptop.editing and one.step == place)
    return next(ideas, None)


def laptop_now(seen: Snapshot) -> Laptop:
    """What the laptop is at: what it was at and is answered meanwhile, it is at no more."""
    laptop = seen.laptop
    if laptop.editing and _edited(seen) is None:
        laptop = replace(laptop, editing="", submission_id="")
    side = laptop.handed_to
    if side is not None and not (_asked_of(seen, side) or asked_again(seen, side)):
        laptop = replace(laptop, handed_to=None)
    return laptop


# -- the side to whom the laptop was handed over ---------------------------------------------------


def asked_again(seen: Snapshot, side: Side) -> list[Idea]:
    """The ideas on this step that a side of the own team is asked to estimate a second time."""
    position = seen.workshop.position
    if position.phase != Phase.REPORT:
        return []
    again = services.store().ideas.asked_again(seen.who, side)
    return [idea for idea in again if idea.step == position.step]


def _asked_of(seen: Snapshot, side: Side) -> list[EstimateRequest]:
    """What a side of the own team has not answered yet; nothing once all may read the ideas."""
    position, team = seen.workshop.position, own_team(seen)
    if position.step is None or _is_revealed(seen, position.step):
        return []
    return [
        EstimateRequest.about(idea)
        for idea in _ideas_of(seen, team, position.step)
        if idea.counts and side in estimates.unanswered(idea, _sides_of(team))
    ]


def ask_the_other_side(seen: Snapshot) -> list[Block]:
    """What the side that holds the laptop is asked, if it was handed over."""
    side = seen.laptop.handed_to
    if side is None:
        return []
    return estimates.ask_the_other_side(seen.who, side, _asked_of(seen, side))


# -- above the form --------------------------------------------------------------------------------


def asked_of_me(seen: Snapshot) -> list[Block]:
    """What the other side has estimated and one's own side has not: it waits for somebody."""
    if seen.laptop.handed_to is not None:
        return []
    place = seen.workshop.position.its_step
    asked = [q for q in services.store().ideas.estimate_requests(seen.who) if q.step == place]
    if not asked:
        return []
    return estimates.ask_in_turn(seen.who, asked, services.store().seats.person(seen.who).side)


# -- below the form --------------------------------------------------------------------------------


def below_form(seen: Snapshot) -> list[Block]:
    """What the team has written on this step, and what is left to do."""
    return [*latecomers(seen), *own_ideas(seen), done_button(seen)]


def latecomers(seen: Snapshot) -> list[Block]:
    """Before the report back, what was written is shown to nobody who came later, unless asked."""
    ideas = services.store().ideas
    is_late = [Text(LATE, Style.NOTE)] if ideas.is_late(seen.who) else []
    people = ideas.late(seen.who)
    more = len(people) - arrivals.MOST_LATE
    rest = [Text(f"So did {figures.counted(more, 'other')}.", Style.QUIET)] if more > 0 else []
    return [*is_late, *map(_latecomer, people[: arrivals.MOST_LATE]), *rest]


def _latecomer(person: Person) -> Group:
    says = Text(f"{person.name} came after you had written. Do they sit with you?")
    show = Button(
        f"let_read_{person.id}",
        "Show them the ideas",
        sends=presses.SHOW_IDEAS,
        about={"person": person.id},
    )
    return Group(f"late_{person.id}", (says, show))


def own_ideas(seen: Snapshot, asked_again: Collection[str] = ()) -> list[Block]:
    """The ideas of the own team that one may read.

    Without any figure those whose ids are in `asked_again`: they would sway the second estimate.
    """
    place, team = seen.workshop.position.its_step, own_team(seen)
    mine = _ideas_of(seen, team, place)
    standing = [idea for idea in mine if not idea.withdrawn]
    still_asked = [] if _is_revealed(seen, place) else _sides_of(team)
    worth = seen.worth(tuple(standing))
    return [
        *([Text("Your team's ideas", Style.HEADER)] if standing else []),
        *(
            _card(seen, idea, None if idea.id in asked_again else worth[idea.id], still_asked)
            for idea in standing
        ),
        *(_withdrawn(idea) for idea in mine if idea.withdrawn),
    ]


def _card(seen: Snapshot, idea: Idea, worth: dict[str, float] | None, asked: list[Side]) -> Group:
    """An idea of one's own team, the sides' figures, and which of these sides are still asked."""
    title = Text(idea.draft.title)
    key = f"own_{idea.id}"
    if idea.merged_into:
        merged = Text("The facilitator has merged it with another idea.", Style.QUIET)
        return Group(key, (title, merged), is_framed=True)
    # What it is worth would tell the rates of later steps, as long as these are guessed.
    money = [] if worth is None or seen.is_masked() else _worth_words(seen.funnel, idea, worth)
    said = [] if worth is None else estimates.answers(idea)
    content = (title, *money, *said, *estimates.hand_over(idea, asked), _buttons(idea))
    return Group(key, content, is_framed=True)


def _buttons(idea: Idea) -> Group:
    edit = Button(f"edit_{idea.id}", "Edit", sets={"editing": idea.id}, is_quiet=True)
    withdraw = Button(
        f"withdraw_{idea.id}",
        "Withdraw",
        sends=presses.WITHDRAW,
        about={"idea": idea.id},
        is_quiet=True,
    )
    return Group(f"buttons_{idea.id}", (edit, withdraw), in_row=True)


def _worth_words(funnel: Funnel, idea: Idea, worth: dict[str, float]) -> list[Block]:
    spread = figures.range_of_money(worth["p10"], worth["p90"], funnel.currency)
    return [
        Text(f"about {figures.money(worth['gain'], funnel.currency)} a year"),
        Text(f"8 times in 10: {spread} · goes after {goes_after(idea.draft)}"),
    ]


def _withdrawn(idea: Idea) -> Group:
    back = Button(
        f"restore_{idea.id}",
        "Bring it back",
        sends=presses.BRING_BACK,
        about={"idea": idea.id},
        is_quiet=True,
    )
    return Group(f"withdrawn_{idea.id}", (Text(f"Withdrawn: {idea.draft.title}"), back))


def done_button(seen: Snapshot) -> Group:
    place = seen.workshop.position.its_step
    done = place in own_team(seen).done
    button = Button(
        # A button for each way: pressed twice, the first is not taken back.
        f"done_at_{place}_{done}",
        "Reopen this step" if done else "We are done with this step",
        sends=presses.REOPEN if done else presses.DONE,
        about={"step": str(place)},
    )
    return Group("team_done", (button,))
