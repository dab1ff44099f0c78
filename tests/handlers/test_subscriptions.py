"""The list of subscriptions, and ending them."""

# ruff: noqa: E501 - golden sentences stand on one line

from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.offers import Purpose
from bot.domain.people import Person, Place
from bot.domain.subscriptions import State
from bot.rules.policy import Effect, Policy, Rule
from tests.handlers.conftest import BOB, Office
from tests.handlers.repository_steps import confirms, offered
from tests.handlers.subscription_steps import no_admin, part, said, subscription


async def test_the_list_says_whose_since_when_how_it_is_and_how_much(office: Office) -> None:
    office.subscriptions.has(
        subscription(checked_at=office.start - timedelta(minutes=3)), part(), part("build_failure")
    )
    bobs = subscription("acme/api", "builds", "SBBBB", person=BOB, checked_at=office.start, source="file")
    office.subscriptions.has(
        bobs, part("build_failure", "acme/api", "SBBBB", failures=3), part("build_start", "acme/api", "SBBBB", uuid="")
    )
    office.upkeep.tending.gaps.open["SBBBB"] = 1
    office.trail.messages[("C1", "acme/web")] = 12
    assert office.reads(await office.says("subscriptions")) == snapshot(
        [
            "🔔 *Subscriptions of this channel*",
            """\
*`acme/api`* `builds`
⚠️ Quay has switched off 1 notification; 1 notification is missing in Quay; what was missed is being fetched (looked at just now)
`SBBBB` · of `bob` since <!date^1795338000^{date_short_pretty} {time}|2026-11-22 09:00 UTC> · 0 messages in the last week · from a file\
""",
            """\
*`acme/web`* `pushes tag:v*`
✅ in order (looked at 3 minutes ago)
`S7PX4` · of `alice` since <!date^1795338000^{date_short_pretty} {time}|2026-11-22 09:00 UTC> · 12 messages in the last week\
""",
            "`/quay subscribe acme/web` adds one, `/quay help subscriptions` says more.",
        ]
    )


async def test_a_paused_and_an_orphaned_one_say_so(office: Office) -> None:
    office.subscriptions.has(subscription(paused_until=office.start + timedelta(hours=4)), part(beaten=2))
    orphan = subscription(
        "acme/api", name="SBBBB", state=State.ORPHANED, reason="bob has lost the role admin in acme/api."
    )
    office.subscriptions.has(orphan, part(target="acme/api", name="SBBBB", failures=1))
    office.subscriptions.has(subscription("acme/new", name="SCCCC"))
    assert office.reads(await office.says("subscriptions"))[1:4] == snapshot(
        [
            """\
*`acme/api`* `pushes tag:v*`
⚠️ nobody's account can look after it (bob has lost the role admin in acme/api); 1 notification failed lately
`SBBBB` · of `alice` since <!date^1795338000^{date_short_pretty} {time}|2026-11-22 09:00 UTC> · 0 messages in the last week\
""",
            """\
*`acme/new`* `pushes tag:v*`
⚠️ it is being set up
`SCCCC` · of `alice` since <!date^1795338000^{date_short_pretty} {time}|2026-11-22 09:00 UTC> · 0 messages in the last week\
""",
            """\
*`acme/web`* `pushes tag:v*`
⚠️ 2 test calls in a row did not arrive · ⏸ paused until <!date^1795438800^{date_short_pretty} {time}|2026-11-23 13:00 UTC>
`S7PX4` · of `alice` since <!date^1795338000^{date_short_pretty} {time}|2026-11-22 09:00 UTC> · 0 messages in the last week\
""",
        ]
    )


async def test_one_repository_shows_patterns_that_cover_it(office: Office) -> None:
    for number, target in enumerate(("acme/web", "acme/*", "acme/api")):
        office.subscriptions.has(subscription(target, name=f"S222{number + 2}"))
    read = office.reads(await office.says("subscriptions acme/web"))
    assert [text.split("`")[1] for text in read[1:3]] == ["acme/*", "acme/web"]


async def test_an_empty_channel_says_what_to_do(office: Office) -> None:
    assert office.reads(await office.says("subscriptions")) == snapshot(
        ["This channel has no subscriptions. `/quay subscribe acme/web` makes one."]
    )


