"""Why something was told or not, from the command line."""

import pytest

from bot.adapters.store import SqlStore
from bot.domain.messages import Outgoing
from bot.domain.trail import Entry, Verdict
from bot.ports import Opened
from tests.command_line import Run, quaybot, refused
from tests.command_line_store import AT, Do, an_unreadable_body, stored
from tests.house.untouched import untouched_logs
from tests.plugins.rows import LEASE
from webhooks.server import token_hash

__all__ = ["quaybot", "stored", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")


async def told(store: SqlStore) -> None:
    await store.hooks.add("repo_push", "acme/web", ["C01", "C02"], token_hash("t"), AT)
    await store.intake.keep([(token_hash("t"), b"{}")], AT)
    async with store.inbox.ledger() as ledger:
        (card,) = await ledger.open_cards([Opened("push", "{}", Outgoing("k", "C01", {"text": "x"}))], AT)
        assert card is not None
        entry = Entry("C01", "acme/web", "repo_push", ("v1",), AT, Verdict.OPENED, 1)
        rule = "`tag:x`: the tag v1 does not match"
        filtered = Entry("C02", "acme/web", "repo_push", ("v1",), AT, Verdict.FILTERED, 1, rule)
        await ledger.record([(card.id, entry), (None, filtered)], AT)
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
    quaybot("migrate")
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
