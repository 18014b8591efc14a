"""What is stored is a code, and whoever asks what it is knows every one of them.

A table that is keyed by the members of an enum has all of them, or stands below with what it
leaves out; a match over them ends with `assert_never`. So a new member is either drawn, or refused
before anybody sees it as something else.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TypeGuard

import pytest

from tests.unit.test_architecture import MODULES, ROOT
from workshop.domain.import_codes import Field

OF_LEADS = {"COUNTS"}
# Tables in which members are missing by right, and which: nobody looks them up there.
PARTIAL = {
    # Nobody uploads counts as leads, and the owner of a lead is not asked for.
    ("workshop/ui/upload/columns.py", "LABELS"): {"OWNER"},
    ("workshop/ui/upload/columns.py", "FIELDS"): OF_LEADS,
    ("workshop/ui/upload/columns.py", "MORE"): OF_LEADS,
    ("workshop/ui/upload/columns.py", "NEEDED"): OF_LEADS,
    # What a table of leads adds to one of deals.
    ("workshop/ui/upload/columns.py", "FIRST_TOUCH"): set(Field.__members__)
    - {"LEAD", "CREATED_AT", "SEGMENT"},
    # A slope without a size: screens show the same push.
    ("workshop/wording/lenses.py", "LENSES"): {"EQUAL_EFFORT"},
    # Links are for screens that many may open; people have seats.
    ("workshop/ui/links.py", "LINKS"): {"PARTICIPANT"},
    # Two of the demands contradict each other.
    ("workshop/store/constraints.py", "OPPOSITE"): {"REQUIRES", "EXCLUDES"},
    # The deepest stage is known from the first moments alone.
    ("workshop/intake/stage_counting.py", "BY_ALL_EVENTS"): {"DEEPEST"},
    # Where the last days are ignored, none of the three ways is the strong one.
    ("workshop/charts/open_leads.py", "WAYS"): {"SETTLED"},
}


def enums() -> dict[str, list[type[StrEnum]]]:
    """All codes of the house, by the name of their class; two modules may have one name."""
    found: dict[str, list[type[StrEnum]]] = {}
    for path in MODULES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and "StrEnum" in map(ast.unparse, node.bases):
                dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                module = importlib.import_module(dotted.removesuffix(".__init__"))
                found.setdefault(node.name, []).append(getattr(module, node.name))
    return found


ENUMS = enums()


def keyed_by(node: ast.Dict) -> tuple[str, set[str]] | None:
    """The enum whose members alone are the keys of a table, and those members."""
    keys = [ast.unparse(key).split(".") for key in node.keys if isinstance(key, ast.Attribute)]
    names = {key[0] for key in keys if len(key) == 2}
    if len(keys) < len(node.keys) or len(names) != 1 or not names <= set(ENUMS):
        return None
    return names.pop(), {key[1] for key in keys}


def tables() -> Iterator[tuple[str, str, str, set[str]]]:
    """Every named table of a module: its file, its name, the enum of its keys, the members."""
    for path in MODULES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
                continue
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            value = node.value.args[0] if is_frozen(node.value) else node.value
            if isinstance(value, ast.Dict) and (found := keyed_by(value)):
                yield str(path.relative_to(ROOT)), ast.unparse(target), *found


def is_frozen(value: ast.expr) -> TypeGuard[ast.Call]:
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "MappingProxyType"


TABLES = list(tables())


@pytest.mark.parametrize(
    "code",
    [code for named in ENUMS.values() for code in named],
    ids=lambda code: f"{code.__module__}.{code.__name__}",
)
def test_a_code_is_a_short_word_for_programs(code: type[StrEnum]) -> None:
    assert all(re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+){0,3}", member) for member in code)


@pytest.mark.parametrize(
    ("file", "name", "code", "members"), TABLES, ids=[f"{file}:{name}" for file, name, *_ in TABLES]
)
def test_a_table_by_codes_has_all_of_them(
    file: str, name: str, code: str, members: set[str]
) -> None:
    missing = PARTIAL.get((file, name), set())
    assert members | missing in [set(one.__members__) for one in ENUMS[code]]
    assert not members & missing


def test_no_table_is_excused_that_is_not_there() -> None:
    assert set(PARTIAL) <= {(file, name) for file, name, *_ in TABLES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_match_over_codes_refuses_what_it_does_not_know(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Match) and any(is_of_code(case.pattern) for case in node.cases):
            last = node.cases[-1]
            said = ast.unparse(last)
            assert said.startswith("case _:"), f"line {node.lineno} knows no other case"
            assert "assert_never(" in said, f"line {node.lineno} draws the unknown"


def is_of_code(pattern: ast.pattern) -> bool:
    return any(
        isinstance(part, ast.MatchValue) and ast.unparse(part.value).split(".")[0] in ENUMS
        for part in ast.walk(pattern)
    )
