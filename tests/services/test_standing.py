"""How we stand with Slack: known from every call, and asked for when there is none."""

import asyncio
from collections.abc import Awaitable, Callable

from structlog.testing import capture_logs

from bot.domain.errors import Busy, GiveUp, MendToken, TryLater
from bot.services.standing import EVERY, Standing, keep_asking
from tests.fakes.slack_desk import HandClock


def test_being_asked_for_patience_is_counted_and_is_no_trouble() -> None:
    standing = Standing()
    standing.heard("chat.update", Busy("Slack asks for patience.", after=30))
    standing.heard("chat.update", Busy("Slack asks for patience.", after=30))
    assert (standing.trouble, standing.refused) == ("", {"chat.update": 2})


def test_slack_is_in_trouble_until_it_takes_a_call() -> None:
    standing = Standing()
    standing.heard("chat.postMessage", TryLater("Slack does not answer."))
    assert standing.trouble == "Slack does not answer."
    standing.heard("chat.postMessage", None)
    assert standing.trouble == ""


def test_a_channel_that_refuses_us_is_no_trouble_with_slack() -> None:
    standing = Standing()
    standing.heard("chat.postMessage", GiveUp("The channel is archived."))
    assert standing.trouble == ""


class Turning(HandClock):
    """Whoever sleeps lets the others go on."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        await asyncio.sleep(0)


Asked = Callable[[], Awaitable[object]]


def slack_that_says(standing: Standing, *answers: Exception | None) -> tuple[Asked, asyncio.Event]:
    """A call that comes out as told, one answer after the other; and whether all were given."""
    left, over = list(answers), asyncio.Event()

    async def ask() -> object:
        if not left:
            over.set()
            await asyncio.Event().wait()
        error = left.pop(0)
        standing.heard("auth.test", error if isinstance(error, TryLater) else None)
        if error:
            raise error
        return {}

    return ask, over


async def asked(*answers: Exception | None) -> tuple[Standing, float, list[str]]:
    """How we stand after these answers, how many seconds they took, and what was logged."""
    standing, clock = Standing(), Turning()
    began, (ask, over) = clock.now(), slack_that_says(standing, *answers)
    with capture_logs() as logs:
        asking = asyncio.create_task(keep_asking(ask, clock))
        await over.wait()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    return standing, (clock.now() - began).total_seconds(), [line["event"] for line in logs]


async def test_in_a_quiet_hour_a_token_that_was_revoked_is_known_and_logged_within_minutes() -> None:
    standing, seconds, logs = await asked(None, MendToken("The bot's Slack token does not work (token_revoked)."))
    assert standing.trouble == "The bot's Slack token does not work (token_revoked)."
    assert (seconds, logs) == (2 * EVERY, ["slack_check_failed"])
    assert EVERY <= 300


async def test_nothing_stops_the_asking_and_a_good_answer_ends_the_trouble() -> None:
    answers = (TryLater("Slack does not answer."), ZeroDivisionError("a bug"), TryLater("Slack does not answer."), None)
    standing, seconds, logs = await asked(*answers)
    assert (standing.trouble, seconds) == ("", 4 * EVERY)
    assert logs == ["slack_check_failed", "slack_not_asked", "slack_check_failed"]
