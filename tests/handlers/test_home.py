"""The Home tab: one's account, subscriptions, channels, and what one did last, with a way back."""

# ruff: noqa: E501 - golden sentences stand on one line

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from inline_snapshot import snapshot

from bot.blocks.neutral import named
from bot.blocks.validator import neutral_problems, view_problems
from bot.domain.acts import Act, Deed, Outcome
from bot.domain.digests import Rhythm
from bot.domain.errors import GiveUp, TryLater
from bot.domain.people import Account, Person, Way
from bot.domain.subscriptions import Part, Subscription, Wanted
from bot.ports import Channel
from bot.services.upkeep.mending import TEND
from handlers.actions import ACTIONS
from handlers.home import refresh
from tests.handlers.conftest import START, FakeVoice, Office
from tests.handlers.repository_steps import confirms


def subscription(person: Person, name: str = "S7PX4", target: str = "acme/web", **more: Any) -> Subscription:
    return Subscription(name, "C1", Wanted(target, ("repo_push",)), person, "alice", START, **more)


def part(name: str = "S7PX4", **more: Any) -> Part:
    return replace(Part("1", name, "acme/web", "repo_push", False, "{}", START, uuid="u"), **more)


async def sees(office: Office, person: Person | None = None) -> list[str]:
    """The words of somebody's Home tab, drawn anew."""
    person = person or office.alice
    await refresh(person, office.desk)
    blocks = office.voice.homes[person.user]
    view = {"type": "home", "blocks": list(blocks)}
    assert view_problems(view) == []
    assert neutral_problems(view, mentions=named(view)) == []
    return [re.sub(r"`[A-Z]{4}-\d{4}`", "`KDWF-4071`", word) for block in blocks for word in words(block)]


def words(block: Mapping[str, Any]) -> list[str]:
    if block["type"] == "divider":
        return []
    if block["type"] == "header":
        return [f"# {block['text']['text']}"]
    if block["type"] == "rich_text":
        return ["".join(one.get("text") or f"<{one['channel_id']}>" for one in block["elements"][0]["elements"])]
    if "accessory" not in block:
        return Office.words([block])
    beside = block["accessory"].get("options") or [block["accessory"]]
    said = " ".join(f"[{one['text']['text']}]" for one in beside)
    return [block["text"]["text"], said]


async def test_somebody_without_an_account_learns_how_to_link_one(office: Office) -> None:
    assert await sees(office, office.bob) == snapshot(
        [
            "# My account",
            "No account of yours on <https://quay.example|quay.example> is linked. I act there as *you*, with your own rights.",
            "[Link my Quay account]",
            "# My subscriptions",
            "None yet. `/quay subscribe acme/web` in a channel makes one.",
            "# Channels I look after",
            "None: no channel has a subscription of yours, or has you as its owner.",
            "# What I did last",
            "Nothing yet. `/quay help` shows what there is.",
            "Seen <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>. It is drawn anew whenever you open it.",
        ]
    )


async def test_everything_that_is_ones_own_is_there(office: Office) -> None:
    office.accounts.kept[office.alice] = Account(
        office.alice, "alice", START, "token-alice", Way.CODE, frozenset({"repo:read", "repo:admin"})
    )
    office.subscriptions.has(subscription(office.alice), part())
    office.subscriptions.has(subscription(office.bob, "SBOB2", "acme/api"), part("SBOB2", hook="2"))
    office.channels.kept["C1"] = Channel("C1", rhythm=Rhythm("Europe/Berlin", "22:00-07:00", "daily 09:00"))
    office.channels.kept["C2"] = Channel("C2", owner=office.alice.user)
    office.channels.kept["C3"] = Channel("C3", owner="U-BOB")
    office.quay.hall.has("acme/web")
    await confirms(office, "visibility acme/web public")
    await office.says("repo acme/web")
    assert await sees(office) == snapshot(
        [
            "# My account",
            """\
You are *alice* on <https://quay.example|quay.example>, linked <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>.
Scopes: `repo:admin` `repo:read`\
""",
            "[Link again] [Unlink]",
            "# My subscriptions",
            "In <C1>",
            """\
*`acme/web`* `S7PX4` · ✅ in order
In `acme/web`: pushes.\
""",
            "[Test] [Pause for 4 hours] [Change…] [Unsubscribe…]",
            "# Channels I look after",
            "<C1> · 1 subscription · quiet 22:00-07:00 (Europe/Berlin) · summary daily 09:00 (Europe/Berlin)",
            "<C2> · you are its owner",
            "# What I did last",
            "<!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC> `visibility` `acme/web` `public` · <#C1> · done · `KDWF-4071`",
            "[Undo]",
            "Seen <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>. It is drawn anew whenever you open it.",
        ]
    )


async def test_what_can_be_undone_is_undone_with_its_button(office: Office) -> None:
    office.quay.hall.has("acme/web")
    await confirms(office, "visibility acme/web public")
    await refresh(office.alice, office.desk)
    [undo] = [block["accessory"] for block in office.voice.homes[office.alice.user] if "accessory" in block]
    await office.presses("undo", undo["value"], channel="")
    assert not office.quay.hall.known["acme/web"].public
    shown = await sees(office)
    assert shown.count("[Undo]") == 1
    assert shown[-3] == "[Undo]"  # the undo itself can be undone, and stands above what it took back


