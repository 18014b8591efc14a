"""A form on a page. The browser keeps what is typed and sends it (components/form/)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from workshop.domain.access import Visitor
from workshop.forms.form import Form
from workshop.live import services
from workshop.ui.components import load_component

SCRIPTS = ("storage", "numbers", "outbox", "fields", "meaning", "steady", "pages", "form")

_form = load_component("form", SCRIPTS)


def show(
    who: Visitor,
    key: str,
    form: Form | None,
    *,
    keeps_outbox: bool = False,
) -> None:
    """Draw a form, at a constant place of its page: what is typed then outlives every rerun.

    One on each page `keeps_outbox`: it says what waits to be sent, also where it asks for nothing.
    """
    _form(key=key, data=described(who, form, keeps_outbox=keeps_outbox))


def described(who: Visitor, form: Form | None, *, keeps_outbox: bool = False) -> dict[str, Any]:
    """What the browser has to know of a form, and of where it is sent."""
    code = services.store().workshops.get(who).code
    return {
        "form": form.drawn() if form else None,
        "address": f"/forms/{{form}}?{urlencode({'w': code, 'role': who.role})}",
        "owner": f"{code}:{who.role}:{who.person_id}",
        "outbox": keeps_outbox,
    }
