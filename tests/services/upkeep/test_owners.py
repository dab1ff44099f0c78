"""When nobody looks after a subscription any more, and when somebody does again."""

# ruff: noqa: E501 - what people read stands on one line

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.adapters.store import SqlStore
from bot.blocks.neutral import named, neutral_problems
from bot.blocks.upkeep_words import heard_again, nothing_arrives, some_lost, strays
from bot.domain.errors import Denied, Forbidden, Lacking, NeedsScope, NotLinked, TryLater
from bot.domain.people import Account
from bot.domain.subscriptions import OFF, Notification, State
from bot.rules.policy import Decision, Effect
from bot.services.upkeep.troubles import is_lost
from tests.plugins.wishes import becomes
from tests.services.upkeep.keeper import ALICE, HERE, Keeper

LACKING = Lacking("You need admin.", repository="acme/web", needs="admin", does="see its notifications")


@pytest.fixture
async def keeper(store: SqlStore) -> Keeper:
    keeper = Keeper(store)
    await keeper.subscribes()
    await keeper.looks()
    return keeper


def unlinks(keeper: Keeper) -> None:
    keeper.accounts.kept.clear()


def loses_role(keeper: Keeper) -> None:
    keeper.quay.errors["all"] = LACKING


def loses_token(keeper: Keeper) -> None:
    keeper.quay.errors["all"] = NotLinked("Your token is dead.")


def is_denied(keeper: Keeper) -> None:
    keeper.quay.bells["acme/web"].clear()
    keeper.rulings.decision = Decision(Effect.DENY, "freeze")


@pytest.mark.parametrize("loss", [unlinks, loses_role, loses_token, is_denied])
async def test_the_channel_hears_once_that_nobody_looks_after_it(keeper: Keeper, loss: Callable[[Keeper], None]):
    loss(keeper)
    for _ in range(3):
        keeper.clock.pass_by(600)
        await keeper.looks()
    assert (await keeper.now()).state is State.ORPHANED
    assert [key for key, said in keeper.notices.said.items() if said.channel == "C1"] == ["orphaned:S1:0"]
    assert len(await keeper.parts()) == 1  # what works goes on
    assert await keeper.next_in() == 600


async def test_the_message_has_a_button_and_says_what_follows(keeper: Keeper):
    loses_role(keeper)
    await keeper.looks()
    (said,) = keeper.notices.said.values()
    assert texts(said.payload) == snapshot(
        [
            ":warning: Nobody looks after the subscription `S1` (`acme/web`) any more. <@UALICE> did, with the Quay account `alice`.",
            "What works goes on, but I cannot mend it any more: if Quay switches a notification off, it stays off. Any admin of the repository can take it over. If it was yours, link your account again: `/quay link`.",
            "Quay did not let alice see its notifications in acme/web.",
            "Take it over",
        ]
    )
    assert said.payload["blocks"][-1]["elements"][0]["value"] == "S1"


async def test_an_account_that_serves_again_looks_after_it_again(keeper: Keeper):
    unlinks(keeper)
    await keeper.looks()
    keeper.accounts.kept[ALICE] = Account(ALICE, "alice2", keeper.clock.now(), "token-alice2")
    await keeper.looks()
    found = await keeper.now()
    assert (found.state, found.username, found.reason) == (State.ACTIVE, "alice2", "")
    assert keeper.said() == snapshot(
        [":white_check_mark: <@UALICE> looks after the subscription `S1` (`acme/web`) now."]
    )


async def test_another_loss_is_another_message(keeper: Keeper):
    for _ in range(2):
        loses_role(keeper)
        await keeper.looks()
        keeper.quay.errors.clear()
        await keeper.looks()
    assert list(keeper.notices.said) == ["orphaned:S1:0", "orphaned:S1:1"]


async def test_what_is_orphaned_already_and_was_not_told_is_told_at_the_next_look(keeper: Keeper):
    unlinks(keeper)
    await becomes(keeper.store, replace(await keeper.now(), state=State.ORPHANED), keeper.clock.now())
    await keeper.looks()
    assert len(keeper.notices.said) == 1


async def test_why_it_was_orphaned_is_not_forgotten(keeper: Keeper):
    unlinks(keeper)
    gone = replace(await keeper.now(), state=State.ORPHANED, reason="Whoever looked after it has left.")
    await becomes(keeper.store, gone, keeper.clock.now())
    await keeper.looks()
    assert (await keeper.now()).reason == gone.reason


