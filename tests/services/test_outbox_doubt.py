"""When an answer gets lost: the outbox looks before it posts again, so nothing is shown twice or lost."""

import asyncio
import random
from contextlib import suppress

import pytest

from bot.adapters.store import SqlStore
from bot.domain.errors import TryLater
from bot.fakes.slack import Fault
from bot.services.outbox import LEASE, Speaker
from tests.services.newsroom import Newsroom, newsroom, no_jitter


@pytest.mark.parametrize("kind", ["reset_after", "reset", "500", "error:fatal_error", "error:never_seen_before"])
async def test_a_doubtful_failure_is_looked_up_before_it_is_posted_again(room: Newsroom, kind: str) -> None:
    room.slack.faults = [Fault("chat.postMessage", kind)]
    await room.queue("a")
    await room.queue("b")
    await room.finish(room.speaker())
    assert sorted(room.shown()) == ["a", "b"]
    assert len(room.calls("conversations.history")) == 1


async def test_a_post_that_timed_out_after_it_was_shown_is_found(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "timeout")]
    await room.queue("a")
    await room.work(room.speaker(room.voice(deadline=0.2)))
    assert room.shown() == ["a"]
    await room.finish(room.speaker())
    assert room.shown() == ["a"]
    assert [call.method for call in room.slack.calls] == ["chat.postMessage", "conversations.history", "chat.update"]


async def test_what_was_found_shows_the_newest_words(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "reset_after")]
    await room.open("card", "one")
    speaker = room.speaker()
    await room.work(speaker)
    await room.turn("card", "two")
    await room.finish(speaker)
    assert room.shown() == ["two"]


async def test_a_post_is_found_behind_pages_of_other_messages(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "reset_after")]
    await room.queue("a")
    speaker = room.speaker()
    await room.work(speaker)
    for number in range(450):
        room.slack.say("U1", "C1", f"chatter {number}")
    await room.finish(speaker)
    assert room.shown().count("a") == 1
    assert len(room.calls("conversations.history")) == 3


async def test_words_of_others_are_never_taken_for_ours(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "reset")]
    await room.queue("a")
    speaker = room.speaker()
    await room.work(speaker)
    room.slack.say("U1", "C1", "a")
    await room.finish(speaker)
    assert room.shown() == ["a", "a"]  # hers and ours


async def test_a_lost_answer_in_direct_messages_is_looked_up_there(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "reset_after")]
    await room.queue("a", "U1")
    await room.finish(room.speaker())
    assert room.shown("U1") == ["a"]


async def test_a_refusal_after_a_doubt_does_not_end_the_doubt(room: Newsroom) -> None:
    room.slack.faults = [
        Fault("chat.postMessage", "reset_after"),
        Fault("conversations.history", "429", retry_after=3),
        Fault("conversations.history", "500"),
    ]
    await room.queue("a")
    await room.finish(room.speaker())
    assert room.shown() == ["a"]
    assert len(room.calls("chat.postMessage")) == 1


async def test_without_the_right_to_look_it_is_posted_rather_than_lost(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "reset")]
    room.slack.scopes -= {"channels:history", "groups:history", "im:history"}
    await room.queue("a")
    await room.finish(room.speaker())
    assert room.shown() == ["a"]


async def test_a_process_that_died_between_post_and_note_shows_one_message(room: Newsroom, replica: SqlStore) -> None:
    await room.queue("a")
    (row,) = await replica.outbox.claim(1, room.clock.now(), LEASE)
    await replica.outbox.attempting(row, room.clock.now())
    await room.voice().post(row.channel, row.payload, row.key)
    survivor = room.speaker()
    room.clock.pass_by(LEASE.total_seconds() - 1)
    await room.work(survivor)
    assert room.calls("conversations.history") == []  # the row still belongs to the dead one
    room.clock.pass_by(1)
    await room.finish(survivor)
    assert room.shown() == ["a"]


async def test_a_process_that_died_just_before_the_post_loses_nothing(room: Newsroom, replica: SqlStore) -> None:
    await room.queue("a")
    (row,) = await replica.outbox.claim(1, room.clock.now(), LEASE)
    await replica.outbox.attempting(row, room.clock.now())
    room.clock.pass_by(LEASE.total_seconds())
    await room.finish(room.speaker())
    assert room.shown() == ["a"]


FAULTS = ("reset_after", "reset", "500", "429", "error:fatal_error")


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_fails_and_dies_each_card_ends_as_one_message_with_the_newest_words(
    store: SqlStore, seed: int
) -> None:
    chance = random.Random(seed)
    async with newsroom(store) as room:
        speaker = room.speaker()
        newest: dict[str, str] = {}
        places: dict[str, str] = {}
        for step in range(60):
            card = f"card{chance.randrange(6)}"
            what = chance.random()
            if card not in newest:
                places[card] = f"C{chance.randrange(1, 4)}"
                await room.open(card, f"{card} {step}", places[card])
                newest[card] = f"{card} {step}"
            elif what < 0.4:
                await room.turn(card, f"{card} {step}")
                newest[card] = f"{card} {step}"
            elif what < 0.6:
                method = chance.choice(["chat.postMessage", "chat.update", "conversations.history"])
                room.slack.faults.append(Fault(method, chance.choice(FAULTS), retry_after=chance.randrange(1, 9)))
            elif what < 0.7:
                await die_in_the_middle(room, chance)
                speaker = room.speaker()
            await room.work(speaker)
            room.clock.pass_by(chance.choice([0.1, 1.0, 5.0, 61.0]))
        room.slack.faults = []
        await room.finish(speaker)
        for place in ("C1", "C2", "C3"):
            expected = sorted(newest[card] for card in newest if places[card] == place)
            assert sorted(room.shown(place)) == expected


async def die_in_the_middle(room: Newsroom, chance: random.Random) -> None:
    """A process takes rows and ends at one of the lines of its work."""
    for row in await room.store.outbox.claim(3, room.clock.now(), LEASE):
        line = chance.randrange(3)
        if line and row.ts is None and row.attempted_at is None:
            await room.store.outbox.attempting(row, room.clock.now())
            if line == 2:
                with suppress(TryLater):
                    await room.voice().post(row.channel, row.payload, row.key)
        elif line and row.ts is not None:
            with suppress(TryLater):
                await room.voice().update(row.channel, row.ts, row.payload, row.key)


async def test_two_processes_at_once_show_every_message_once(room: Newsroom, replica: SqlStore) -> None:
    chance = random.Random(5)
    for number in range(24):
        await room.queue(f"m{number:02}", f"C{number % 4 + 1}")
    room.slack.faults = [Fault("chat.postMessage", chance.choice(FAULTS), retry_after=2) for _ in range(8)]
    other = Speaker(replica.outbox, replica.inbox, room.voice(), room.clock, no_jitter)
    both = (room.speaker(), other)
    for _ in range(200):
        await asyncio.gather(*[speaker.step() for speaker in both])
        for speaker in both:
            await speaker.close()
        room.clock.pass_by(1.05)
        if not await room.store.outbox.waiting():
            break
    shown = [text for number in range(1, 5) for text in room.shown(f"C{number}")]
    assert sorted(shown) == [f"m{number:02}" for number in range(24)]
