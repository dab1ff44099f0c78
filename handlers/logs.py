"""Build logs: reading the part that matters, and finding what failed in it."""

import re
from collections.abc import Sequence

from bot.blocks.clean import without_ansi
from bot.ports import BuildLog, LogLine, Quay
from bot.rules.addresses import masked

TAIL = 15  # lines on a card
_LONGEST = 300  # characters of one of them
_STEP = re.compile(r"\s*STEP \d+(?:/\d+)?:", re.IGNORECASE)
_PAST_THE_END = 2**31 - 1


def is_command(line: LogLine) -> bool:
    """Whether a line begins a Dockerfile command. Quay marks "Step 3/9 :" but not podman's "STEP 3/9:" (facts §3.3)."""
    return line.kind == "command" or (not line.kind and _STEP.match(without_ansi(line.text)) is not None)


def rows(text: str) -> list[str]:
    """The text lines of one log entry as a terminal would leave them, without the line breaks at its ends.

    Tools repeat addresses with their credentials: those are taken out.
    """
    return [masked(without_ansi(part)).rstrip() for part in text.strip("\r\n").split("\n")]


def failing_step(lines: Sequence[LogLine], most: int = TAIL) -> tuple[str, ...]:
    """The last lines of the step that failed: from the last command on, `most` at most, oldest first."""
    said = [line for line in lines if line.kind != "phase"]
    starts = [index for index, line in enumerate(said) if is_command(line)]
    step = said[starts[-1] :] if starts else said
    every = [row[:_LONGEST] for line in step for row in rows(line.text) if row.strip()]
    return tuple(every[-most:])


def last_error(lines: Sequence[LogLine]) -> str:
    """What Quay itself says went wrong: the last entry of kind "error"; empty if there is none."""
    errors = [" ".join(rows(line.text)).strip() for line in lines if line.kind == "error"]
    return errors[-1][:_LONGEST] if errors else ""


async def end_of_log(quay: Quay, repository: str, build: str, count: int) -> BuildLog:
    """The last `count` entries. Quay sends everything from an offset on, so the size is asked for first."""
    size = await quay.build_log(repository, build, start=_PAST_THE_END)
    if size.archived or size.total == 0:
        return BuildLog(0, size.total, (), size.archived)
    log = await quay.build_log(repository, build, start=max(0, size.total - count))
    extra = max(0, len(log.lines) - count)  # it grew in between
    return BuildLog(log.start + extra, log.total, log.lines[extra:], log.archived)
