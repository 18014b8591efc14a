"""Real WebKits; where one is missing, the tests fail and say what to install."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver

MISSING = "WebKit is missing, or no screen to draw it on: run `make test-webkit`."


@pytest.fixture(scope="session")
def start_webkit() -> Iterator[Callable[[], WebDriver]]:
    """Starts a browser of its own: cookies and drafts are its alone."""
    driver = shutil.which("WebKitWebDriver")
    # Debian's package puts the browser beside its library, in a folder named after the machine.
    browsers = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    assert driver is not None, MISSING
    assert browsers, MISSING
    assert "DISPLAY" in os.environ, MISSING
    started: list[WebDriver] = []

    def start() -> WebDriver:
        options = webdriver.WebKitGTKOptions()
        options.binary_location = str(browsers[-1])
        options.add_argument("--automation")
        service = webdriver.WebKitGTKService(driver)
        with warnings.catch_warnings():
            # Selenium calls itself in a way that it has deprecated.
            warnings.filterwarnings("ignore", "setting remote_server_addr", DeprecationWarning)
            started.append(webdriver.WebKitGTK(options, service))
        return started[-1]

    yield start
    for browser in started:
        browser.quit()
