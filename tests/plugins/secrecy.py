"""A pytest plugin: whatever the bot emits during a test is searched for every secret that this test knows.

Secrets are what a fake Quay issues (tokens, robots' tokens, triggers' secrets, client secrets) and the secret settings.
Searched are log lines as they leave the process, at every level; what a command line prints; everything that is said
to the fake Slack; the answers to Slack's requests and of the bot's own site; and the log of a bot in its own process.
Where a secret is shown once, on purpose (its page after the press, its window), nothing is searched.
The test that leaks fails, and says where. One that has to show a secret says so: `@pytest.mark.shows_secrets("why")`.
"""

import io
import json
import logging
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog
from aiohttp import web
from pydantic import SecretStr
from structlog._base import BoundLoggerBase

from bot.adapters import logs

MARK = "shows_secrets"
ISSUED = 40  # characters of the shortest secret that Quay makes; shorter ones are ids and codes
SHORTEST = 8  # a setting that is shorter is no secret that could be told from any other word
REVEAL = "/quay/reveal/"  # the page that shows a robot's token once: only what answers its button holds it
WINDOW = "reveal"  # the same as a window in Slack
DEMO = "/demo/"  # the demo's page: there somebody looks at the simulated Slack and Quay, not at the bot
AROUND = 60  # characters that are shown of what stands before and after a leak


