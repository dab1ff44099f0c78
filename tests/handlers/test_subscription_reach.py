"""A rule about one repository reaches whoever names a pattern that covers it."""

import pytest

from bot.domain.subscriptions import State
from bot.rules.policy import Effect, Policy, Rule
from tests.handlers.conftest import Office
from tests.handlers.subscription_steps import HOUR, part, subscription

ACTS = ("pause", "resume", "unsubscribe", "test", "subscription take over")


def rules(office: Office, effect: Effect, *targets: str) -> None:
    office.policies.source = type("Rules", (), {"name": "policy.toml", "changed": lambda _self: None})()
    rule = Rule("keep its alerts", effect, commands=ACTS, targets=targets, approvers=("*",), approvals=2)
    office.policies._policy = Policy((rule,))


@pytest.mark.parametrize(
    "line", ["pause acme/* 4h", "pause all 4h", "resume S2222", "unsubscribe acme/*", "test S2222"]
)
async def test_a_no_to_one_repository_is_a_no_to_the_pattern(office: Office, line: str) -> None:
    rules(office, Effect.DENY, "acme/secret")
    paused = {"paused_until": office.clock.now() + HOUR} if line.startswith("resume") else {}
    before = office.subscriptions.has(
        subscription("acme/*", name="S2222", **paused),
        *(part(target=target, name="S2222") for target in ("acme/web", "acme/secret")),
    )
    said = str(office.reads(await office.says(line)))
    assert "policy" in said
    assert "acme/secret" not in said
    assert office.subscriptions.kept["S2222"] == before


async def test_a_pattern_without_that_repository_is_not_concerned(office: Office) -> None:
    rules(office, Effect.DENY, "acme/secret")
    office.subscriptions.has(subscription("acme/*", name="S2222"), part(target="acme/web", name="S2222"))
    await office.says("pause acme/* 4h")
    assert office.subscriptions.kept["S2222"].paused_until is not None


async def test_approvals_for_one_repository_are_asked_for_the_pattern(office: Office) -> None:
    rules(office, Effect.APPROVE, "acme/secret")
    parts = [part(target=target, name="S2222") for target in ("acme/web", "acme/secret")]
    office.subscriptions.has(subscription("acme/*", name="S2222"), *parts)
    await office.says("pause acme/* 4h")
    assert office.subscriptions.kept["S2222"].paused_until is None
    assert [line.deed.outcome.value for line in office.audit.lines][-1] == "asked"


async def test_nobody_takes_over_a_pattern_of_which_one_repository_is_denied(office: Office) -> None:
    rules(office, Effect.DENY, "acme/secret")
    parts = [part(target=target, name="S2222") for target in ("acme/web", "acme/secret")]
    office.subscriptions.has(subscription("acme/*", name="S2222", state=State.ORPHANED, username="zoe"), *parts)
    await office.presses("take_over", "S2222")
    assert office.subscriptions.kept["S2222"].username == "zoe"
