"""A window of WebKit, the engine of every iPhone, and what people do in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from selenium.common.exceptions import (
    ElementNotInteractableException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

SHOTS = Path(__file__).parent / "shots"
Found = TypeVar("Found")
# Two cores may be busy with a whole room of browsers; what is seen late is seen all the same.
PATIENCE_SECONDS = 60
# Also in the components, each of which is a tree of its own.
FIND = """
const [css, words] = arguments;
const trees = [document];
for (const tree of trees) {
    for (const one of tree.querySelectorAll("*")) if (one.shadowRoot) trees.push(one.shadowRoot);
}
return trees.flatMap((tree) => [...tree.querySelectorAll(css)])
    .filter((one) => one.getClientRects().length && one.textContent.includes(words));
"""


@dataclass(frozen=True)
class Window:
    """One window of a browser; what is looked for must become visible in it."""

    driver: WebDriver
    handle: str

    @classmethod
    def first(cls, driver: WebDriver) -> Window:
        """The window with which a browser starts."""
        return cls(driver, driver.current_window_handle)

    def another(self) -> Window:
        """One more window of the same browser, beside this one."""
        self._front().switch_to.new_window("window")
        return Window(self.driver, self.driver.current_window_handle)

    def open(self, address: str) -> None:
        self._front().get(address)

    def reload(self) -> None:
        self._front().refresh()

    def find(self, css: str, words: str = "") -> WebElement:
        """The first visible element that has these words, once there is one."""
        return self._once(f"{css} with “{words}”", lambda: next(iter(self.all(css, words)), None))

    def all(self, css: str, words: str = "") -> list[WebElement]:
        """The visible elements that have these words now."""
        found: list[WebElement] = self._front().execute_script(FIND, css, words)
        return found

    def press(self, css: str, words: str = "") -> None:
        self._once(f"{css} with “{words}” to press", lambda: self._pressed(css, words))

    def _pressed(self, css: str, words: str) -> bool:
        for element in self.all(css, words)[:1]:
            element.click()
            return True
        return False

    def write(self, css: str, text: str) -> None:
        """Type, key by key."""
        self.find(css).send_keys(text)

    def holds(self, css: str, text: str) -> None:
        """Wait until a field holds this text."""
        self._once(
            f"{css} that holds “{text}”",
            lambda: any(one.get_property("value") == text for one in self.all(css)),
        )

    def shows(self, number: int, css: str, words: str = "") -> None:
        """Wait until there are so many of these."""
        self._once(f"{number} × {css}", lambda: len(self.all(css, words)) == number)

    def _front(self) -> WebDriver:
        self.driver.switch_to.window(self.handle)
        return self.driver

    def _once(self, what: str, look: Callable[[], Found | None]) -> Found:
        """What a look finds, once it does; what is drawn anew meanwhile is looked for again."""
        wait = WebDriverWait(
            self.driver,
            PATIENCE_SECONDS,
            ignored_exceptions=[StaleElementReferenceException, ElementNotInteractableException],
        )
        try:
            found = wait.until(lambda _: look())
        except TimeoutException as late:
            SHOTS.mkdir(exist_ok=True)
            self._front().save_screenshot(str(SHOTS / "missing.png"))
            raise AssertionError(f"no {what} at {self.driver.current_url}: see {SHOTS}") from late
        assert found is not None  # what is not there yet is waited for
        return found
