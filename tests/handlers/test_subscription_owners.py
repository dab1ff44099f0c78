"""The buttons below the news about a subscription: taking it over, and removing what nobody knows any more."""

# ruff: noqa: E501 - what people read stands on one line

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import Denied, NotLinked, Unseen
from bot.domain.people import Account, Person
from bot.domain.subscriptions import Part, State, Subscription, Wanted
from bot.ports import Scopes, Sighting
from bot.services.upkeep.telling import Teller
from handlers import leaving
from tests.handlers.banner_steps import read
from tests.handlers.conftest import ALICE, BOB, START, Office
from tests.handlers.double_subscriptions import mark_of
from tests.handlers.registry import OnePersonsQuay

HERE = "https://bot.example"


def orphan(office: Office, target: str = "acme/web", *repositories: str, **facts: object) -> Subscription:
    """Bob looked after it."""
    given = {"state": State.ORPHANED, "reason": "The role is gone."} | facts
    found = Subscription("S7PX4", "C1", Wanted(target, ("repo_push",)), BOB, "bob", START, **given)
    parts = [
        Part(f"h{number}", "S7PX4", name, "repo_push", silent=False, config="{}", created_at=START, uuid=f"p{number}")
        for number, name in enumerate(repositories or (target,))
    ]
    return office.subscriptions.has(found, *parts)


def teller(office: Office) -> Teller:
    return Teller(office.subscriptions, office.notices, office.clock)


def may_admin(office: Office, *names: str, no: tuple[str, ...] = ()) -> None:
    office.quay.sightings |= {name: Sighting(can_write=True, can_admin=True) for name in names}
    office.quay.sightings |= {name: Sighting(can_write=True, can_admin=False) for name in no}


async def test_an_admin_takes_it_over_and_the_message_says_so(office: Office) -> None:
    await teller(office).lost(orphan(office))
    reply = await office.presses("take_over", "S7PX4")
    found = office.subscriptions.kept["S7PX4"]
    assert (found.person, found.username, found.state, found.reason) == (ALICE, "alice", State.ACTIVE, "")
    assert office.subscriptions.next_at["S7PX4"] == office.clock.now()
    assert read(office, reply) == snapshot(
        ["Thank you. You look after `S7PX4` now: I use your account to keep it alive."]
    )
    ((key, said),) = office.notices.said.items()
    assert (key, said.payload["text"]) == snapshot(
        ("orphaned:S7PX4:0", ":white_check_mark: <@U-ALICE> looks after the subscription `S7PX4` (`acme/web`) now.")
    )
    assert office.audit.lines[-1].deed.act.name == "subscription take over"
    assert office.audit.lines[-1].deed.detail == "S7PX4 was looked after by bob before."


async def test_without_the_role_admin_nothing_changes(office: Office) -> None:
    orphan(office)
    may_admin(office, no=("acme/web",))
    office.quay.probed = Scopes(has=frozenset({"repo:admin"}))
    assert read(office, await office.presses("take_over", "S7PX4")) == snapshot(
        [
            "You can read acme/web but need admin there to look after its notifications. Please ask an admin of acme/web for the role admin."
        ]
    )
    assert office.subscriptions.kept["S7PX4"].person == BOB


async def test_without_an_account_one_is_asked_for_one_first(office: Office) -> None:
    orphan(office)
    office.accounts.kept.clear()
    assert "link" in " ".join(read(office, await office.presses("take_over", "S7PX4"))).lower()
    assert office.kept.words  # and it goes on after linking


async def test_a_pattern_takes_the_role_in_each_repository_and_says_where_it_is_missing(office: Office) -> None:
    orphan(office, "acme/*", "acme/api", "acme/db", "acme/web")
    may_admin(office, "acme/api", no=("acme/db", "acme/web"))
    assert read(office, await office.presses("take_over", "S7PX4")) == snapshot(
        [
            "You are no admin of acme/db, acme/web, and this subscription needs one for all that it is about. Ask for the role admin there, or let somebody take it over who has it."
        ]
    )
    may_admin(office, "acme/db", "acme/web")
    await office.presses("take_over", "S7PX4")
    assert office.subscriptions.kept["S7PX4"].person == ALICE


@pytest.mark.parametrize(
    ("repositories", "said"),
    [
        (("acme/api", "acme/secret-merger", "acme/web"), "acme/api, acme/web and 1 more"),
        (("acme/secret-merger", "acme/secret-plan"), "2 repositories of it"),
    ],
)
async def test_only_repositories_that_whoever_presses_can_see_are_named(
    office: Office, monkeypatch: pytest.MonkeyPatch, repositories: tuple[str, ...], said: str
) -> None:
    async def sighting(_quay: OnePersonsQuay, repository: str) -> Sighting:
        if "secret" in repository:
            raise Unseen(f"There is no {repository}.", repository=repository)
        return Sighting(can_write=True, can_admin=False)

    monkeypatch.setattr(OnePersonsQuay, "sighting", sighting)
    orphan(office, "acme/*", *repositories)
    (told,) = read(office, await office.presses("take_over", "S7PX4"))
    assert told.startswith(f"You are no admin of {said}, and this subscription")


