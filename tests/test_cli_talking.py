"""The words of the command line that speak to Slack, to Quay or to a webhook: the check-up, and samples."""

import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters.clock import SystemClock
from bot.fakes.quay import FakeQuay
from bot.fakes.slack import FakeSlack
from tests.command_line import PUBLIC, Run, elsewhere, quaybot, refused
from tests.house.untouched import untouched_logs
from webhooks.kinds import KINDS
from webhooks.sample import sample

__all__ = ["quaybot", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")


# --- the check-up ---


def test_the_check_up_names_everything_that_is_missing_and_calls_nobody(quaybot: Run):
    done = quaybot("doctor")

    assert done.code == 1
    assert [" ".join(line.split()[:2]) for line in done.out] == [
        "✗ SLACK_BOT_TOKEN",
        "✗ SLACK_SIGNING_SECRET",
        "✗ QUAY_URL",
        "✗ SECRET_KEYS",
        "✗ PUBLIC_URL",
        "✓ Database",
    ]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST"])
def test_the_check_up_warns_of_an_address_that_quay_refuses(quaybot: Run, host: str):
    done = quaybot("doctor", PUBLIC_URL=f"http://{host}:8080")

    assert "✗ PUBLIC_URL names localhost: Quay refuses to send webhooks there" in done.out


@pytest.fixture
async def slack():
    fake = FakeSlack(clock=SystemClock())
    fake.add_user("U01", "alice")
    fake.add_channel("C01", "releases", members=("U01",))
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def quay():
    fake = FakeQuay(clock=SystemClock())
    await fake.start()
    yield fake
    await fake.stop()


def everything(slack: FakeSlack, quay: FakeQuay) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.url,
        "QUAY_URL": quay.url,
        "PUBLIC_URL": PUBLIC,
        "SECRET_KEYS": "k" * 16,
    }


async def test_the_check_up_of_a_whole_set_up_is_well(quaybot: Run, slack: FakeSlack, quay: FakeQuay):
    done = await elsewhere(quaybot, "doctor", **everything(slack, quay))

    assert done.code == 0
    assert [line[:16] for line in done.out] == ["✓ Database answe", "✓ Slack knows th", "✓ Quay answers a"]


async def test_the_check_up_says_who_does_not_answer(quaybot: Run, slack: FakeSlack, quay: FakeQuay):
    settings = everything(slack, quay) | {"SLACK_BOT_TOKEN": "xoxb-wrong"}
    await quay.stop()

    done = await elsewhere(quaybot, "doctor", **settings)

    assert done.code == 1
    assert [line[0] for line in done.out] == ["✓", "✗", "✗"]
    assert "Slack token does not work (invalid_auth)" in done.out[1]
    assert "xoxb-wrong" not in "".join([*done.out, *done.err])


# --- samples ---


@pytest.fixture
async def receiver():
    """A webhook of somebody: gives its address, the bodies that it got, and the status that it answers with."""
    got: list[tuple[str, bytes]] = []
    answers = [200]

    async def take(request: web.Request) -> web.Response:
        got.append((request.headers["Content-Type"], await request.read()))
        return web.Response(status=answers[0])

    app = web.Application()
    app.router.add_post("/hook", take)
    server = TestServer(app)
    await server.start_server()
    yield str(server.make_url("/hook")), got, answers
    await server.close()


async def test_a_sample_reaches_a_webhook_as_quay_would_send_it(quaybot: Run, receiver):
    url, got, _ = receiver

    done = await elsewhere(quaybot, "send-sample", "repo_push", "--to", url)

    assert (done.code, done.out) == (0, ["Sent. The receiver answered 200."])
    assert got == [("application/json", sample("repo_push"))]


async def test_a_variation_of_a_sample_can_be_chosen(quaybot: Run, receiver):
    url, got, _ = receiver

    await elsewhere(quaybot, "send-sample", "repo_push", "--condition", "test", "--to", url)

    assert got[0][1] == sample("repo_push", "test")


@pytest.mark.parametrize("status", [302, 404, 503])
async def test_a_webhook_that_refuses_is_a_failure(quaybot: Run, receiver, status: int):
    url, _, answers = receiver
    answers[0] = status

    assert refused(await elsewhere(quaybot, "send-sample", "repo_push", "--to", url), f"answered {status}")


async def test_a_sample_becomes_a_message_in_the_channel(quaybot: Run, slack: FakeSlack, quay: FakeQuay):
    done = await elsewhere(quaybot, "send-sample", "repo_push", "--channel", "C01", **everything(slack, quay))

    (message,) = slack.messages("C01")
    assert done.out == [f"Posted in C01 as message {message['ts']}."]
    assert "a sample, sent from the command line" in json.dumps(message)


@pytest.mark.parametrize("event", KINDS)
async def test_every_event_has_a_sample_that_slack_takes(quaybot: Run, slack: FakeSlack, quay: FakeQuay, event: str):
    done = await elsewhere(quaybot, "send-sample", event, "--channel", "C01", **everything(slack, quay))

    assert (done.code, done.err) == (0, [])
    assert len(slack.messages("C01")) == 1


async def test_slacks_refusal_is_one_plain_line(quaybot: Run, slack: FakeSlack, quay: FakeQuay):
    done = await elsewhere(quaybot, "send-sample", "repo_push", "--channel", "C0NOWHERE", **everything(slack, quay))

    assert refused(done, "There is no such channel")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("repo_pull", "--channel", "C01"), "'repo_pull' is no event of Quay"),
        (("repo_push", "--channel", "C01", "--condition", "odd"), "has no sample 'odd'. It has: test"),
        (("repo_push",), "Say where to"),
        (("repo_push", "--channel", "C01", "--to", "http://x.example"), "Say where to"),
        (("repo_push", "--channel", "releases"), "'releases' is not a Slack channel id"),
        (("repo_push", "--channel", "C01"), "SLACK_BOT_TOKEN is missing"),
        (("repo_push", "--to", "nonsense"), "The webhook could not be reached"),
        (("repo_push", "--to", "http://127.0.0.1:1/"), "The webhook could not be reached"),
    ],
)
def test_a_sample_that_cannot_be_sent_is_one_plain_line(quaybot: Run, words: tuple[str, ...], says: str):
    assert refused(quaybot("send-sample", *words), says)
