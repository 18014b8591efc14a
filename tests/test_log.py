"""The log tells what happened, and nothing that anybody has typed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from workshop import demo, log
from workshop.access import Role
from workshop.model import Side
from workshop.store import Store


@pytest.fixture(autouse=True)
def level() -> Iterator[None]:
    log.LOGGER.setLevel(logging.INFO)
    yield
    log.LOGGER.setLevel(logging.NOTSET)


def test_every_change_is_one_line_with_nobodys_words(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    facilitator = demo.fill(store)
    code = store.workshop(facilitator).code
    token = store.join(code, "Zenobia", Side.SALES)
    link = store.issue(facilitator, Role.MANAGER)
    lines = caplog.messages
    assert len(lines) == len(store.activity(facilitator))
    assert all(line.startswith("level=info event=") for line in lines)
    typed = {
        "Zenobia",
        token,
        link,
        code,
        facilitator.workshop_id,
        store.workshop(facilitator).name,
    }
    typed |= {idea.draft.title for idea in store.ideas(facilitator)}
    typed |= {person.name for team in store.teams(facilitator) for person in team.people}
    assert not [word for word in typed if word in "\n".join(lines)]


def test_a_line_stays_one_line_whatever_is_told() -> None:
    told = log.line(log.Level.ERROR, "not saved", {"reason": 'two\nlines, a " and a ='})
    assert told == 'level=error event="not saved" reason="two\\nlines, a \\" and a ="'


def test_what_is_muted_says_nothing_and_the_next_line_is_written_again(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with log.muted():
        facilitator = demo.fill(store)
    assert caplog.messages == []
    store.issue(facilitator, Role.ROOM)
    assert len(caplog.messages) == 1
