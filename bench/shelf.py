"""What is typed and not sent, kept on the device, as workshop/parts/draft.js does it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from page import Page

TRIES = 5


class Shelf:
    """The drafts of one form; `data` is what the server gives draft.js."""

    def __init__(self, page: Page, key: str, data: dict[str, Any]) -> None:
        self._page, self._key, self._data = page, key, data
        self._kept = page.browser.drafts
        draft = self._kept.get(data["shelf"])
        self._asking: asyncio.Task[None] | None = None
        if draft is not None and draft["form"] in data["saved"]:
            del self._kept[data["shelf"]]
        elif draft is not None:
            self._asking = asyncio.get_running_loop().create_task(self._insist(draft))

    def keep(self, typed: dict[str, object]) -> None:
        """Somebody has typed into the form."""
        before = self._kept.get(self._data["shelf"], {}).get("values", self._data["holds"])
        values = {field: said(typed[field]) for field in self._data["fields"] if field in typed}
        if values:
            self._kept[self._data["shelf"]] = {
                "form": self._data["form"],
                "values": before | values,
            }

    def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()

    async def _insist(self, draft: dict[str, Any]) -> None:
        """Ask for these values until the form shows them."""
        for _ in range(TRIES):
            if self._page.is_up and self._key in self._page.widgets:
                typed = {name: v for name, v in draft["values"].items() if v != self._blank(name)}
                shows = (said(self._page.shows(field)) == typed[field] for field in typed)
                if all(shows):
                    return
                self._page.trigger(self._key, "restore", draft)
            await asyncio.sleep(1)

    def _blank(self, field: str) -> str:
        return str(self._data["holds"].get(field, ""))


def said(value: object) -> str:
    """A value as a browser's field shows it."""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
