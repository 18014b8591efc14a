"""The documentation, held to the code: what it names is there, and what it says is so.

Two conventions make that possible: in README.md, the reference and the facilitator's guide, words
in **bold** stand on a screen; in the recipes and the table "Where do I change …" of
docs/contributing.md, a path is followed by names from that file.
"""

from __future__ import annotations

import ast
import re
import tomllib
from itertools import accumulate, chain, dropwhile, groupby, product, takewhile
from operator import itemgetter
from pathlib import Path

import pytest

from tests.unit.test_architecture import FLOORS
from workshop.activities import ACTIVITIES, activity_of
from workshop.activities.activity import Place
from workshop.activities.break_ import BREAK
from workshop.activities.templates import (
    HALF_DAY,
    ONE_LEAK,
    SECOND_LOOK,
    TOWN_HALL,
    TWO_LEAKS,
    Template,
    agenda_from,
)
from workshop.activities.walk import short_label
from workshop.analysis.pairing import ROSTER_LENGTH
from workshop.domain.agenda_lines import LONGEST_LINE, MOST_LINES
from workshop.domain.agreement import LONGEST_CLAUSE, MOST_VERSIONS
from workshop.domain.checks import NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from workshop.domain.funnel import Funnel
from workshop.domain.people import Owner
from workshop.forms import settlement
from workshop.forms.answers import LONGEST_TEXT
from workshop.intake import MAX_BYTES, IntakeError, read_upload
from workshop.intake.counts import MAX_REASONS, MAX_STAGES
from workshop.intake.sheets import MAX_ROWS
from workshop.intake.unpacking import OF_LEADS
from workshop.intake.workbook import MAX_COLUMNS
from workshop.store import activity, agreements, archive, commitments, funnels, idea_limits
from workshop.ui.upload.flow import FILES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
REFERENCE = (ROOT / "docs" / "reference.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "docs" / "contributing.md").read_text("utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
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
    """Every path in the recipes and the table, with every name that should be found there."""
    found = []
    recipes = CONTRIBUTING.partition("\n## Recipes\n")[2].partition("\n## ")[0]
    changes = table(section(CONTRIBUTING, "Where do I change"))
    for where in [" ".join(recipes.split()), *(where for _, where in changes)]:
        for match in PATH_AND_NAMES.finditer(where):
            if A_PATH.fullmatch(match["path"]):
                names = CODE.findall(match["names"] or "") or [""]
                found += [(match["path"], name) for name in names]
    return found


@pytest.mark.parametrize(("path", "name"), places_to_change())
def test_what_is_to_be_changed_is_where_the_document_says(path: str, name: str) -> None:
    place = ROOT / path
    assert place.exists(), f"contributing.md: there is no {path}"
    files = place.rglob("*.*") if place.is_dir() else [place]
    texts = [one.read_text("utf-8") for one in files if "__pycache__" not in one.parts]
    assert any(name in text for text in texts), f"contributing.md: {path} has no {name}"


def test_the_table_of_changes_is_read_at_all() -> None:
    assert len(places_to_change()) > 50


def test_the_recipes_are_read_as_well() -> None:
    assert {("workshop/wording/lenses.py", "LENSES"), ("app.py", "download")} <= {
        *places_to_change()
    }


def tree() -> list[str]:
    """The paths of the house, as contributing.md draws it."""
    drawn = section(CONTRIBUTING, "The house").split("```")[1]
    paths, folders = [], [""]
    for match in map(TREE_LINE.fullmatch, drawn.strip().splitlines()):
        assert match is not None, "contributing.md: a line of the house cannot be read"
        depth = len(match["indent"]) // 2
        paths.append("".join(folders[: depth + 1]) + match["name"])
        folders[depth + 1 :] = [match["name"]]
    return paths


@pytest.mark.parametrize("path", tree())
def test_the_house_is_as_it_is_drawn(path: str) -> None:
    assert (ROOT / path).exists()
    assert (ROOT / path).is_dir() == path.endswith("/")


def test_every_room_is_drawn() -> None:
    rooms = {
        f"{room.parent.name}/{room.name}" + ("/" if room.is_dir() else "")
        for room in [*(ROOT / "workshop").iterdir(), *(ROOT / "pages").iterdir()]
        if not room.name.startswith("__")
    }
    documents = {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")}
    assert rooms | documents <= set(tree())


def test_the_floors_are_those_of_the_architecture() -> None:
    """Every room of the workshop stands in the table, as the architecture's test knows it."""
    rows = [CODE.findall(rooms) for _, rooms in table(section(CONTRIBUTING, "The floors"))]
    assert rows == FLOORS
    rooms = {path.stem for path in (ROOT / "workshop").glob("*") if path.suffix in {"", ".py"}}
    assert {*chain(*rows)} == rooms - {"__init__", "__pycache__"} | {"pages", "app"}


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


def test_the_readme_is_short_and_begins_with_a_picture() -> None:
    lines = [line for line in README.splitlines() if line]
    assert len(README.splitlines()) <= 150
    assert lines[0].startswith("# ")
    assert lines[1].startswith("![")


@pytest.mark.parametrize("heading", re.findall(r"^### (.+)$", DECISIONS, re.MULTILINE))
def test_a_decision_takes_ten_lines_at_most(heading: str) -> None:
    lines = [line for line in section(DECISIONS, heading).splitlines() if line]
    assert 0 < len(lines) <= 10
    assert max(map(len, lines)) <= 120


# -- words on the screens ------------------------------------------------------------------------


def said_on_screens() -> str:
    """Every text in the code of the screens, and in what runs in the browser."""
    files = [*(ROOT / "pages").glob("*.py")]
    for folder in (
        "domain",
        "wording",
        "analysis",
        "forms",
        "live",
        "server",
        "ui",
        "activities",
        "team",
    ):
        files += (ROOT / "workshop" / folder).rglob("*.py")
    files.append(ROOT / "workshop/exports/__init__.py")
    constants = [
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    scripts = [file.read_text("utf-8") for file in (ROOT / "workshop/ui/components").rglob("*.js")]
    return "\n".join([*constants, *scripts])


@pytest.mark.parametrize(
    "page",
    [README, REFERENCE, GUIDE],
    ids=["README.md", "reference.md", "facilitator-guide.md"],
)
def test_words_in_bold_stand_on_a_screen(page: str) -> None:
    said = said_on_screens()
    bold = {" ".join(words.split()) for words in BOLD.findall(page)} - {"bold"}
    assert bold
    assert not {words for words in bold if words not in said}


def test_the_words_of_the_glossary_stand_on_a_screen() -> None:
    charts = (file.read_text("utf-8") for file in (ROOT / "workshop" / "charts").glob("*.py"))
    said = " ".join("\n".join([said_on_screens(), *charts]).lower().split())
    words = re.findall(r"^\| ([^|]+) \| [^|]+\.", GLOSSARY, re.MULTILINE)
    assert len(words) > 50
    assert not {word for word in words if word.lower() not in said}


def test_the_keys_that_the_documents_name_are_set_by_a_page() -> None:
    pages = "".join(page.read_text("utf-8") for page in (ROOT / "pages").glob("*.py"))
    named = set(re.findall(r"st-key-(\w+)", CONTRIBUTING + DECISIONS + GUIDE))
    assert named
    assert not {name for name in named if f'key="{name}"' not in pages}


# -- the run sheets ------------------------------------------------------------------------------


def run_sheet(heading: str) -> list[tuple[str, int]]:
    """The labels and minutes of a run sheet; the rows of one line of the agenda are one."""
    rows = [row[1:3] if ":" in row[0] else row[:2] for row in table(section(GUIDE, heading))]
    return [
        (label.strip("*"), sum(int(minutes) for minutes, _ in parts))
        for label, parts in groupby(rows, key=itemgetter(1))
    ]


@pytest.mark.parametrize(
    "template", [ONE_LEAK, TWO_LEAKS, HALF_DAY, SECOND_LOOK], ids=lambda one: one.code
)
def test_a_run_sheet_has_the_lines_and_minutes_of_its_template(template: Template) -> None:
    lines = agenda_from(template, worked_example()).lines
    assert run_sheet(template.label) == [
        (short_label(line.position, worked_example()), line.minutes) for line in lines
    ]
    rows = table(section(GUIDE, template.label))
    begins = accumulate((int(row[1]) for row in rows), initial=0)
    assert [row[0] for row in rows] == [
        f"{at // 60}:{at % 60:02}" for at, _ in zip(begins, rows, strict=False)
    ]


def test_half_an_hour_a_step_is_that_of_half_a_day() -> None:
    assert run_sheet("Half an hour a step") == [
        (activity_of(code).short_label, minutes) for code, minutes in HALF_DAY.at_each_step
    ]


def test_what_may_be_added_to_half_a_day_takes_as_long_as_the_guide_says() -> None:
    extras = [one for one in ACTIVITIES if one.place is Place.WHERE_WANTED and one is not BREAK]
    rows = table(section(GUIDE, "Half a day").split("What you may add")[1])
    assert {label.strip("*"): int(minutes) for minutes, label, _ in rows} == {
        one.label: one.minutes for one in extras
    }


def test_the_town_hall_of_the_guide_has_its_lines_in_order_and_no_minutes() -> None:
    places = agenda_from(TOWN_HALL, worked_example()).places
    labels = [short_label(place, worked_example()) for place in places]
    rows = table(section(GUIDE, "Town hall"))
    assert [row[0].strip("*") for row in rows] == [label for label, _ in groupby(labels)]
    assert not re.search(r"\d+ min", section(GUIDE, "Town hall"))


def worked_example() -> Funnel:
    return read_upload("funnel.csv", (ROOT / "data/example/funnel.csv").read_bytes())


# -- commands and settings -----------------------------------------------------------------------


def test_make_can_do_all_that_the_documents_say_and_nothing_they_do_not() -> None:
    [phony] = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    targets = set(re.findall(r"^([\w-]+):", MAKEFILE, re.MULTILINE))
    commands = re.findall(
        r"(?:`|    |=\S+ )make (?:\w+=\S+ )*([\w-]+)", README + REFERENCE + CONTRIBUTING
    )
    assert set(commands) == set(phony.split()) == targets
    elsewhere = re.findall(r"`make ([\w-]+)", DECISIONS + GUIDE + CHANGELOG)
    assert set(elsewhere) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_programs_and_test_files_that_a_document_runs_are_there(page: Path) -> None:
    for path in re.findall(r"(?:python|pytest|-r) ([\w./][\w./-]*)", page.read_text("utf-8")):
        assert (ROOT / path).exists(), f"{page.name}: there is no {path}"


def test_the_reference_names_every_setting_and_no_other() -> None:
    code = "".join(file.read_text("utf-8") for file in python_files())
    read_by_python = set(re.findall(r"environ(?:\.get\(|\[)\"(\w+)\"", code))
    read_by_make = set(re.findall(r"^(\w+) \?=", MAKEFILE, re.MULTILINE))
    named = {CODE.findall(row[0])[0] for row in table(section(REFERENCE, "Settings"))}
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


# -- what the documents say about files ----------------------------------------------------------


def example(number: int, page: str = REFERENCE) -> bytes:
    """A CSV file that a page shows."""
    shown: list[str] = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    return shown[number].encode()


def test_the_file_that_the_documents_show_is_the_example() -> None:
    assert example(0, README) == example(0)
    assert example(0) == (ROOT / "data/example/funnel.csv").read_bytes()
    assert set(example(1).splitlines()) <= set(
        (ROOT / "data/example/losses.csv").read_bytes().splitlines()
    )
    shown = read_upload("funnel.csv", example(0), ("losses.csv", example(1)))
    assert shown.counts == (2000, 700, 280, 84, 21)
    assert shown.steps[1].unexplained == 84


def test_a_wrong_file_is_answered_as_the_reference_says() -> None:
    with pytest.raises(IntakeError) as refused:
        read_upload("funnel.csv", example(2))
    said = [
        [str(problem.line), problem.column, problem.message, problem.remedy]
        for problem in refused.value.problems
    ]
    assert said == table(REFERENCE[REFERENCE.index("is answered with") :])


def rule(opening: str) -> str:
    """The rule of the funnel file that begins with these words."""
    rules = section(REFERENCE, "Your funnel file").split("\n- ")
    [found] = [rule for rule in rules if rule.startswith(opening)]
    return " ".join(found.split("\n\n")[0].split())


def funnel_of(*lines: str) -> Funnel:
    return read_upload("funnel.csv", "\n".join(lines).encode())


def test_column_names_are_understood_as_the_reference_says() -> None:
    named = CODE.findall(rule("Column names"))
    stages, counts = named[:2], [*named[2:7], named[2].upper()]
    for stage, count in product(stages, counts):
        funnel = funnel_of(f"{stage};{count};{named[7]};{named[8]};note", "A;9;sales;40 %;x", "B;3")
        assert (funnel.counts, funnel.steps[0].owner) == ((9, 3), Owner.SALES)
        assert funnel.steps[0].benchmark == 0.4
    for reason in named[9:]:
        losses = ("losses.csv", f"stage;{reason};count\nA;Price;4".encode())
        assert read_upload("funnel.csv", b"stage;count\nA;9\nB;3", losses).steps[0].losses
    assert len(named) == 11


def test_counts_and_benchmarks_are_read_as_the_reference_says() -> None:
    [counts] = re.findall(r"may be written (.+?)\. Commas", rule("Counts"))
    for count in re.split(r", | or ", counts):
        assert funnel_of("stage;count", f"A;{count}", "B;5").counts == (1234, 5)
    [says] = [row[2] for row in table(section(REFERENCE, "Your funnel file")) if "bench" in row[0]]
    for rate in CODE.findall(says):
        assert funnel_of("stage;count;benchmark", f"A;9;{rate}", "B;5").steps[0].benchmark == 0.4


def test_the_last_stage_has_no_step_as_the_reference_says() -> None:
    assert "An owner there is ignored; a benchmark there is refused" in rule("Owner, benchmark")
    assert funnel_of("stage;count;owner", "A;9;sales", "B;5;marketing").steps[0].owner == "sales"
    with pytest.raises(IntakeError, match="last stage"):
        funnel_of("stage;count;benchmark", "A;9;40 %", "B;5;40 %")


def test_the_limits_are_those_of_the_code() -> None:
    limits = dict(table(section(REFERENCE, "Limits")))
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
    of_company = "a backup of a company; all its workshops together as large as one may be"
    assert limits[of_company] == f"{archive.MOST_WORKSHOPS} workshops"
    assert [int(limit.split()[0].replace(",", "")) for limit in list(limits.values())[5:]] == [
        TITLE_LENGTH,
        NAME_LENGTH,
        TEXT_LENGTH,
        LONGEST_TEXT,
        LONGEST_CLAUSE,
        MOST_VERSIONS,
        ROSTER_LENGTH,
        MOST_LINES,
        idea_limits.MOST_CHARACTERS,
        idea_limits.MOST_CHARACTERS_OF_ALL,
        commitments.MOST_CHARACTERS_OF_COMMITMENTS,
        funnels.MOST_CHARACTERS_OF_NUMBERS,
        activity.MOST_CHARACTERS,
    ]
    assert settlement.LONGEST == LONGEST_TEXT
    assert limits["an agreement"].endswith(f" {agreements.MOST_SIGNATURES:,} signatures each")
    assert limits["an agenda"].endswith(f"each of 1 to {LONGEST_LINE} minutes or without")
    assert limits["all ideas of a workshop"].endswith(f"{idea_limits.MOST_IDEAS_OF_ALL:,} ideas")
    assert list(limits.values())[-1].endswith(f"{activity.MOST_ROWS:,} rows")


def test_the_newest_version_in_the_changelog_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    versions = re.findall(r"^## ([\d.]+) - \d{4}-\d{2}-\d{2}$", CHANGELOG, re.MULTILINE)
    assert versions[0] == project["version"]
