"""Two robots of acme, what people do with robots in the tests, and all that left for other eyes."""

import json
from datetime import timedelta

from bot.domain.repositories import LogEntry
from bot.domain.robots import RobotRole
from handlers.command import Reply
from tests.handlers.conftest import START, Office
from tests.handlers.double_robots import USED

HOUR = timedelta(hours=1)


def stocked(office: Office) -> Office:
    """acme has two robots; acme+ci is used a lot."""
    garage = office.quay.garage
    garage.add("acme+ci", description="builds *and* pushes", last_used=USED, teams=("devs",), repositories=("web",))
    garage.add("acme+old")
    garage.roles = (RobotRole("acme/web", "write"), RobotRole("acme/api", "read"))
    office.quay.entries = (
        LogEntry("push_repo", START - HOUR, "acme+ci"),
        LogEntry("pull_repo", START - 2 * HOUR, "acme+ci"),
        LogEntry("pull_repo", START - 2 * HOUR, "acme+old"),
        LogEntry("regenerate_robot_token", START - 3 * HOUR, "alice"),
    )
    return office


def calls(office: Office) -> list[str]:
    return [call[1] for call in office.quay.calls]


async def yes(office: Office, words: str) -> Reply | None:
    """Ask, look at what would happen, and press the button."""
    return await office.presses("confirm", value(await office.says(words), "confirm"))


def value(reply: Reply | None, action: str) -> str:
    """What the button of that action carries."""
    assert reply is not None
    rows = [block for block in reply.message.blocks if block["type"] == "actions"]
    found = {one["action_id"]: one.get("value", one.get("url", "")) for row in rows for one in row["elements"]}
    return str(found[action])


def emitted(office: Office, *replies: Reply | None) -> str:
    """All that left for other people's eyes, or stays in the database in clear."""
    said = [json.dumps(dict(one.payload)) for one in office.notices.said.values()]
    lines = [f"{line.deed.act.shown()} {line.deed.detail}" for line in office.audit.lines]
    answers = [json.dumps(reply.message.payload()) for reply in replies if reply]
    return "\n".join([*said, *lines, *answers, repr(office.offers.kept), repr(office.kept.words)])
