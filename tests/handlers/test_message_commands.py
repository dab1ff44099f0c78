"""`/quay message …`: what is shown before, what is done after one yes, and what the channel hears."""

# ruff: noqa: E501 - what people read stands on one line

# ruff: noqa: E501 - what people read stands on one line

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import NeedsScope, TryLater
from bot.domain.people import Account
from handlers.commands.message_post import SPEC
from handlers.grammar import split
from tests.handlers.banner_steps import offered, posts, read, says_yes, told, undo
from tests.handlers.conftest import ALICE, BOB, START, Office

POST = 'message post warning "Read-only from &lt;!channel&gt; *six*"'


def scoped(office: Office, *scopes: str) -> None:
    office.accounts.kept[ALICE] = Account(ALICE, "alice", START, "token-alice", scopes=frozenset(scopes))


async def test_the_banner_is_shown_before_anything_is_done(office: Office) -> None:
    assert read(office, await office.says(POST)) == snapshot(
        [
            "Please check what would happen:",
            "Every user of the registry `quay.example` will see this banner in Quay:",
            """\
:warning: warning
│ Read-only from &lt;!channel&gt; ∗six∗\
""",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Show it to everybody] [Cancel]",
        ]
    )
    assert posts(office) == 0


async def test_markdown_is_shown_with_its_source(office: Office) -> None:
    line = 'message post info "**We are back**, see [status](https://status.example) and &lt;@U1&gt; &lt;!here&gt;" --markdown'
    assert read(office, await office.says(line)) == snapshot(
        [
            "Please check what would happen:",
            "Every user of the registry `quay.example` will see this banner in Quay:",
            """\
:information_source: info, about like this:
│ *We are back*, see status (`https://status.example`) and &lt;@U1&gt; &lt;!here&gt;\
""",
            """\
Its Markdown source:
```
**We are back**, see [status](https://status.example) and &lt;@U1&gt; &lt;!here&gt;
```\
""",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Show it to everybody] [Cancel]",
        ]
    )


async def test_one_yes_shows_it_and_the_channel_hears(office: Office) -> None:
    reply = await says_yes(office, POST)
    assert read(office, reply) == snapshot(
        [
            ":white_check_mark: Done: you showed every user of `quay.example` a new global message. *Verified:* I read it back from Quay."
        ]
    )
    assert told(office) == snapshot(
        [
            ":white_check_mark: <@U-ALICE> showed every user of `quay.example` a new global message. *Verified:* I read it back from Quay.",
            """\
:warning: warning
│ Read-only from &lt;!channel&gt; ∗six∗\
""",
            "[Undo]",
            "Can be undone for 60 minutes. Reference REFE-0000",
        ]
    )
    assert office.quay.banners.texts() == ["Read-only from <!channel> *six*"]
    assert [(d.deed.act.name, d.deed.outcome.value) for d in office.audit.lines][-1] == ("message post", "done")


async def test_undo_deletes_it(office: Office) -> None:
    await says_yes(office, POST)
    await office.presses("undo", undo(office))
    assert office.quay.banners.shown == []
    assert office.audit.lines[-1].deed.act.name == "message delete"


async def test_undo_leaves_alone_what_somebody_else_has_deleted(office: Office) -> None:
    await says_yes(office, POST)
    office.quay.banners.shown.clear()
    assert read(office, await office.presses("undo", undo(office))) == snapshot(
        ["The message is gone already. So I left it as it is."]
    )


async def test_without_knowing_which_one_is_ours_there_is_no_undo(office: Office) -> None:
    office.quay.banners.unclear = True
    await says_yes(office, POST)
    assert told(office) == snapshot(
        [
            ":warning: <@U-ALICE> showed every user of `quay.example` a new global message. Quay accepted it, but when I looked again, I could not tell which of its messages it is. `/quay message list` shows what is shown now.",
            """\
:warning: warning
│ Read-only from &lt;!channel&gt; ∗six∗\
""",
            "Reference REFE-0000",
        ]
    )


@pytest.mark.parametrize(
    "line",
    [
        "message post",
        'message post loud "x"',
        "message post info",
        'message post info "x" --format html',
        f'message post info "{"x" * 1501}"',
        'message post info "x" --at yesterday',
        'message post info "x" --at 2027-03-30',
        'message post info "x" --for 31d',
        'message post info "x" --for 20s',
        'message post info "x" --for soon',
        "message delete",
        "message delete 1",
        "message delete M7PX4",
        "message cancel",
        "message cancel M7PX4",
    ],
)
async def test_what_does_not_fit_is_said_and_nothing_is_done(office: Office, line: str) -> None:
    reply = await office.says(line)
    assert reply is None or len(read(office, reply)[0]) > 20
    assert (posts(office), office.offers.kept, office.banners.kept) == (0, {}, {})


async def test_what_is_too_far_ahead_or_too_long_is_refused_with_a_reason(office: Office) -> None:
    assert read(office, await office.says('message post info "x" --at 2027-03-30')) == snapshot(
        ["That is more than 90 days ahead. Please schedule it later, so that it fits then."]
    )
    assert read(office, await office.says('message post info "x" --for 31d')) == snapshot(
        [
            "At most 30 days: what is shown for longer is read by nobody. Leave out --for to show it until somebody deletes it."
        ]
    )


async def test_a_token_without_the_scope_is_known_before_the_preview(office: Office) -> None:
    scoped(office, "repo:read")
    assert read(office, await office.says(POST)) == snapshot(
        [
            "Your token was made without the scope `super:user`. Global messages take that, and a superuser of the registry. If you are one, please link your account again, with that scope.",
            "[Link again with that scope]",
            "I remember what you asked for: link your account within 15 minutes, and I do it by myself.",
        ]
    )


