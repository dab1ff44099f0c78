"""`/quay why`: what concerns the channel is for everybody in it, the rest for those who can read the repository."""

# ruff: noqa: E501 - golden sentences stand on one line

from datetime import timedelta
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import GiveUp, TryLater, UserError
from bot.domain.trail import Step, Unread, Verdict
from bot.ports import Hook


def step(office: Any, number: int = 1, channel: str = "C1", subject: str = "acme/web", *tags: str) -> Step:
    at = office.start + timedelta(seconds=number)
    facts: dict[str, Any] = {"opened_at": at, "queued_at": at, "sent_at": at, "due_at": at, "parked_at": None}
    words = dict.fromkeys(("rule", "reason", "lane"), "")
    return Step(
        id=number,
        delivery=number,
        hook="3",
        received_at=at,
        subject=subject,
        kind="repo_push",
        tags=tags or ("v1",),
        channel=channel,
        at=at,
        verdict=Verdict.OPENED,
        card=number,
        message=f"d{number}",
        ts=f"17.{number}",
        attempts=0,
        waiting=False,
        gathered=False,
        **facts,
        **words,
    )


def hook(office: Any, *channels: str) -> Hook:
    return Hook("3", "repo_push", "acme/web", channels or ("C1",), office.start)


def told(office: Any, reply: Any) -> str:
    return "\n".join(office.reads(reply))


async def test_the_chain_of_the_last_events_is_shown_to_anybody_in_the_channel(office):
    office.trail.kept = [step(office)]

    assert office.reads(await office.says("why acme/web", office.bob)) == snapshot(
        [
            "The last event about `acme/web`:",
            """\
*`repo_push` of `v1`*
Received <!date^1795424401^{date_short_pretty} {time_secs}|2026-11-23 09:00:01 UTC> as delivery 1, through webhook URL 3.
Matched: it opened card 1.
Queued <!date^1795424401^{date_short_pretty} {time_secs}|2026-11-23 09:00:01 UTC>.
Sent <!date^1795424401^{date_short_pretty} {time_secs}|2026-11-23 09:00:01 UTC>.
What to do: nothing, the channel has it.\
""",
            "Only this channel is shown. Other channels are shown to people whose linked Quay account can read the repository.",
        ]
    )
    assert office.quay.calls == []


async def test_the_answer_is_for_the_asker_alone(office):
    assert not (await office.says("why acme/web")).in_channel


async def test_one_tag_can_be_asked_for(office):
    office.trail.kept = [step(office, 2, "C1", "acme/web", "v2"), step(office, 1, "C1", "acme/web", "v1")]

    shown = told(office, await office.says("why acme/web:v2"))

    assert "`v2`" in shown
    assert "`v1`" not in shown


async def test_an_address_from_the_browser_means_its_repository(office):
    office.trail.kept = [step(office)]

    assert "as delivery 1," in told(office, await office.says("why https://quay.example/repository/acme/web?tab=tags"))


async def test_a_namespace_alone_means_its_own_events(office):
    office.trail.kept = [step(office, 1, "C1", "acme")]

    assert "as delivery 1," in told(office, await office.says("why acme"))


async def test_nothing_of_other_channels_is_told_to_whoever_has_no_account(office):
    office.trail.kept = [step(office, 1)]
    alone = office.reads(await office.says("why acme/web", office.bob))
    office.trail.kept = [step(office, 3, "C2"), step(office, 2, "C9"), step(office, 1)]
    office.trail.urls = [hook(office, "C1", "C2")]

    assert office.reads(await office.says("why acme/web", office.bob)) == alone
    assert alone[-1] == snapshot(
        "Only this channel is shown. Other channels are shown to people whose linked Quay account can read the repository."
    )
    assert "as delivery 1," in "".join(alone)


