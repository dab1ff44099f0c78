"""What Quay tells afterwards: pushes out of the history, builds, syncs and ends, and what it does not tell."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from bot.adapters.quay import QuayRegistry
from bot.domain.errors import NotLinked, TryLater, Unseen
from bot.domain.events import BuildMoved, MirrorSynced, Phase, Pushed, TagsExpiring
from bot.fakes.quay import FakeQuay
from bot.fakes.quay.images import Layer
from bot.ports import Quay
from bot.rules.event_groups import EVENTS
from bot.services.upkeep import past_others
from bot.services.upkeep.past import Past, past
from tests.fakes.quay_scene import ALL_SCOPES, HandClock

WEB, BASE = "acme/web", "acme/mirrored"


class Place:
    def __init__(self, quay: FakeQuay, registry: QuayRegistry, clock: HandClock) -> None:
        self.quay, self.registry, self.clock = quay, registry, clock
        quay.grant("bob", WEB, "write")
        quay.grant("bob", BASE, "write")

    def seen(self, name: str = "alice") -> Quay:
        return self.registry.as_token(self.quay.token(name, ALL_SCOPES))

    async def past(self, *events: str, of: float = 3_600, by: str = "alice", target: str = WEB, **more: int) -> Past:
        """The last hour, or so many seconds."""
        return await past(self.seen(by), target, events, self.ago(of), self.clock.now(), **more)

    def ago(self, seconds: float) -> datetime:
        return self.clock.now() - timedelta(seconds=seconds)


@asynccontextmanager
async def place() -> AsyncIterator[Place]:
    clock = HandClock()
    quay = FakeQuay(clock=clock)
    quay.add_organization("acme", admins=["alice"])
    quay.add_repository(WEB)
    quay.add_repository(BASE)
    quay.add_robot("acme+ci")
    await quay.start()
    registry = QuayRegistry(quay.url, now=clock.now)
    try:
        yield Place(quay, registry, clock)
    finally:
        await registry.aclose()
        await quay.stop()


def pushed(found: Past) -> list[tuple[str, str]]:
    return [(one.tags[0], one.by) for one in found.events if isinstance(one, Pushed)]


async def test_pushes_come_with_their_time_their_image_and_who_it_was() -> None:
    async with place() as here:
        old = here.quay.push(WEB, "v1", layers=[Layer("sha256:l1", 100)], ago=timedelta(hours=2))
        new = here.quay.push(WEB, "v1", by="acme+ci", layers=[Layer("sha256:l2", 250)], ago=timedelta(minutes=5))
        here.quay.push(WEB, "v2", by="bob", ago=timedelta(minutes=1))
        found = await here.past("repo_push")
        assert pushed(found) == [("v1", "acme+ci"), ("v2", "bob")]
        first = found.events[0]
        assert isinstance(first, Pushed)
        assert (first.kind, first.repository, first.recovered, first.at) == ("repo_push", WEB, True, here.ago(300))
        (facts,) = first.facts
        assert (facts.tag, facts.digest, facts.before, facts.by) == ("v1", new, old, "acme+ci")
        assert facts.size is not None
        assert facts.grew == 150
        assert found.untold == ()


async def test_what_was_restored_or_moved_by_hand_is_no_push() -> None:
    async with place() as here:
        first = here.quay.push(WEB, "latest", ago=timedelta(minutes=50))
        here.quay.push(WEB, "latest", ago=timedelta(minutes=40))
        tagging = here.seen().tagging
        await tagging.restore(WEB, "latest", first)
        here.clock.pass_by(120)
        await tagging.move(WEB, "stable", first)
        here.clock.pass_by(120)
        here.quay.push(WEB, "stable", by="bob")
        assert pushed(await here.past("repo_push")) == [("latest", ""), ("latest", ""), ("stable", "bob")]


async def test_without_the_log_a_moved_tag_looks_like_a_push_and_that_is_said() -> None:
    async with place() as here:
        first = here.quay.push(WEB, "latest", by="bob", ago=timedelta(minutes=50))
        await here.seen().tagging.move(WEB, "stable", first)
        found = await here.past("repo_push", by="bob")
        assert pushed(found) == [("latest", ""), ("stable", "")]
        assert ["usage log cannot be read" in one for one in found.untold] == [True]


async def test_only_what_lies_in_the_time_is_told_and_the_very_second_counts() -> None:
    async with place() as here:
        for minutes in (90, 60, 30, 0):
            here.quay.push(WEB, f"m{minutes}", ago=timedelta(minutes=minutes))
        assert [tag for tag, _ in pushed(await here.past("repo_push"))] == ["m60", "m30", "m0"]


async def test_many_pushes_are_read_page_by_page_up_to_a_bound() -> None:
    async with place() as here:
        for number in range(250):
            here.quay.push(WEB, f"t{number}", ago=timedelta(seconds=250 - number))
        assert len((await here.past("repo_push")).events) == 250
        some = await here.past("repo_push", most=100)
        assert len(some.events) == 100
        assert pushed(some)[-1] == ("t249", "")
        assert "Only the newest 100 changes of tags were looked at." in some.untold


async def test_a_long_log_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.upkeep.past.MOST_CALLS", 1)
    async with place() as here:
        here.quay.push(WEB, "v1", by="bob", ago=timedelta(minutes=9))
        for _ in range(30):
            here.quay.pull(WEB, "v1", "acme+ci", ago=timedelta(minutes=1))
        found = await here.past("repo_push")
        assert pushed(found) == [("v1", "")]
        assert found.untold == ("Quay's usage log is long here, so only its newest entries were looked at.",)


async def test_of_each_build_its_present_state_is_told_if_it_is_wanted() -> None:
    async with place() as here:
        trigger = here.quay.add_trigger(WEB)
        for phase in ("complete", "error", "cancelled", "building", "waiting", "expired"):
            here.clock.pass_by(10)
            build = here.quay.git_push(trigger)
            if phase != "waiting":
                here.quay.move_build(build, phase)
        found = await here.past(*EVENTS[1:6])
        assert [(one.kind, one.phase) for one in found.events if isinstance(one, BuildMoved)] == [
            ("build_success", Phase.COMPLETE),
            ("build_failure", Phase.ERROR),
            ("build_cancelled", Phase.CANCELLED),
            ("build_start", Phase.BUILDING),
            ("build_queued", Phase.WAITING),
            ("build_failure", Phase.EXPIRED),
        ]
        assert all(one.recovered for one in found.events)
        assert [one.kind for one in (await here.past("build_failure")).events] == ["build_failure"] * 2
        assert (await here.past("build_failure", of=5)).events[0].at == here.clock.now()


async def test_more_builds_than_quay_lists_are_said_to_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.upkeep.past.MOST_BUILDS", 2)
    async with place() as here:
        trigger = here.quay.add_trigger(WEB)
        for _ in range(3):
            here.clock.pass_by(1)
            here.quay.git_push(trigger)
        found = await here.past("build_queued")
        assert len(found.events) == 2
        assert found.untold == ("Only the newest 2 builds were looked at.",)


async def test_mirror_syncs_are_those_of_the_usage_log() -> None:
    async with place() as here:
        here.quay.add_mirror(BASE, "acme+ci")
        for outcome in ("started", "failed", "started", "success"):
            here.clock.pass_by(60)
            here.quay.mirror(BASE, outcome, "'registry.example/base' with tag pattern '9.*'")
        found = await here.past("repo_mirror_sync_failed", "repo_mirror_sync_success", target=BASE)
        assert [(one.kind, one.at, one.message) for one in found.events if isinstance(one, MirrorSynced)] == [
            ("repo_mirror_sync_failed", here.ago(120), "'registry.example/base' with tag pattern '9.*'"),
            ("repo_mirror_sync_success", here.ago(0), "'registry.example/base' with tag pattern '9.*'"),
        ]
        assert found.untold == ()


async def test_without_the_log_how_the_mirror_is_now_is_asked_for_and_may_be_refused() -> None:
    async with place() as here:
        here.quay.add_mirror(BASE, "acme+ci", status="FAIL")
        refused = await here.past("repo_mirror_sync_failed", target=BASE, by="bob")
        assert refused.events == ()
        assert ["only the last one is known" in one for one in refused.untold] == [True]
        quay = here.seen()
        (now,) = await past_others.mirror_now(quay, BASE, {"repo_mirror_sync_failed"}, here.clock.now())
        assert (now.kind, now.message, now.at) == ("repo_mirror_sync_failed", "", here.clock.now())
        assert await past_others.mirror_now(quay, BASE, {"repo_mirror_sync_success"}, here.clock.now()) == []
        assert await past_others.mirror_now(quay, WEB, {"repo_mirror_sync_failed"}, here.clock.now()) == []


async def test_tags_whose_end_came_near_are_warnings_of_one_round() -> None:
    async with place() as here:
        here.quay.push(WEB, "soon", labels={"quay.expires-after": "3d"}, ago=timedelta(minutes=30))
        here.quay.push(WEB, "later", labels={"quay.expires-after": "3d"}, ago=timedelta(minutes=10))
        here.quay.push(WEB, "long", labels={"quay.expires-after": "52w"}, ago=timedelta(minutes=5))
        here.quay.push(WEB, "kept", ago=timedelta(minutes=5))
        (found,) = (await here.past("repo_image_expiry")).events
        assert isinstance(found, TagsExpiring)
        assert (found.tags, found.at, found.expiring_in) == (("soon", "later"), here.ago(1800), "7 days")
        assert (await here.past("repo_image_expiry", of=3_600, days=1)).events == ()


async def test_what_quay_does_not_tell_is_said() -> None:
    async with place() as here:
        found = await here.past("vulnerability_found")
        assert found.events == ()
        assert found.untold[0].startswith("Findings cannot be counted")
        storage = await here.past("quota_error", target="acme")
        assert (storage.events, storage.untold[0].split(":")[0]) == ((), "Storage cannot be counted")
        assert await here.past("repo_push", target="acme") == Past(())
        assert here.quay.requests == []  # nothing that Quay could tell


async def test_everything_comes_in_the_order_of_time() -> None:
    async with place() as here:
        trigger = here.quay.add_trigger(WEB)
        for number in range(3):
            here.clock.pass_by(30)
            here.quay.push(WEB, f"v{number}")
            here.clock.pass_by(30)
            here.quay.git_push(trigger)
        found = await here.past(*EVENTS)
        assert [one.kind for one in found.events] == ["repo_push", "build_queued"] * 3
        assert [one.at for one in found.events] == sorted(one.at for one in found.events)


async def test_what_quay_refuses_or_does_not_answer_is_raised() -> None:
    async with place() as here:
        with pytest.raises(Unseen):
            await past(here.seen(), "acme/nosuch", ["repo_push"], here.ago(9), here.clock.now())
        with pytest.raises(NotLinked):
            await past(here.registry.as_token("x" * 40), WEB, ["repo_push"], here.ago(9), here.clock.now())
        quay = here.seen()
        here.quay.down = True
        with pytest.raises(TryLater):
            await past(quay, WEB, ["build_failure"], here.ago(9), here.clock.now())


async def test_of_each_build_every_event_is_told_if_that_is_asked_for() -> None:
    async with place() as here:
        trigger = here.quay.add_trigger(WEB)
        for phases in (("building", "complete"), ("cancelled",), ("building",), ()):
            here.clock.pass_by(10)
            build = here.quay.git_push(trigger)
            for phase in phases:
                here.quay.move_build(build, phase)
        found = await here.past(*EVENTS[1:6], steps=True)
        assert [one.kind.removeprefix("build_") for one in found.events] == [
            *("queued", "start", "success"),
            *("queued", "cancelled"),
            *("queued", "start"),
            "queued",
        ]
        assert ["some of their starts are not counted" in one for one in found.untold] == [True]
        assert (await here.past("build_success", "build_failure", steps=True)).untold == ()
        ends = await here.past("build_success", "build_cancelled", steps=True)
        assert [one.kind for one in ends.events] == ["build_success", "build_cancelled"]


async def test_who_pushed_is_found_as_for_a_push_that_just_came() -> None:
    async with place() as here:
        here.quay.push(WEB, "v1", by="bob", ago=timedelta(minutes=9))
        here.quay.push(WEB, "v1", by="acme+ci", ago=timedelta(minutes=9, seconds=-3))
        here.quay.push(WEB, "v2", ago=timedelta(minutes=5))
        assert pushed(await here.past("repo_push")) == [("v1", "bob"), ("v1", "acme+ci"), ("v2", "")]
