"""Find a Chromium for the browser tests, or install one: Playwright's own, else Debian's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def find() -> str | None:
    """The path of a Chromium that starts, or None. CHROMIUM names one outright."""
    named = os.environ.get("CHROMIUM")
    places = [named] if named else [*playwrights_own(), *filter(None, map(shutil.which, NAMES))]
    return next((place for place in places if starts(place)), None)


def playwrights_own() -> list[str]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return [path] if Path(path).exists() else []


def starts(path: str) -> bool:
    command = [path, "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def install() -> None:
    """Try Playwright's download, then Debian's package; neither failure is an error yet."""
    attempt([sys.executable, "-m", "playwright", "install", "chromium"])
    if find() is None and shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        attempt([*sudo, "apt-get", "update", "-q"])
        attempt([*sudo, "apt-get", "install", "-y", "-q", "chromium"])


def attempt(command: list[str]) -> None:
    try:
        subprocess.run(command, capture_output=True, check=False, timeout=300)
    except (OSError, subprocess.TimeoutExpired):
        return


def main() -> None:
    if find() is None:
        print("No Chromium found; installing one …", flush=True)
        install()
    browser = find()
    if browser is None:
        sys.exit(
            "The browser tests need Chromium, and none could be installed. Install it "
            "(Debian, Ubuntu: sudo apt install chromium) or name one: CHROMIUM=/path make test"
        )
    print(f"Browser tests use {browser}")


if __name__ == "__main__":
    main()
