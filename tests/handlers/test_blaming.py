"""Who is named when a thing has changed since it was looked at, and what is said where nobody can be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import TryLater, UserError
from bot.domain.repositories import LogEntry, LogPage, Trigger
from tests.handlers.conftest import START, Office
from tests.handlers.double_tagging import offer_of

WEB = "acme/web"


def by(kind: str, who: str = "bob", **about: str) -> LogEntry:
    return LogEntry(kind, START - timedelta(minutes=1), who, {"repo": "web", **about})


def has(office: Office, **facts: object) -> None:
    office.quay.hall.has(WEB, **{"description": "Old", "public": False, **facts})


async def refused(office: Office, command: str, after: object) -> str:
    """What somebody reads whose press came too late."""
    await office.says(command)
    name = offer_of(office)
    after()  # type: ignore[operator]  # what somebody else does meanwhile
    return "\n".join(office.reads(await office.presses("confirm", name)))


@pytest.mark.parametrize(
    ("command", "kind", "facts", "what"),
    [
        ("visibility acme/web public", "change_repo_visibility", {"public": True}, "The visibility"),
        ("describe acme/web New", "set_repo_description", {"description": "Other"}, "The description"),
    ],
)
async def test_what_changed_is_named_in_plain_words_with_whoever_did_it(
    office: Office, command: str, kind: str, facts: dict[str, object], what: str
) -> None:
    has(office)
    office.quay.log_pages[""] = LogPage((by(kind),))
    said = await refused(office, command, lambda: has(office, **facts))
    assert said.startswith(f"{what} has changed since. bob did that at <!date^")


async def test_a_build_trigger_is_called_one_and_only_its_own_entries_count(office: Office) -> None:
    trigger = Trigger("0f1e2d3c-1", "github", active=True, enabled=True, source="acme/web")
    office.quay.trigger_list = (trigger,)
    has(office)
    kind = "toggle_repo_trigger"
    other, own = by(kind, "mallory", trigger_id="other"), by(kind, "bob", trigger_id=trigger.id)
    office.quay.log_pages[""] = LogPage((other, own))

    def switched() -> None:
        office.quay.trigger_list = (replace(trigger, enabled=False),)

    said = await refused(office, "trigger disable acme/web", switched)
    assert said.startswith("The build trigger has changed since. bob did that")


@pytest.mark.parametrize(
    ("page", "error", "said"),
    [
        (LogPage((by("pull_repo", ""),), next="more"), None, "too long to find out now who it was"),
        (LogPage(()), None, "has changed since. Ask again"),
        (LogPage(()), UserError("That takes admin."), "which admins of the repository can read"),
        (LogPage(()), TimeoutError(), "too long to find out now who it was"),
        (LogPage(()), TryLater("Quay is away."), "could not be read just now"),
    ],
)
async def test_where_nobody_can_be_named_it_is_said_why(
    office: Office, page: LogPage, error: Exception | None, said: str
) -> None:
    has(office)
    office.quay.log_pages[""] = page
    if error:
        office.quay.errors["log_page"] = error
    assert said in await refused(office, "visibility acme/web public", lambda: has(office, public=True))
