"""The scenery of the stories: who and what there is in Slack and in Quay, and the time that they share."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.fakes.quay import FakeQuay
from bot.fakes.slack import FakeSlack
from handlers.manifest import manifest

PEOPLE = {"alice": "U0ALICE", "bob": "U0BOB", "carol": "U0CAROL", "dave": "U0DAVE"}
REPOSITORIES = ("acme/web", "acme/api", "acme/team/api")
ARCHIVE = "https://git.example/web.tar.gz"
DEV, OPS, PRIVATE, OUTSIDE = "C0DEV", "C0OPS", "C0PRIVATE", "C0OUTSIDE"
QUAY_SEES = "127.0.0.2"  # Quay refuses the names localhost and 127.0.0.1 (facts §1.4)


class LeapingClock(SystemClock):
    """The machine's clock, for those who have no half hour to wait."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        """The time, and what was leapt."""
        return super().now() + self.ahead


def furnish(slack: FakeSlack, quay: FakeQuay) -> dict[str, str]:
    """Put everybody and everything in place; gives each person's Quay token, and the operator's."""
    for name, user in PEOPLE.items():
        slack.add_user(user, name)
        quay.add_user(name)
    everybody = tuple(PEOPLE.values())
    slack.add_channel(DEV, "dev", members=everybody)
    slack.add_channel(OPS, "ops", members=everybody)
    slack.add_channel(PRIVATE, "secret", members=everybody, private=True, bot=False)
    slack.add_channel(OUTSIDE, "outside", members=everybody, bot=False)
    quay.add_organization("acme", admins=("alice",))
    for repository in REPOSITORIES:
        quay.add_repository(repository)
        quay.grant("bob", repository, "write")
        quay.grant("carol", repository, "read")
    quay.add_repository("acme/mirrored", state="MIRROR")
    quay.add_robot("acme+ci")
    tokens = {name: quay.token(name) for name in PEOPLE}
    return tokens | {"operator": quay.token("alice", "repo:admin org:admin")}


@asynccontextmanager
async def neighbours(clock: SystemClock) -> AsyncIterator[tuple[FakeSlack, FakeQuay]]:
    """A Slack and a Quay that listen. Slack signs with secrets that look like secrets."""
    slack = FakeSlack(
        clock=clock,
        bot_token=f"xoxb-{secrets.token_hex(12)}",
        app_token=f"xapp-{secrets.token_hex(12)}",
        signing_secret=secrets.token_hex(16),
        shortcuts=manifest("https://bot.example", socket_mode=False)["features"]["shortcuts"],
    )
    quay = FakeQuay(clock=clock, seed=secrets.randbits(32))
    await slack.start()
    try:
        await quay.start()
        try:
            yield slack, quay
        finally:
            await quay.stop()
    finally:
        await slack.stop()


def settings_for(slack: FakeSlack, quay: FakeQuay, database: Path, key: str) -> dict[str, object]:
    """What an operator of this little world would put into the environment."""
    return {
        "slack_bot_token": slack.bot_token,
        "slack_signing_secret": slack.signing_secret,
        "slack_app_token": "",
        "slack_api_url": slack.url,
        "quay_url": quay.url,
        "public_url": "",
        "database_url": f"sqlite:///{database}",
        "secret_keys": key,
        "host": QUAY_SEES,
        "port": 0,
    }
