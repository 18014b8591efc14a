"""What a mini-team's page shows now, as its script draws it (`page.js`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from workshop import metrics
from workshop.activities import activity_of, guess, own_ideas, walk
from workshop.activities.activity import Activity
from workshop.domain.access import Visitor
from workshop.domain.people import Person, Team
from workshop.forms import presses
from workshop.live import services, snapshot
from workshop.live.laptop import Laptop
from workshop.live.snapshot import Snapshot
from workshop.live.visitors import topics
from workshop.store import Asking
from workshop.ui import forms
from workshop.ui.blocks import Block, Button, Group, Style, Text
from workshop.ui.stage import countdown_of
from workshop.wording.sides import LETTERS

DOOR = "You are at the door."
AT_THE_DOOR = (
    "The facilitator has been told, and will let you in. Keep this page open: it goes on by itself."
)


def described(who: Visitor, laptop: Laptop) -> dict[str, Any]:
    """What this visitor sees on this laptop.

    The stamp is taken first: what changes meanwhile is then looked at again.
    """
    metrics.RUNS.labels(who.role).inc()
    stamp = services.hub().stamp(who.workshop_id, topics(who))
    if services.store().door.is_waiting(who):
        door = Group("team_lobby", (Text(DOOR, Style.TITLE), Text(AT_THE_DOOR)))
        shown = {"place": DOOR, "timer": None, "head": [], "above": [door.drawn()], "below": []}
        return shown | {"stamp": stamp, "form": forms.described(who, None), "laptop": {}}
    seen = snapshot.take(who, laptop)
    seen = replace(seen, laptop=own_ideas.laptop_now(seen))
    return _stage(seen) | {"stamp": stamp, "laptop": seen.laptop.drawn()}


def _stage(seen: Snapshot) -> dict[str, Any]:
    activity = activity_of(seen.workshop.position.phase)
    is_awaited = guess.is_awaited(seen, activity)
    form = guess.form(seen) if is_awaited else activity.form(seen)
    below = activity.team_below(seen) if form is not None and not is_awaited else ()
    return {
        "place": walk.label(seen.workshop.position, seen.funnel),
        "timer": countdown_of(seen.workshop.timer),
        "head": _drawn(_head(own_ideas.own_team(seen))),
        "above": _drawn([*_second_devices(seen.who), *_above(seen, activity, is_awaited)]),
        "form": forms.described(seen.who, form, keeps_outbox=True),
        "below": _drawn(below),
    }


def _above(seen: Snapshot, activity: Activity, is_awaited: bool) -> Sequence[Block]:
    return (guess.TEAM_WAITS,) if is_awaited else activity.team(seen)


def _head(team: Team) -> list[Block]:
    """Who you are and who sits with you."""
    return [Text(team.name, key="team_name"), *map(_seat, team.people)]


def _seat(person: Person) -> Text:
    return Text(f"{LETTERS[person.side]} {person.name}", key=f"side_{person.side}_{person.id}")


def _second_devices(who: Visitor) -> list[Block]:
    """The devices that ask for the seat of who is looking."""
    return [_device(asking) for asking in services.store().devices.askers(who)]


def _device(asking: Asking) -> Group:
    mark, about = asking.mark[:8], {"device": asking.mark}
    yes = Button(f"share_seat_{mark}", "Yes, it is mine", sends=presses.SHARE_SEAT, about=about)
    no = Button(
        f"turn_device_away_{mark}", "No", sends=presses.TURN_DEVICE_AWAY, about=about, is_quiet=True
    )
    asks = Text(
        f"Another device wants to be you here. Is it yours? It shows the number {asking.number}."
    )
    answers = Group(f"device_answers_{mark}", (yes, no), in_row=True)
    return Group(f"device_{mark}", (asks, answers), is_framed=True)


def _drawn(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    return [block.drawn() for block in blocks]
