"""The plan that keeps notifications in order: what it mends, what it never touches, and that it ends."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.subscriptions import OFF, Notification, Part
from bot.rules.quay_side import Need
from bot.rules.tending import Adopt, Drop, Make, Orphan, Remove, Reset, Seen, Step, looks_ours, plan

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HERE, ELSEWHERE = "https://bot.example", "https://old.example"
PUSH, BUILD = Need("repo_push"), Need("build_success", {"ref-regex": "main"})
FINDINGS = Need("vulnerability_found", {"level": 1, "vulnerability": {"priority": "High"}})
QUEUED = Need("build_queued", silent=True)
ROTATE = timedelta(days=90)


def mark(hook: str) -> str:
    return hashlib.sha256(hook.encode()).hexdigest()


def part(hook: str, need: Need = PUSH, **facts: object) -> Part:
    given = {"created_at": NOW - timedelta(hours=5), "uuid": f"u{hook}"} | facts
    return Part(hook, "S1", "acme/web", need.event, need.silent, need.written, **given)


def bell(hook: str, need: Need = PUSH, **facts: object) -> Notification:
    given = {"title": "quaybot S1", "mark": mark(hook), "place": HERE, "config": need.config} | facts
    return Notification(str(given.pop("uuid", f"u{hook}")), need.event, "webhook", **given)


def seen(parts: Sequence[Part], bells: Sequence[Notification], *others: str, **facts: object) -> Seen:
    hooks = {mark(hook): hook for hook in (*(one.hook for one in parts), *others)}
    return Seen(parts, bells, hooks, HERE, NOW, **facts)


def test_what_is_in_order_needs_nothing():
    assert plan((PUSH,), seen([part("1")], [bell("1")], rotate=ROTATE)) == ()


def test_what_was_never_there_is_made_and_nothing_was_missed():
    assert plan((BUILD, QUEUED), seen([], [])) == (
        Make("build_success", '{"ref-regex": "main"}', False),
        Make("build_queued", "{}", True),
    )


def test_what_was_deleted_is_made_anew_and_missed_since_it_was_whole():
    whole = NOW - timedelta(minutes=3)
    old = part("1", whole_at=whole)
    assert plan((PUSH,), seen([old], [])) == (Make("repo_push", "{}", False, whole), Drop(old))


def test_what_quay_has_switched_off_is_reset():
    whole = NOW - timedelta(minutes=3)
    found = part("1", whole_at=whole)
    steps = plan((PUSH,), seen([found], [bell("1", failures=OFF)]))
    assert steps == (Reset(found, whole),)


@pytest.mark.parametrize(
    "facts",
    [
        {"config": {}},
        {"config": {"level": 1}},
        {"config": {"level": 0, "vulnerability": {"priority": "High"}}},
        {"config": {"level": 1, "vulnerability": {"priority": "Low"}}},
        {"config": {"level": 1, "vulnerability": "High"}},
        {"templated": True},
        {"place": f"{HERE}/elsewhere"},
        {"place": ""},
    ],
)
def test_one_with_our_address_that_was_not_made_like_that_is_made_anew(facts: dict[str, object]):
    old = part("1", FINDINGS)
    steps = plan((FINDINGS,), seen([old], [bell("1", FINDINGS, **facts)]))
    made = Make("vulnerability_found", FINDINGS.written, False, old.created_at)
    assert steps == (made, Remove("u1", "vulnerability_found"), Drop(old))


def test_what_quay_adds_to_it_is_no_difference():
    more = {"level": "1", "vulnerability": {"priority": "High", "rank": 3}, "new": True}
    assert plan((FINDINGS,), seen([part("1", FINDINGS)], [bell("1", FINDINGS, config=more)])) == ()


@pytest.mark.parametrize("failures", [1, 2])
def test_what_has_failed_less_often_is_only_noted(failures: int):
    found = part("1")
    steps = plan((PUSH,), seen([found], [bell("1", failures=failures)]))
    assert steps == (Adopt(replace(found, failures=failures)),)


def test_a_notification_whose_answer_was_lost_is_found_by_its_mark():
    found = part("1", uuid="")
    assert plan((PUSH,), seen([found], [bell("1", uuid="new")])) == (Adopt(replace(found, uuid="new")),)


@pytest.mark.parametrize(
    ("kept", "there"),
    [
        (part("1", replace(BUILD, config={"ref-regex": "dev"})), bell("1", BUILD)),
        (part("1", BUILD), bell("1", BUILD, place=ELSEWHERE)),
        (part("1", replace(BUILD, silent=True)), bell("1", BUILD)),
    ],
    ids=["another config", "another address", "silent before"],
)
def test_the_new_one_is_made_before_the_old_one_goes(kept: Part, there: Notification):
    steps = plan((BUILD,), seen([kept], [there]))
    assert [type(step) for step in steps] == [Make, Remove, Drop]
    assert steps[1:] == (Remove("u1", "build_success"), Drop(kept))


def test_an_old_address_is_rotated():
    old = part("1", created_at=NOW - ROTATE, whole_at=NOW)
    assert plan((PUSH,), seen([old], [bell("1")], rotate=ROTATE)) == (
        Make("repo_push", "{}", False, NOW, rotates=True),
        Remove("u1", "repo_push"),
        Drop(old),
    )
    assert plan((PUSH,), seen([old], [bell("1")])) == ()


def test_of_two_the_one_that_works_stays():
    parts = [part("1"), part("2", created_at=NOW)]
    steps = plan((PUSH,), seen(parts, [bell("1"), bell("2", failures=OFF)]))
    assert steps == (Remove("u2", "repo_push"), Drop(parts[1]))


def test_what_is_not_wanted_any_more_goes():
    parts = [part("1"), part("2", BUILD)]
    steps = plan((PUSH,), seen(parts, [bell("1"), bell("2", BUILD)]))
    assert steps == (Remove("u2", "build_success"), Drop(parts[1]))


def test_what_has_ended_is_found_although_its_url_is_dead():
    old = part("1")
    found = Seen([old], [bell("1")], {}, HERE, NOW)
    assert [step for step in plan((), found) if not isinstance(step, Orphan)] == [Remove("u1", "repo_push"), Drop(old)]


def test_what_looks_like_ours_and_nobody_knows_is_asked_about():
    stray = bell("7")
    assert plan((), seen([], [stray])) == (Orphan(stray),)
    assert plan((), seen([], [stray], "7")) == ()  # that of another subscription


EVENTS = st.sampled_from((PUSH, BUILD, FINDINGS, QUEUED))
HOOKS = st.sampled_from("123456789")
BELLS = st.builds(
    Notification,
    uuid=st.sampled_from("abcdefgh"),
    event=st.sampled_from(("repo_push", "build_success", "vulnerability_found", "build_queued")),
    method=st.sampled_from(("webhook", "webhook", "webhook", "slack", "email")),
    title=st.sampled_from(("quaybot S1", "quaybot S2", "quaybot", "quaybots", "", "mine")),
    mark=st.one_of(st.just(""), HOOKS.map(mark)),
    place=st.sampled_from((HERE, HERE, ELSEWHERE)),
    failures=st.integers(0, 5),
)
PARTS = st.builds(
    part,
    HOOKS,
    EVENTS,
    uuid=st.sampled_from(("", "a", "b", "c", "z")),
    created_at=st.sampled_from((NOW, NOW - timedelta(days=1), NOW - timedelta(days=100))),
)
NEEDS = st.lists(EVENTS, unique_by=lambda need: need.event).map(tuple)


@dataclass
class World:
    """Quay's list, the parts, and whose marks are whose; it does what a plan says."""

    parts: list[Part]
    bells: list[Notification]
    hooks: dict[str, str]
    touched: list[Notification] = field(default_factory=list)
    number: int = 100

    def seen(self) -> Seen:
        return Seen(tuple(self.parts), tuple(self.bells), dict(self.hooks), HERE, NOW, ROTATE)

    def do(self, step: Step, *, answered: bool = True) -> None:
        match step:
            case Make(event, config, silent):
                made = json.loads(config)
                self.number += 1
                hook, uuid = str(self.number), f"n{self.number}"
                self.hooks[mark(hook)] = hook
                known = uuid if answered else ""
                self.parts.append(Part(hook, "S1", "acme/web", event, silent, config, NOW, uuid=known))
                self.bells.append(Notification(uuid, event, "webhook", "quaybot S1", mark(hook), HERE, made))
            case Adopt(now):
                self.parts = [now if one.hook == now.hook else one for one in self.parts]
            case Reset(now):
                self.touched += [one for one in self.bells if one.uuid == now.uuid]
                self.bells = [replace(one, failures=0) if one.uuid == now.uuid else one for one in self.bells]
                self.parts = [now if one.hook == now.hook else one for one in self.parts]
            case Remove(uuid):
                self.touched += [one for one in self.bells if one.uuid == uuid]
                self.bells = [one for one in self.bells if one.uuid != uuid]
            case Drop(old):
                self.parts = [one for one in self.parts if one.hook != old.hook]
                self.hooks.pop(mark(old.hook), None)

    def planned(self, needs: Sequence[Need]) -> list[Step]:
        return [step for step in plan(needs, self.seen()) if not isinstance(step, Orphan)]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    parts = draw(st.lists(PARTS, max_size=5, unique_by=lambda one: one.hook))
    bells = draw(st.lists(BELLS, max_size=8, unique_by=lambda one: one.uuid))
    others = draw(st.sets(HOOKS, max_size=3))
    known = {mark(hook): hook for hook in {*others, *(one.hook for one in parts)}}
    return World(parts, bells, known)


