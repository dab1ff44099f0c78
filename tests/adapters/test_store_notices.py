"""What is announced: queued once for each key, and reworded in place as long as it is there."""

import asyncio

from sqlalchemy import delete, update

from bot.adapters.store import SqlStore, open_store
from bot.adapters.store.tables import outbox
from bot.domain.messages import Outgoing
from tests.plugins.rows import NOW, SOON, after
from tests.plugins.slackless import all_said, messages, unsaid


def notice(text: str, key: str = "act:KDWF-4071", channel: str = "C1") -> Outgoing:
    return Outgoing(key, channel, {"text": text}, "U1")


async def test_a_notice_waits_to_be_said_with_whoever_it_is_about(store: SqlStore) -> None:
    await store.notices.say(notice("restored"), NOW)
    [row] = await unsaid(store)
    assert (row.text, row.channel, row.key, row.asker) == ("restored", "C1", "act:KDWF-4071", "U1")


async def test_saying_it_twice_says_it_once_with_the_last_words(store: SqlStore) -> None:
    await store.notices.say(notice("restored"), NOW)
    await store.notices.say(notice("undone"), SOON)
    [row] = await messages(store)
    assert row.text == "undone"


async def test_one_that_is_shown_already_is_edited(store: SqlStore) -> None:
    await store.notices.say(notice("restored"), NOW)
    await all_said(store, NOW)
    await store.notices.say(notice("undone"), SOON)
    [row] = await unsaid(store)
    assert (row.text, row.sent_revision, row.revision) == ("undone", 1, 2)
    assert row.ts is not None


async def test_the_same_words_again_stay_in_the_same_message(store: SqlStore) -> None:
    await store.notices.say(notice("restored"), NOW)
    await all_said(store, NOW)
    await store.notices.say(notice("restored"), SOON)
    [row] = await messages(store)
    assert (row.text, row.ts) == ("restored", "act:KDWF-4071")


async def test_keys_are_apart(store: SqlStore) -> None:
    await store.notices.say(notice("restored"), NOW)
    await store.notices.say(notice("restored", "act:KDWF-4071:C2", "C2"), NOW)
    assert [row.channel for row in await unsaid(store)] == ["C1", "C2"]


async def test_one_that_was_forgotten_is_said_anew(store: SqlStore) -> None:
    await store.notices.say(notice("restored"), NOW)
    async with store._database.writing() as connection:
        await connection.execute(delete(outbox))
    await store.notices.say(notice("undone"), after(9))
    [row] = await unsaid(store)
    assert row.text == "undone"


async def test_one_that_was_given_up_breaks_nothing(store: SqlStore) -> None:
    await store.notices.say(notice("restored"), NOW)
    async with store._database.writing() as connection:
        await connection.execute(update(outbox).values(parked_at=NOW, reason="channel_not_found"))
    await store.notices.say(notice("undone"), SOON)


async def test_many_who_say_it_at_once_say_it_once(store: SqlStore, database_url: str) -> None:
    other = open_store(database_url, None)
    try:
        said = [place.notices.say(notice(f"word {number}"), NOW) for number in range(4) for place in (store, other)]
        await asyncio.gather(*said)
    finally:
        await other.close()
    assert len(await messages(store)) == 1


async def test_words_that_no_database_takes_are_cleaned(store: SqlStore) -> None:
    await store.notices.say(notice("restored", "act:\x00odd"), NOW)
    await store.notices.say(notice("undone", "act:\x00odd"), NOW)
    [row] = await messages(store)
    assert row.text == "undone"
