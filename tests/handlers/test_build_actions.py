"""The buttons on a build card."""

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import UserError
from bot.domain.events import Phase
from handlers.actions import ACTIONS


async def test_cancel_asks_quay_and_looks_at_once(office):
    assert office.reads(await office.presses("build_cancel")) == snapshot(
        ["I asked Quay to cancel this build of `acme/web`. Its card will show it."]
    )
    assert office.quay.calls == [("token-alice", "cancel_build", "acme/web", office.build_id)]
    assert office.watches.due[office.build_id][1] == office.start


async def test_cancel_hurries_a_build_that_is_followed_already(office):
    await office.watches.add("acme/web", office.build_id, office.bob, office.start)
    await office.watches.later(office.build_id, office.start.replace(hour=20))
    await office.presses("build_cancel")
    watch, due = office.watches.due[office.build_id]
    assert (watch.person, due) == (office.bob, office.start)


async def test_retry_gets_a_new_card_in_the_same_channel(office):
    office.has_build(Phase.ERROR, tags=("v1",))
    assert office.reads(await office.presses("build_retry", channel="C7")) == snapshot(
        ["Build `dbf23442` of `acme/web` is queued. Its card follows in this channel."]
    )
    assert [call[1] for call in office.quay.calls] == ["build", "retry_build"]
    assert office.quay.calls[-1] == ("token-alice", "retry_build", "acme/web", office.build_id)
    [(event, channels, asker)] = office.board.told
    assert (event.kind, event.phase, channels, asker) == ("build_queued", Phase.WAITING, ("C7",), "U-ALICE")
    assert office.build_id in office.watches.due


@pytest.mark.parametrize(
    ("action", "call"), [("build_cancel", "cancel_build"), ("build_retry", "retry_build"), ("build_logs", "build")]
)
async def test_a_click_acts_with_the_account_of_the_clicker(office, action, call):
    office.has_build()
    office.links_bob()
    await office.presses(action, person=office.bob)
    assert {token for token, *_ in office.quay.calls} == {"token-bob"}
    assert call in [name for _, name, *_ in office.quay.calls]


@pytest.mark.parametrize("action", ["build_cancel", "build_retry", "build_logs", "build_log_older"])
async def test_a_click_of_somebody_without_an_account_does_nothing_but_offer_one(office, action):
    reply = await office.presses(action, person=office.bob)
    assert "link_start" in [e.get("action_id") for block in reply.message.blocks for e in block.get("elements", ())]
    assert [line.deed.outcome for line in office.audit.lines] == ["unlinked"]
    assert (office.quay.calls, office.board.told, office.voice.modals) == ([], [], {})


@pytest.mark.parametrize("action", ["build_cancel", "build_retry", "build_logs"])
@pytest.mark.parametrize("value", ["", "acme/web"])
async def test_a_button_without_a_build_says_so(office, action, value):
    assert office.reads(await office.presses(action, value)) == [
        "This button does not say which build it means. Please use a newer card."
    ]


@pytest.mark.parametrize(("action", "call"), [("build_cancel", "cancel_build"), ("build_retry", "retry_build")])
async def test_a_refusal_is_told_to_the_clicker_alone(office, action, call):
    office.has_build()
    office.quay.errors[call] = UserError("You need the role admin on acme/web.")
    reply = await office.presses(action)
    assert (office.reads(reply), reply.in_channel) == (["You need the role admin on acme/web."], False)
    assert (office.board.told, office.watches.due) == ([], {})


async def test_opening_quay_leaves_nothing_to_do(office):
    assert await office.presses("open_quay", "") is None
    assert office.quay.calls == []


async def test_a_hostile_button_value_is_shown_literally(office):
    for action in ACTIONS:
        await office.presses(action, "<!channel>/*x*`y` <@U1> 7", view="V9")
