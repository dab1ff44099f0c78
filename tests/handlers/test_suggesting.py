"""Search as you type: what the fields of forms offer."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot
from structlog.testing import capture_logs

from bot.blocks.elements import OPTION
from bot.blocks.text import ago
from bot.domain.banners import GlobalMessage
from bot.domain.errors import TryLater, UserError
from bot.domain.events import Phase
from bot.domain.images import TagPage, TagRow
from bot.domain.people import Account
from bot.domain.repositories import Repository, RepositoryPage, Trigger
from bot.domain.robots import Robot
from bot.ports import Build
from bot.rules.policy import NOBODY_ASKED, Decision, Effect
from bot.services.policies import Policies
from handlers.acts import ACTS
from handlers.command import Origin, Seek
from handlers.forms.memory import Memory
from handlers.suggesting import Suggester, suggester
from handlers.suggesting.choices import Choice, shown
from tests.handlers.conftest import START, Office

NOW, OLD = "sha256:" + "1a2b3c4d" * 8, "sha256:" + "5e6f7a8b" * 8
INSIDE = Memory(repository="acme/web", tag="v1")


@dataclass
class Shelf:
    """A Quay with things on it, for everybody who has a token; `asked` are (token, question)."""

    asked: list[tuple[Any, ...]] = field(default_factory=list)
    repositories_of: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {"alice": ("acme/web", "acme/web-tools", "beta/web"), "bob": ()}
    )
    closed: frozenset[str] = frozenset()  # namespaces whose robots nobody may see
    error: Exception | None = None
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def as_token(self, token: str) -> "Eyes":
        return Eyes(self, token)


@dataclass
class Eyes:
    """What one person sees. One double stands for all parts of it."""

    shelf: Shelf
    token: str

    @property
    def repositories(self) -> "Eyes":
        return self

    tags = robots = messages = repositories

    async def _note(self, *question: Any) -> None:
        self.shelf.asked.append((self.token.removeprefix("token-"), *question))
        await self.shelf.open.wait()
        if self.shelf.error:
            raise self.shelf.error

    async def search(self, query: str, *, page: int = 1) -> tuple[Repository, ...]:
        await self._note("search", query)
        return tuple(Repository(name) for name in self._mine if query in name)

    @property
    def _mine(self) -> tuple[str, ...]:
        return self.shelf.repositories_of[self.token.removeprefix("token-")]

    async def page(self, where: str, *, like: str = "", limit: int = 50, dead: bool = False) -> Any:
        await self._note("page", where, *([like] if like else []), *(["dead"] if dead else []))
        if where in self.shelf.closed:
            raise UserError("You may not see that.")
        if where == "acme/web":
            rows = (
                TagRow("v1", NOW, START - timedelta(days=2)),
                TagRow("latest", OLD, START),
                TagRow("v1", OLD, START - timedelta(days=4), end=START - timedelta(days=3)),
                TagRow("v0", OLD, START - timedelta(days=9), end=START - timedelta(hours=1)),
                TagRow("v0", NOW, START - timedelta(days=19), end=START - timedelta(days=9)),
            )
            return TagPage(tuple(row for row in rows if like in row.name and (dead or row.end is None)), 1, more=False)
        if self.shelf.closed:
            return (Robot(f"{where}+deploy", "puts it *there*"), Robot(f"{where}+ci"))
        return RepositoryPage(tuple(Repository(name) for name in self._mine if name.startswith(f"{where}/")))

    async def history(self, repository: str, tag: str) -> tuple[TagRow, ...]:
        await self._note("history", repository, tag)
        return (
            TagRow(tag, NOW, START - timedelta(hours=1), reversion=True),
            TagRow(tag, OLD, START - timedelta(days=2), end=START - timedelta(hours=1)),
            TagRow(tag, NOW, START - timedelta(days=3), end=START - timedelta(days=2)),
        )

    async def namespaces(self) -> tuple[str, ...]:
        await self._note("namespaces")
        return ("alice", "acme")

    async def triggers(self, repository: str) -> tuple[Trigger, ...]:
        await self._note("triggers", repository)
        return (Trigger("1a2b3c4d-1", "github", active=True, enabled=False, source="acme/web"),)

    async def builds(self, repository: str, *, limit: int) -> tuple[Build, ...]:
        await self._note("builds", repository, limit)
        started = START - timedelta(minutes=5)
        return (Build("dbf23442-b521", repository, Phase.COMPLETE, tags=("v1",), ref="main", started=started),)

    async def all(self) -> tuple[GlobalMessage, ...]:
        await self._note("messages")
        return (GlobalMessage("0f1e-2d", "It *goes down* <!here>\nat six " + "x" * 80, "warning", "text/plain"),)


class Typing:
    """Somebody types into fields."""

    def __init__(self, office: Office, shelf: Shelf, patience: float = 5.0) -> None:
        office.links_bob()
        self.office, self.shelf = office, shelf
        self.desk = _with(office, shelf)
        self.suggester = Suggester(self.desk, patience=patience)

    async def sees(self, seek: str, typed: str = "", memory: Memory = INSIDE, person: Any = None) -> list[str]:
        options = await self.suggester.options(person or self.office.alice, f"seek:{seek}", typed, memory)
        assert len(options) <= 100
        assert [problem for option in options for problem in OPTION(option, "")] == []
        return [option["text"]["text"] for option in options]


def _with(office: Office, shelf: Shelf) -> Any:
    return replace(office.desk, registry=shelf)


@pytest.fixture
async def typing(office) -> Typing:
    shelf = Shelf()
    shelf.open.set()
    return Typing(office, shelf)


async def test_repositories_are_searched_with_the_own_account(typing):
    assert await typing.sees("repository", "web") == ["acme/web", "acme/web-tools", "beta/web"]
    assert await typing.sees("repository", "web", person=typing.office.bob) == []
    assert typing.shelf.asked == [("alice", "search", "web"), ("bob", "search", "web")]


async def test_a_namespace_before_the_slash_is_looked_through_first(typing):
    assert await typing.sees("repository", "ACME/we") == ["acme/web", "acme/web-tools", "beta/web"]
    assert typing.shelf.asked == [("alice", "page", "acme"), ("alice", "search", "we")]


async def test_an_image_out_of_a_log_is_offered_as_it_is(typing):
    assert await typing.sees("repository", "quay.example/acme/gone:v1") == ["acme/gone:v1"]
    assert await typing.sees("repository", "docker.io/library/x") == []


async def test_tags_are_those_of_the_chosen_repository_and_what_is_typed(typing):
    assert await typing.sees("tag") == [
        "v1 · sha256:1a2b3c4d1a2b · 2 days ago",
        "latest · sha256:5e6f7a8b5e6f · just now",
    ]
    assert await typing.sees("past tag", "v1") == ["v1 · sha256:1a2b3c4d1a2b · 2 days ago"]
    assert await typing.sees("tag", "v0") == ["v0"]
    assert await typing.sees("tag", "no tag") == []
    assert await typing.sees("tag", "v1", Memory()) == ["v1"]


async def test_deleted_tags_are_found_where_they_can_be_brought_back(typing):
    assert await typing.sees("past tag", "v0") == ["v0 · sha256:5e6f7a8b5e6f · deleted 1 hour ago"]
    assert [line.split()[0] for line in await typing.sees("past tag")] == ["latest", "v0", "v1"]


async def test_digests_are_those_of_the_tag_each_once(typing):
    assert await typing.sees("digest") == [
        "sha256:1a2b3c4d1a2b · 1 hour ago · restored · now",
        "sha256:5e6f7a8b5e6f · 2 days ago",
    ]
    assert await typing.sees("digest", "5e6f") == ["sha256:5e6f7a8b5e6f · 2 days ago", "5e6f"]
    assert await typing.sees("digest", "2h ago", Memory(repository="acme/web")) == ["2h ago"]
    assert typing.shelf.asked == [("alice", "history", "acme/web", "v1")]


async def test_robots_are_those_of_every_namespace_or_of_the_one_that_is_typed(typing):
    typing.shelf.closed = frozenset({"alice"})
    assert await typing.sees("robot") == ["acme+deploy · puts it *there*", "acme+ci"]
    typing.shelf.asked.clear()
    assert await typing.sees("robot", "acme+dep") == ["acme+deploy · puts it *there*", "acme+dep"]
    assert typing.shelf.asked == [("alice", "page", "acme")]


@pytest.mark.parametrize("typed", ["../../superuser/users/x+", "%2e%2e+ci", "a b+c", "acme/web+ci"])
async def test_quay_is_asked_about_no_namespace_that_cannot_be_one(typing, typed):
    typing.shelf.closed = frozenset({"alice"})
    assert await typing.sees("robot", typed) == []
    assert {where for _, _, *rest in typing.shelf.asked for where in rest} == {"alice", "acme"}


async def test_the_rest_is_offered_in_the_words_of_its_kind(typing):
    assert {name: await typing.sees(name) for name in ("trigger", "build", "message", "namespace")} == snapshot(
        {
            "trigger": ["github 1a2b3c4d of acme/web (switched off)"],
            "build": ["dbf23442 · complete · v1 · main · 5 minutes ago"],
            "message": ["warning · It *goes down* <!here> at six xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"],
            "namespace": ["alice", "acme"],
        }
    )
    assert await typing.sees("namespace", "ac") == ["acme", "ac"]


async def test_without_a_repository_there_is_nothing_to_search_in(typing):
    assert [await typing.sees(seek, "", Memory()) for seek in ("tag", "digest", "trigger", "build")] == [[]] * 4
    assert typing.shelf.asked == []


async def test_somebody_without_an_account_sees_nothing(typing):
    await typing.desk.accounts.unlink(typing.office.bob)
    with capture_logs():
        assert await typing.sees("tag", "v1", person=typing.office.bob) == []
    assert typing.shelf.asked == []


async def test_another_account_never_sees_what_was_found_for_the_one_before(typing):
    alice = typing.office.alice
    await typing.sees("repository", "web")
    later = typing.office.start + timedelta(seconds=1)
    typing.office.accounts.kept[alice] = Account(alice, "bob", later, "token-bob")
    assert await typing.sees("repository", "web") == []
    typing.office.accounts.kept[alice] = Account(alice, "alice", later, "token-alice")
    await typing.sees("repository", "web")
    assert [who for who, *_ in typing.shelf.asked] == ["alice", "bob", "alice"]


async def test_what_quay_refuses_or_fails_at_is_an_empty_list(typing):
    for error in (UserError("No."), TryLater("Quay does not answer."), KeyError("boom")):
        typing.shelf.error = error
        with capture_logs():
            assert await typing.sees("trigger") == []


async def test_a_store_that_is_away_is_an_empty_list(typing):
    for error in (TryLater("The database is away."), KeyError("boom")):
        typing.office.accounts.error = error
        with capture_logs():
            assert await typing.sees("tag") == []


async def test_a_slow_quay_is_not_waited_for_and_is_known_at_the_next_key(office):
    typing = Typing(office, Shelf(), patience=0.02)
    assert await typing.sees("tag") == []
    typing.shelf.open.set()
    typing.suggester._patience = 5.0
    assert len(await typing.sees("tag")) == 2
    assert len(typing.shelf.asked) == 1
    await typing.suggester.close()


async def test_a_field_that_searches_nothing_of_ours_gets_nothing(typing):
    assert await typing.suggester.options(typing.office.alice, "dance", "x", INSIDE) == []


async def test_who_types_a_lot_sees_what_is_known_and_what_they_type(typing, monkeypatch):
    monkeypatch.setattr(suggester, "PER_PERSON", 2)
    typing.suggester = Suggester(typing.desk)
    for typed in ("a", "b", "v1"):
        await typing.sees("tag", typed)
    assert len(typing.shelf.asked) == 2
    assert await typing.sees("tag", "v1") == ["v1"]
    assert await typing.sees("tag", "a") == ["latest · sha256:5e6f7a8b5e6f · just now", "a"]


# --- the policy ---


SEEKS = ("repository", "tag", "past tag", "digest", "robot", "trigger", "build", "message", "namespace")


class Rulings(Policies):
    """A policy that says the same to whatever is asked, unless the act is one of `spared`."""

    def __init__(self, typing: Typing, decision: Decision, *spared: str) -> None:
        super().__init__(None, typing.office.directory, typing.office.clock)
        self.decision, self.spared = decision, spared
        self.asked: list[tuple[str, str, str]] = []
        typing.desk = replace(typing.desk, policies=self)
        typing.suggester = Suggester(typing.desk)

    async def decide(self, person: Any, username: str, quay: Any, act: Any, channel: str) -> Decision:
        self.asked.append((act.name, act.target, channel))
        return NOBODY_ASKED if act.name in self.spared else self.decision


@pytest.mark.parametrize(
    "decision", [Decision(Effect.DENY, "no"), Decision(Effect.APPROVE, "ask"), Decision(Effect.ALLOW, unsure="who")]
)
async def test_what_the_policy_does_not_plainly_let_them_read_is_not_listed(typing, decision):
    Rulings(typing, decision)
    typing.shelf.closed = frozenset({"zzz"})
    with capture_logs():
        assert [await typing.sees(seek) for seek in SEEKS] == [[]] * len(SEEKS)
        assert await typing.sees("repository", "acme/web") == ["acme/web"]  # what they type themselves
        assert await typing.sees("tag", "v1") == ["v1"]
    assert typing.shelf.asked == [("alice", "namespaces")]


async def test_the_policy_is_asked_about_the_act_that_would_show_the_same(typing):
    rulings = Rulings(typing, NOBODY_ASKED)
    typing.shelf.closed = frozenset({"zzz"})
    inside = replace(INSIDE, origin=Origin("C7"))
    for seek in SEEKS[1:]:
        await typing.sees(seek, "", inside)
    typing.shelf.closed = frozenset()
    await typing.sees("repository", "acme/we", inside)
    assert rulings.asked == [
        ("tag list", "acme/web", "C7"),
        ("tag list", "acme/web", "C7"),
        ("tag history", "acme/web:v1", "C7"),
        ("robot list", "alice", "C7"),
        ("robot list", "acme", "C7"),
        ("triggers", "acme/web", "C7"),
        ("builds", "acme/web", "C7"),
        ("message list", "", "C7"),
        ("repos", "", "C7"),
        ("repos", "acme", "C7"),
        ("search", "", "C7"),
    ]
    assert {act for act, *_ in rulings.asked} <= set(ACTS)


async def test_nobody_sees_in_one_channel_what_was_found_for_another(typing):
    rulings = Rulings(typing, NOBODY_ASKED)
    assert len(await typing.sees("tag")) == 2
    rulings.decision = Decision(Effect.DENY, "not here")
    with capture_logs():
        assert await typing.sees("tag", "", replace(INSIDE, origin=Origin("C7"))) == []
    assert len(await typing.sees("tag")) == 2


async def test_a_key_press_leaves_no_line_in_the_audit(typing):
    await typing.sees("tag")
    assert typing.office.audit.lines == []


# --- how much is asked ---


async def test_robots_are_looked_for_in_a_few_namespaces_at_a_time_and_each_question_counts(typing, monkeypatch):
    async def namespaces(eyes: Eyes) -> tuple[str, ...]:
        return tuple(f"team{number}" for number in range(40))

    busy, most = 0, 0

    async def page(eyes: Eyes, where: str) -> tuple[Robot, ...]:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0)
        busy -= 1
        return (Robot(f"{where}+ci"),)

    monkeypatch.setattr(Eyes, "namespaces", namespaces)
    monkeypatch.setattr(Eyes, "page", page)
    monkeypatch.setattr(suggester, "PER_PERSON", 13)
    typing.suggester = Suggester(typing.desk)
    assert len(await typing.sees("robot")) == 12
    assert most == 3
    with capture_logs():
        assert await typing.sees("trigger") == []


async def test_one_person_who_types_everywhere_leaves_room_for_others(office):
    typing = Typing(office, Shelf(), patience=0.05)
    typing.shelf.repositories_of["bob"] = ("acme/web",)
    await asyncio.gather(*(typing.sees("tag", f"t{number}") for number in range(50)))
    assert len(typing.shelf.asked) == 4
    typing.shelf.open.set()
    assert await typing.sees("repository", "web", person=office.bob) == ["acme/web"]
    await typing.suggester.close()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(Seek)), st.text(max_size=200))
async def test_whatever_is_typed_slack_takes_the_answer(typing, seek, typed):
    await typing.sees(seek, typed)


@given(st.text(max_size=400), st.text(max_size=200))
def test_an_option_is_one_that_slack_takes_or_none(value, label):
    option = shown(Choice(value, label))
    assert option is None or list(OPTION(option, "")) == []


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "just now"), (60, "1 minute ago"), (7_300, "2 hours ago"), (86_400, "1 day ago")]
)
def test_times_are_told_in_their_biggest_unit(seconds, words):
    assert ago(START - timedelta(seconds=seconds), START) == words
