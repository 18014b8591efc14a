"""Files on their way in: asked for where an uploader stands, and let go once they are kept."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.stats import CacheStat
from streamlit.runtime.uploaded_file_manager import UploadedFile

from workshop import deliveries


def ask_for_files() -> None:
    """Let this page send files as long as it is open; called where an uploader is drawn."""
    page = get_script_run_ctx()
    assert page is not None
    st.session_state.setdefault("asks_for_files", deliveries.ask(page.session_id))


def let_go(files: Iterable[UploadedFile]) -> None:
    """Give back the memory in which Streamlit would keep these until the page is closed."""
    page = get_script_run_ctx()
    assert page is not None
    memory = page.uploaded_file_mgr
    assert isinstance(memory, MemoryUploadedFileManager)
    for file in files:
        memory.remove_file(page.session_id, file.file_id)


def held() -> int:
    """How many bytes of uploaded files are in memory."""
    families = get_instance().uploaded_file_mgr.get_stats().values()
    stats = [stat for family in families for stat in family]
    return sum(stat.byte_length for stat in stats if isinstance(stat, CacheStat))
