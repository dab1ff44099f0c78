"""The Makefile, as somebody meets it who has just got the project: what it passes on, and what it says."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="needs make")


def make(*words: str, more: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run make in the project with `more` rules, in an environment without those of a make around the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    command = ["make", "-f", "Makefile", "-f", "-", *words]
    return subprocess.run(
        command, cwd=ROOT, env=kept | variables, input=more, capture_output=True, text=True, check=False, timeout=50
    )


ECHO = 'echo-address:\n\t@echo "[$$HOST] [$$PORT]"\n'


@pytest.mark.parametrize(
    ("words", "variables", "seen"),
    [
        ((), {}, "[] []"),
        (("PORT=9000",), {}, "[] [9000]"),
        ((), {"HOST": "0.0.0.0", "PORT": "9000"}, "[0.0.0.0] [9000]"),
    ],
)
def test_where_to_listen_is_passed_on_and_nothing_else_covers_what_env_says(
    words: tuple[str, ...], variables: dict[str, str], seen: str
):
    assert make("echo-address", *words, more=ECHO, **variables).stdout.splitlines() == [seen]


@pytest.mark.parametrize("target", ["demo", "serve"])
def test_the_program_is_started_without_an_address_of_makes_own(target: str):
    last = make("-n", target, "PORT=9000").stdout.splitlines()[-1]

    assert last == f".venv/bin/python -m bot {target}"


@pytest.mark.parametrize(("target", "words"), [("bench", "--rounds 1"), ("test", "-k name")])
def test_arguments_are_passed_on(target: str, words: str):
    assert make("-n", target, f"ARGS={words}").stdout.splitlines()[-1].endswith(words)


def test_a_python_that_is_not_there_is_named(tmp_path: Path):
    done = make("setup", f"VENV={tmp_path / 'venv'}", PYTHON="nopython")

    assert done.returncode != 0
    assert done.stdout.startswith("nopython was not found.")
    assert list(tmp_path.iterdir()) == []


def test_a_first_run_says_that_it_takes_a_while_before_it_begins(tmp_path: Path):
    lines = make("-n", "setup", f"VENV={tmp_path / 'venv'}").stdout.splitlines()

    said = next(number for number, line in enumerate(lines) if "takes about a minute" in line)
    installs = [number for number, line in enumerate(lines) if "pip install" in line]
    assert installs
    assert said < min(installs)
