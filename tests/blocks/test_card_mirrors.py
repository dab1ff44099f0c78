"""The words of a mirror sync, in every state."""

# ruff: noqa: E501 - the words are as long as they are

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.cards.mirrors import reason, show, told
from bot.domain.cards import MirrorCard
from bot.domain.events import MirrorOutcome, MirrorSynced
from bot.domain.messages import Message

QUAY = "https://q.io"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Look = Callable[[Message], str]


def synced(outcome: MirrorOutcome, message: str = "", *, took: float | None = 95, **more: Any) -> Message:
    ended = outcome is not MirrorOutcome.STARTED
    event = MirrorSynced(
        kind=f"repo_mirror_sync_{outcome}",
        namespace="acme",
        repository="acme/api",
        at=NOON,
        outcome=outcome,
        message=message,
        **more,
    )
    started = None if took is None else NOON - timedelta(seconds=took)
    card = MirrorCard(known=event, outcome=outcome, started=started, finished=NOON if ended else None)
    return show(card, QUAY)


def test_the_whole_payload_of_a_failed_sync() -> None:
    assert synced(MirrorOutcome.FAILED, "'quay.io/acme/api' with tag pattern '*'\nexit 1").payload() == snapshot(
        {
            "text": "Mirror sync failed: acme/api. 'quay.io/acme/api' with tag pattern '∗': exit 1",
            "blocks": [
                {
                    "type": "section",
                    "text": {
                        "type": "mrkdwn",
                        "text": "🔴 *Mirror sync failed* <https://q.io/repository/acme/api|acme/api>",
                        "verbatim": True,
                    },
                }
            ],
            "attachments": [
                {
                    "color": "#e01e5a",
                    "blocks": [
                        {
                            "type": "section",
                            "text": {
                                "type": "mrkdwn",
                                "text": """\
`'quay.io/acme/api' with tag pattern '*'`
```
exit 1
```\
""",
                                "verbatim": True,
                            },
                        },
                        {
                            "type": "context",
                            "elements": [
                                {
                                    "type": "mrkdwn",
                                    "text": "took about 1 min 35 s · <!date^1795435200^{date_short_pretty} {time}|2026-11-23 12:00 UTC>",
                                    "verbatim": True,
                                }
                            ],
                        },
                        {
                            "type": "actions",
                            "elements": [
                                {
                                    "type": "button",
                                    "action_id": "open_quay",
                                    "text": {"type": "plain_text", "text": "Open in Quay", "emoji": True},
                                    "url": "https://q.io/repository/acme/api",
                                }
                            ],
                        },
                    ],
                    "fallback": "Mirror sync failed: acme/api. 'quay.io/acme/api' with tag pattern '∗': exit 1",
                }
            ],
        }
    )


