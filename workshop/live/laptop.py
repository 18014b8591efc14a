"""What a mini-team's laptop is at, beside what the records say: it belongs to this device alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workshop.domain.people import Side
from workshop.domain.text import is_id


@dataclass(frozen=True, slots=True)
class Laptop:
    """The idea in the form, if a saved one is being changed, and the side that holds the laptop.

    `submission_id` is that of the answer which ends the change. `handed_to` is None while the
    laptop is its owner's.
    """

    editing: str = ""
    submission_id: str = ""
    handed_to: Side | None = None

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Laptop:
        """What a browser says of itself; what it cannot be is left out.

        >>> Laptop.read({"handed_to": "sales", "editing": "x"}).handed_to
        <Side.SALES: 'sales'>
        """
        editing, submission_id = said.get("editing", ""), said.get("submission_id", "")
        is_editing = is_id(editing) and is_id(submission_id)
        side = said.get("handed_to", "")
        return cls(
            editing if is_editing else "",
            submission_id if is_editing else "",
            Side(side) if side in set(Side) else None,
        )

    def drawn(self) -> dict[str, str]:
        """As the browser keeps it."""
        return {
            "editing": self.editing,
            "submission_id": self.submission_id,
            "handed_to": self.handed_to or "",
        }
