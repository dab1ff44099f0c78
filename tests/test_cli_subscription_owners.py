"""Whose account stands behind what `quaybot apply` stores, and what goes without one."""

from pathlib import Path

import pytest

from bot.domain.people import Account, Person
from bot.fakes.quay import FakeQuay
from tests.command_line import Run, quaybot
from tests.command_line_shop import AT, ONE, Shop, file, put, quay, shop
from tests.house.untouched import untouched_logs

__all__ = ["file", "quay", "quaybot", "shop", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")


async def test_an_owner_without_a_linked_account_is_refused_by_name(shop: Shop, file: Path) -> None:
    put(file, ONE + 'owner = "U0CAROL"\n[[subscription]]\ntarget = "acme/*"\nchannel = "C01"\nowner = "U0DAVE"\n')
    done = await shop.quaybot("apply", str(file), "--yes")

    assert (done.code, done.out, len(done.err)) == (1, [], 1)
    assert done.err[0].startswith("No Quay account is linked to U0CAROL, U0DAVE: ")
    assert "has to run /quay link in Slack" in done.err[0]
    assert await shop.all() == ()


async def test_an_owner_who_is_no_admin_of_an_exact_repository_is_refused(shop: Shop, file: Path) -> None:
    put(file, ONE.replace("U0ADA", "U0BOB"))
    done = await shop.quaybot("apply", str(file), "--yes")

    assert (done.code, done.out) == (1, [])
    assert done.err[0].startswith("Only an admin of a repository can have its notifications.")
    assert done.err[1:] == ["acme/web: bob (U0BOB) is no admin there"]
    assert await shop.all() == ()


async def test_a_repository_that_the_owner_does_not_see_is_refused_as_well(shop: Shop, file: Path) -> None:
    put(file, ONE.replace("acme/web", "acme/none"))
    done = await shop.quaybot("apply", "--check", str(file))

    assert done.code == 1
    assert done.err[1].startswith("acme/none, as ada (U0ADA): ")


async def test_a_pattern_is_looked_at_only_when_it_is_set_up(shop: Shop, file: Path) -> None:
    put(file, ONE.replace("acme/web", "acme/*").replace("U0ADA", "U0BOB"))

    assert (await shop.quaybot("apply", "--yes", str(file))).code == 0


async def test_while_quay_is_away_rights_are_not_known_and_it_is_said(shop: Shop, file: Path, quay: FakeQuay) -> None:
    quay.down = True
    done = await shop.quaybot("apply", "--yes", str(file))

    assert (done.code, done.err) == (0, ["Note: Quay does not answer, so the owners' rights are not known: acme/web."])
    assert len(await shop.all()) == 1


async def test_without_the_address_of_quay_it_is_said_that_nobody_was_asked(shop: Shop, file: Path) -> None:
    done = await shop.quaybot("apply", "--plan", str(file), QUAY_URL="")

    assert done.err == ["Note: QUAY_URL is not set, so nobody's rights in Quay were looked at."]


async def test_somebody_in_two_workspaces_has_to_be_named_with_one(shop: Shop, file: Path, quay: FakeQuay) -> None:
    token = quay.token("ada", "repo:admin")
    await shop.do(lambda store: store.accounts.link(Account(Person("T2", "U0ADA"), "ada", AT, token)))
    done = await shop.quaybot("apply", "--yes", str(file))

    assert done.err == ["The owner U0ADA is somebody in several workspaces. Write T1/U0ADA or T2/U0ADA."]
    put(file, ONE.replace("U0ADA", "T2/U0ADA"))
    await shop.quaybot("apply", "--yes", str(file))
    assert [one.person for one in await shop.all()] == [Person("T2", "U0ADA")]


async def test_without_the_keys_a_plan_is_shown_and_nothing_else_goes(shop: Shop, file: Path) -> None:
    looked = await shop.quaybot("apply", "--check", str(file), SECRET_KEYS="")
    done = await shop.quaybot("apply", "--yes", str(file), SECRET_KEYS="")

    assert (looked.code, looked.out[0]) == (2, "+ acme/web in C01: pushes tag:v* (owner U0ADA)")
    assert looked.err == [
        "Note: SECRET_KEYS is not set, so nobody looked whether the owners have accounts and the rights."
    ]
    assert (done.code, done.out) == (1, [])
    assert done.err[0].startswith("Set SECRET_KEYS in .env to what the running bot has")
    assert await shop.all() == ()


async def test_with_other_keys_it_is_said_that_they_are_not_the_right_ones(shop: Shop, file: Path) -> None:
    done = await shop.quaybot("apply", "--yes", str(file), SECRET_KEYS="other letters and more of them")

    assert done.code == 1
    assert done.err[0].startswith("The account of U0ADA cannot be opened with these SECRET_KEYS.")


@pytest.mark.parametrize("words", [("export",), ("apply", "--plan", "subscriptions.toml"), ("why", "acme/web")])
def test_whoever_only_looks_makes_no_database(quaybot: Run, file: Path, words: tuple[str, ...]) -> None:
    done = quaybot(*[str(file) if word == file.name else word for word in words])

    assert (done.code, done.out) == (1, [])
    assert done.err[0].startswith("There is no database at ")
    assert "DATABASE_URL" in done.err[0]
    assert not file.with_name("quaybot.db").exists()
