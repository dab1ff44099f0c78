"""`/quay link`: which ways there are, for whom, and how a code ends it."""

# ruff: noqa: E501 - golden sentences stand on one line

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import GiveUp
from bot.ports import Client
from bot.services.linking import ways_of
from handlers.command import Origin
from handlers.linking import scopes_in

URL = "https://bot.example/quay/link/ticket-1"


def buttons(reply) -> dict[str, dict]:
    """Every button by its action id."""
    rows = [block["elements"] for block in reply.message.blocks if block["type"] == "actions"]
    return {button["action_id"]: button for row in rows for button in row}


async def test_all_ways_are_shown_to_somebody_new(office):
    reply = await office.says("link", office.bob)
    assert office.reads(reply) == snapshot(
        [
            "I act in Quay as *you*, with your own rights. No account of yours is linked yet.",
            """\
✓ *1. Sign in at Quay:* for admins of the organization that the bot's application belongs to.
✓ *2. Take over an assigned token:* if an admin of that organization has assigned you one.
✓ *3. Paste a token:* for anybody who has one, or can make one in an organization.\
""",
            "[Open the linking page] [Paste a token] [I have a code]",
            "The linking page serves ways 1 and 2. It is yours alone and works for ten minutes. Send its address to nobody.",
        ]
    )
    assert buttons(reply)["link_open"]["url"] == URL
    assert not reply.in_channel
    assert office.linking.started == [(office.bob, Origin("C1", "https://hooks.example/r").pack(), frozenset())]


async def test_somebody_who_is_linked_sees_as_whom(office):
    assert office.reads(await office.says("link"))[0] == snapshot(
        "I act in Quay as *you*, with your own rights. Now that is *alice*, linked <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>."
    )


async def test_an_account_that_cannot_be_opened_can_be_linked_anew(office):
    office.accounts.error = GiveUp("I cannot open what I kept of your account: the key is another one.")
    reply = await office.says("link")
    assert office.reads(reply)[0] == snapshot(
        "I act in Quay as *you*, with your own rights. I cannot open what I kept of your account: the key is another one."
    )
    assert "link_open" in buttons(reply)


CLIENT = Client("CLIENT")
SETTINGS = {
    "without a secret": ("https://bot.example", CLIENT, True),
    "without an application": ("https://bot.example", None, True),
    "without an address": ("", Client("CLIENT", "secret"), True),
    "without a key": ("https://bot.example", Client("CLIENT", "secret"), False),
}


@pytest.mark.parametrize("settings", SETTINGS)
async def test_a_way_that_does_not_work_here_says_why(office, settings):
    url, client, sealed = SETTINGS[settings]
    office.linking.known = ways_of(url, client, sealed=sealed)
    reply = await office.says("link", office.bob)
    expected = snapshot(
        {
            "without a secret": [
                [
                    """\
✗ *1. Sign in at Quay:* Not set up here; ask the operator.
✓ *2. Take over an assigned token:* if an admin of that organization has assigned you one.
✓ *3. Paste a token:* for anybody who has one, or can make one in an organization.\
""",
                    "[Open the linking page] [Paste a token] [I have a code]",
                    "The linking page serves ways 1 and 2. It is yours alone and works for ten minutes. Send its address to nobody.",
                ],
                ["link_open", "link_paste", "link_code"],
            ],
            "without an application": [
                [
                    """\
✗ *1. Sign in at Quay:* Not set up here; ask the operator.
✗ *2. Take over an assigned token:* Not set up here; ask the operator.
✓ *3. Paste a token:* for anybody who has one, or can make one in an organization.\
""",
                    "[Paste a token]",
                ],
                ["link_paste"],
            ],
            "without an address": [
                [
                    """\
✗ *1. Sign in at Quay:* Not set up here; ask the operator.
✗ *2. Take over an assigned token:* Not set up here; ask the operator.
✓ *3. Paste a token:* for anybody who has one, or can make one in an organization.\
""",
                    "[Paste a token]",
                ],
                ["link_paste"],
            ],
            "without a key": [
                [
                    """\
✗ *1. Sign in at Quay:* Not set up here; ask the operator.
✗ *2. Take over an assigned token:* Not set up here; ask the operator.
✗ *3. Paste a token:* Not set up here; ask the operator.\
"""
                ],
                [],
            ],
        }
    )
    assert [office.reads(reply)[1:], list(buttons(reply))] == expected[settings]
    assert bool(office.linking.started) == ("link_open" in buttons(reply))


