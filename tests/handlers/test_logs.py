"""What a log says about a failure."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ports import LogLine
from handlers.logs import end_of_log, failing_step, last_error, rows


def test_the_failing_step_begins_at_the_last_command():
    lines = [
        LogLine("Step 1/2 : FROM alpine", "command"),
        LogLine("fetched\n"),
        LogLine("Step 2/2 : RUN make", "command"),
        LogLine("\x1b[31mcc: not found\x1b[0m\n"),
        LogLine("error", "phase"),
        LogLine("The command returned 2", "error"),
    ]
    assert failing_step(lines) == ("Step 2/2 : RUN make", "cc: not found", "The command returned 2")
    assert last_error(lines) == "The command returned 2"


def test_steps_of_podman_are_plain_lines_and_count_as_commands():
    lines = [LogLine("STEP 1/2: FROM alpine"), LogLine("a"), LogLine("STEP 2/2: RUN make"), LogLine("b")]
    assert failing_step(lines) == ("STEP 2/2: RUN make", "b")


def test_only_the_last_lines_of_a_long_step_are_kept():
    lines = [LogLine("Step 1/1 : RUN make", "command"), *(LogLine(f"{n}\n\n") for n in range(40))]
    assert failing_step(lines, 3) == ("37", "38", "39")
    assert len(failing_step(lines)) == 15


def test_a_log_without_commands_gives_its_end():
    assert failing_step([LogLine("unpacking", "phase"), LogLine("no Dockerfile")]) == ("no Dockerfile",)
    assert failing_step([]) == ()
    assert last_error([]) == ""


def test_a_progress_bar_is_what_it_ended_as():
    assert rows("10%\r50%\r100%\r\n") == ["100%"]


def test_credentials_in_addresses_are_shown_nowhere():
    text = "boom https://u:ARCHIVE\x1b[1mSECRET@h/a.tgz?sig=ARCHIVESECRET"
    assert rows(text) == ["boom https://h/a.tgz?sig=…"]
    assert failing_step([LogLine(text)]) == ("boom https://h/a.tgz?sig=…",)
    assert last_error([LogLine(text, "error")]) == "boom https://h/a.tgz?sig=…"


@settings(deadline=None)
@given(st.lists(st.builds(LogLine, st.text(), st.sampled_from(["", "phase", "command", "error"]))))
def test_a_tail_is_short_whatever_the_log_holds(lines):
    tail = failing_step(lines)
    assert len(tail) <= 15
    assert all(len(row) <= 300 and "\n" not in row for row in tail)


async def test_a_log_that_grows_meanwhile_still_gives_its_end(office):
    quay = office.quay.as_token("token-alice")
    office.quay.logs["b"] = tuple(LogLine(str(n)) for n in range(10))
    found = await end_of_log(quay, "acme/web", "b", 4)
    assert (found.start, [line.text for line in found.lines]) == (6, ["6", "7", "8", "9"])