@dataclass
class Watch:
    """What is known of the test that runs: its secrets with what they are, and what was emitted, with where."""

    secrets: dict[str, str] = field(default_factory=dict)
    emitted: list[tuple[str, str]] = field(default_factory=list)
    slacks: list[Any] = field(default_factory=list)
    bots: list[Any] = field(default_factory=list)

    def issued(self, secret: str) -> None:
        """Quay made it. Half of it is a leak as well: it is random."""
        self.secrets |= dict.fromkeys((secret[: len(secret) // 2], secret[len(secret) // 2 :]), "a secret of Quay's")

    def set(self, name: str, secret: str) -> None:
        """An operator set it."""
        if len(secret) >= SHORTEST:
            self.secrets.setdefault(secret, name.upper())

    def note(self, where: str, text: object) -> None:
        """It was emitted there."""
        words = text.decode(errors="replace") if isinstance(text, bytes | bytearray) else str(text)
        self.emitted.append((where, words))

    def everything(self) -> Iterator[tuple[str, str]]:
        """What was emitted so far, with where."""
        yield from self.emitted
        for slack in self.slacks:
            for call in slack.calls:
                if call.method == "views.update" and _callback(call.args) == WINDOW:
                    continue
                yield f"said to Slack ({call.method})", json.dumps(dict(call.args), default=str, ensure_ascii=False)
            for upload in slack._workspace.uploads.values():
                yield f"file given to Slack ({upload.name})", (upload.content or b"").decode(errors="replace")
        for process in self.bots:
            yield "log of a process", "\n".join(process.lines)

    def leaks(self) -> list[str]:
        """Where a secret can be read, with what stands around it."""
        if not self.secrets:
            return []
        return [
            f"{what} in {where}: {self._context(text, secret)}"
            for where, text in self.everything()
            for secret, what in self.secrets.items()
            if secret in text
        ]

    def _context(self, text: str, secret: str) -> str:
        at = text.index(secret)
        shown = text[max(0, at - AROUND) : at + len(secret) + AROUND]
        for each in self.secrets:
            shown = shown.replace(each, "***")
        return shown


_now = Watch()
_patch = pytest.MonkeyPatch()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARK}(reason): shows a secret on purpose, so nothing is searched for it")
    config.add_cleanup(_patch.undo)
    _listen_to_logs()
    _after(pytest.CaptureFixture, "readouterr", _printed)


def pytest_collection_finish() -> None:
    _listen()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    global _now  # noqa: PLW0603 - one test at a time in a process
    _now = Watch()
    _listen()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    result = yield
    _judge(item)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    result = yield
    _judge(item)
    return result


def _callback(arguments: Mapping[str, Any]) -> str:
    """What kind of window a call to Slack is about."""
    view = arguments.get("view")
    view = json.loads(view) if isinstance(view, str) else view
    return str(view.get("callback_id", "")) if isinstance(view, dict) else ""


def _judge(item: pytest.Item) -> None:
    mark = item.get_closest_marker(MARK)
    if mark is not None:
        assert [bool(reason) for reason in mark.args] == [True], f"@pytest.mark.{MARK} needs a reason"
        return
    if found := _now.leaks():
        _now.secrets.clear()  # said once
        pytest.fail("The bot told a secret:\n" + "\n".join(found[:10]), pytrace=False)


def _after(owner: Any, name: str, do: Callable[..., None]) -> None:
    """Let `do` see the result and the arguments of each call of a function."""
    original = getattr(owner, name)

    def wrapped(*args: Any, **more: Any) -> Any:
        result = original(*args, **more)
        do(result, *args, **more)
        return result

    _patch.setattr(owner, name, wrapped)


def _listen_to_logs() -> None:
    """Write every line as production would, however the test has configured its log, and whatever the level is."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in (*logs._CHATTY, logs._WARNS_TOO_MUCH)}
    logs.configure(form="json", stream=io.StringIO())
    shared = structlog.get_config()["processors"][:-1]
    written = root.handlers[0].formatter
    assert isinstance(written, structlog.stdlib.ProcessorFormatter)
    root.handlers = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()
    process, handle, somebody = BoundLoggerBase._process_event, logging.Logger.handle, logging.getLogger("somebody")

    def _process_event(self: BoundLoggerBase, method: str, event: str | None, facts: dict[str, Any]) -> Any:
        line: Any = {**self._context, **facts, "event": event}
        for step in shared:
            line = step(somebody, method, line)
        line |= {"_record": None, "_from_structlog": True}  # as on their way from structlog to the handler
        for step in written.processors:
            line = step(somebody, method, line)
        _now.note("log", line)
        return process(self, method, event, facts)

    def _handle(self: logging.Logger, record: logging.LogRecord) -> None:
        if not isinstance(record.msg, dict):  # else it is structlog's and was noted above
            _now.note("log", written.format(record))
        handle(self, record)

    _patch.setattr(BoundLoggerBase, "_process_event", _process_event)
    _patch.setattr(logging.Logger, "handle", _handle)


def _printed(result: Any, _: object) -> None:
    _now.note("standard output", result.out)
    _now.note("standard error", result.err)


def _listen() -> None:
    """Listen to the parts of the bot and of its neighbours that some test has imported: none is imported for this."""
    for name in [name for name in _PARTS if name in sys.modules and name not in _heard]:
        _heard.add(name)
        _PARTS[name](sys.modules[name])


def _quay(module: Any) -> None:
    def made(secret: str, _: object, length: int) -> None:
        if length >= ISSUED:
            _now.issued(secret)

    _after(module.State, "secret", made)


def _settings(module: Any) -> None:
    def read(_: None, settings: Any, **__: object) -> None:
        for name in module.Settings.model_fields:
            value = getattr(settings, name)
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, SecretStr):
                    _now.set(name, one.get_secret_value())

    _after(module.Settings, "__init__", read)


def _slack(module: Any) -> None:
    _after(module.Transport, "__init__", lambda _, slack, *__, **___: _now.slacks.append(slack))


def _doorbell(module: Any) -> None:
    ring = module.Doorbell.ring

    async def listened(*args: Any, **more: Any) -> Any:
        answer = await ring(*args, **more)
        _now.note("answer to Slack", answer.body)
        return answer

    _patch.setattr(module.Doorbell, "ring", listened)


def _process(module: Any) -> None:
    _after(module.Bot, "__init__", lambda _, process, *__, **___: _now.bots.append(process))


def _site(module: Any) -> None:
    """`module` has a function `site`, which makes the application."""

    async def answered(request: web.Request, response: web.StreamResponse) -> None:
        if request.path.startswith(DEMO) or (REVEAL in request.path and request.method == "POST"):
            return
        _now.note(f"headers of {request.path}", dict(response.headers))
        _now.note(f"answer of {request.path}", getattr(response, "body", None))

    _after(module, "site", lambda made, *_, **__: made.on_response_prepare.append(answered))


_heard: set[str] = set()
_PARTS: Mapping[str, Callable[[Any], None]] = {
    "bot.fakes.quay.state": _quay,
    "bot.fakes.slack.doorbell": _doorbell,
    "bot.fakes.slack.transport": _slack,
    "bot.settings": _settings,
    "bot.app.wiring": _site,
    "tests.stories.process": _process,
}