async def test_everywhere_shows_only_what_somebody_may_look_after(office: Office) -> None:
    office.directory.places |= {"C2": Place("C2", "hidden", private=True), "C3": Place("C3", "open")}
    no_admin(office, "acme/theirs")
    office.subscriptions.has(subscription("acme/own", name="S2222", channel="C2"))
    office.subscriptions.has(subscription("acme/let", name="S3333", channel="C2", person=BOB))
    office.subscriptions.has(subscription("acme/open", name="S4444", channel="C3", person=BOB))
    office.subscriptions.has(subscription("acme/theirs", name="S5555", channel="C3", person=BOB))
    stranger = Person("T2", "U-ELSE")  # in a channel that is shared: those at home may look after that, too
    office.subscriptions.has(subscription("acme/far", name="S6666", channel="C9", person=stranger))
    read = " ".join(office.reads(await office.says("subscriptions --all")))
    assert [name for name in ("own", "let", "open", "theirs", "far") if f"acme/{name}" in read] == [
        "own",
        "let",
        "open",
        "far",
    ]
    assert "in #hidden" in read  # their own one
    assert read.count("#hidden") == 1
    assert "in a private channel" in read


async def test_the_list_of_a_channel_has_nothing_of_other_channels(office: Office) -> None:
    office.subscriptions.has(subscription("acme/else", channel="C2"))
    assert "acme/else" not in " ".join(office.reads(await office.says("subscriptions")))


async def test_long_lists_have_pages(office: Office) -> None:
    for number in range(10):
        office.subscriptions.has(subscription(f"acme/r{number}", name=f"S222{number}"))
    first = await office.says("subscriptions")
    assert first is not None
    [turn] = first.message.blocks[-1]["elements"]
    second = await office.presses(turn["action_id"], turn["value"])
    assert second is not None
    assert second.replace
    assert [text.split("`")[1] for text in office.reads(second)[1:3]] == ["acme/r8", "acme/r9"]
    [back] = second.message.blocks[-1]["elements"]
    again = await office.presses(back["action_id"], back["value"])
    assert office.reads(again) == office.reads(first)


async def test_the_menu_ends_one_after_asking(office: Office) -> None:
    office.subscriptions.has(subscription(), part())
    await office.presses("subscription_menu", "unsubscribe S7PX4")
    await office.presses("confirm", offered(office))
    assert office.subscriptions.kept["S7PX4"].state is State.ENDED


async def test_a_menu_of_another_version_is_told_apart(office: Office) -> None:
    assert "older version" in office.reads(await office.presses("subscription_menu", "boil S7PX4"))[0]


async def test_ending_shows_what_goes_and_can_be_undone(office: Office) -> None:
    office.quay.hall.has("acme/web")
    old = office.subscriptions.has(subscription(source="file"), part(), part("build_failure"))
    office.trail.messages[("C1", "acme/web")] = 3
    assert office.reads(await office.says("unsubscribe acme/web"))[1:] == snapshot(
        [
            """\
*End this channel's subscription to `acme/web`* (`S7PX4`)
In `acme/web`: pushes. Only tags like `v*`.
I remove 2 notifications of mine in Quay. Cards that are here stay as they are.
In the last week 3 messages came from there.
`alice` looks after it.
⚠️ *It comes from a file:* whoever applies that file again brings it back.\
""",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Unsubscribe] [Cancel]",
        ]
    )
    done = await office.presses("confirm", offered(office))
    assert office.reads(done) == ["Done: nothing of it is told here any more."]
    assert [one.state for one in office.upkeep.tending.tended] == [State.ENDED]
    assert said(office)[0] == snapshot(
        [
            "<@U-ALICE> ended a subscription of this channel. It was: In `acme/web`: pushes. Only tags like `v*`.",
            "[Undo]",
            "Can be undone for 60 minutes. Reference KDWF-4071",
        ]
    )
    await office.presses("undo", offered(office, Purpose.UNDO))
    [new] = await office.subscriptions.all()
    assert (new.wanted, new.channel) == (old.wanted, "C1")
    assert new.name != old.name