async def test_a_message_that_could_not_be_queued_is_said_at_the_next_look(keeper: Keeper):
    loses_role(keeper)
    keeper.notices.error = TryLater("The database is away.")
    with pytest.raises(TryLater):
        await keeper.looks()
    keeper.notices.error = None
    await keeper.looks()
    assert list(keeper.notices.said) == ["orphaned:S1:0"]


async def test_quay_being_away_orphans_nobody(keeper: Keeper):
    for error in (TryLater("Quay is away."), TryLater("Slow.", doubtful=True)):
        keeper.quay.errors["all"] = error
        with pytest.raises(TryLater):
            await keeper.looks()
    keeper.quay.errors.clear()
    keeper.quay.bells["acme/web"].clear()
    keeper.rulings.decision = Decision(Effect.DENY, "freeze", unsure="who is in the group S1")
    with pytest.raises(TryLater):
        await keeper.looks()
    assert ((await keeper.now()).state, keeper.notices.said) == (State.ACTIVE, {})


async def test_whoever_took_it_over_meanwhile_is_not_pushed_out_by_an_old_look(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
):
    bob, listed = replace(await keeper.now(), person=replace(ALICE, user="UBOB"), username="bob"), type(keeper.quay).all

    async def slow(self: Any, target: str) -> Any:
        await becomes(keeper.store, bob, keeper.clock.now())
        raise LACKING

    monkeypatch.setattr(type(keeper.quay), "all", slow)
    await keeper.looks()
    monkeypatch.setattr(type(keeper.quay), "all", listed)
    found = await keeper.now()
    assert (found.person.user, found.state, keeper.notices.said) == ("UBOB", State.ACTIVE, {})


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (NotLinked("No."), True),
        (NeedsScope("No.", scopes=frozenset({"repo:admin"})), True),
        (Forbidden("No."), True),
        (LACKING, True),
        (Denied("No."), True),
        (Denied("No.", unsure=True), False),
        (TryLater("Later."), False),
    ],
)
def test_only_what_does_not_pass_by_itself_is_a_loss(error: Any, lost: bool):
    assert is_lost(error) is lost


STRAYS = tuple(
    Notification(f"u{number}", "repo_push", "webhook", "quaybot S<!here>", f"{number}" * 64, HERE) for number in (7, 8)
)


async def test_what_nobody_knows_is_asked_about_once_and_left_alone(keeper: Keeper):
    keeper.quay.bells["acme/web"] += STRAYS
    for _ in range(3):
        await keeper.looks()
    ((key, said),) = keeper.notices.said.items()
    assert (key, said.channel) == ("strays:u7", "UALICE")
    assert said.payload["blocks"][-1]["elements"][0]["value"] == "acme/web u7 u8"
    assert keeper.quay.bells["acme/web"][1:] == list(STRAYS)


async def test_those_of_a_subscription_that_has_just_ended_are_no_strays(keeper: Keeper):
    await keeper.subscribes(name="S2", channel="C2")
    await keeper.looks("S2")
    await becomes(keeper.store, replace(await keeper.now("S2"), state=State.ENDED), keeper.clock.now())
    await keeper.looks("S1")
    assert keeper.notices.said == {}


async def test_all_words_are_fine_for_slack(keeper: Keeper):
    found, (part,) = await keeper.now(), await keeper.parts()
    part, at = replace(part, beaten=2), keeper.clock.now()
    messages = [
        nothing_arrives(found, part, None),
        nothing_arrives(found, part, at),
        heard_again(found, at, at.replace(hour=20)),
        strays(found, "acme/web", STRAYS),
    ]
    for message in messages:
        assert neutral_problems(message.payload(), mentions=named(message.payload())) == []
    assert [texts(message.payload()) for message in messages] == snapshot(
        [
            [
                ":warning: <@UALICE>, nothing from Quay arrives through the subscription `S1` (`acme/web`): I asked Quay for 2 test calls in a row (`repo_push` of `acme/web`), and none arrived. Nothing has ever come.",
                """\
What to do:
• Can Quay's server reach me? My address is the setting PUBLIC_URL (or WEBHOOK_URL).
• Does Quay's notification worker run? It is a process of its own.
• `/quay test S1` tries the whole way and tells where it ends.
I go on trying: this message changes as soon as something arrives.\
""",
            ],
            [
                ":warning: <@UALICE>, nothing from Quay arrives through the subscription `S1` (`acme/web`): I asked Quay for 2 test calls in a row (`repo_push` of `acme/web`), and none arrived. The last time that anything came was <!date^1795441214^{date_short_pretty} {time}|2026-11-23 13:40 UTC>.",
                """\
What to do:
• Can Quay's server reach me? My address is the setting PUBLIC_URL (or WEBHOOK_URL).
• Does Quay's notification worker run? It is a process of its own.
• `/quay test S1` tries the whole way and tells where it ends.
I go on trying: this message changes as soon as something arrives.\
""",
            ],
            [
                ":white_check_mark: the subscription `S1` (`acme/web`) works again since <!date^1795466414^{date_short_pretty} {time}|2026-11-23 20:40 UTC>: something from Quay has arrived. It was silent for 7 h."
            ],
            [
                "In `acme/web`, Quay has 2 notifications with my title and my address, but I do not know them.",
                """\
• `repo_push` “`quaybot S&lt;!here&gt;`”
• `repo_push` “`quaybot S&lt;!here&gt;`”\
""",
                "They may be left from an older state of my database, or belong to another quaybot at this address. Nothing that they send is told to anybody. Shall I remove them in Quay, with your account?",
                "Remove them in Quay",
            ],
        ]
    )