async def test_in_a_thread_it_is_the_same(office):
    spoken = await office.says("link", office.bob, trigger="")
    assert buttons(spoken).keys() == {"link_open", "link_paste", "link_code"}


async def test_the_button_below_an_error_shows_the_same_to_whoever_presses_it(office):
    reply = await office.presses("link_start", "", office.bob)
    assert buttons(reply)["link_open"]["url"] == URL
    assert [person for person, _, _ in office.linking.started] == [office.bob]


async def test_a_scope_that_was_missing_is_asked_for_in_every_way(office):
    reply = await office.presses("link_start", "repo:create", office.alice)
    assert office.reads(reply)[2] == snapshot(
        "What you wanted takes more than your token may. Whichever way you choose, the new one has to have `repo:create`"
    )
    assert office.linking.started[0][2] == {"repo:create"}
    await office.presses("link_paste", buttons(reply)["link_paste"]["value"])
    assert "`repo:create`" in "\n".join(office.words(office.shown().blocks))


@pytest.mark.parametrize("value", ["x", "alice U-ALICE T1", "repo:create\x00", "super:user", "direct_user_login"])
def test_a_button_cannot_ask_for_scopes_that_there_are_not(value):
    assert scopes_in(value) == frozenset()


async def test_a_scope_of_the_usual_ones_is_named_once(office):
    await office.presses("link_paste", "repo:admin")
    assert "\n".join(office.words(office.shown().blocks)).count("`repo:admin`") == 1


@pytest.mark.parametrize("action", ["link_open", "open_quay"])
async def test_the_press_of_a_link_is_answered_with_nothing(office, action):
    assert await office.presses(action, "") is None


async def test_pasting_opens_the_form_for_a_token(office):
    assert await office.presses("link_paste", "", office.bob) is None
    modal = office.shown()
    assert office.words(modal.blocks) == snapshot(
        [
            "I act in Quay as *you*, with your own rights. For that I need a token of yours.",
            """\
1. Open <https://quay.example|quay.example> and go to an organization that you manage.
2. Choose *Applications*, then an application (or make one).
3. Choose *Generate Token* and tick `repo:read` `repo:write` `repo:admin` `user:read`.
4. Copy the token. Quay shows it only once.
Robot accounts take `org:admin` (of an organization) or `user:admin` (your own) as well, global messages `super:user`: I ask for them when they are needed.
You manage no organization? Ask somebody who does to generate a token and assign it to you.\
""",
            "<Token>",
            "Slack has no password field, so make sure that nobody looks over your shoulder. The token is stored encrypted. You can revoke it in Quay at any time, and `/quay unlink` makes me forget it.",
        ]
    )
    assert (modal.title, modal.submit, modal.callback) == ("Link your Quay account", "Link", "link_account")
    assert Origin.unpack(modal.private).channel == "C1"


@pytest.mark.parametrize("typed", ["AC3K-7WXY", "ac3k7wxy", "AC3K 7WXY"])
async def test_the_code_behind_the_command_links_the_account(office, typed):
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    assert office.reads(await office.says(f"link {typed}", office.bob)) == snapshot(
        ["You are *bob* on quay.example now. Try `/quay build acme/web`, or `/quay help` for more."]
    )
    assert office.accounts.kept[office.bob].username == "bob"


async def test_a_wrong_code_behind_the_command_links_nothing(office):
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    assert office.reads(await office.says("link AC3K-7WXZ", office.bob)) == snapshot(
        ["This is not the code. You have 4 more tries."]
    )
    assert office.bob not in office.accounts.kept


async def test_somebody_elses_code_is_a_wrong_one(office):
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    await office.says("link AC3K-7WXY", office.alice)
    assert office.accounts.kept[office.alice].username == "alice"
    assert office.bob not in office.accounts.kept


@pytest.mark.parametrize(
    "words", ["0123456789abcdef0123456789abcdef01234567", "my token", "AC3K-7WXY now", "AC3K_7WXY"]
)
async def test_a_token_behind_the_command_is_refused_and_not_repeated(office, words):
    assert office.reads(await office.says(f"link {words}", office.bob)) == snapshot(
        [
            "Please do not write a token into a command. If that was one, revoke it in Quay, make a new one and use `/quay link` alone: it shows how to link. Only the code of the linking page may stand behind it: `/quay link XXXX-XXXX`."
        ]
    )
    assert office.voice.modals == {}
    assert office.linking.started == []
    assert office.bob not in office.accounts.kept