async def test_other_channels_are_shown_to_whoever_can_read_the_repository(office):
    office.trail.kept = [step(office, 3, "C2"), step(office, 1)]
    office.trail.left = [Unread(4, "3", "repo_push", ("C2",), office.start, "")]
    office.trail.urls = [hook(office, "C1", "C2")]

    shown = told(office, await office.says("why acme/web"))

    assert "as delivery 3," in shown
    assert "for channel <#C2>" in shown
    assert "as delivery 4" in shown
    assert "Only this channel is shown" not in shown
    assert office.quay.calls == [("token-alice", "builds", "acme/web", 1)]


@pytest.mark.parametrize("error", [UserError("No such repository."), TryLater("Quay is away."), GiveUp("Odd.")])
async def test_whatever_quay_answers_instead_means_only_this_channel(office, error):
    office.trail.kept = [step(office, 3, "C2"), step(office, 1)]
    office.quay.errors["builds"] = error

    shown = told(office, await office.says("why acme/web"))

    assert "as delivery 1," in shown
    assert "as delivery 3," not in shown
    assert "Only this channel is shown" in shown


async def test_quay_is_not_asked_about_what_this_channel_sees_anyway(office):
    office.trail.kept, office.trail.urls = [step(office)], [hook(office)]

    await office.says("why acme/web")

    assert office.quay.calls == []


async def test_events_of_a_namespace_in_other_channels_are_not_told(office):
    nothing = told(office, await office.says("why acme"))
    office.trail.kept = [step(office, 1, "C2", "acme")]

    assert told(office, await office.says("why acme")) == nothing
    assert office.quay.calls == []


async def test_webhook_urls_of_other_channels_are_not_betrayed(office):
    office.trail.urls = [hook(office, "C2")]

    assert office.reads(await office.says("why acme/web", office.bob)) == snapshot(
        [
            "I know of no event about `acme/web`.",
            """\
There is no subscription and no webhook URL for it that tells this channel.
What to do: write `/quay subscribe acme/web` in the channel. Without a linked account, my operator can run `quaybot hooks add acme/web repo_push --channel C1`, and paste the URL into a notification in Quay.\
""",
            "Only this channel is shown. Other channels are shown to people whose linked Quay account can read the repository.",
        ]
    )
    assert office.reads(await office.says("why acme/web")) == snapshot(
        [
            "I know of no event about `acme/web`.",
            """\
There is a webhook URL for it: 3 (`repo_push`, for channel <#C2>).
What to do: in Quay's settings of `acme/web`, look at the notification with that URL: after three failures (number_of_failures) Quay switches it off, and offers there to switch it on again.\
""",
        ]
    )


async def test_a_url_for_this_channel_that_nothing_came_through(office):
    office.trail.urls = [hook(office)]

    assert office.reads(await office.says("why acme/web", office.bob)) == snapshot(
        [
            "I know of no event about `acme/web`.",
            """\
There is a webhook URL for it that tells this channel: 3 (`repo_push`).
What to do: in Quay's settings of `acme/web`, look at the notification with that URL: after three failures (number_of_failures) Quay switches it off, and offers there to switch it on again.\
""",
            "Only this channel is shown. Other channels are shown to people whose linked Quay account can read the repository.",
        ]
    )


async def test_no_more_events_than_a_screen_holds(office):
    office.trail.kept = [step(office, number) for number in range(40, 0, -1)]

    assert len(office.reads(await office.says("why acme/web"))) == 1 + 5 + 1


@pytest.mark.parametrize("words", ["why", "why acme/web acme/api"])
async def test_one_repository_at_a_time(office, words):
    assert office.reads(await office.says(words)) == snapshot(
        [
            "Name one repository, with a tag if it is about that one.",
            """\
`/quay why acme/web`
`/quay why acme/web:v1.2`
`/quay why acme/web --filtered`
More: `/quay help why`\
""",
        ]
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("why Acme/Web", "Did you mean acme/web?"),
        ("why https://other.example/repository/acme/web", "That is on other.example"),
        ("why acme/web:", "The tag is missing"),
    ],
)
async def test_what_is_no_repository_is_said(office, words, says):
    assert says in told(office, await office.says(words))
