"""Search as you type shows nobody what they may not see: their account, and the policy."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.people import Account
from bot.rules.policy import NOBODY_ASKED, Decision, Effect
from bot.services.policies import Policies
from handlers.acts import ACTS
from handlers.command import Origin
from handlers.suggesting import Suggester
from tests.handlers.typing_steps import INSIDE, Typing, quick

SEEKS = ("repository", "tag", "past tag", "digest", "robot", "trigger", "build", "message", "namespace")


@pytest.fixture
async def typing(office) -> Typing:
    return quick(office)


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
