"""The documentation, held to the code: what it names is there, and what it says is so.

Two conventions make that possible: in README.md and the facilitator's guide, words in **bold**
stand on a screen; in the table "Where do I change …", a path is followed by names from that file.
"""

from __future__ import annotations

import ast
import re
import tomllib
from itertools import chain, dropwhile, takewhile
from pathlib import Path

import pytest

from workshop.intake import MAX_BYTES, IntakeError, read_upload
from workshop.intake.counts import MAX_REASONS, MAX_STAGES
from workshop.intake.sheets import MAX_COLUMNS, MAX_ROWS
from workshop.intake.unpacking import OF_LEADS
from workshop.model import NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from workshop.pairing import ROSTER_LENGTH
from workshop.store import archive, ideas, numbers, plan, trail
from workshop.upload.flow import FILES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DECISIONS = (ROOT / "docs" / "decisions.md").read_text("utf-8")
GUIDE = (ROOT / "docs" / "facilitator-guide.md").read_text("utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "data/README.md"]
PAGES += sorted((ROOT / "docs").glob("*.md"))

CODE = re.compile(r"`([^`\n]+)`")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
LINK = re.compile(r"(?P<picture>!?)\[(?P<words>[^\]]*)\]\((?P<target>[^)\s]+)\)")
PATH_AND_NAMES = re.compile(r"`(?P<path>[^`]+)`(?: \((?P<names>`[^)]*`)\))?")
A_PATH = re.compile(r"[\w.-]*/[\w./-]*|[\w.-]+\.(py|md|toml|sql|css|js|csv|txt)")
TREE_LINE = re.compile(r"(?P<indent> *)(?P<name>[\w./-]+) {2,}\S.*")


def section(page: str, heading: str) -> str:
    """What stands under a heading, up to the next one of any level."""
    [_, after] = re.split(rf"^#+ {re.escape(heading)}.*\n", page, flags=re.MULTILINE)
    return re.split(r"^#+ ", after, maxsplit=1, flags=re.MULTILINE)[0]


def table(text: str) -> list[list[str]]:
    """The rows of the first table in a text, without its heading."""
    lines = dropwhile(lambda line: not line.startswith("|"), text.splitlines())
    rows = [line.strip("| ") for line in takewhile(lambda line: line.startswith("|"), lines)]
    return [[cell.strip() for cell in row.split(" | ")] for row in rows[2:]]


def python_files() -> list[Path]:
    folders = ("workshop", "pages", "tests", "data", "docs", "bench")
    return [ROOT / "app.py", *chain(*((ROOT / folder).rglob("*.py") for folder in folders))]


# -- paths and names -----------------------------------------------------------------------------


def places_to_change() -> list[tuple[str, str]]:
    """Every path in the table with every name that should be found there."""
    found = []
    for _, where in table(section(README, "Where do I change")):
        for match in PATH_AND_NAMES.finditer(where):
            if A_PATH.fullmatch(match["path"]):
                names = CODE.findall(match["names"] or "") or [""]
                found += [(match["path"], name) for name in names]
    return found


@pytest.mark.parametrize(("path", "name"), places_to_change())
def test_what_is_to_be_changed_is_where_the_readme_says(path: str, name: str) -> None:
    place = ROOT / path
    assert place.exists(), f"README.md: there is no {path}"
    files = place.rglob("*.*") if place.is_dir() else [place]
    texts = [file.read_text("utf-8") for file in files if file.suffix != ".pyc"]
    assert any(name in text for text in texts), f"README.md: {path} has no {name}"


def test_the_table_of_changes_is_read_at_all() -> None:
    assert len(places_to_change()) > 50


def tree() -> list[str]:
    """The paths of the house, as the README draws it."""
    drawn = section(README, "The house").split("```")[1]
    paths, folders = [], [""]
    for match in map(TREE_LINE.fullmatch, drawn.strip().splitlines()):
        assert match is not None, "README.md: a line of the house cannot be read"
        depth = len(match["indent"]) // 2
        paths.append("".join(folders[: depth + 1]) + match["name"])
        folders[depth + 1 :] = [match["name"]]
    return paths


@pytest.mark.parametrize("path", tree())
def test_the_house_is_as_the_readme_draws_it(path: str) -> None:
    assert (ROOT / path).exists()
    assert (ROOT / path).is_dir() == path.endswith("/")


def test_the_readme_draws_every_room() -> None:
    rooms = {
        f"{room.parent.name}/{room.name}" + ("/" if room.is_dir() else "")
        for room in [*(ROOT / "workshop").iterdir(), *(ROOT / "pages").iterdir()]
        if not room.name.startswith("__")
    }
    documents = {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")}
    assert rooms | documents <= set(tree())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    for match in LINK.finditer(page.read_text("utf-8")):
        target, _, heading = match["target"].partition("#")
        if target.startswith("https://"):
            continue
        linked = page.parent / target if target else page
        assert linked.exists(), f"{page.name}: there is no {target}"
        if match["picture"]:
            assert match["words"], f"{page.name}: {target} has no words for who cannot see it"
        if heading:
            assert heading in anchors(linked), f"{page.name}: there is no heading #{heading}"


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_tour_has_its_four_pictures() -> None:
    pictures = {match["target"] for match in LINK.finditer(README) if match["picture"]}
    names = {"board-facts", "board-ranking", "team", "facilitate"}
    assert pictures == {f"docs/pictures/{name}.png" for name in names}


# -- words on the screens ------------------------------------------------------------------------


def said_on_screens() -> str:
    """Every text in the code of the screens, and in what runs in the browser."""
    files = [*(ROOT / "pages").glob("*.py"), *(ROOT / "workshop").glob("*.py")]
    for folder in ("upload", "forms"):
        files += (ROOT / "workshop" / folder).glob("*.py")
    files.append(ROOT / "workshop/exports/__init__.py")
    constants = [
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    scripts = [file.read_text("utf-8") for file in (ROOT / "workshop" / "parts").glob("*.js")]
    return "\n".join([*constants, *scripts])


@pytest.mark.parametrize("page", [README, GUIDE], ids=["README.md", "facilitator-guide.md"])
def test_words_in_bold_stand_on_a_screen(page: str) -> None:
    said = said_on_screens()
    bold = {" ".join(words.split()) for words in BOLD.findall(page)} - {"bold"}
    assert bold
    assert not {words for words in bold if words not in said}


def test_the_keys_that_the_documents_name_are_set_by_a_page() -> None:
    pages = "".join(page.read_text("utf-8") for page in (ROOT / "pages").glob("*.py"))
    named = set(re.findall(r"st-key-(\w+)", README + DECISIONS + GUIDE))
    assert named
    assert not {name for name in named if f'key="{name}"' not in pages}


# -- commands and settings -----------------------------------------------------------------------


def test_make_can_do_all_that_the_readme_says_and_nothing_it_does_not() -> None:
    [phony] = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    targets = set(re.findall(r"^([\w-]+):", MAKEFILE, re.MULTILINE))
    commands = re.findall(r"(?:`|    |=\S+ )make (?:\w+=\S+ )*([\w-]+)", README)
    assert set(commands) == set(phony.split()) == targets
    elsewhere = re.findall(r"`make ([\w-]+)", DECISIONS + GUIDE + CHANGELOG)
    assert set(elsewhere) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_programs_and_test_files_that_a_document_runs_are_there(page: Path) -> None:
    for path in re.findall(r"(?:python|pytest|-r) ([\w./][\w./-]*)", page.read_text("utf-8")):
        assert (ROOT / path).exists(), f"{page.name}: there is no {path}"


def test_the_readme_names_every_setting_and_no_other() -> None:
    code = "".join(file.read_text("utf-8") for file in python_files())
    read_by_python = set(re.findall(r"environ(?:\.get\(|\[)\"(\w+)\"", code))
    read_by_make = set(re.findall(r"^(\w+) \?=", MAKEFILE, re.MULTILINE))
    named = {CODE.findall(row[0])[0] for row in table(section(README, "Where the data are"))}
    assert named == read_by_python | read_by_make


def test_streamlit_is_set_as_the_decisions_say() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    flat = {key: value for group in settings.values() for key, value in group.items()}
    named = re.findall(r"`(\w+) = (true|false)`", DECISIONS)
    assert len(named) == 3
    for key, value in named:
        assert flat[key] is (value == "true"), key


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_has_its_reason_and_its_exact_version(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    pinned = [line for line in lines if line != "-r requirements.txt"]
    # After the version may stand on which systems it is needed.
    assert all(re.fullmatch(r"[\w-]+==[\w.]+(; .+)?", line) for line in pinned)
    [_, after] = DECISIONS.split(f"in `{name}`:")
    assert {row[0] for row in table(after)} == {line.split("==")[0] for line in pinned}


# -- what the README says about files ------------------------------------------------------------


def example(number: int) -> bytes:
    """A CSV file that the README shows."""
    shown: list[str] = re.findall(r"```csv\n(.*?)```", README, re.DOTALL)
    return shown[number].encode()


def test_the_file_that_the_readme_shows_is_the_example() -> None:
    assert example(0) == (ROOT / "data/example/funnel.csv").read_bytes()
    assert set(example(1).splitlines()) <= set(
        (ROOT / "data/example/losses.csv").read_bytes().splitlines()
    )
    shown = read_upload("funnel.csv", example(0), ("losses.csv", example(1)))
    assert shown.counts == (2000, 700, 280, 84, 21)
    assert shown.steps[1].unexplained == 84


def test_a_wrong_file_is_answered_as_the_readme_says() -> None:
    with pytest.raises(IntakeError) as refused:
        read_upload("funnel.csv", example(2))
    said = [
        [str(problem.line), problem.column, problem.message, problem.remedy]
        for problem in refused.value.problems
    ]
    assert said == table(README[README.index("is answered with") :])


def test_the_limits_are_those_of_the_code() -> None:
    limits = dict(table(section(README, "Limits")))
    assert limits["a file"] == (
        f"{MAX_BYTES / 1e6:.0f} MB, {MAX_ROWS:,} rows, {MAX_COLUMNS} columns"
    )
    assert limits["a funnel"] == (
        f"{MAX_STAGES} stages (and at least 2), {MAX_REASONS} loss reasons a stage"
    )
    assert limits["an export of your CRM"] == (
        f"{FILES.most_bytes / 1e6:.0f} MB, {MAX_COLUMNS} columns; "
        f"as Excel {OF_LEADS.bytes / 1e6:.0f} MB, {OF_LEADS.rows:,} rows a sheet"
    )
    assert limits["a backup"] == (
        f"{archive.MAX_BYTES / 1e6:.0f} MB, unpacked {archive.MAX_UNPACKED_BYTES / 1e6:.0f} MB, "
        f"{archive.MAX_ROWS:,} rows"
    )
    assert [int(limit.split()[0].replace(",", "")) for limit in list(limits.values())[4:]] == [
        TITLE_LENGTH,
        NAME_LENGTH,
        TEXT_LENGTH,
        ROSTER_LENGTH,
        ideas.MOST_CHARACTERS,
        ideas.MOST_CHARACTERS_OF_ALL,
        plan.MOST_CHARACTERS_OF_ACTIONS,
        numbers.MOST_CHARACTERS_OF_NUMBERS,
        trail.MOST_CHARACTERS,
    ]
    assert limits["all ideas of a workshop"].endswith(f"{ideas.MOST_IDEAS_OF_ALL:,} ideas")
    assert list(limits.values())[-1].endswith(f"{trail.MOST_ROWS:,} rows")


def test_the_newest_version_in_the_changelog_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    versions = re.findall(r"^## ([\d.]+) - \d{4}-\d{2}-\d{2}$", CHANGELOG, re.MULTILINE)
    assert versions[0] == project["version"]
