"""The pages of an upload, as somebody goes through them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from streamlit.testing.v1 import AppTest

from workshop import intake
from workshop.intake import Job, Opened
from workshop.ui.upload.under_way import UnderWay

ROOT = Path(__file__).parents[1]
EXPORTS = ROOT / "tests" / "exports"


def start_opening(*files: tuple[str, bytes]) -> Job[Opened]:
    """Begin to open files with these names and contents, as if they had just arrived."""
    with TemporaryDirectory() as arrived:
        places = [(name, Path(arrived) / str(n)) for n, (name, _) in enumerate(files)]
        for (_, path), (_, content) in zip(places, files, strict=True):
            path.write_bytes(content)
        return intake.start_opening(places)


def opened(uploads: list[Opened], *files: tuple[str, bytes]) -> Opened:
    job = start_opening(*files)
    job.wait(20)
    uploads.append(job.made)
    return job.made


def home(files: Opened) -> AppTest:
    """The home page after these files were uploaded."""
    page = AppTest.from_file(str(ROOT / "pages" / "home.py"), default_timeout=30)
    page.session_state["upload_home"] = UnderWay(opened=files)
    page.run()
    assert not page.exception
    return page


def settled(page: AppTest) -> AppTest:
    """The page once what it waits for is done."""
    while page.session_state["upload_home"].job is not None:
        page.session_state["upload_home"].job.wait()
        page.run()
        assert not page.exception
    assert not page.exception
    return page


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    return settled(page)


def said(page: AppTest) -> str:
    return "\n".join(text.value for text in page.text)
