"""The wishes about people against the fake Quay, over real HTTP: its rights and scopes are computed, not recorded."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import chain, combinations

import pytest
from inline_snapshot import snapshot

from bot.adapters.quay import QuayRegistry
from bot.domain.errors import GiveUp, Lacking, NotLinked, UserError
from bot.fakes.quay import FakeQuay
from bot.ports import BuildRequest, Client, Quay, Revoking
from bot.services.accounts import IMPLIED
from tests.fakes.quay_scene import HandClock

ALL = ("repo:read", "repo:write", "repo:admin", "repo:create", "user:read", "user:admin", "org:admin", "super:user")
REPO = ("repo:read", "repo:write", "repo:admin")


@asynccontextmanager
async def place() -> AsyncIterator[tuple[FakeQuay, QuayRegistry, HandClock]]:
    """acme with web; alice owns it, bob is in its team devs, carol has a repository of her own."""
    clock = HandClock()
    quay = FakeQuay(clock=clock)
    quay.add_organization("acme", admins=["alice"])
    for name in ("bob", "carol", "dave"):
        quay.add_user(name)
    quay.add_user("root", superuser=True)
    quay.add_team("acme", "devs", members=["bob"])
    quay.add_repository("acme/web")
    quay.add_repository("carol/own")
    await quay.start()
    registry = QuayRegistry(quay.url)
    try:
        yield quay, registry, clock
    finally:
        await registry.aclose()
        await quay.stop()


def gives(scopes: tuple[str, ...]) -> frozenset[str]:
    """What these scopes give: administering an account includes reading it."""
    more = frozenset({"user:read"} if "user:admin" in scopes else ())
    return more.union(scopes, *(IMPLIED.get(scope, frozenset()) for scope in scopes))


@pytest.mark.parametrize("who", ["alice", "bob", "carol", "dave", "root"])
async def test_what_is_found_out_about_scopes_is_always_true(who: str) -> None:
    async with place() as (quay, registry, _):
        for scopes in chain.from_iterable(combinations(ALL, size) for size in (0, 1, 2, 3, len(ALL))):
            known = await registry.as_token(quay.token(who, " ".join(scopes))).scopes()
            truth = gives(scopes)
            assert known.has <= truth, (scopes, known)
            assert not known.lacks & truth, (scopes, known)
            assert {"user:read", "user:admin"} <= known.has | known.lacks, (scopes, known)


async def test_whoever_owns_a_repository_is_told_everything_about_those_scopes() -> None:
    async with place() as (quay, registry, _):
        for scopes in chain.from_iterable(combinations(REPO, size) for size in range(4)):
            known = await registry.as_token(quay.token("carol", " ".join((*scopes, "user:read")))).scopes()
            assert known.has & set(REPO) == gives(scopes)
            assert known.lacks & set(REPO) == set(REPO) - gives(scopes)


async def test_who_is_in_a_team_is_told_to_everybody_who_may_know() -> None:
    async with place() as (quay, registry, _):
        told = {}
        for who in ("alice", "bob", "carol"):
            for scopes in ("user:read org:admin", "user:read"):
                told[who, scopes] = await registry.as_token(quay.token(who, scopes)).in_team("acme", "devs")
        assert told == {
            ("alice", "user:read org:admin"): False,
            ("alice", "user:read"): None,
            ("bob", "user:read org:admin"): True,
            ("bob", "user:read"): None,
            ("carol", "user:read org:admin"): False,
            ("carol", "user:read"): False,
        }


async def test_two_people_with_different_rights_are_told_what_each_of_them_lacks() -> None:
    async with place() as (quay, registry, _):
        quay.grant("bob", "acme/web", "write")
        quay.grant("carol", "acme/web", "read")
        said = {}
        for who in ("bob", "carol", "dave"):
            person = registry.as_token(quay.token(who, "repo:admin user:read"))
            with pytest.raises(UserError) as caught:
                await person.triggers("acme/web")
            assert isinstance(caught.value, Lacking)
            said[who] = caught.value.role
        assert said == snapshot(
            {
                "bob": (
                    "You (bob) can write to acme/web but need admin there to see build triggers. Your token has the "
                    "scope for that, so it is the role that your account lacks: ask an admin of acme/web for the role "
                    "admin."
                ),
                "carol": (
                    "You (carol) can read acme/web but need admin there to see build triggers. Your token has the "
                    "scope for that, so it is the role that your account lacks: ask an admin of acme/web for the role "
                    "admin."
                ),
                "dave": (
                    "acme/web does not exist, or you (dave) may not see it. Please check the name, or ask the "
                    "owner for access."
                ),
            }
        )


async def test_a_cancelled_build_is_found_in_quays_own_log() -> None:
    async with place() as (quay, registry, clock):
        alice = registry.as_token(quay.token("alice", "repo:admin user:read"))
        begun = clock.now()
        build = await alice.request_build("acme/web", BuildRequest("https://a.example/x.tgz"))
        await alice.cancel_build("acme/web", build.id)
        clock.pass_by(60)
        other = await alice.request_build("acme/web", BuildRequest("https://a.example/x.tgz"))
        found = await alice.log("acme/web", begun, begun + timedelta(seconds=30))
        assert [(entry.kind, entry.performer) for entry in found] == [
            ("cancel_build", "alice"),
            ("build_dockerfile", ""),
        ]
        assert {entry.about.get("build_id", entry.about.get("build_uuid")) for entry in found} == {build.id}
        assert other.id not in repr(found)


async def test_a_revoked_token_is_dead() -> None:
    async with place() as (quay, registry, _):
        token = quay.token("bob", "repo:read user:read")
        quay.revoke(token)
        quay_as_bob: Quay = registry.as_token(token)
        for call in (quay_as_bob.scopes(), quay_as_bob.in_team("acme", "devs"), quay_as_bob.sighting("acme/web")):
            with pytest.raises(NotLinked):
                await call


async def test_a_code_becomes_a_token_once_and_ends_by_being_revoked() -> None:
    scope, back = "repo:read user:admin", "http://127.0.0.1/quay/oauth/callback"
    async with place() as (quay, registry, _):
        client = Client(*quay.add_application("acme", "quaybot", back))
        other = quay.token("alice", "user:read")
        code = quay.issue_code(quay.users["alice"], client.id, scope)
        for wrong in (Client(client.id, "guessed"), Client("nobody", client.secret)):
            with pytest.raises(GiveUp):
                await registry.exchange(wrong, code, back, scope)
        with pytest.raises(UserError):
            await registry.exchange(client, code, back, "user:admin repo:read")
        grant = await registry.exchange(client, code, back, scope)
        assert grant.scopes == {"repo:read", "user:admin"}
        with pytest.raises(UserError):
            await registry.exchange(client, code, back, scope)
        alice = registry.as_token(grant.token)
        assert (await alice.scopes()).has >= grant.scopes
        assert await alice.revoke(client.id) is Revoking.DONE
        with pytest.raises(NotLinked):
            await alice.scopes()
        assert (await registry.as_token(other).whoami()).username == "alice"


async def test_two_tokens_of_one_application_or_no_right_to_look_revoke_nothing() -> None:
    async with place() as (quay, registry, _):
        client, _secret = quay.add_application("acme", "quaybot")
        first, second = (quay.token("alice", "user:admin", application=client) for _ in range(2))
        weak = quay.token("bob", "user:read", application=client)
        foreign = quay.token("carol", "user:admin")
        for token in (first, weak, foreign):
            assert await registry.as_token(token).revoke(client) is not Revoking.DONE
        for token in (first, second, weak, foreign):
            await registry.as_token(token).whoami()