def test_a_sync_that_runs(look: Look) -> None:
    assert look(synced(MirrorOutcome.STARTED, "'quay.io/acme/api' with tag pattern '*'")) == snapshot("""\
Mirror sync running: acme/api. 'quay.io/acme/api' with tag pattern '∗'
🔵 *Mirror sync running* <https://q.io/repository/acme/api|acme/api>
#36c5f0
`'quay.io/acme/api' with tag pattern '*'`
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_sync_that_went_well(look: Look) -> None:
    assert look(synced(MirrorOutcome.SUCCESS, "'quay.io/acme/api' with tag pattern '*'")) == snapshot("""\
Mirror sync finished: acme/api. 'quay.io/acme/api' with tag pattern '∗'
🟢 *Mirror sync finished* <https://q.io/repository/acme/api|acme/api>
#2eb67d
`'quay.io/acme/api' with tag pattern '*'`
~ took about 1 min 35 s · ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_sync_that_went_well_before_we_heard_of_its_start(look: Look) -> None:
    assert look(synced(MirrorOutcome.SUCCESS, took=None)) == snapshot("""\
Mirror sync finished: acme/api.
🟢 *Mirror sync finished* <https://q.io/repository/acme/api|acme/api>
#2eb67d
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


FATAL = 'time="2026-11-23T11:26:56Z" level=fatal msg="Error listing repository tags: unauthorized: access denied"'


def of_the_tool(*lines: str) -> str:
    """A failure as Quay words it: a Python tuple with the tool's output."""
    return f"'quay.io/acme/api' with tag pattern '*': {('skopeo failed', '', ''.join(f'{line}{chr(10)}' for line in lines))!r}"


def test_the_reason_at_the_end_of_a_long_output_is_shown_and_told(look: Look) -> None:
    output = of_the_tool(*(f'level=info msg="Copying {number} of 40"' for number in range(1, 41)), FATAL)
    assert look(synced(MirrorOutcome.FAILED, output)) == snapshot("""\
Mirror sync failed: acme/api. 'quay.io/acme/api' with tag pattern '∗': level=fatal msg="Error listing repository tags: unauthorized: access denied"
🔴 *Mirror sync failed* <https://q.io/repository/acme/api|acme/api>
#e01e5a
`'quay.io/acme/api' with tag pattern '*'`
```
… 27 lines cut
level=info msg="Copying 27 of 40"
level=info msg="Copying 28 of 40"
level=info msg="Copying 29 of 40"
level=info msg="Copying 30 of 40"
level=info msg="Copying 31 of 40"
level=info msg="Copying 32 of 40"
level=info msg="Copying 33 of 40"
level=info msg="Copying 34 of 40"
level=info msg="Copying 35 of 40"
level=info msg="Copying 36 of 40"
level=info msg="Copying 37 of 40"
level=info msg="Copying 38 of 40"
level=info msg="Copying 39 of 40"
level=info msg="Copying 40 of 40"
time="2026-11-23T11:26:56Z" level=fatal msg="Error listing repository tags: unauthorized: access denied"
```
~ took about 1 min 35 s · ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_reason_that_other_lines_pushed_out_comes_first(look: Look) -> None:
    output = of_the_tool(FATAL, *(f"goroutine {number}" for number in range(40)))
    assert look(synced(MirrorOutcome.FAILED, output)) == snapshot("""\
Mirror sync failed: acme/api. 'quay.io/acme/api' with tag pattern '∗': level=fatal msg="Error listing repository tags: unauthorized: access denied"
🔴 *Mirror sync failed* <https://q.io/repository/acme/api|acme/api>
#e01e5a
`'quay.io/acme/api' with tag pattern '*'`
*Error:* level=fatal msg="Error listing repository tags: unauthorized: access denied"
```
… 27 lines cut
goroutine 25
goroutine 26
goroutine 27
goroutine 28
goroutine 29
goroutine 30
goroutine 31
goroutine 32
goroutine 33
goroutine 34
goroutine 35
goroutine 36
goroutine 37
goroutine 38
goroutine 39
```
~ took about 1 min 35 s · ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_long_line_keeps_its_end(look: Look) -> None:
    shown = look(synced(MirrorOutcome.FAILED, of_the_tool("level=fatal " + "because of this " * 25 + "wrong password")))
    assert shown.count("wrong password") == 1
    assert "because" in shown.splitlines()[0]


def test_a_message_of_many_thousand_characters_is_taken_apart(look: Look) -> None:
    output = of_the_tool(*(f"level=info msg='copying' number={number}" for number in range(10_000)), FATAL)
    lines = look(synced(MirrorOutcome.FAILED, output)).splitlines()
    assert lines[0].endswith('level=fatal msg="Error listing repository tags: unauthorized: access denied"')
    assert lines[3] == "`'quay.io/acme/api' with tag pattern '*'`"
    assert lines[5] == "… 9,987 lines cut"
    assert not any("\\n" in line for line in lines)


@pytest.mark.parametrize("missing", [0, 1, 2, 3, 4, 10])
def test_a_message_whose_end_was_cut_off_is_taken_apart_all_the_same(missing: int) -> None:
    output = of_the_tool(*(f"level=info msg=copying number={number}" for number in range(1000)), FATAL)
    lines = told(output[: len(output) - missing])
    assert (lines[0], len(lines)) == ("'quay.io/acme/api' with tag pattern '*'", 1003)
    assert lines[-1].startswith(FATAL[:-10])
    assert not lines[-1].endswith(("\\", "\\n"))


@pytest.mark.parametrize("char", ["'", '"', "\\", "\\'", "('", ": (", 'time="'])
def test_no_message_takes_long_to_take_apart(char: str) -> None:
    assert told("x: (" + char * 100_000 + ")")


def test_the_reason_is_the_last_error_or_the_last_line() -> None:
    assert reason(["a fatal one", "an ERROR", "terror", "bye"]) == "an ERROR"
    assert reason(["one", "two"]) == "two"
    assert reason([]) == ""


def test_a_failed_sync_shows_the_last_lines_and_counts_the_rest(look: Look) -> None:
    output = "\n".join(["'quay.io/acme/api' failed", *(f"line `{number}`" for number in range(2, 50))])
    assert look(synced(MirrorOutcome.FAILED, output)) == snapshot("""\
Mirror sync failed: acme/api. 'quay.io/acme/api' failed: line ˋ49ˋ
🔴 *Mirror sync failed* <https://q.io/repository/acme/api|acme/api>
#e01e5a
`'quay.io/acme/api' failed`
```
… 33 lines cut
line ˋ35ˋ
line ˋ36ˋ
line ˋ37ˋ
line ˋ38ˋ
line ˋ39ˋ
line ˋ40ˋ
line ˋ41ˋ
line ˋ42ˋ
line ˋ43ˋ
line ˋ44ˋ
line ˋ45ˋ
line ˋ46ˋ
line ˋ47ˋ
line ˋ48ˋ
line ˋ49ˋ
```
~ took about 1 min 35 s · ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_test_notification_looks_like_one_and_offers_nothing(look: Look) -> None:
    assert look(synced(MirrorOutcome.STARTED, "TEST NOTIFICATION", test=True)) == snapshot("""\
Test notification for acme/api. Notifications from Quay reach this channel. A real one would tell about a started mirror sync.
🧪 *Test notification* for <https://q.io/repository/acme/api|acme/api>
#616061
Notifications from Quay reach this channel. A real one would tell about a started mirror sync.
The sample says: `TEST NOTIFICATION`
~ Sent with Quay's test button, nothing has happened · ⟨2026-11-23 12:00 UTC⟩\
""")


def test_what_the_tool_said_is_taken_out_of_the_tuple() -> None:
    message = r"""'q/a' with tag pattern '*': ('skopeo failed', '', 'time="now"\nit\'s broken\n', "a \"b\"", None)"""
    assert told(message) == ("'q/a' with tag pattern '*'", "skopeo failed", 'time="now"', "it's broken", 'a "b"')


@pytest.mark.parametrize("message", ["", "plain words", "half: ('open", "two\nlines", "odd: ()", ": (')"])
def test_a_message_of_another_form_loses_nothing(message: str) -> None:
    kept = " ".join(told(message))
    assert all(word in kept for word in message.replace(": ()", "").replace(": (')", "").split())


@given(st.text(max_size=300))
def test_any_message_is_told_in_lines(message: str) -> None:
    assert all(line.strip() and "\n" not in line for line in told(message))


def test_a_sync_that_works_again_says_fixed(look: Look) -> None:
    assert look(synced(MirrorOutcome.SUCCESS, "'quay.io/acme/api' with tag pattern '*'", fixed=True)) == snapshot("""\
Fixed: mirror sync finished, acme/api. 'quay.io/acme/api' with tag pattern '∗'
✅ *Fixed: mirror sync finished* <https://q.io/repository/acme/api|acme/api>
#2eb67d
The sync before this one had failed.
`'quay.io/acme/api' with tag pattern '*'`
~ took about 1 min 35 s · ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_sync_that_fails_is_never_fixed(look: Look) -> None:
    assert "ixed" not in look(synced(MirrorOutcome.FAILED, fixed=True))


def test_a_sync_that_was_found_out_later_says_how_late_it_is(look: Look) -> None:
    late = synced(MirrorOutcome.FAILED, recovered=True, note="recovered, 14 min late")
    assert look(late) == snapshot("""\
Mirror sync failed: acme/api. Note: recovered, 14 min late.
🔴 *Mirror sync failed* <https://q.io/repository/acme/api|acme/api> · ⏪ recovered, 14 min late
#e01e5a
~ took about 1 min 35 s · ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")
