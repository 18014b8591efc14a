"""Templates: the agendas that a facilitator may begin with, as data.

A template may name activities that this app does not have; they are left out. What is guessed is
guessed in the lobby, while people arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workshop import activities
from workshop.analysis.conversion import leak
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import Agenda, AgendaLine
from workshop.domain.funnel import MOST_STEPS, Funnel

Timed = tuple[str, int | None]
"""The code of an activity, and its minutes if it has any."""


@dataclass(frozen=True)
class Template:
    """What is done before the steps, at each of them, and after them.

    Of many steps it takes those that lose the most money, `most_steps` of them; halfway through
    them comes a break of so many minutes, if it has one.
    """

    code: str
    label: str
    about: str
    before: Sequence[Timed]
    at_each_step: Sequence[Timed]
    after: Sequence[Timed]
    most_steps: int = MOST_STEPS
    break_minutes: int | None = None


ONE_LEAK = Template(
    "one_leak",
    "One leak",
    "The step that loses most money, from its facts to the actions. About an hour.",
    before=((Phase.LOBBY, 8),),
    at_each_step=((Phase.FACTS, 7), (Phase.IDEAS, 12), (Phase.REPORT, 12)),
    after=((Phase.RANK, 8), (Phase.COMMIT, 10), (Phase.CLOSED, 3)),
    most_steps=1,
)
TWO_LEAKS = Template(
    "two_leaks",
    "Two leaks",
    "The two steps that lose most money. About two hours.",
    before=((Phase.LOBBY, 12),),
    at_each_step=((Phase.FACTS, 7), (Phase.IDEAS, 8), (Phase.REPORT, 13)),
    after=((Phase.RANK, 17), (Phase.COMMIT, 25), (Phase.CLOSED, 10)),
    most_steps=2,
)
HALF_DAY = Template(
    "half_day",
    "Half a day",
    "Every step, with a break halfway. With four steps about three and a half hours.",
    before=((Phase.LOBBY, 15),),
    at_each_step=((Phase.FACTS, 6), (Phase.IDEAS, 8), (Phase.REPORT, 16)),
    after=((Phase.RANK, 32), (Phase.COMMIT, 25), (Phase.CLOSED, 10)),
    break_minutes=15,
)
TOWN_HALL = Template(
    "town_hall",
    "Town hall",
    "Everybody together, without a clock: the facts, what is in the way, one commitment each.",
    before=((Phase.LOBBY, None),),
    at_each_step=((Phase.FACTS, None),),
    # The outcome says every rate: before the facts it would tell what is guessed there.
    after=(
        (Phase.OUTCOME, None),
        (Phase.OBSTACLES, None),
        (Phase.COMMIT, None),
        (Phase.CLOSED, None),
    ),
)
SECOND_LOOK = Template(
    "second_look",
    "Second look",
    "Weeks later, with new numbers: what has changed, and one new action. About an hour.",
    # What became of it comes first, before any step is opened again.
    before=(
        (Phase.LOBBY, 5),
        (Phase.READINGS, 20),
        (Phase.ESTIMATES, 10),
        (Phase.RELATIONSHIP, 5),
    ),
    at_each_step=((Phase.FACTS, 3), (Phase.IDEAS, 7)),
    after=((Phase.COMMIT, 5), (Phase.CLOSED, 5)),
    most_steps=1,
)

TEMPLATES: tuple[Template, ...] = (ONE_LEAK, TWO_LEAKS, HALF_DAY, TOWN_HALL, SECOND_LOOK)


def agenda_from(template: Template, funnel: Funnel) -> Agenda:
    """The agenda of a template on the steps of this funnel."""
    steps = _steps_of(template, funnel)
    halfway = steps[len(steps) // 2] if template.break_minutes and len(steps) > 1 else None
    lines = [AgendaLine(code, None, minutes) for code, minutes in template.before]
    for step in steps:
        if step == halfway:
            lines.append(AgendaLine(Phase.BREAK, step, template.break_minutes))
        lines += [AgendaLine(code, step, minutes) for code, minutes in template.at_each_step]
    lines += [AgendaLine(code, None, minutes) for code, minutes in template.after]
    known = {activity.code for activity in activities.ACTIVITIES}
    return Agenda(tuple(line for line in lines if line.activity in known))


def _steps_of(template: Template, funnel: Funnel) -> list[int]:
    """The steps that a template takes, in their order; of equal losses the earlier step."""
    lost = leak(funnel)
    costliest = sorted(range(len(funnel.steps)), key=lambda step: -lost[step])
    return sorted(costliest[: template.most_steps])
