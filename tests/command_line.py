"""Runs the program as an operator does, for the tests of the command line."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import Settings

PUBLIC = "https://quaybot.example.com"


@dataclass(frozen=True, slots=True)
class Done:
    """What one run of the program left behind."""

    code: int
    out: list[str]
    err: list[str]


Run = Callable[..., Done]


@pytest.fixture
def quaybot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the program in an empty folder and an empty environment, with the settings that a test names."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **settings: str) -> Done:
        with monkeypatch.context() as environment:
            for name, value in settings.items():
                environment.setenv(name, value)
            capsys.readouterr()
            with pytest.raises(SystemExit) as end:
                main(arguments)
        said = capsys.readouterr()
        return Done(int(end.value.code or 0), said.out.splitlines(), said.err.splitlines())

    return run


async def elsewhere(run: Run, *arguments: str, **settings: str) -> Done:
    """The same in a thread of its own, while a server of the test answers in this loop."""
    return await asyncio.to_thread(run, *arguments, **settings)


def refused(done: Done, *says: str) -> bool:
    """One plain line on standard error that says all this, nothing on standard output, exit code 1."""
    assert (done.code, done.out, len(done.err)) == (1, [], 1), done
    return all(words in done.err[0] for words in says)
