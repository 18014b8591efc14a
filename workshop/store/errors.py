"""What the store raises; each is a sentence for people."""

from __future__ import annotations


class StoreError(Exception):
    """The records cannot be opened or do not hold what was asked for; a sentence says why."""


class Repeated(Exception):  # noqa: N818 — "raise Repeated" says it
    """This answer to a form has been taken before; nothing was changed again."""


class Unsaved(StoreError):  # noqa: N818 — "raise Unsaved" says it
    """A change could not be written; nothing of it is in the records."""


class UnknownCode(StoreError):  # noqa: N818 — "raise UnknownCode" says it
    """No workshop has this room code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"No workshop has the code {code}. Look at the projector again.")
