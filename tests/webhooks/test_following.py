"""What follows from a batch of webhooks: who is told, what is looked up, which builds are followed, what was heard."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.digests import Rhythm
from bot.domain.events import BuildMoved, Event, MirrorOutcome, MirrorSynced, Phase, Pushed
from bot.domain.people import Person
from bot.domain.subscriptions import Lookup, Sought
from bot.ports import Delivery, Hook
from webhooks.following import BEAT, LONGEST, SOON, Following, Read, channels, following, heard, mends

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANN = Person("T1", "U1")
COMMON: dict[str, Any] = {"namespace": "acme", "repository": "acme/web"}
OWN = Hook("7", "repo_push", "acme/web", ("C1",), NOON, subscription="SAAAA", person=ANN)
PLAIN = Hook("8", "repo_push", "acme/web", ("C1", "C2"), NOON)
FAILED, SUCCESS = "repo_mirror_sync_failed", "repo_mirror_sync_success"


def delivery(hook: Hook, number: int = 1, at: datetime = NOON) -> Delivery:
    return Delivery(number, hook, b"", at)


def push(*tags: str, **more: Any) -> Pushed:
    return Pushed(kind="repo_push", tags=tags or ("v1",), **({"at": NOON} | COMMON | more))


def build(kind: str, phase: Phase, number: str = "b-1", **more: Any) -> BuildMoved:
    return BuildMoved(kind=kind, at=NOON, build_id=number, phase=phase, **COMMON, **more)


def mirror(kind: str, **more: Any) -> MirrorSynced:
    outcome = {FAILED: MirrorOutcome.FAILED, SUCCESS: MirrorOutcome.SUCCESS}.get(kind, MirrorOutcome.STARTED)
    return MirrorSynced(kind=kind, outcome=outcome, at=NOON, **COMMON, **more)


def after(*read: Read, **more: Any) -> Following:
    return following(read, **({"rhythms": {}, "failed": {}, "now": NOON} | more))


def through(hook: Hook, *events: Event) -> list[Read]:
    return [(delivery(hook, number), event) for number, event in enumerate(events, start=1)]


def test_each_channel_has_its_own_filter_and_its_own_hours() -> None:
    hook = replace(PLAIN, channels=("C1", "C2", "C3"), filters={"C2": "tag:x*"})
    found = after(*through(hook, push("v1")), rhythms={"C3": Rhythm(quiet="11:00-13:00")})
    (telling,) = found.tellings
    assert (telling.channels, telling.name, telling.delivery) == (("C1",), "delivery:1", 1)
    assert telling.filtered == {
        "C2": "`tag:x*`: the tag v1 does not match",
        "C3": "quiet hours until 13:00 (UTC)",
    }


def test_a_pause_is_for_the_whole_subscription() -> None:
    found = after(*through(replace(OWN, paused_until=NOON + timedelta(hours=4)), push()))
    assert found.tellings[0].filtered == {"C1": "paused until 2026-11-23 16:00 UTC"}
    assert found.lookups == []


def test_a_subscription_brings_its_layout() -> None:
    assert after(*through(replace(OWN, layout="compact"), push())).tellings[0].layout == "compact"


def test_a_push_that_is_told_is_looked_up_soon() -> None:
    event = push("v1", "v2")
    assert after(*through(OWN, event)).lookups == [
        Lookup(
            sought=Sought.PUSH,
            subscription="SAAAA",
            channel="C1",
            repository="acme/web",
            delivery=1,
            event=event.model_dump_json(),
            at=NOON,
            due_at=NOON + SOON,
            last_at=NOON + LONGEST,
        )
    ]


def test_a_push_that_is_held_is_looked_up_at_once_and_told_to_nobody_yet() -> None:
    found = after(*through(replace(OWN, filters={"C1": "-by:acme+ci"}), push()))
    assert found.tellings == []
    assert [(one.held, one.due_at) for one in found.lookups] == [(True, NOON)]


def test_where_nobody_can_look_a_filter_that_asks_who_pushed_lets_pass() -> None:
    found = after(*through(replace(PLAIN, filters={"C1": "-by:acme+ci"}), push()))
    assert [telling.channels for telling in found.tellings] == [("C1", "C2")]
    assert found.lookups == []


@pytest.mark.parametrize(
    "event",
    [
        push(test=True),
        build("build_queued", Phase.WAITING),
        build("build_failure", Phase.ERROR),
        build("build_success", Phase.COMPLETE, test=True),
        mirror(SUCCESS),
    ],
)
def test_of_most_events_there_is_nothing_to_look_up(event: Event) -> None:
    assert after(*through(OWN, event)).lookups == []


def test_of_a_build_that_succeeds_it_is_looked_up_whether_it_mended_something() -> None:
    (lookup,) = after(*through(OWN, build("build_success", Phase.COMPLETE))).lookups
    assert (lookup.sought, lookup.due_at, lookup.held) == (Sought.BUILD, NOON + SOON, False)


def test_builds_that_go_on_are_followed_with_the_account_behind_the_subscription() -> None:
    silent = replace(OWN, channels=(), silent=True, event="build_queued")
    found = after(
        *through(silent, build("build_queued", Phase.WAITING), build("build_start", Phase.BUILDING, "b-2")),
        *through(OWN, build("build_failure", Phase.INTERNAL_ERROR, "b-3"), build("build_start", Phase.BUILDING, "b-2")),
        *through(
            OWN, build("build_success", Phase.COMPLETE, "b-4"), build("build_start", Phase.WAITING, "b-5", test=True)
        ),
        *through(PLAIN, build("build_queued", Phase.WAITING, "b-6")),
        *through(replace(OWN, person=None), build("build_queued", Phase.WAITING, "b-7")),
    )
    assert found.builds == {("acme/web", name): ANN for name in ("b-1", "b-2", "b-3")}


def test_a_silent_hook_tells_only_those_who_show_the_card_already() -> None:
    silent = replace(OWN, channels=("C1",), silent=True)
    (telling,) = after(*through(silent, build("build_queued", Phase.WAITING))).tellings
    assert (telling.channels, telling.filtered) == ((), {})


def test_an_awaited_test_call_is_told_to_nobody() -> None:
    hook = replace(OWN, beat_at=NOON - timedelta(seconds=5))
    found = after(*through(hook, push(test=True)))
    assert (found.tellings, found.lookups, found.beats) == ([], [], {"7"})


def test_of_two_test_calls_only_the_awaited_one_is_swallowed() -> None:
    hook = replace(OWN, beat_at=NOON - timedelta(seconds=5))
    found = after(*through(hook, push(test=True), push(), push(test=True)))
    assert [(telling.delivery, telling.event.test) for telling in found.tellings] == [(2, False), (3, True)]


@pytest.mark.parametrize("asked", [None, NOON - BEAT - timedelta(seconds=1)])
def test_a_test_call_that_nobody_awaits_is_told(asked: datetime | None) -> None:
    found = after(*through(replace(OWN, beat_at=asked), push(test=True)))
    assert (len(found.tellings), found.beats) == (1, set())


def test_what_was_heard_is_known_of_subscriptions_only_and_is_the_latest() -> None:
    later = NOON + timedelta(seconds=9)
    assert heard([delivery(OWN, 1, later), delivery(OWN, 2), delivery(PLAIN, 3)]) == {"7": later}


def test_channels_of_silent_hooks_are_not_asked_about() -> None:
    read = [*through(PLAIN, push()), *through(replace(OWN, channels=("C9",), silent=True), push())]
    assert channels(read) == {"C1", "C2"}


def test_a_mirror_that_works_again_is_fixed_where_its_failure_was_told() -> None:
    read = through(PLAIN, mirror(SUCCESS))
    assert mends(read) == {("C1", "acme/web"): NOON, ("C2", "acme/web"): NOON}
    found = after(*read, failed={("C1", "acme/web"): FAILED, ("C2", "acme/web"): SUCCESS})
    told = {telling.channels: getattr(telling.event, "fixed", None) for telling in found.tellings}
    assert told == {("C1",): True, ("C2",): False}
    assert {telling.name for telling in found.tellings} == {"delivery:1"}


@pytest.mark.parametrize(
    ("before", "kinds", "fixed"),
    [
        ("", (SUCCESS,), [False]),
        (SUCCESS, (SUCCESS,), [False]),
        (FAILED, (SUCCESS, SUCCESS), [True, False]),
        ("", (FAILED, SUCCESS), [False, True]),
        (SUCCESS, (FAILED, "repo_mirror_sync_started", SUCCESS), [False, False, True]),
        (FAILED, (FAILED,), [False]),
    ],
)
def test_only_the_first_success_after_a_failure_is_fixed(
    before: str, kinds: tuple[str, ...], fixed: list[bool]
) -> None:
    found = after(*through(OWN, *map(mirror, kinds)), failed={("C1", "acme/web"): before})
    assert [getattr(telling.event, "fixed", None) for telling in found.tellings] == fixed


def test_a_test_mends_nothing() -> None:
    read = through(OWN, mirror(FAILED, test=True), mirror(SUCCESS, test=True), mirror(SUCCESS))
    assert [getattr(telling.event, "fixed", None) for telling in after(*read).tellings] == [False, False, False]


def test_a_mirror_that_works_again_during_quiet_hours_keeps_its_rule() -> None:
    rhythms = {"C1": Rhythm(quiet="11:00-13:00")}
    found = after(*through(OWN, mirror(SUCCESS)), rhythms=rhythms, failed={("C1", "acme/web"): FAILED})
    (telling,) = found.tellings
    assert (telling.channels, list(telling.filtered)) == ((), ["C1"])
