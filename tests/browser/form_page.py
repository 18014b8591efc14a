"""The form component alone on a page of the server's: real inputs, storage and answers, no app."""

from __future__ import annotations

import json
from collections.abc import Mapping

from playwright.sync_api import BrowserContext, Page

from workshop.forms.form import Form
from workshop.ui.components import COMPONENTS, script_of
from workshop.ui.forms import SCRIPTS

PATH = "/form-alone"
PAGE = """<!doctype html><meta charset="utf-8"><title>Form</title><body><div id="root"></div>
<template>{html}</template>
<script type="module">
{js}
let end, data = {data};
window.mountAnew = () => {{
    end?.();
    const root = document.createElement("div");
    root.append(document.querySelector("template").content.cloneNode(true));
    document.getElementById("root").replaceChildren(root);
    window.draw(data);
}};
window.draw = (given) => {{
    data = given;
    const parentElement = document.getElementById("root").firstChild;
    end = show({{ data, parentElement, setTriggerValue() {{}} }});
}};
window.mountAnew();
</script>"""
FILL = """values => {
    for (const [key, text] of Object.entries(values)) {
        const input = document.querySelector(`[data-field="${key}"] :is(input, textarea, select)`);
        input.focus();
        input.value = text;
        input.dispatchEvent(new Event("input", {bubbles: true}));
    }
}"""
WAITING = """() => Object.entries(localStorage)
    .filter(([key]) => key.startsWith("funnel-outbox:"))
    .flatMap(([, entries]) => JSON.parse(entries)).length"""


def data_of(form: Form | None, code: str, person: str = "ada") -> dict[str, object]:
    return {
        "form": form.drawn() if form else None,
        "address": f"/forms/{{form}}?w={code}&role=participant",
        "owner": f"{code}:participant:{person}",
        "outbox": True,
    }


def serve(context: BrowserContext, data: Mapping[str, object]) -> None:
    """From now on the component stands at PATH."""
    folder = COMPONENTS / "form"
    script = script_of("form", SCRIPTS).replace("export default function", "function show")
    html = (folder / "form.html").read_text("utf-8")
    body = PAGE.format(html=html, js=script, data=json.dumps(data))
    context.route(f"**{PATH}", lambda route: route.fulfill(body=body, content_type="text/html"))


def fill(page: Page, **values: str) -> None:
    page.evaluate(FILL, values)


def send(page: Page) -> None:
    page.evaluate("() => document.querySelector('.submit').click()")


def is_all_sent(page: Page) -> None:
    """Wait until nothing waits to be sent any more."""
    page.wait_for_function(f"() => !({WAITING})()")