async def test_strangers_end_nothing(office: Office) -> None:
    office.links_bob()
    no_admin(office, "acme/web")
    office.subscriptions.has(subscription())
    assert office.reads(await office.says("unsubscribe acme/web", BOB)) == snapshot(
        [
            "This is for whoever looks after it (`alice`), and for those whose own Quay account is an admin of `acme/web`. Ask one of them."
        ]
    )


async def test_an_admin_of_the_repository_may_end_what_others_made(office: Office) -> None:
    office.links_bob()
    office.subscriptions.has(subscription())
    await office.says("unsubscribe S7PX4", BOB)
    await office.presses("confirm", offered(office), BOB)
    assert office.subscriptions.kept["S7PX4"].state is State.ENDED


async def test_a_pattern_is_touched_by_admins_of_all_of_it_only(office: Office) -> None:
    office.links_bob()
    office.subscriptions.has(subscription("acme/*"), part(), part(target="acme/api"))
    no_admin(office, "acme/api")
    assert "This is for whoever looks after it" in office.reads(await office.says("unsubscribe S7PX4", BOB))[0]
    office.quay.sightings.clear()
    await office.says("unsubscribe S7PX4", BOB)
    assert len(office.offers.kept) == 1


async def test_a_name_of_another_channel_says_nothing_to_strangers(office: Office) -> None:
    office.links_bob()
    no_admin(office, "acme/web")
    office.subscriptions.has(subscription(channel="C2"))
    told = office.reads(await office.says("unsubscribe S7PX4", BOB))
    missing = office.reads(await office.says("unsubscribe S7PX5", BOB))
    assert told == [missing[0].replace("S7PX5", "S7PX4")]
    assert "acme/web" not in " ".join(told)


async def test_from_elsewhere_it_is_ended_and_told_where_it_is(office: Office) -> None:
    office.subscriptions.has(subscription(channel="C2"))
    await confirms(office, "unsubscribe S7PX4")
    assert [message.channel for message in office.notices.said.values()] == ["C2"]


async def test_the_policy_of_the_place_where_it_is_asked_counts_as_well(office: Office) -> None:
    rules = (Rule("not here", Effect.DENY, commands=("unsubscribe",), channels=("C1",)),)
    office.policies.source = type("Rules", (), {"name": "policy.toml", "changed": lambda _self: None})()
    office.policies._policy = Policy(rules)
    office.subscriptions.has(subscription(channel="C2"))
    assert "The policy's rule “not here”" in office.reads(await office.says("unsubscribe S7PX4"))[0]


async def test_a_pattern_that_covers_it_is_named_and_nothing_is_done(office: Office) -> None:
    office.quay.hall.has("acme/web")
    office.subscriptions.has(subscription("acme/*", name="S2222"))
    office.subscriptions.has(subscription("acme/w*", name="S3333"))
    assert office.reads(await office.says("unsubscribe acme/web")) == snapshot(
        [
            "There is no subscription for `acme/web` here; `acme/w*` (`S3333`) covers it. If you mean that one, with all that it covers: `/quay unsubscribe acme/w*`. Nothing was done."
        ]
    )
    assert office.offers.kept == {}


async def test_a_repository_that_is_not_there_is_said_to_be_unknown(office: Office) -> None:
    office.quay.hall.has("acme/nginx")
    office.subscriptions.has(subscription("acme/*", name="S2222"))
    assert office.reads(await office.says("unsubscribe acme/ngnix")) == snapshot(
        ["acme/ngnix does not exist, or you may not see it. Did you mean `acme/nginx`?"]
    )


@pytest.mark.parametrize("word", ["acme/nothing-*", "S9999"])
async def test_what_is_not_there_is_said(office: Office, word: str) -> None:
    assert "no subscription" in office.reads(await office.says(f"unsubscribe {word}"))[0]


async def test_what_changed_under_the_preview_is_not_ended(office: Office) -> None:
    office.subscriptions.has(subscription())
    await office.says("unsubscribe acme/web")
    office.subscriptions.has(subscription(words="vulns"))
    reply = await office.presses("confirm", offered(office))
    assert "has changed since" in office.reads(reply)[0]
    assert office.subscriptions.kept["S7PX4"].state is State.ACTIVE
