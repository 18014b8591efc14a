"""The log: one line an event, as logfmt on standard error; never what a person has typed.

No name, title, room code, token or session id belongs in it. A workshop is told by the first eight
letters of its id.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

LOGGER = logging.getLogger("workshop")
BARE = re.compile(r'[^\s"=]+')
SESSION_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Level(StrEnum):
    """How much is told."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def start(level: str) -> None:
    """Write events of this level and above; ValueError where there is no such level."""
    if level not in set(Level):
        raise ValueError(f"WORKSHOP_LOG is “{level}”; it must be one of {', '.join(Level)}")
    handler = logging.StreamHandler(sys.stderr)
    form = logging.Formatter("time=%(asctime)s.%(msecs)03dZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler.setFormatter(form)
    LOGGER.handlers = [handler]
    LOGGER.propagate = False
    LOGGER.setLevel(level.upper())


@contextmanager
def muted() -> Iterator[None]:
    """Write nothing meanwhile, whichever thread it comes from."""
    LOGGER.disabled = True
    try:
        yield
    finally:
        LOGGER.disabled = False


def leave_out(logger: str, kind: type[Exception]) -> None:
    """Keep a logger from showing a traceback of what has a sentence, and a line of its own here."""
    logging.getLogger(logger).addFilter(
        lambda record: not (record.exc_info and isinstance(record.exc_info[1], kind))
    )


def hide_session_ids() -> None:
    """Keep the ids of sessions out of every line of this process, whoever writes it.

    Streamlit warns of a session that is connected twice, by its id.
    """
    made = logging.getLogRecordFactory()

    def hidden(*args: Any, **options: Any) -> logging.LogRecord:
        record = made(*args, **options)
        record.msg = _without_ids(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_without_ids, record.args))
        return record

    logging.setLogRecordFactory(hidden)


def _without_ids(part: object) -> object:
    return SESSION_ID.sub("-", part) if isinstance(part, str) else part


def info(event: str, **facts: object) -> None:
    LOGGER.info(line(Level.INFO, event, facts))


def warning(event: str, **facts: object) -> None:
    LOGGER.warning(line(Level.WARNING, event, facts))


def error(event: str, **facts: object) -> None:
    LOGGER.error(line(Level.ERROR, event, facts))


def line(level: Level, event: str, facts: dict[str, object]) -> str:
    """An event as logfmt.

    >>> line(Level.INFO, "went", {"role": "facilitator", "seconds": 0.0123456})
    'level=info event=went role=facilitator seconds=0.0123'
    >>> line(Level.ERROR, "not saved", {"reason": "the disk is full"})
    'level=error event="not saved" reason="the disk is full"'
    """
    pairs = {"level": level, "event": event} | facts
    return " ".join(f"{name}={said(value)}" for name, value in pairs.items())


def said(value: object) -> str:
    text = f"{value:.3g}" if isinstance(value, float) else str(value)
    return text if BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)
