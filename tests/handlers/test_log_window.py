"""The window that shows a build's log."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.validator import neutral_problems, view_problems
from bot.domain.errors import GiveUp, NotLinked, TryLater, UserError
from bot.domain.events import Phase
from bot.ports import BuildLog, LogLine
from bot.rules.policy import Decision, Effect
from handlers.command import Origin
from handlers.modals.build_log import Window, page
from tests.handlers.council import Council

WINDOW = Window("acme/web", "dbf23442-b521", "https://quay.example")


def numbered(count: int) -> tuple[LogLine, ...]:
    return tuple(LogLine(f"line {number}") for number in range(1, count + 1))


def pressed(modal, label: str) -> str:
    """The value of the button with that label; empty if there is none."""
    buttons = modal.blocks[-1]["elements"]
    return next((button.get("value", "-") for button in buttons if button["text"]["text"] == label), "")


async def test_the_window_opens_at_once_and_is_filled_afterwards(office):
    office.has_build()
    office.quay.logs[office.build_id] = numbered(2)
    assert await office.presses("build_logs", response_url="https://hooks.example/r") is None
    loading, filled = office.voice.modals["V1"]
    assert office.words(loading.blocks) == snapshot(["A build of `acme/web`", "Loading the log…"])
    assert office.words(filled.blocks) == snapshot(
        [
            "Build `dbf23442` of `acme/web`",
            """\
```
line 1
line 2
```\
""",
            "Lines 1 to 2 of 2",
            "[Refresh] [Open in Quay]",
        ]
    )
    assert Origin.unpack(filled.private) == Origin("C1", "https://hooks.example/r")
    assert view_problems(loading.view()) == []


async def test_five_lines_with_a_phase_a_command_and_an_error(office):
    office.has_build(Phase.ERROR)
    office.quay.logs[office.build_id] = (
        LogLine("building", "phase"),
        LogLine("Step 1/2 : FROM alpine", "command"),
        LogLine("\x1b[32mpulling\x1b[0m\r\x1b[32mpulled\x1b[0m\r\n"),
        LogLine("STEP 2/2: RUN make & <test>"),
        LogLine("make: *** [all] Error 2", "error"),
    )
    await office.presses("build_logs")
    assert office.words(office.shown().blocks) == snapshot(
        [
            "Build `dbf23442` of `acme/web`",
            "Phase: *building*",
            "*Command* `Step 1/2 : FROM alpine`",
            """\
