"""Webhook URLs that belong to a subscription, from the command line."""

import pytest

from bot.adapters.store import SqlStore
from bot.domain.people import Person
from bot.domain.subscriptions import Part, Subscription, Wanted
from tests.command_line import Run, quaybot, refused
from tests.command_line_store import AT, Do, stored
from tests.house.untouched import untouched_logs

__all__ = ["quaybot", "stored", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")


async def subscribed(store: SqlStore) -> None:
    wanted = Wanted("acme/web", ("build_failure",), "ref:main")
    wish = Subscription("SAAAA", "C01", wanted, Person("T1", "U1"), "ann", AT)
    assert await store.subscriptions.add(wish, AT)
    for event, silent in (("build_failure", False), ("build_queued", True)):
        await store.subscriptions.add_part(Part("", wish.name, "acme/web", event, silent, "{}", AT), event, AT)
    await store.hooks.add("repo_push", "acme/web", ["C01"], "other", AT)


def test_the_list_says_which_urls_belong_to_a_subscription(quaybot: Run, stored: Do) -> None:
    stored(subscribed)
    day = f"{AT:%Y-%m-%d}"
    assert quaybot("hooks", "list").out == [
        f"1  acme/web  build_failure  C01  {day}  only ref:main  of subscription SAAAA",
        f"2  acme/web  build_queued  -  {day}  of subscription SAAAA (for quaybot alone)",
        f"3  acme/web  repo_push  C01  {day}",
    ]


@pytest.mark.parametrize("command", ["remove", "rotate"])
def test_the_urls_of_a_subscription_are_left_to_it(quaybot: Run, stored: Do, command: str) -> None:
    stored(subscribed)
    before = quaybot("hooks", "list").out
    for hook in ("1", "2"):
        assert refused(quaybot("hooks", command, hook), "subscription SAAAA", "/quay unsubscribe SAAAA")
    assert quaybot("hooks", "list").out == before
    assert quaybot("hooks", command, "3").code == 0
