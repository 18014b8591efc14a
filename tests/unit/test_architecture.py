"""The house rules that a reader relies on: who may import whom."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import SLOW

ROOT = Path(__file__).parents[2]
MODULES = [
    *sorted(path for name in ("workshop", "pages") for path in (ROOT / name).rglob("*.py")),
    ROOT / "app.py",
]

# Eight floors. A room may import from floors below its own, and from rooms to its left.
FLOORS = [
    ["domain", "log", "metrics"],
    ["wording", "analysis"],
    ["charts", "exports", "intake", "store"],
    ["forms", "live", "server"],
    ["ui", "activities"],
    ["team"],
    ["pages"],
    ["app"],
]
ROOMS = [room for floor in FLOORS for room in floor]
ONLY_IN = {
    "duckdb": ("workshop/store/engine.py", "workshop/intake/"),
    "streamlit": (
        "workshop/ui/",
        "workshop/activities/",
        "pages/",
        "app.py",
        # What guards Streamlit's own routes, and what proves for a page who may do what.
        "workshop/server/bound_sessions.py",
        "workshop/server/streamlit_surface.py",
        "workshop/server/entrance.py",
    ),
    "altair": ("workshop/charts/",),
    # In the server it would hold up every screen while it draws.
    "vl_convert": ("workshop/charts/svg_process.py",),
    "typst": ("workshop/exports/typesetting.py",),
    "icalendar": ("workshop/exports/calendar.py",),
}


@cache
def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "workshop" and len(parts) > 1 else parts[0]


def rooms_of(path: Path) -> set[str]:
    """The rooms of `workshop` that a file imports from."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("workshop.")} - {
        room(path)
    }


def test_imports_go_one_way() -> None:
    places = [path for path in MODULES if room(path) != "__init__"]
    upwards = {path: reaches_up_to(path) for path in places if reaches_up_to(path)}
    assert not upwards


def reaches_up_to(path: Path) -> set[str]:
    """The rooms that a file imports from and is not above."""
    return {name for name in rooms_of(path) if ROOMS.index(name) >= ROOMS.index(room(path))}


@pytest.mark.parametrize("library", ONLY_IN)
def test_each_library_stays_in_its_room(library: str) -> None:
    users = [
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if any(name.split(".")[0] == library for name in imported(path))
    ]
    assert not [place for place in users if not place.startswith(ONLY_IN[library])]


def bases() -> dict[str, set[str]]:
    """Of each class of ours the names of those it inherits from."""
    return {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }


def test_no_class_inherits_from_ours_more_than_once() -> None:
    ours = bases()
    for name, parents in ours.items():
        inherited = parents & ours.keys()
        assert len(inherited) <= 1, f"{name} inherits from {inherited}"
        for parent in inherited:
            above = ours[parent] & ours.keys()
            assert not above, f"{name} inherits from {parent}, and that from {above}"


def test_the_files_of_tests_that_run_first_are_there() -> None:
    assert not {*SLOW} - {path.name for path in (ROOT / "tests").rglob("test_*.py")}


PATCHES = ROOT / "workshop" / "ui" / "streamlit_patches.py"


def private_names_of_streamlit(code: str) -> set[str]:
    """What code takes of Streamlit that its documents do not name.

    >>> sorted(private_names_of_streamlit("import streamlit as st; st._config; st.runtime.exists"))
    ['streamlit._config', 'streamlit.runtime', 'streamlit.runtime.exists']
    >>> private_names_of_streamlit("from streamlit.runtime.state import SafeSessionState")
    {'streamlit.runtime.state.SafeSessionState'}
    """
    tree = ast.parse(code)
    named: dict[str, str] = {}  # what a name in this code stands for
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                named[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
                used.add(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                named[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                used.add(f"{node.module}.{alias.name}")
    used |= {dotted(node, named) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return {name for name in used if name.startswith("streamlit.") and is_private(name)}


def dotted(node: ast.expr, named: Mapping[str, str]) -> str:
    """The full name that a chain of attributes stands for; "" where it is none of a module."""
    match node:
        case ast.Name(id=name):
            return named.get(name, "")
        case ast.Attribute(value=value, attr=attribute):
            start = dotted(value, named)
            return f"{start}.{attribute}" if start else ""
        case _:
            return ""


def is_private(name: str) -> bool:
    parts = name.split(".")
    return parts[1] == "runtime" or any(part.startswith("_") for part in parts)


def test_no_private_name_of_streamlits_is_used() -> None:
    assert not names_by_module(private_names_of_streamlit)


def names_by_module(names: Callable[[str], set[str]]) -> dict[Path, set[str]]:
    """What `names` finds in the code of each module but the patches, where it finds anything."""
    found = {path: names(path.read_text("utf-8")) for path in MODULES if path != PATCHES}
    return {path: those for path, those in found.items() if those}


def test_the_patches_are_found_where_they_are() -> None:
    assert private_names_of_streamlit(PATCHES.read_text("utf-8")) > {
        "streamlit.runtime.app_session.AppSession._on_scriptrunner_event"
    }


def private_names_of_others(code: str) -> set[str]:
    """The private names that code uses and does not define: those of another module of ours.

    What a library says by a leading underscore, such as `os._exit`, is its own affair.

    >>> private_names_of_others("from workshop.store.ideas import _row")
    {'workshop.store.ideas._row'}
    >>> sorted(private_names_of_others("import os; os._exit(0); idea._row; self._read()"))
    ['idea._row', 'self._read']
    >>> private_names_of_others("class Ideas:\\n    def _read(self, other): other._read()")
    set()
    >>> private_names_of_others("class Ideas:\\n    def _read(self): self.parts._read()")
    {'self.parts._read'}
    """
    nodes = [*ast.walk(ast.parse(code))]
    libraries, modules, used = set(), set(), set()
    for node in nodes:
        if isinstance(node, ast.Import):
            libraries |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules |= {alias.asname or alias.name for alias in node.names}
            used |= {f"{node.module}.{alias.name}" for alias in node.names}
    defined = {name for node in nodes if (name := defined_by(node))}
    for node in nodes:
        if not isinstance(node, ast.Attribute):
            continue
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        is_own = node.attr in defined and owner and owner not in modules
        if owner not in libraries and not is_own:
            used.add(ast.unparse(node))
    return {name for name in used if re.fullmatch(r"_[^_].*", name.rpartition(".")[2])}


def defined_by(node: ast.AST) -> str | None:
    """The name that a piece of code gives to a function, a class, a variable or an attribute."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            return name
        case _:
            return None


def test_no_private_name_is_used_across_modules() -> None:
    assert not names_by_module(private_names_of_others)


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert not {path: length for path, length in lengths.items() if length > 400}


@pytest.mark.parametrize(
    ("code", "module"),
    [
        ("duckdb.connect(", "locked_duckdb"),
        ("lock_configuration", "locked_duckdb"),
        ("FROM parquet_metadata", "locked_duckdb"),
        ("cp1252", "decoding"),
        ("CalamineWorkbook.from", "workbook"),
    ],
)
def test_intake_opens_and_decodes_files_in_one_place(code: str, module: str) -> None:
    intake = (ROOT / "workshop" / "intake").glob("*.py")
    assert [path.stem for path in intake if code in path.read_text("utf-8")] == [module]
