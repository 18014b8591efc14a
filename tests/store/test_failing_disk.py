"""Whichever write or sync of the disk fails, what was acknowledged stays, and work goes on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server_process import ROOT

COMPILER = shutil.which("cc")


@pytest.mark.skipif(
    COMPILER is None or not sys.platform.startswith("linux"),
    reason="the failing disk is a small program in C before Linux's library",
)
@pytest.mark.parametrize("fails", ["at", "from"])
def test_no_failure_of_any_write_or_sync_loses_what_was_acknowledged(
    fails: str, tmp_path: Path
) -> None:
    shim = tmp_path / "failing_disk.so"
    source = ROOT / "tests" / "failing_disk.c"
    subprocess.run([str(COMPILER), "-shared", "-fPIC", "-o", shim, source, "-ldl"], check=True)
    played = subprocess.run(
        [sys.executable, "-m", "tests.failing_disk", str(shim), fails],
        cwd=ROOT,
        env=os.environ | {"LD_PRELOAD": str(shim)},
        capture_output=True,
        text=True,
        timeout=280,
    )
    *wrong, tried = played.stdout.splitlines()
    assert not wrong, played.stderr[-2_000:]
    found = re.fullmatch(r"tried (\d+)", tried)
    assert found, played.stderr[-2_000:]
    assert int(found[1]) > 20
