"""What the demo hands its visitors: commands worth trying as each person, and what carol needs to link her account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.demo.city import PEOPLE
from bot.fakes.page import Hint, Note
from bot.fakes.quay import FakeQuay

_ARCHIVE = "--archive-url https://git.example/web.tar.gz"
_LINKING = (
    Hint("/quay build acme/web", "Build without an account: it is kept"),
    Hint("/quay link", "Link the account"),
)
TRIES: Mapping[str, Sequence[Hint]] = {
    "alice": (
        Hint(f"/quay build acme/web:prod-1 {_ARCHIVE}", "Build for production: bob approves"),
        Hint("/quay subscribe acme/api pushes tag:v* -tag:*-dev", "Tell this channel of releases"),
        Hint("/quay restore acme/web:latest", "latest is broken: put the image before it back"),
        Hint("/quay robot regenerate acme+ci", "That robot's token leaked"),
        Hint('/quay message post warning "Maintenance at six" --for 1h', "Tell everybody who opens Quay"),
    ),
    "bob": (
        Hint(f"/quay build acme/web:prod-2 {_ARCHIVE}", "Build for production: alice approves"),
        Hint("/quay tag history acme/web:latest", "What was latest before?"),
        Hint("/quay digest daily 09:00", "A summary every morning"),
        Hint("/quay why acme/web", "What became of the last events?"),
        Hint("/quay audit", "What did I do?"),
    ),
    "carol": (*_LINKING, Hint(f"/quay build acme/api {_ARCHIVE}", "Build what she may only read")),
    "dave": (
        *_LINKING,
        Hint("/quay subscriptions", "What is told here, and is it in order?"),
        Hint("/quay quiet 22:00-07:00", "Leave this channel in peace at night"),
        Hint("/quay whoami", "Which account do I use?"),
    ),
}


@dataclass(frozen=True, slots=True)
class Invitations:
    """Lies ready below the person switcher. `client` is the bot's application in Quay, `token` is carol's."""

    quay: FakeQuay
    client: str
    token: str

    def tries(self, user: str) -> Sequence[Hint]:
        """Commands worth trying as that Slack user."""
        return TRIES[_name(user)]

    def notes(self, user: str) -> Sequence[Note]:
        """What that Slack user has to copy: carol can take over an assigned token, or paste one of her own."""
        if _name(user) != "carol":
            return ()
        assigned = [Note("Number of carol’s assignment", uuid) for uuid in self._assigned()]
        return (*assigned, Note("carol’s own Quay token", self.token))

    def restock(self) -> None:
        """Assign carol another token once hers is used up."""
        if not self._assigned():
            self.quay.assign(self.client, "carol")

    def _assigned(self) -> list[str]:
        return [uuid for uuid, made in self.quay.assignments.items() if made.username == "carol"]


def _name(user: str) -> str:
    return next(name for name, known in PEOPLE.items() if known == user)
