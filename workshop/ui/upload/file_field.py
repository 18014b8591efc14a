"""The field by which somebody gives files to a page, drawn by parts/upload.js."""

from __future__ import annotations

import streamlit as st

from workshop.server import upload_permit
from workshop.server.bound_sessions import fingerprints
from workshop.server.upload_permit import UploadedFile, UploadPermit, Wanted
from workshop.server.upload_route import UPLOAD
from workshop.ui.components import load_component

_field = load_component("upload")


def ask_for_files(key: str, label: str, wanted: Wanted, hint: str = "") -> tuple[UploadedFile, ...]:
    """Draw the field; returns the files that were chosen, once all of them are here.

    They are there until `let_go` or the end of the session, whatever else the page shows.
    """
    permit = _permit(key, wanted)
    said = _field(
        key=key,
        data={
            "address": f"{UPLOAD}/{permit.secret}",
            "label": label,
            "hint": hint,
            "endings": wanted.endings,
            "mostFiles": wanted.most_files,
            "mostBytes": wanted.most_bytes,
            "tooMany": wanted.too_many,
            "tooLarge": wanted.too_large,
            "wrongKind": wanted.wrong_kind,
            "files": [
                {"number": number, "name": file.name, "size": file.size}
                for number, file in permit.files.items()
            ],
        },
        default={"here": []},
        on_here_change=lambda: None,
        height="content",
    )
    # Copies: a file may arrive, or be taken back, while this is drawn.
    here = dict(permit.files)
    return tuple(here[number] for number in said.here if number in here)


def let_go(key: str) -> None:
    """The page needs the files of this field no more: they are deleted, and so is its permit."""
    st.session_state.pop(_place(key), None)


def _permit(key: str, wanted: Wanted) -> UploadPermit:
    cookies = fingerprints(st.context.cookies.to_dict())
    if _place(key) not in st.session_state:
        st.session_state[_place(key)] = upload_permit.grant(wanted, cookies)
    permit: UploadPermit = st.session_state[_place(key)]
    permit.cookies = cookies  # the same browser may have others by now
    return permit


def _place(key: str) -> str:
    return f"permit_{key}"
