"""Who may subscribe to what, where, and who is warned of what: all the ways in which it must not go."""

# ruff: noqa: E501 - golden sentences stand on one line

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import GiveUp, UserError
from bot.domain.offers import Purpose
from bot.domain.people import Place
from bot.rules.policy import Effect, Policy, Rule
from bot.services import subscribing
from tests.handlers.conftest import ALICE, BOB, Office
from tests.handlers.repository_steps import confirms, offered
from tests.handlers.subscription_steps import no_admin, said, stays_past, subscription

CODE = chr(96)


@pytest.fixture(autouse=True)
def web(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.quay.hall.has("acme/web")
    stays_past(monkeypatch)


class Rules:
    """A policy that is in force."""

    name = "policy.toml"

    def __init__(self, *rules: Rule) -> None:
        self.policy = Policy(rules)

    def changed(self) -> None:
        return None


def in_force(office: Office, *rules: Rule) -> None:
    office.policies.source = Rules(*rules)
    office.policies._policy = Policy(rules)


async def test_a_repository_that_is_not_there_is_named(office: Office) -> None:
    [told] = office.reads(await office.says("subscribe acme/wbe"))
    assert told == snapshot("acme/wbe does not exist, or you may not see it. Did you mean `acme/web`?")


async def test_whoever_is_no_admin_hears_which_role_is_missing(office: Office) -> None:
    office.quay.hall.has("acme/web", can_admin=False)
    assert office.reads(await office.says("subscribe acme/web"))[0] == snapshot(
        "You can read acme/web but need admin there to subscribe a channel to it. Either ask an admin of acme/web for the role admin, or your linked token lacks the scope `repo:admin`: then run `/quay link` again."
    )
    assert office.offers.kept == {}


async def test_a_pattern_of_which_nobody_is_admin_is_refused(office: Office) -> None:
    no_admin(office, "acme/web")
    assert "need admin there" in office.reads(await office.says("subscribe acme/*"))[0]


async def test_repositories_of_a_pattern_without_the_role_are_named(office: Office) -> None:
    office.quay.hall.has("acme/api")
    no_admin(office, "acme/api")
    read = office.reads(await office.says("subscribe acme/* pushes"))
    assert "⚠️ Left out: `acme/api`. You are no admin there, and Quay lets only admins make notifications." in read
    assert any(line.startswith("Covers 1 repository now") for line in read)


async def test_storage_is_for_those_who_see_the_notifications_of_the_namespace(office: Office) -> None:
    office.quay.errors["notifications"] = UserError("You are no admin of acme.")
    assert office.reads(await office.says("subscribe acme quota")) == ["You are no admin of acme."]


async def test_the_role_is_looked_at_again_when_the_button_is_pressed(office: Office) -> None:
    await office.says("subscribe acme/web")
    office.quay.hall.has("acme/web", can_admin=False)
    await office.presses("confirm", offered(office))
    assert office.subscriptions.kept == {}


async def test_without_an_address_nothing_is_promised(office: Office) -> None:
    office.desk = replace(office.desk, public_url="")
    assert office.reads(await office.says("subscribe acme/web"))[0] == snapshot(
        "Quay could not reach me: the operator has to set PUBLIC_URL, the address under which Quay sends its webhooks, and to start me again. Then subscribe once more."
    )
    assert office.offers.kept == {}


@pytest.mark.parametrize("words", ["<#C2|secret> acme/web", "acme/web <#C2>", "acme/web pushes #secret"])
async def test_another_channel_cannot_be_subscribed(office: Office, words: str) -> None:
    assert "always for the channel where you ask" in office.reads(await office.says(f"subscribe {words}"))[0]
    assert office.offers.kept == {}


async def test_only_whoever_was_shown_it_can_say_yes(office: Office) -> None:
    office.links_bob()
    await office.says("subscribe acme/web")
    await office.presses("confirm", offered(office), BOB)
    assert office.subscriptions.kept == {}


async def test_a_press_in_another_channel_subscribes_the_one_where_it_was_asked(office: Office) -> None:
    await office.says("subscribe acme/web")
    await office.presses("confirm", offered(office), channel="C-OTHER")
    assert [one.channel for one in office.subscriptions.kept.values()] == ["C1"]


async def test_a_pattern_leaves_out_what_the_policy_denies(office: Office) -> None:
    office.quay.hall.has("acme/secret")
    in_force(office, Rule("no secrets", Effect.DENY, commands=("subscribe",), targets=("acme/secret",)))
    read = office.reads(await office.says("subscribe acme/* pushes"))
    assert read[2:4] == snapshot(
        [
            "Covers 1 repository now (`acme/web`), and those that are created later.",
            "⚠️ Left out: `acme/secret`. The policy does not let you subscribe to them like this; by name it may be allowed, or approved.",
        ]
    )


async def test_a_pattern_leaves_out_what_takes_approval(office: Office) -> None:
    office.quay.hall.has("acme/prod")
    rule = Rule("prod", Effect.APPROVE, targets=("acme/prod",), approvers=("user:U-BOB",), approvals=1)
    in_force(office, rule)
    assert any("Left out: `acme/prod`" in text for text in office.reads(await office.says("subscribe acme/* pushes")))


async def test_a_denied_repository_cannot_be_subscribed_by_name(office: Office) -> None:
    in_force(office, Rule("no", Effect.DENY, targets=("acme/web",)))
    assert "The policy's rule “no”" in office.reads(await office.says("subscribe acme/web"))[0]


async def test_foreign_text_in_a_filter_stays_text(office: Office) -> None:
    hostile = f"builds ref:~&lt;!channel&gt;*_{CODE}~"
    await confirms(office, f"subscribe acme/web pushes {hostile}")  # the doubles check that nothing of it is markup
    assert all("<!channel>" not in text for texts in said(office) for text in texts)
    await office.says("subscriptions")


@pytest.mark.parametrize(
    ("place", "warns"),
    [
        (Place("C1", "ops"), "everybody in this workspace can read this channel"),
        (Place("C1", "ops", private=True, shared=True), "people of other workspaces or companies are in this channel"),
        (Place("C1", "ops", private=True), ""),
        (None, "I cannot find out who reads this channel"),
    ],
)
async def test_private_events_in_a_wider_channel_are_warned_of(office: Office, place: Place | None, warns: str) -> None:
    if place is None:
        office.directory.errors["C1"] = GiveUp("No.")
    else:
        office.directory.places["C1"] = place
    reply = await office.says("subscribe acme/web")
    assert reply is not None
    warned = [text for text in office.reads(reply) if text.startswith("⚠️")]
    assert [warns in text for text in warned] == ([True] if warns else [])
    [row] = [block for block in reply.message.blocks if block["type"] == "actions"]
    assert row["elements"][0]["style"] == ("danger" if warns else "primary")


async def test_a_public_repository_needs_no_warning(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True)
    assert not any(text.startswith("⚠️") for text in office.reads(await office.says("subscribe acme/web")))


async def test_a_channel_has_room_for_so_many(office: Office) -> None:
    for number in range(subscribing.IN_A_CHANNEL):
        office.subscriptions.has(subscription(f"acme/r{number}", name=f"S{number:04}", person=BOB))
    assert office.reads(await office.says("subscribe acme/web"))[0] == snapshot(
        "This channel has 50 subscriptions, and more are not possible. One with a pattern (`acme/*`) stands for many. `/quay subscriptions` shows them."
    )


async def test_a_person_looks_after_so_many(office: Office) -> None:
    for number in range(subscribing.OF_A_PERSON):
        office.subscriptions.has(subscription(f"acme/r{number}", name=f"S{number:04}", channel=f"C{number + 2}"))
    assert "You look after 200 subscriptions" in office.reads(await office.says("subscribe acme/web"))[0]


async def test_a_full_channel_can_still_change_what_it_has(office: Office) -> None:
    for number in range(subscribing.IN_A_CHANNEL - 1):
        office.subscriptions.has(subscription(f"acme/r{number}", name=f"S{number:04}", person=BOB))
    office.subscriptions.has(subscription())
    await confirms(office, "subscribe acme/web builds")
    assert office.subscriptions.kept["S7PX4"].wanted.events[0] == "build_queued"


async def test_undoing_the_end_of_one_takes_the_role_of_whoever_presses(office: Office) -> None:
    office.subscriptions.has(subscription())
    await confirms(office, "unsubscribe acme/web")
    office.quay.hall.has("acme/web", can_admin=False)
    await office.presses("undo", offered(office, Purpose.UNDO))
    assert await office.subscriptions.all() == ()


@pytest.mark.parametrize(
    "words", ["acme/web nonsense", "acme/web tag:", "acme/*/ pushes:", "acme/web --events", "acme/web:v1"]
)
async def test_what_is_not_understood_makes_nothing(office: Office, words: str) -> None:
    reply = await office.says(f"subscribe {words}")
    assert reply is not None
    assert office.offers.kept == {}


async def test_nobody_without_an_account_subscribes(office: Office) -> None:
    await office.says("subscribe acme/web", BOB)
    assert office.offers.kept == {}
    assert office.audit.lines[-1].deed.outcome == "unlinked"


async def test_a_late_yes_does_nothing(office: Office) -> None:
    await office.says("subscribe acme/web")
    office.clock.time += timedelta(minutes=11)
    await office.presses("confirm", offered(office))
    assert office.subscriptions.kept == {}
    assert ALICE in office.accounts.kept


async def test_whoever_has_no_account_has_no_filter_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr("handlers.commands.subscribe.wanted", lambda target, words: read.append(target))
    await office.says("subscribe acme/web ref:~.*", person=BOB)
    assert read == []