def texts(payload: Any) -> list[str]:
    """What people read, block by block."""
    found = []
    for block in payload["blocks"]:
        elements = [
            one["text"] if isinstance(one["text"], str) else one["text"]["text"] for one in block.get("elements", ())
        ]
        found.append(block["text"]["text"] if "text" in block else " ".join(elements))
    return found


@pytest.fixture
async def pattern(store: SqlStore) -> Keeper:
    keeper = Keeper(store)
    keeper.quay.names = ["acme/api", "acme/db", "acme/web"]
    await keeper.subscribes("acme/*")
    await keeper.looks()
    return keeper


async def loses(keeper: Keeper, *names: str) -> None:
    """In exactly these repositories the role is gone; a few looks follow."""
    keeper.quay.errors = {f"all {name}": lacking(name) for name in names}
    for _ in range(3):
        keeper.clock.pass_by(600)
        await keeper.looks()


def lacking(name: str) -> Lacking:
    return Lacking("You need admin.", repository=name, needs="admin", does="see its notifications")


async def test_one_lost_repository_of_a_pattern_is_told_once_and_the_rest_is_looked_after(pattern: Keeper):
    await loses(pattern, "acme/db")
    pattern.quay.fails("acme/api", OFF)
    assert (await pattern.looks()).reset == 1
    found = await pattern.now()
    assert (found.state, found.reason) == (
        State.ACTIVE,
        "Quay did not let alice see its notifications in acme/db.",
    )
    assert len(await pattern.parts()) == 3  # what works there goes on
    ((key, said),) = pattern.notices.said.items()
    assert (key, said.channel) == ("lost:S1:0", "C1")
    assert texts(said.payload) == snapshot(
        [
            ":warning: <@UALICE> looks after the subscription `S1` (`acme/*`), but can no longer do so in `acme/db` with the Quay account `alice`. The rest is looked after as before.",
            "What works there goes on, but I cannot mend it any more. Give the account the role admin there again, and I go on by myself. Or let an admin of it subscribe to it here: `/quay subscribe acme/db`",
            "Quay did not let alice see its notifications in acme/db.",
        ]
    )


async def test_another_repository_that_is_lost_and_one_that_was_found_again_are_each_their_own_loss(pattern: Keeper):
    await loses(pattern, "acme/db")
    await loses(pattern, "acme/db", "acme/api")
    await loses(pattern)
    assert (await pattern.now()).reason == ""
    await loses(pattern, "acme/db")
    assert list(pattern.notices.said) == ["lost:S1:0", "lost:S1:1", "lost:S1:2"]
    assert "`acme/db`" not in pattern.said()[1].partition("no longer do so")[2]


async def test_a_pattern_that_nobody_may_look_after_anywhere_is_an_orphan(pattern: Keeper):
    await loses(pattern, "acme/db")
    await loses(pattern, "acme/api", "acme/db", "acme/web")
    assert (await pattern.now()).state is State.ORPHANED
    assert list(pattern.notices.said) == ["lost:S1:0", "orphaned:S1:0"]


async def test_of_many_lost_repositories_a_few_are_named(pattern: Keeper):
    found = {f"acme/r{number}": f"acme/r{number}: <!channel> no." for number in range(9)}
    message = some_lost(await pattern.now(), found)
    assert "`acme/r4` and 4 more with" in message.text
    assert neutral_problems(message.payload(), mentions=named(message.payload())) == []
