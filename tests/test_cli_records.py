"""What is kept to be looked at, from the command line: dead letters, channels, and why."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.adapters.store import SqlStore, open_store
from bot.adapters.store.tables import deliveries, lanes
from bot.domain.messages import Outgoing
from bot.domain.trail import Entry, Verdict
from bot.ports import Opened
from tests.command_line import Run, quaybot, refused
from tests.house.untouched import untouched_logs
from tests.plugins.rows import LEASE
from webhooks.server import token_hash

__all__ = ["quaybot", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
BODY = '{"häßlich": 1'.encode()
Do = Callable[[Callable[[SqlStore], Awaitable[object]]], None]


@pytest.fixture
def stored(quaybot: Run, tmp_path: Path) -> Do:
    """Does something with the store that the program will look at."""
    quaybot("migrate")

    def do(work: Callable[[SqlStore], Awaitable[object]]) -> None:
        async def done() -> None:
            store = open_store(f"sqlite:///{tmp_path / 'quaybot.db'}", None)
            try:
                await work(store)
            finally:
                await store.close()

        asyncio.run(done())

    return do


async def an_unreadable_body(store: SqlStore, count: int = 1, reason: str = "the body is not JSON") -> None:
    await store.hooks.add("repo_push", "acme/web", ["C01", "C02"], token_hash("t"), AT)
    await store.intake.keep([(token_hash("t"), BODY)] * count, AT)
    async with store.inbox.ledger() as ledger:
        for number in range(1, count + 1):
            await ledger.set_aside(number, reason)


async def a_refused_message(store: SqlStore, text: str = "acme/web was pushed") -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.say(Outgoing("k", "C01", {"text": text}), AT)
    (due,) = await store.outbox.claim(1, AT, LEASE)
    await store.outbox.park(due, "invalid_blocks", AT)


async def a_parked_channel(store: SqlStore) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.say(Outgoing("waits", "C09", {"text": "x"}), AT)
    async with store._database.writing() as connection:
        values = {"channel": "C09", "free_at": AT, "parked_at": AT, "reason": "The channel is archived."}
        await connection.execute(lanes.insert().values(**values, pace=1050, away=False))


PARKED = (
    "channel C09 is parked since 2026-03-04 05:06:07 with 1 message: The channel is archived. "
    "When that is mended: quaybot channels resume C09"
)


# --- dead letters ---


def test_no_dead_letters_is_said_plainly(quaybot: Run):
    assert quaybot("dead", "list").out == ["There are no dead letters."]
    assert quaybot("dead", "retry", "all").out == ["There are no dead letters."]
    assert quaybot("dead", "drop", "all").out == ["There are no dead letters."]


def test_dead_letters_and_parked_channels_are_listed(quaybot: Run, stored: Do):
    stored(an_unreadable_body)
    stored(a_refused_message)
    stored(a_parked_channel)

    assert sorted(quaybot("dead", "list").out) == [
        PARKED,
        "d1  2026-03-04 05:06:07  C01,C02  hook 1, repo_push of acme/web  the body is not JSON",
        "m1  2026-03-04 05:06:07  C01  acme/web was pushed  invalid_blocks",
    ]


def test_a_long_reason_says_that_it_was_cut(quaybot: Run, stored: Do):
    stored(lambda store: an_unreadable_body(store, reason="x" * 101))

    assert quaybot("dead", "list").out[0].endswith("  " + "x" * 99 + "…")


def test_programs_get_the_same_as_json(quaybot: Run, stored: Do):
    stored(an_unreadable_body)
    stored(a_parked_channel)

    assert json.loads("\n".join(quaybot("dead", "list", "--json").out)) == {
        "letters": [
            {
                "id": "d1",
                "at": "2026-03-04T05:06:07+00:00",
                "reason": "the body is not JSON",
                "about": "hook 1, repo_push of acme/web",
                "place": "C01,C02",
                "size": len(BODY),
            }
        ],
        "parked_channels": [
            {
                "channel": "C09",
                "parked_at": "2026-03-04T05:06:07+00:00",
                "reason": "The channel is archived.",
                "waiting": 1,
            }
        ],
    }


@pytest.mark.parametrize(("count", "told"), [(99, 0), (100, 1), (101, 1)])
def test_a_list_that_may_have_been_cut_says_so(quaybot: Run, stored: Do, count: int, told: int):
    stored(lambda store: an_unreadable_body(store, count))

    done = quaybot("dead", "list")

    assert len(done.out) == min(count, 100)
    assert done.err == ["There may be more: the newest 100 are shown."] * told


def test_foreign_words_cannot_speak_to_the_terminal(quaybot: Run, stored: Do):
    stored(lambda store: a_refused_message(store, "a &amp; b\x1b[2J\nb\u202e" + "c" * 200))

    (line,) = quaybot("dead", "list").out
    assert "\x1b" not in line
    assert "a & b" in line
    assert "\u202e" not in line
    assert len(line) < 200


def test_a_body_is_shown_as_it_came_with_the_reason_beside_it(quaybot: Run, stored: Do):
    stored(an_unreadable_body)

    done = quaybot("dead", "show", "d1")

    assert "\n".join(done.out) == BODY.decode()
    assert done.err == [
        "d1: hook 1, repo_push of acme/web",
        "2026-03-04 05:06:07, for C01,C02, 15 bytes",
        "Reason: the body is not JSON",
    ]


def test_a_message_is_shown_with_its_payload(quaybot: Run, stored: Do):
    stored(a_refused_message)

    done = quaybot("dead", "show", "m1")

    assert json.loads(done.out[0]) == {"text": "acme/web was pushed"}
    assert done.err[-1] == "Reason: invalid_blocks"


@pytest.mark.parametrize("word", ["show", "retry", "drop"])
@pytest.mark.parametrize("letter", ["d2", "m1", "x", "1", "²", "9" * 30, "d1 2", "\x1b[2J"])
def test_an_id_that_is_none_is_one_plain_line(quaybot: Run, stored: Do, word: str, letter: str):
    stored(an_unreadable_body)

    done = quaybot("dead", word, letter)

    assert refused(done, "There is no dead letter", "quaybot dead list")
    assert "\x1b" not in done.err[0]


async def states(store: SqlStore) -> list[tuple[str, str | None]]:
    async with store._database.reading() as connection:
        bodies = await connection.execute(select(deliveries.c.state, deliveries.c.reason).order_by(deliveries.c.id))
        return [tuple(row) for row in bodies]


async def waiting(store: SqlStore) -> tuple[int, int]:
    return await store.inbox.waiting(), await store.outbox.waiting()


def look(stored: Do, question: Callable[[SqlStore], Awaitable[object]]) -> object:
    answers: list[object] = []

    async def ask(store: SqlStore) -> None:
        answers.append(await question(store))

    stored(ask)
    return answers[0]


def test_one_letter_is_tried_once_more(quaybot: Run, stored: Do):
    stored(an_unreadable_body)
    stored(a_refused_message)

    assert quaybot("dead", "retry", "d1").out == [
        "The bot tries d1 once more. What fails again comes back here with its reason."
    ]

    assert look(stored, waiting) == (1, 0)
    assert [line.split()[0] for line in quaybot("dead", "list").out] == ["m1"]


def test_all_letters_are_tried_once_more(quaybot: Run, stored: Do):
    stored(an_unreadable_body)
    stored(a_refused_message)

    assert quaybot("dead", "retry", "all").out == [
        "The bot tries 2 dead letters once more. What fails again comes back here with its reason."
    ]

    assert look(stored, waiting) == (1, 1)


def test_dropping_asks_before_it_does_so(quaybot: Run, stored: Do, monkeypatch: pytest.MonkeyPatch):
    stored(an_unreadable_body)
    asked: list[str] = []

    def confirm(question: str, **_: object) -> bool:
        asked.append(question)
        return True

    monkeypatch.setattr("typer.confirm", confirm)

    assert quaybot("dead", "drop", "d1").out == ["d1 dropped."]
    assert asked == ["Drop d1 (hook 1, repo_push of acme/web, for C01,C02)? Nobody will be told of it."]
    assert look(stored, states) == [("done", "dropped by the operator")]


def test_without_an_answer_nothing_is_dropped(quaybot: Run, stored: Do, monkeypatch: pytest.MonkeyPatch):
    stored(an_unreadable_body)
    with Path("/dev/null").open(encoding="utf-8") as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        done = quaybot("dead", "drop", "all")

    assert done.code == 1
    assert "Drop all dead letters (1)?" in done.err[0]
    assert len(quaybot("dead", "list").out) == 1


def test_everything_can_be_dropped_without_a_question(quaybot: Run, stored: Do):
    stored(an_unreadable_body)
    stored(a_refused_message)

    assert quaybot("dead", "drop", "all", "--yes").out == ["2 dead letters dropped."]
    assert look(stored, waiting) == (0, 0)


# --- channels ---


def test_without_channels_somebody_is_told_where_they_come_from(quaybot: Run):
    assert quaybot("channels", "list").out == [
        "There are no channels yet. They come with webhook URLs: quaybot hooks add NS/REPO EVENT --channel C…"
    ]


def test_channels_are_listed_with_what_was_decided_and_what_is_wrong(quaybot: Run, stored: Do):
    quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C01")
    quaybot("channels", "set", "C05", "--layout", "compact")
    stored(a_parked_channel)

    assert quaybot("channels", "list").out == [
        "C01  card  no owner",
        "C05  compact  no owner",
        "C09  card  no owner",
        f"  {PARKED}",
    ]


def test_layout_and_owner_are_chosen_one_by_one_or_together(quaybot: Run):
    assert quaybot("channels", "set", "C01", "--owner", "U01").out == ["C01  card  owner U01"]
    assert quaybot("channels", "set", "C01", "--layout", "thread").out == ["C01  thread  owner U01"]
    assert quaybot("channels", "set", "C01", "--owner", "none", "--layout", "card").out == ["C01  card  no owner"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("C01",), "Say what: quaybot channels set C01 --layout thread"),
        (("releases", "--layout", "card"), "'releases' is not a Slack channel id"),
        (("C01", "--layout", "big"), "'big' is no layout. Layouts are card, thread, compact."),
        (("C01", "--owner", "@alice"), "'@alice' is not a Slack user id. Ids look like U0123ABCD"),
        (("C01", "--owner", ""), "'' is not a Slack user id"),
    ],
)
def test_what_makes_no_sense_is_one_plain_line(quaybot: Run, words: tuple[str, ...], says: str):
    assert refused(quaybot("channels", "set", *words), says)


def test_a_parked_channel_is_tried_again(quaybot: Run, stored: Do):
    stored(a_parked_channel)

    done = quaybot("channels", "resume", "C09")

    assert done.out == ["C09 is tried again. If Slack still refuses, it is parked once more: see quaybot channels list"]
    assert refused(quaybot("channels", "resume", "C01"), "C01 is not parked. See: quaybot channels list")
    assert refused(quaybot("channels", "resume", "x"), "'x' is not a Slack channel id")


# --- why ---


async def told(store: SqlStore) -> None:
    await store.hooks.add("repo_push", "acme/web", ["C01", "C02"], token_hash("t"), AT)
    await store.intake.keep([(token_hash("t"), b"{}")], AT)
    async with store.inbox.ledger() as ledger:
        (card,) = await ledger.open_cards([Opened("push", "{}", Outgoing("k", "C01", {"text": "x"}))], AT)
        assert card is not None
        entry = Entry("C01", "acme/web", "repo_push", ("v1",), AT, Verdict.OPENED, 1)
        rule = "`tag:x`: the tag v1 does not match"
        filtered = Entry("C02", "acme/web", "repo_push", ("v1",), AT, Verdict.FILTERED, 1, rule)
        await ledger.record([(card.id, entry), (None, filtered)])
        await ledger.done([1])
    (due,) = await store.outbox.claim(1, AT, LEASE)
    await store.outbox.sent(due, "17.001", AT)


def test_why_follows_an_event_through_every_channel(quaybot: Run, stored: Do):
    stored(told)
    add = "quaybot hooks add acme/web repo_push --channel C02 --filter …"

    assert quaybot("why", "acme/web").out == [
        "The last 2 events about acme/web:",
        "",
        "repo_push of v1, for channel C02",
        "  Received 2026-03-04 05:06:07 UTC as delivery 1, through webhook URL 1.",
        "  Filtered: tag:x: the tag v1 does not match.",
        f"  What to do: nothing, if such events should stay out. For a URL with another filter, run `{add}`.",
        "",
        "repo_push of v1, for channel C01",
        "  Received 2026-03-04 05:06:07 UTC as delivery 1, through webhook URL 1.",
        "  Matched: it opened card 1.",
        "  Queued 2026-03-04 05:06:07 UTC.",
        "  Sent 2026-03-04 05:06:07 UTC; in Slack it is message 17.001.",
        "  What to do: nothing, the channel has it.",
    ]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("acme/web:v1",), ["Filtered:", "Matched:"]),
        (("acme/web:v2",), []),
        (("acme/web", "--channel", "C01"), ["Matched:"]),
        (("acme/web", "--last", "1"), ["Filtered:"]),
    ],
)
def test_why_can_be_asked_more_narrowly(quaybot: Run, stored: Do, words: tuple[str, ...], shown: list[str]):
    stored(told)

    lines = quaybot("why", *words).out

    assert [word for line in lines for word in line.split()[:1] if word in ("Filtered:", "Matched:")] == shown


def test_why_knows_what_was_set_aside(quaybot: Run, stored: Do):
    stored(an_unreadable_body)

    lines = quaybot("why", "acme/web").out

    assert "  Set aside: the body is not JSON." in lines
    assert "quaybot dead retry d1" in lines[-1]


def test_why_without_anything_says_what_to_do(quaybot: Run):
    assert "no webhook URL" in quaybot("why", "acme/web").out[1]

    quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C01")

    assert quaybot("why", "acme/web").out[1] == "There is a webhook URL for it: 1 (repo_push, for channel C01)."


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("Acme/Web",), "Did you mean acme/web?"),
        (("acme web",), "does not look like a repository"),
        (("acme/web", "--channel", "releases"), "'releases' is not a Slack channel id"),
    ],
)
def test_a_question_that_makes_no_sense_is_one_plain_line(quaybot: Run, words: tuple[str, ...], says: str):
    assert refused(quaybot("why", *words), says)


# --- the check-up ---


def test_the_check_up_tells_what_was_given_up_and_what_waits(quaybot: Run, stored: Do):
    stored(lambda store: an_unreadable_body(store, 2))
    stored(a_parked_channel)

    lines = quaybot("doctor").out

    assert "✓ Database answers; 1 webhook URL, 0 webhooks and 1 message waiting" in lines
    assert lines[-2:] == [
        "✗ 2 dead letters: see what could not be read or delivered with quaybot dead list",
        f"✗ {PARKED}",
    ]
