"""How far an upload is, kept while its page is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workshop import intake
from workshop.intake import IntakeError, Job, Opened, Problem, Read
from workshop.intake.layout import Layout
from workshop.ui.upload.answers import Answers

AT_ONCE_SECONDS = 1.5  # what is done by then needs no progress bar


@dataclass
class UnderWay:
    """How far an upload is: a job that runs, or what came of the last one."""

    job: Job[Any] | None = None
    opened: Opened | None = None
    read: Read | None = None
    problems: list[Problem] = field(default_factory=list)
    answers: Answers = field(default_factory=Answers)

    def close(self) -> None:
        """Forget the files and all that was made of them."""
        if self.job is not None:
            self.job.cancel()
        if self.opened is not None:
            self.opened.close()
        self.job = self.opened = self.read = None
        self.problems, self.answers = [], Answers()

    def begin(self, job: Job[Any]) -> None:
        """Wait for a job, which the screen shows the progress of if it takes long."""
        self.job = job
        job.wait(AT_ONCE_SECONDS)

    def open_again(self, header_lines: Mapping[str, int]) -> None:
        """Open the files with their columns named on other lines."""
        assert self.opened is not None
        self.begin(intake.start_opening_again(self.opened, header_lines))

    def read_as(self, layout: Layout) -> None:
        """Read the files as a layout says."""
        assert self.opened is not None
        self.read = None
        self.begin(intake.start_reading(self.opened, layout))

    def correct(self) -> None:
        """Go back to how the files are read."""
        self.read, self.problems = None, []

    def take(self) -> None:
        """Take over what the job has made, once it is over."""
        job = self.job
        if job is None or not job.is_over:
            return
        self.job, self.problems = None, []
        try:
            made = job.made
        except IntakeError as error:
            self.problems = error.problems
            if self.opened is not None and self.opened.database.is_closed:
                self.opened = None
        except BaseException:
            self.close()
            raise
        else:
            if isinstance(made, Opened):
                self._take_opened(made)
            else:
                self.read = made

    def _take_opened(self, opened: Opened) -> None:
        """Take over files; what was chosen for their other columns is forgotten."""
        if self.opened is not None:
            self.opened.close()
            self.answers.forget()
        self.opened = opened
