"""The lock files: everything is pinned by hash, and no address is named."""

import re
import tomllib

import pytest

from tests.house.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = {
    "requirements.lock": PROJECT["dependencies"],
    "requirements-dev.lock": [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]],
}


def pinned(lock: str) -> dict[str, str]:
    """What a lock says about each package: its line and the lines of its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return {line.split("==")[0].split("[")[0]: line for line in text.splitlines() if line and line[0] not in "# "}


def plain(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_to_one_version_with_its_hashes(lock: str):
    lines = pinned(lock).values()

    assert lines
    assert [line for line in lines if not re.match(r"\S+==\S+.* --hash=sha256:[0-9a-f]{64}\b", line)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_is_named(lock: str):
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_that_the_project_asks_for_is_locked(lock: str):
    assert [asked for asked in LOCKS[lock] if plain(asked) not in pinned(lock)] == []


def test_both_locks_name_the_same_versions():
    runtime, dev = (
        {name: line.split()[0] for name, line in pinned(lock).items()}
        for lock in ("requirements.lock", "requirements-dev.lock")
    )

    assert {name: dev[name] for name in runtime if name in dev} == {
        name: runtime[name] for name in runtime if name in dev
    }
