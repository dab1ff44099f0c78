"""The storeys, and the ways in: what CI runs and what a host starts."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT


def test_every_storey_leans_only_on_those_below():
    contracts = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([contracts, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_ci_runs_the_checks_and_the_tests():
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert re.findall(r"^make ([a-z]+)$", script.read_text(encoding="utf-8"), re.MULTILINE) == ["lint", "test"]


def test_a_host_that_reads_the_procfile_migrates_and_serves():
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()

    assert {line.split(":")[0]: line.split()[-1] for line in lines} == {"web": "serve", "release": "migrate"}
