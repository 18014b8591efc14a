"""One pipeline, written in every layout that a reader must understand."""

from tests.layouts import (
    boards,
    counts,
    crms,
    dates,
    deals,
    events,
    habits,
    histories,
    hubspot,
    pipedrive,
    public,
    salesforce,
)
from tests.layouts.layout import LAYOUTS, Layout

__all__ = [
    "LAYOUTS",
    "Layout",
    "boards",
    "counts",
    "crms",
    "dates",
    "deals",
    "events",
    "habits",
    "histories",
    "hubspot",
    "pipedrive",
    "public",
    "salesforce",
]