```
pulled
```\
""",
            "*Command* `STEP 2/2: RUN make &amp; &lt;test&gt;`",
            "*Error* make: ∗∗∗ [all] Error 2",
            "Lines 1 to 5 of 5",
            "[Open in Quay]",
        ]
    )


async def test_an_empty_log_says_when_lines_will_come(office):
    office.has_build(Phase.WAITING)
    await office.presses("build_logs")
    assert office.words(office.shown().blocks) == snapshot(
        [
            "Build `dbf23442` of `acme/web`",
            "There are no log lines yet. They appear when Quay starts to work on the build.",
            "Lines in this log: 0",
            "[Refresh] [Open in Quay]",
        ]
    )


@pytest.mark.parametrize("phase", [Phase.COMPLETE, Phase.ERROR, Phase.CANCELLED, Phase.EXPIRED])
async def test_an_empty_log_of_a_build_that_ended_says_so(office, phase):
    office.has_build(phase)
    await office.presses("build_logs")
    assert office.words(office.shown().blocks) == snapshot(
        ["Build `dbf23442` of `acme/web`", "This build ended without a log.", "[Refresh] [Open in Quay]"]
    )


async def test_an_archived_log_sends_people_to_quay(office):
    office.has_build(Phase.COMPLETE)
    office.quay.archived = True
    await office.presses("build_logs")
    assert office.words(office.shown().blocks) == snapshot(
        [
            "Build `dbf23442` of `acme/web`",
            "Quay has archived this log and does not hand it out here any more. Open it in Quay.",
            "[Refresh] [Open in Quay]",
        ]
    )


async def test_a_long_log_shows_its_end_first_and_is_paged_to_its_beginning(office):
    office.has_build(Phase.COMPLETE)
    office.quay.logs[office.build_id] = numbered(5000)
    await office.presses("build_logs")
    seen, steps = [office.words(office.shown().blocks)[-2]], 0
    while (value := pressed(office.shown(), "Older")) and steps < 200:
        await office.presses("build_log_older", value, channel="", view="V1", private=office.shown().private)
        steps += 1
        seen.append(office.words(office.shown().blocks)[-2])
    assert (seen[0], seen[1], seen[-1], steps) == snapshot(
        ("Lines 4,941 to 5,000 of 5,000", "Lines 4,881 to 4,940 of 5,000", "Lines 1 to 60 of 5,000", 83)
    )


async def test_newer_leads_back_to_the_end(office):
    office.has_build(Phase.COMPLETE)
    office.quay.logs[office.build_id] = numbered(150)
    await office.presses("build_log_older", f"acme/web {office.build_id} 0", view="V1")
    places = [office.words(office.shown().blocks)[-2]]
    while value := pressed(office.shown(), "Newer"):
        await office.presses("build_log_newer", value, view="V1")
        places.append(office.words(office.shown().blocks)[-2])
    assert places == ["Lines 1 to 60 of 150", "Lines 61 to 120 of 150", "Lines 121 to 150 of 150"]


async def test_each_page_is_a_line_in_the_audit(office):
    office.has_build()
    await office.presses("build_logs")
    await office.presses("build_log_refresh", f"acme/web {office.build_id}", view="V1", private=office.shown().private)
    deeds = [line.deed for line in office.audit.lines]
    assert [(deed.outcome, deed.act.name, deed.act.target, deed.channel) for deed in deeds] == [
        ("tried", "build logs", "acme/web", "C1"),
        ("done", "build logs", "acme/web", "C1"),
    ] * 2


async def test_a_log_that_a_policy_keeps_says_so_in_the_window_and_nothing_is_read():
    council = Council()
    council.has_build()
    council.rulings.decision = Decision(Effect.DENY, "logs", "Logs hold names")
    await council.presses("build_logs")
    assert council.words(council.shown().blocks) == snapshot(
        [
            "A build of `acme/web`",
            "The policy's rule “logs” does not allow `build logs` on acme/web. Logs hold names.",
            "[Refresh] [Open in Quay]",
        ]
    )
    assert council.quay.calls == []


async def test_a_log_that_others_have_to_agree_to_is_asked_for_in_the_window():
    council = Council(needed=1)
    council.has_build()
    council.quay.logs[council.build_id] = numbered(3)
    await council.presses("build_logs")
    [name] = council.approvals.requests
    assert [words.replace(name, "K7PX4") for words in council.words(council.shown().blocks)] == snapshot(
        [
            "A build of `acme/web`",
            "Reading this log takes 1 approval. I have asked for it: request `K7PX4`.",
            "As soon as it is approved, you get the end of the log as a message.",
            "[Refresh] [Open in Quay]",
        ]
    )
    assert council.quay.calls == []
    await council.presses("approval_approve", name, council.bob)
    [(who, letter)] = council.voice.letters
    assert who == "U-ALICE"
    assert "line 3" in council.words(letter["blocks"])[-1]


async def test_only_a_running_build_can_be_refreshed(office):
    office.quay.logs[office.build_id] = numbered(3)
    office.has_build(Phase.BUILDING)
    await office.presses("build_logs")
    assert pressed(office.shown(), "Refresh") == f"acme/web {office.build_id}"
    office.has_build(Phase.COMPLETE)
    await office.presses("build_log_refresh", f"acme/web {office.build_id}", view="V1")
    assert pressed(office.shown(), "Refresh") == ""


async def test_only_the_end_is_fetched_of_a_long_log(office):
    office.has_build(Phase.COMPLETE)
    office.quay.logs[office.build_id] = numbered(5000)
    await office.presses("build_logs")
    assert [call[-1] for call in office.quay.calls if call[1] == "build_log"][-1] == 4940


async def test_lines_of_twenty_thousand_characters_fit(office):
    office.has_build(Phase.COMPLETE)
    office.quay.logs[office.build_id] = tuple(LogLine("😀" * 20_000) for _ in range(100))
    await office.presses("build_logs")
    office.shown()


@pytest.mark.parametrize(
    "error",
    [
        UserError("You may not do this."),
        NotLinked("Your token does not work any more."),
        TryLater("Quay does not answer."),
        GiveUp("Quay said something that I do not understand."),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_trouble_is_said_in_the_window(office, error):
    office.has_build()
    office.quay.errors["build_log"] = error
    expected = snapshot(
        {
            "UserError": [
                "A build of `acme/web`",
                "You may not do this.",
                "Quay shows build logs only to people who may write to the repository.",
                "[Refresh] [Open in Quay]",
            ],
            "NotLinked": [
                "A build of `acme/web`",
                "Your token does not work any more.",
                "Close this window and use `/quay link`.",
                "[Refresh] [Open in Quay]",
            ],
            "TryLater": ["A build of `acme/web`", "Quay does not answer.", "[Refresh] [Open in Quay]"],
            "GiveUp": [
                "A build of `acme/web`",
                "Quay said something that I do not understand.",
                "[Refresh] [Open in Quay]",
            ],
        }
    )
    assert await office.presses("build_logs") is None
    assert office.words(office.shown().blocks) == expected[type(error).__name__]


async def test_an_unexpected_error_leaves_no_window_waiting(office):
    office.has_build()
    office.quay.errors["build_log"] = ZeroDivisionError()
    reply = await office.presses("build_logs")
    tried, failed = [line.deed for line in office.audit.lines]
    assert failed.detail == "unexpected: ZeroDivisionError. It may have happened."
    assert tried.reference == failed.reference
    assert failed.reference in reply.message.text
    assert office.words(office.shown().blocks)[1] == snapshot(
        "Something went wrong on my side. The details are in a message that only you can see."
    )


LINES = st.builds(LogLine, st.text(max_size=3000), st.sampled_from(["", "phase", "command", "error", "other"]))
HEAVY = st.sampled_from(["😀", "&", "\n", "`", "x\n", "\x1b[1m<!here>"]).map(lambda text: text * 5000)


@settings(deadline=None)
@given(
    st.lists(LINES | st.builds(LogLine, HEAVY, st.sampled_from(["", "phase", "command", "error"])), max_size=70),
    st.booleans(),
    st.booleans(),
)
def test_any_log_is_a_window_that_slack_takes(lines, running, tail):
    lines = lines * (1 + 70 // (len(lines) or 1)) if lines else lines
    modal = page(WINDOW, BuildLog(10, 10 + len(lines), tuple(lines)), running=running, tail=tail)
    assert view_problems(modal.view()) == []
    assert neutral_problems(modal.view()) == []
    assert len(json.dumps(modal.view())) < 250_000
