"""The usage log: what Quay itself writes down about what is done in it."""

from datetime import datetime
from typing import Any

from bot.fakes.quay.identities import LogRow, Token
from bot.fakes.quay.state import State


class Diary(State):
    """The part of the fake that keeps the usage log."""

    def note(
        self,
        kind: str,
        place: str,
        who: Token | None = None,
        /,
        *,
        performer: str | None = None,
        at: datetime | None = None,
        **metadata: Any,
    ) -> None:
        """Write a row about a repository or a namespace. `who` did it, and the row tells of their application.

        `performer` alone is somebody of whom no application is told; with neither the row names nobody. `at` is when,
        now if it is not said.
        """
        namespace, _, repository = place.partition("/")
        if who is not None and who.number:
            application = self.applications[who.client_id]
            metadata |= {
                "oauth_token_id": who.number,
                "oauth_token_application_id": who.client_id,
                "oauth_token_application": application.name,
            }
        name = who.user.name if who is not None else performer
        self.usage.append(LogRow(kind, namespace, repository, metadata, at or self.clock.now(), name))
