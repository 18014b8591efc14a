"""The screens from uploaded files to an accepted funnel; of the home page and the facilitator.

Stage counts are understood at once. Of lead-level files the screen says how it would read them,
reads them when it is told to, and asks which of the truths about them the workshop goes by.
"""

from workshop.ui.upload.file_field import ask_for_files, let_go
from workshop.ui.upload.flow import example, forget, is_under_way, source, understand
from workshop.ui.upload.numbers import Numbers, preview

__all__ = [
    "Numbers",
    "ask_for_files",
    "example",
    "forget",
    "is_under_way",
    "let_go",
    "preview",
    "source",
    "understand",
]