async def test_a_way_back_that_is_over_has_no_button(office: Office) -> None:
    office.quay.hall.has("acme/web")
    await confirms(office, "visibility acme/web public")
    office.clock.time += timedelta(hours=2)
    assert "[Undo]" not in await sees(office)


async def test_an_account_that_nobody_can_open_can_be_linked_again(office: Office) -> None:
    office.accounts.error = GiveUp("I cannot open your token any more. Please link your account again.")
    shown = await sees(office)
    assert shown[1].startswith("I cannot open your token any more.")
    assert "[Link my Quay account]" in shown


async def test_a_pause_and_quiet_hours_stand_beside_a_subscription(office: Office) -> None:
    office.subscriptions.has(subscription(office.alice, paused_until=START + timedelta(hours=4)), part())
    office.channels.kept["C1"] = Channel("C1", rhythm=Rhythm("UTC", "08:00-10:00"))
    [row] = [word for word in await sees(office) if "`S7PX4`" in word]
    assert row.partition("\n")[0] == snapshot(
        "*`acme/web`* `S7PX4` · ✅ in order · ⏸ paused until <!date^1795438800^{date_short_pretty} {time}|2026-11-23 13:00 UTC> · 🌙 quiet hours until <!date^1795428000^{date_short_pretty} {time}|2026-11-23 10:00 UTC>"
    )


async def test_what_can_be_done_about_a_subscription_is_a_menu_beside_it(office: Office) -> None:
    office.subscriptions.has(subscription(office.alice), part())
    await refresh(office.alice, office.desk)
    [menu] = [block["accessory"] for block in office.voice.homes[office.alice.user] if "accessory" in block]
    assert menu["action_id"] in ACTIONS
    assert {"test S7PX4", "pause S7PX4", "unsubscribe S7PX4"} <= {one["value"] for one in menu["options"]}
    office.quay.hall.has("acme/web")
    await office.presses(menu["action_id"], "pause S7PX4", channel="")
    [paused] = await office.subscriptions.all()
    assert paused.paused_until == START + timedelta(hours=4)


async def test_what_was_done_is_named_with_its_value_and_the_question_says_what_is_taken_back(office: Office) -> None:
    await office.says("quiet 22:00-07:00")
    office.clock.time += timedelta(minutes=1)
    await office.says("quiet off")
    await refresh(office.alice, office.desk)
    shown = [block for block in office.voice.homes[office.alice.user] if "`quiet`" in str(block)]
    assert [re.sub(r"`[A-Z]{4}-\d{4}`", "`KDWF-4071`", block["text"]["text"]) for block in shown] == snapshot(
        [
            "<!date^1795424460^{date_short_pretty} {time}|2026-11-23 09:01 UTC> `quiet` `off` · <#C1> · done · `KDWF-4071`",
            "<!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC> `quiet` `22:00-07:00` · <#C1> · done · `KDWF-4071`",
        ]
    )
    assert ["accessory" in block for block in shown] == [True, False]  # the first way back was overtaken
    assert shown[0]["accessory"]["confirm"]["text"]["text"] == snapshot("""\
It takes back: quiet off.
That is done by: quiet 22:00-07:00.\
""")


async def test_what_the_bot_does_by_itself_is_nothing_that_somebody_did(office: Office) -> None:
    act = Act(TEND, "acme/web", {"subscription": "S7PX4"})
    await office.audit.append(Deed(START, "R-1", office.alice, "alice", "C1", act, Outcome.DONE))
    assert "Nothing yet. `/quay help` shows what there is." in await sees(office)


async def test_very_much_stays_within_what_slack_takes(office: Office) -> None:
    long = "n" * 240
    for number in range(200):
        name = f"S{number:04}"
        target, words = f"acme/{long}{number}", " ".join(f"-tag:{long[:100]}{n}*" for n in range(20))
        one = replace(subscription(office.alice, name), wanted=Wanted(target, ("repo_push",), words), reason=long)
        office.subscriptions.has(replace(one, channel=f"C{number}"), part(name, hook=name))
        act = Act("visibility", f"acme/{long}", {"visibility": "public"})
        await office.audit.append(Deed(START, f"R-{number}", office.alice, "alice", "C1", act, Outcome.DONE))
    shown = await sees(office)
    assert len(office.voice.homes[office.alice.user]) <= 100
    assert "and 185 more subscriptions. `/quay subscriptions` has them all." in shown
    assert "and 188 more channels." in shown


async def test_a_target_that_is_no_name_stays_words(office: Office) -> None:
    office.subscriptions.has(subscription(office.alice, target="acme/<!channel>*x*"), part())
    assert "<!channel>" not in "".join(await sees(office))


async def test_trouble_leaves_the_tab_as_it_is(office: Office) -> None:
    class Closed(FakeVoice):
        async def publish(self, user: str, blocks: Any) -> None:
            raise GiveUp("The Slack app has no Home tab.")

    office.desk = replace(office.desk, voice=Closed())
    await refresh(office.alice, office.desk)
    for error in (TryLater("The database is away."), ZeroDivisionError("odd")):
        office.accounts.error = error
        await refresh(office.alice, office.desk)
    assert office.voice.homes == {}


async def test_the_account_is_unlinked_from_there(office: Office) -> None:
    reply = await office.presses("home_unlink", "", channel="")
    assert office.accounts.kept == {}
    assert reply is not None
    assert reply.home
    assert "[Link my Quay account]" in await sees(office)
