"""What an open form remembers between two requests: Slack keeps it for us as the form's private text."""

import json
from dataclasses import dataclass, field

from bot.blocks.limits import PRIVATE_METADATA
from handlers.command import Origin


@dataclass(frozen=True, slots=True)
class Memory:
    """Where a form was asked for, and the repository and tag that its fields search in.

    It begins like a packed Origin, so that whoever only wants that finds it.
    """

    origin: Origin = field(default_factory=Origin)
    repository: str = ""
    tag: str = ""

    def pack(self) -> str:
        """As the private text of a modal. A response_url that is too long is left out: there are other ways."""
        parts = [self.origin.channel, self.origin.response_url, self.repository, self.tag]
        packed = json.dumps(parts)
        if len(packed) > PRIVATE_METADATA:
            packed = json.dumps([self.origin.channel, "", self.repository, self.tag])
        return packed

    @classmethod
    def unpack(cls, private: str) -> "Memory":
        """Out of a modal's private text; an empty one if that is not ours."""
        try:
            found = json.loads(private or "[]")
        except (ValueError, RecursionError):
            return cls()
        if isinstance(found, list) and len(found) == 4 and all(isinstance(part, str) for part in found):
            return cls(Origin(*found[:2]), *found[2:])
        return cls(Origin.unpack(private))
