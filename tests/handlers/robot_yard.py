"""What tests about robots look at: the values of buttons, and everything that left for other eyes."""

import json

from handlers.command import Reply
from tests.handlers.conftest import Office


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
