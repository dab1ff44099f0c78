"""The board: events become cards, and each card is one message."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.adapters.store import SqlStore
from bot.domain.events import BuildMoved, Event, Phase, Pushed, Severity, VulnerabilityFound
from bot.services.board import Board, Telling, Told
from bot.services.families import BY_EVENT, BY_NAME
from tests.fakes.slack_desk import HandClock
from tests.plugins.slackless import Said, all_said


@dataclass
class Wall:
    """A board, the rows it has queued, and short ways to make events."""

    store: SqlStore
    clock: HandClock
    rung: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.board = self.on(self.store)

    def on(self, store: SqlStore) -> Board:
        return Board(store.inbox, self.clock, "https://quay.example", lambda: self.rung.append(1))

    def push(self, *tags: str, **more: Any) -> Pushed:
        names = {"kind": "repo_push", "namespace": "acme", "repository": "acme/web"} | more
        return Pushed(**names, at=self.clock.now(), tags=tags or ("latest",))

    def build(self, phase: Phase, **more: Any) -> BuildMoved:
        names = {"kind": "build_queued", "namespace": "acme", "repository": "acme/web", "build_id": "b-1"}
        return BuildMoved(**names, at=self.clock.now(), phase=phase, **more)

    def finding(self, **more: Any) -> VulnerabilityFound:
        names = {"kind": "vulnerability_found", "namespace": "acme", "repository": "acme/web", "tags": ("latest",)}
        facts = {"vulnerability": "CVE-2026-1", "severity": Severity.HIGH, "at": self.clock.now()}
        return VulnerabilityFound(**(names | facts | more))

    async def tell(self, event: Event, *channels: str, asker: str | None = None) -> None:
        await self.board.tell(event, channels=channels, asker=asker)

    async def batch(self, *tellings: Telling) -> Told:
        async with self.store.inbox.ledger() as ledger:
            return await self.board.apply(ledger, tellings)

    async def queued(self) -> list[Said]:
        """Everything that has something to say, in the order of its channels; from here on it is shown."""
        rows = await all_said(self.store, self.clock.now())
        return sorted(rows, key=lambda row: (row.channel, row.id))

    async def texts(self) -> list[tuple[str, str]]:
        return [(row.channel, row.text) for row in await self.queued()]


@pytest.fixture
def wall(store: SqlStore) -> Wall:
    return Wall(store, HandClock())


PUSHED = "Pushed acme/web:latest"


async def test_an_event_opens_a_card_in_each_of_its_channels(wall: Wall) -> None:
    await wall.tell(wall.push(), "C1", "C2", "C1")
    assert await wall.texts() == [("C1", PUSHED + "."), ("C2", PUSHED + ".")]
    assert len(wall.rung) == 1


async def test_an_event_for_no_channel_queues_nothing(wall: Wall) -> None:
    await wall.tell(wall.push())
    assert await wall.queued() == []


async def test_a_repeated_event_turns_the_card_it_belongs_to(wall: Wall) -> None:
    await wall.tell(wall.push(), "C1")
    (first,) = await wall.queued()
    wall.clock.pass_by(40)
    await wall.tell(wall.push(), "C1")
    (again,) = await wall.queued()
    assert (again.id, again.ts, again.revision) == (first.id, first.key, 2)
    assert again.text == PUSHED + ", reported 2 times."


async def test_a_copy_that_changes_nothing_is_not_shown_again(wall: Wall) -> None:
    await wall.tell(wall.finding(), "C1")
    assert len(await wall.queued()) == 1
    wall.clock.pass_by(5)
    await wall.tell(wall.finding(), "C1")
    assert await wall.queued() == []


async def test_a_copy_while_the_first_is_still_waiting_leaves_its_revision_alone(wall: Wall) -> None:
    await wall.tell(wall.finding(), "C1")
    await wall.tell(wall.finding(), "C1")
    (row,) = await wall.queued()
    assert row.revision == 1


async def test_after_its_window_an_event_gets_a_new_card(wall: Wall) -> None:
    await wall.tell(wall.push(), "C1")
    wall.clock.pass_by(91)
    await wall.tell(wall.push(), "C1")
    assert await wall.texts() == [("C1", PUSHED + "."), ("C1", PUSHED + ".")]
    wall.clock.pass_by(10)
    await wall.tell(wall.push(), "C1")
    assert await wall.texts() == [("C1", PUSHED + ", reported 2 times.")]  # the newer card counts on


async def test_a_card_and_its_successor_within_one_batch_are_two_messages(wall: Wall) -> None:
    early = wall.push()
    wall.clock.pass_by(40)
    again = wall.push()
    wall.clock.pass_by(500)
    await wall.batch(*[Telling(event, ("C1",), f"d:{n}") for n, event in enumerate([early, again, wall.push()])])
    assert await wall.texts() == [("C1", PUSHED + ", reported 2 times."), ("C1", PUSHED + ".")]


async def test_two_events_of_one_card_in_one_batch_make_one_message_with_the_final_state(wall: Wall) -> None:
    await wall.batch(Telling(wall.push(), ("C1",), "d:1"), Telling(wall.push(), ("C1",), "d:2"))
    (row,) = await wall.queued()
    assert (row.revision, row.text) == (1, PUSHED + ", reported 2 times.")


async def test_messages_of_one_batch_keep_the_order_of_arrival(wall: Wall) -> None:
    pushes = [wall.push(repository=f"acme/{name}") for name in ("z", "a", "m")]
    await wall.batch(*[Telling(push, ("C1",), f"d:{push.repository}") for push in pushes])
    assert [text for _, text in await wall.texts()] == [f"Pushed acme/{name}:latest." for name in ("z", "a", "m")]


async def test_all_tags_of_one_promotion_are_one_message(wall: Wall) -> None:
    await wall.batch(*[Telling(wall.push(tag), ("C1",), f"d:{tag}") for tag in ("z", "a", "m")])
    assert await wall.texts() == [("C1", "3 tags pushed to acme/web: a, m, z.")]


async def test_a_build_is_kept_true_in_every_channel_that_shows_it(wall: Wall) -> None:
    await wall.tell(wall.build(Phase.WAITING), "C1")
    await wall.tell(wall.build(Phase.WAITING), "C2")
    await wall.queued()
    await wall.tell(wall.build(Phase.COMPLETE))
    assert [row.channel for row in await wall.queued()] == ["C1", "C2"]


async def test_a_push_is_told_only_where_it_was_asked_for(wall: Wall) -> None:
    await wall.tell(wall.push(), "C1")
    await wall.queued()
    await wall.tell(wall.push(), "C2")
    assert await wall.texts() == [("C2", PUSHED + ".")]


async def test_a_channel_that_joined_in_the_same_batch_follows_the_build_too(wall: Wall) -> None:
    queued, done = wall.build(Phase.WAITING), wall.build(Phase.COMPLETE)
    await wall.batch(Telling(queued, ("C1",), "d:1"), Telling(done, ("C2",), "d:2"))
    rows = await wall.queued()
    assert [row.channel for row in rows] == ["C1", "C2"]
    assert rows[0].text == rows[1].text


async def test_every_press_of_the_test_button_is_seen(wall: Wall) -> None:
    for _ in range(3):
        await wall.tell(wall.push(test=True), "C1")
    assert len(await wall.queued()) == 3
    await wall.tell(wall.push(), "C1")
    assert await wall.texts() == [("C1", PUSHED + ".")]


async def test_a_test_of_a_build_does_not_reach_those_who_follow_a_real_one(wall: Wall) -> None:
    await wall.tell(wall.build(Phase.WAITING), "C1")
    await wall.queued()
    await wall.tell(wall.build(Phase.COMPLETE, test=True), "C2")
    assert [row.channel for row in await wall.queued()] == ["C2"]


@pytest.mark.parametrize("test", [False, True])
async def test_a_telling_repeated_under_its_name_makes_no_second_message(wall: Wall, test: bool) -> None:
    telling = Telling(wall.push(test=test), ("C1", "C2"), "delivery:7")
    await wall.batch(telling)
    await wall.batch(telling)
    wall.clock.pass_by(500)
    await wall.batch(telling)
    assert [row.channel for row in await wall.queued()] == ["C1", "C2"]


async def test_the_asker_goes_with_the_message(wall: Wall) -> None:
    await wall.tell(wall.build(Phase.WAITING), "C1", asker="U1")
    (row,) = await wall.queued()
    assert row.asker == "U1"


async def test_what_fails_in_the_middle_leaves_nothing_behind(wall: Wall) -> None:
    async def fails() -> None:
        async with wall.store.inbox.ledger() as ledger:
            await wall.board.apply(ledger, [Telling(wall.push(), ("C1",), "d:1")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await wall.queued() == []


async def test_two_replicas_at_once_count_every_event_on_one_card(wall: Wall, replica: SqlStore) -> None:
    boards = [wall.board, wall.on(replica)] * 5
    await asyncio.gather(*[board.tell(wall.push(), channels=["C1"]) for board in boards])
    (row,) = await wall.queued()
    assert row.text == PUSHED + ", reported 10 times."


async def test_replicas_with_the_same_cards_in_different_orders_never_block_each_other(
    wall: Wall, replica: SqlStore
) -> None:
    async def told(board: Board, names: str, turn: str) -> None:
        pushes = [wall.push(repository=f"acme/{name}") for name in names]
        async with board.inbox.ledger() as ledger:
            tellings = [Telling(push, ("C1",), f"{turn}:{push.repository}") for push in pushes]
            await board.apply(ledger, tellings)

    for turn in range(5):
        await asyncio.gather(told(wall.board, "abcdef", f"x{turn}"), told(wall.on(replica), "fedcba", f"y{turn}"))
    texts = [text for _, text in await wall.texts()]
    assert sorted(texts) == [f"Pushed acme/{name}:latest, reported 10 times." for name in "abcdef"]


def test_every_kind_of_event_has_a_family_of_its_own() -> None:
    assert set(BY_EVENT) == set(Event.__subclasses__())
    assert len(BY_NAME) == len(BY_EVENT)


async def test_the_channels_of_a_card_are_those_in_which_it_hangs(wall: Wall) -> None:
    running = wall.build(Phase.BUILDING)
    assert await wall.board.channels(running) == ()
    await wall.tell(running, "C2", "C1")
    await wall.tell(wall.push(), "C3")
    assert await wall.board.channels(wall.build(Phase.ERROR)) == ("C1", "C2")