async def test_the_scope_alone_makes_no_superuser(office: Office) -> None:
    scoped(office, "super:user")
    refused = NeedsScope("Quay did not let you.", scopes=frozenset({"super:user"}))
    office.quay.banners.errors["post"] = [refused]
    assert read(office, await says_yes(office, POST)) == snapshot(
        [
            "Only superusers of the registry can do this in Quay. Your token has the scope `super:user`, which alone does nothing: the account alice is no superuser. Please ask one of them.",
            "Reference REFE-0000",
        ]
    )
    assert office.notices.said == {}


async def test_where_the_scopes_are_unknown_both_causes_are_named(office: Office) -> None:
    office.quay.banners.errors["post"] = [NeedsScope("Either this or that.", scopes=frozenset({"super:user"}))]
    reply = await says_yes(office, POST)
    assert "Either this or that." in read(office, reply)[0]
    assert "super:user" in str(reply and reply.message.blocks)


async def test_a_lost_answer_is_said_and_not_repeated(office: Office) -> None:
    office.quay.banners.slips = TryLater("Nobody knows whether it did.", doubtful=True)
    assert "Nobody knows" in read(office, await says_yes(office, POST))[0]
    assert posts(office) == 1


async def test_the_list_shows_what_is_there_and_what_is_to_come(office: Office) -> None:
    office.directory.zones["U-ALICE"] = "Europe/Berlin"
    assert read(office, await office.says("message list")) == snapshot(
        ["Global messages of the registry", "No global message is shown now.", "Nothing is scheduled."]
    )
    office.quay.banners.has("See *this* <!here>", "error", "text/markdown")
    await says_yes(office, 'message post info "Back at six" --for 4h')
    await says_yes(office, 'message post info "Secret plans" --at "tomorrow 18:00"')
    name = next(one.name for one in office.banners.kept.values() if not one.uuid)
    shown = [line.replace(name, "M7PX4") for line in read(office, await office.says("message list"))]
    held = next(one.name for one in office.banners.kept.values() if one.uuid)
    assert [line.replace(held, "M2222") for line in shown] == snapshot(
        [
            "Global messages of the registry",
            "*Shown to every user now*",
            "`00000001` :red_circle: error “See ∗this∗ &lt;!here&gt;”.",
            "[Delete …]",
            "`00000002` :information_source: info “Back at six”. Ends <!date^1795438800^{date_short_pretty} {time}|2026-11-23 13:00 UTC>, by itself (`M7PX4`).",
            "[Delete …]",
            "*Scheduled*",
            "`M7PX4` :information_source: info begins <!date^1795539600^{date_short_pretty} {time}|2026-11-24 17:00 UTC>, by `alice`. “Secret plans”.",
            "[Cancel …]",
        ]
    )


async def test_what_will_be_said_is_only_shown_to_whoever_planned_it(office: Office) -> None:
    office.links_bob()
    await says_yes(office, 'message post info "Secret plans" --at "tomorrow 18:00"')
    assert "Secret plans" not in str(read(office, await office.says("message list", BOB)))


async def test_deleting_shows_it_first_and_can_be_undone(office: Office) -> None:
    office.quay.banners.has("Maintenance", "warning")
    preview = await office.presses("message_delete", office.quay.banners.shown[0].uuid)
    assert read(office, preview) == snapshot(
        [
            "Please check what would happen:",
            "No user of the registry will see this message any more:",
            """\
:warning: warning
│ Maintenance\
""",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Delete it] [Cancel]",
        ]
    )
    await office.presses("confirm", offered(preview))
    assert office.quay.banners.shown == []
    assert told(office) == snapshot(
        [
            ":white_check_mark: <@U-ALICE> deleted the global message :warning: warning “Maintenance”. *Verified:* I read it back from Quay.",
            "[Undo]",
            "Can be undone for 60 minutes. Reference REFE-0000",
        ]
    )
    await office.presses("undo", undo(office))
    assert [(one.content, one.severity) for one in office.quay.banners.shown] == [("Maintenance", "warning")]


async def test_a_message_that_changed_after_the_preview_is_left_alone(office: Office) -> None:
    office.quay.banners.has("Maintenance", "warning")
    preview = await office.says("message delete 00000001")
    office.quay.banners.shown.clear()
    assert read(office, await office.presses("confirm", offered(preview))) == snapshot(
        ["The message is gone already. Ask again to see how things are now.", "Reference REFE-0000"]
    )


async def test_a_beginning_that_fits_two_is_asked_about(office: Office) -> None:
    office.quay.banners.has()
    office.quay.banners.has()
    assert "Several messages" in read(office, await office.says("message delete 0000"))[0]


@pytest.mark.parametrize(
    "words",
    [
        'info "x" --at tomorrow 18:00 --for 2 days --markdown',
        '--for 2 days --at tomorrow 18:00 --markdown info "x"',
        '--at tomorrow 18:00 info "x" --format markdown --for 2 days',
        'info --for="2 days" --at=tomorrow 18:00 "x" --markdown',
    ],
)
def test_times_need_no_quotation_marks_wherever_they_stand(words: str) -> None:
    parsed = SPEC.parse([{"--markdown": "--format=markdown"}.get(word, word) for word in split(words)])
    assert parsed.words == ("info", "x")
    assert dict(parsed.values) == {"at": ("tomorrow 18:00",), "for": ("2 days",), "format": ("markdown",)}
