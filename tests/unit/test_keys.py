"""Keys of what is on the screens: two of them are the same only where the code says the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "pages").glob("*.py"), *(ROOT / "workshop").rglob("*.py")])

# What may stand in a key: ids, places, and the words of the code. Nothing that people write.
ID = r"(\w+\.)?(\w+_)?id"
CODE = r"place|number|key|lens|role|side|code|uuid4\(\)\.hex|fingerprint\(.*\)"
ATTRIBUTE = r"person\.side|workshop\.code|step\.owner|condition\.demand\.name"
VERSION = r"version\.number|own\.version"
ABOUT = r"(\w+\.)*key\.about"  # a code: domain/question.py refuses anything else
FINGERPRINT = r"asking\.mark\[:8\]|mark"
STATE = r"done|shown|way\.uploads|state\.form\['step'\]|here\.get\(.*\)|'\w+' if .* else '\w+'"
FILE_OF_OURS = r"template\.name\.replace\(.*\)"
BLOCKS = {"line", "form", "Button", "Group", "Line", "FormBlock"}
MAY_STAND = re.compile(
    "|".join((ID, CODE, ATTRIBUTE, VERSION, ABOUT, FINGERPRINT, STATE, FILE_OF_OURS))
)


@cache
def keys(path: Path) -> tuple[ast.JoinedStr, ...]:
    return tuple(_keys(path))


def _keys(path: Path) -> Iterator[ast.JoinedStr]:
    """The keys of a file that are put together: arguments `key`, and first ones of blocks."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        parts = [word.value for word in node.keywords if word.arg == "key"]
        parts += node.args[:1] if called in BLOCKS else []
        yield from (part for part in parts if isinstance(part, ast.JoinedStr))


def test_nothing_that_people_write_is_a_part_of_a_key() -> None:
    parts = ((path, key, part) for path in FILES for key in keys(path) for part in key.values)
    wrong = [
        f"{path.relative_to(ROOT)}: {ast.unparse(key)}"
        for path, key, part in parts
        if isinstance(part, ast.FormattedValue) and not MAY_STAND.fullmatch(ast.unparse(part.value))
    ]
    assert not wrong


def test_the_keys_are_read_at_all() -> None:
    assert sum(1 for path in FILES for _ in keys(path)) > 60