async def test_where_nobody_could_look_after_it_before_the_role_is_not_asked_for(office: Office) -> None:
    found = orphan(office, "acme/*", "acme/api", "acme/db", "acme/web")
    await teller(office).lost_some(found, {"acme/db": "acme/db: bob is no admin."})
    may_admin(office, "acme/api", no=("acme/db", "acme/web"))
    assert "You are no admin of acme/web, and" in read(office, await office.presses("take_over", "S7PX4"))[0]
    may_admin(office, "acme/web")
    await office.presses("take_over", "S7PX4")
    assert office.subscriptions.kept["S7PX4"].person == ALICE


async def test_if_nothing_of_it_worked_before_the_role_is_asked_for_everywhere(office: Office) -> None:
    found = orphan(office, "acme/*", "acme/api", "acme/db")
    await teller(office).lost_some(found, {"acme/api": "no.", "acme/db": "no."})
    may_admin(office, no=("acme/api", "acme/db"))
    await office.presses("take_over", "S7PX4")
    assert office.subscriptions.kept["S7PX4"].person == BOB


async def test_the_storage_of_a_namespace_takes_an_admin_of_it(office: Office) -> None:
    orphan(office, "acme")
    office.quay.errors["notifications"] = NotLinked("Your token lacks org:admin.")
    await office.presses("take_over", "S7PX4")
    assert office.subscriptions.kept["S7PX4"].person == BOB
    office.quay.errors.clear()
    await office.presses("take_over", "S7PX4")
    assert office.subscriptions.kept["S7PX4"].person == ALICE


@pytest.mark.parametrize("facts", [{"state": State.ENDED}, {"state": State.ACTIVE}])
async def test_what_has_ended_or_is_looked_after_is_not_taken(office: Office, facts: dict[str, object]) -> None:
    before = orphan(office, **facts)
    assert len(read(office, await office.presses("take_over", "S7PX4"))[0]) > 20
    assert office.subscriptions.kept["S7PX4"] == before


async def test_somebody_from_elsewhere_does_not_even_learn_that_it_exists(office: Office) -> None:
    stranger = Person("T9", "U-EVE")
    office.accounts.kept[stranger] = Account(stranger, "eve", START, "token-alice")
    orphan(office)
    here = read(office, await office.presses("take_over", "S7PX4", stranger))
    assert here == read(office, await office.presses("take_over", "S9999", stranger))
    assert office.subscriptions.kept["S7PX4"].person == BOB


async def test_the_policy_has_a_say(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    orphan(office)

    async def no(*_: object, **__: object) -> None:
        raise Denied("The policy says no.")

    monkeypatch.setattr(type(office.desk.gate), "decide", no)
    await office.presses("take_over", "S7PX4")
    assert office.subscriptions.kept["S7PX4"].person == BOB


async def test_when_somebody_leaves_their_subscriptions_are_looked_at_at_once(office: Office) -> None:
    orphan(office)
    office.subscriptions.has(replace(office.subscriptions.kept["S7PX4"], name="S9999", person=ALICE))
    await leaving.forget((BOB, Person("T1", "U-NOBODY")), office.desk)
    assert office.subscriptions.hurried == ["S7PX4"]


def stray(office: Office, uuid: str, token: str, **facts: object) -> None:
    given = {"title": "quaybot S1", "mark": mark_of(token), "place": HERE} | facts
    office.quay.bells.has("acme/web", uuid, **given)


async def test_exactly_what_was_asked_about_is_removed(office: Office) -> None:
    office.desk = replace(office.desk, public_url=HERE)
    for uuid in ("u1", "u2", "u3"):
        stray(office, uuid, uuid)
    assert read(office, await office.presses("clean_up", "acme/web u1 u2")) == snapshot(
        ["Done: I removed 2 notifications of `acme/web` in Quay."]
    )
    assert [one.uuid for one in office.quay.bells.kept["acme/web"]] == ["u3"]
    assert office.audit.lines[-1].deed.detail == "Removed u1, u2."


async def test_what_is_known_meanwhile_or_was_never_ours_stays(office: Office) -> None:
    office.desk = replace(office.desk, public_url=HERE)
    stray(office, "known", "token")
    office.subscriptions.hashes[mark_of("token")] = "h1"
    stray(office, "elsewhere", "a", place="https://old.example")
    stray(office, "theirs", "b", title="deploy")
    stray(office, "slack", "c", method="slack")
    reply = await office.presses("clean_up", "acme/web known elsewhere theirs slack gone")
    assert len(office.quay.bells.kept["acme/web"]) == 4
    assert read(office, reply) == snapshot(
        ["There is nothing left to remove: they are gone, or belong to a subscription of mine. So I left everything."]
    )


async def test_a_value_that_names_none_is_refused(office: Office) -> None:
    assert read(office, await office.presses("clean_up", "acme/web")) == snapshot(
        ["This button is from an older version of me. I ask again if it is still needed."]
    )