@given(worlds(), NEEDS)
def test_what_was_planned_and_done_needs_no_second_plan(world: World, needs: tuple[Need, ...]):
    for step in world.planned(needs):
        world.do(step)
    assert world.planned(needs) == []
    assert sorted(one.event for one in world.parts) == sorted(need.event for need in needs)


@given(worlds(), NEEDS)
def test_whatever_quay_lists_nobody_elses_notification_is_touched(world: World, needs: tuple[Need, ...]):
    mine, uuids = {one.hook for one in world.parts}, {one.uuid for one in world.parts if one.uuid}
    before, known = {one.uuid: one for one in world.bells}, dict(world.hooks)
    for step in world.planned(needs):
        world.do(step)
    for one in world.touched:
        if one.uuid in before:
            owner = known.get(one.mark)
            assert looks_ours(one)
            assert owner in mine if owner else one.uuid in uuids


@given(worlds(), NEEDS, st.integers(0, 12), st.booleans())
def test_whatever_step_it_is_cut_off_after_the_next_look_ends_it(
    world: World, needs: tuple[Need, ...], cut: int, answered: bool
):
    for step in world.planned(needs)[:cut]:
        world.do(step, answered=answered)  # also if Quay's answers got lost
    for _ in range(2):
        for step in world.planned(needs):
            world.do(step)
    assert world.planned(needs) == []
    assert all(one.uuid in {bell.uuid for bell in world.bells} for one in world.parts)


@given(worlds(), NEEDS)
def test_a_wanted_event_is_never_without_a_notification_that_works_if_it_had_one(world: World, needs: tuple[Need, ...]):
    def working() -> set[str]:
        known = {one.hook: one for one in world.parts}
        fine = [one for one in world.bells if looks_ours(one) and one.failures < OFF and one.place == HERE]
        owners = [(one.event, known.get(world.hooks.get(one.mark, ""))) for one in fine]
        return {event for event, owner in owners if owner and owner.event == event}

    wanted = {need.event for need in needs}
    had = working() & wanted
    for step in world.planned(needs):
        world.do(step)
        assert had <= working()
