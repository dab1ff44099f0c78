"""Who may set the quiet hours and the summaries of a channel that has subscriptions."""

import pytest

from bot.domain.people import Person, Workspace
from bot.ports import Channel
from tests.handlers.conftest import BOB, Office
from tests.handlers.subscription_steps import no_admin, part, said, subscription

ZOE = Person("T2", "U-ZOE")


@pytest.fixture
def bobs(office: Office) -> Office:
    """A subscription of the channel that Bob looks after; Alice, who asks, is no admin of it."""
    office.subscriptions.has(subscription(person=BOB), part())
    no_admin(office, "acme/web")
    return office


def times(office: Office) -> tuple[str, str]:
    kept = office.channels.kept.get("C1", Channel("C1")).rhythm
    return kept.quiet, kept.digest


async def test_whoever_may_not_pause_anything_may_not_make_it_quiet_either(bobs: Office) -> None:
    for line in ("quiet 00:00-16:00", "digest daily 9"):
        [told, *_] = bobs.reads(await bobs.says(line))
        assert "looks after one of them" in told
    assert (times(bobs), said(bobs)) == (("", ""), [])


async def test_what_somebody_else_has_set_is_not_switched_off_by_them(bobs: Office) -> None:
    bobs.links_bob()
    await bobs.says("quiet 22-7", BOB)
    await bobs.says("quiet off")
    assert times(bobs) == ("22:00-07:00", "")


async def test_whoever_looks_after_one_of_the_subscriptions_may(bobs: Office) -> None:
    bobs.links_bob()
    await bobs.says("quiet 22-7", BOB)
    assert times(bobs) == ("22:00-07:00", "")


async def test_an_admin_of_one_repository_may(bobs: Office) -> None:
    bobs.subscriptions.has(subscription("acme/api", name="SAAAA", person=BOB), part(target="acme/api", name="SAAAA"))
    bobs.quay.hall.has("acme/api")
    await bobs.says("quiet 22-7")
    assert times(bobs) == ("22:00-07:00", "")


async def test_the_owner_of_the_channel_may(bobs: Office) -> None:
    bobs.channels.kept["C1"] = Channel("C1", owner=bobs.alice.user)
    await bobs.says("digest daily 9")
    assert times(bobs) == ("", "daily 09:00")


async def test_somebody_with_the_owners_id_in_another_workspace_is_not_the_owner(bobs: Office) -> None:
    bobs.channels.kept["C1"] = Channel("C1", owner=bobs.alice.user)
    bobs.directory.place = Workspace("T9", "Globex")
    await bobs.says("quiet 22-7")
    assert times(bobs) == ("", "")


async def test_where_nothing_is_subscribed_everybody_may(office: Office) -> None:
    await office.says("quiet 22-7")
    assert times(office) == ("22:00-07:00", "")


async def test_admins_at_home_have_a_say_in_what_a_guest_looks_after(office: Office) -> None:
    office.subscriptions.has(subscription(person=ZOE), part())
    await office.says("quiet 22-7")
    assert times(office) == ("22:00-07:00", "")
