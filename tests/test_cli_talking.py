"""The words of the command line that speak to Slack, to Quay or to a webhook: the check-up, and samples."""

import asyncio
import json

import aiohttp
import pytest
from aiohttp import web
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.test_utils import TestServer

from bot.adapters.clock import SystemClock
from bot.fakes.quay import FakeQuay
from bot.fakes.slack import FakeSlack, Fault
from bot.operator.samples import why_not
from tests.command_line import PUBLIC, Run, elsewhere, quaybot, refused
from tests.house.untouched import untouched_logs
from webhooks.kinds import KINDS
from webhooks.sample import sample

__all__ = ["quaybot", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")
KEY = ConnectionKey("q.example", 80, is_ssl=False, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)


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
        "✓ Spool",
    ]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST"])
def test_the_check_up_warns_of_an_address_that_quay_refuses(quaybot: Run, host: str):
    done = quaybot("doctor", PUBLIC_URL=f"http://{host}:8080")

    (line,) = [line for line in done.out if "Quay refuses to send webhooks there" in line]
    assert line.startswith(f"✗ PUBLIC_URL is http://{host}:8080: ")


def test_the_check_up_warns_of_an_address_that_slack_refuses(quaybot: Run):
    plain = "http://quaybot.example.com"
    says = f"✗ PUBLIC_URL is {plain}: Slack takes https addresses only"

    assert any(line.startswith(says) for line in quaybot("doctor", PUBLIC_URL=plain).out)
    assert not any("https addresses only" in line for line in quaybot("doctor", PUBLIC_URL=PUBLIC).out)


async def test_the_check_up_for_socket_mode_tries_the_app_token_and_needs_no_https(
    quaybot: Run, slack: FakeSlack, quay: FakeQuay
):
    settings = everything(slack, quay) | {"SLACK_APP_TOKEN": slack.app_token, "PUBLIC_URL": "http://bot.example"}

    done = await elsewhere(quaybot, "doctor", **settings)

    assert done.code == 0
    assert "✓ Slack offers Socket Mode to SLACK_APP_TOKEN" in done.out


@pytest.mark.parametrize(
    ("name", "code", "page"),
    [
        ("xapp-wrong", "invalid_auth", "Basic Information"),
        ("xoxb-fake", "not_allowed_token_type", "connections:write"),
    ],
)
async def test_the_check_up_says_what_to_do_about_an_app_token(
    quaybot: Run, slack: FakeSlack, quay: FakeQuay, name: str, code: str, page: str
):
    token = slack.bot_token if name == "xoxb-fake" else name
    done = await elsewhere(quaybot, "doctor", **everything(slack, quay) | {"SLACK_APP_TOKEN": token})

    assert done.code == 1
    (line,) = [line for line in done.out if line.startswith("✗")]
    assert line.startswith(f"✗ SLACK_APP_TOKEN does not work at {slack.url} ({code}): ")
    assert page in line
    assert token not in "".join([*done.out, *done.err])


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
    starts = [
        "✓ Database answers; ",
        "✓ Spool can be writ",
        "✓ Slack knows the b",
        "✓ Quay answers at ",
        "✓ Linking: people",
    ]
    assert [line.startswith(start) for line, start in zip(done.out, starts, strict=True)] == [True] * 5


async def test_the_check_up_says_who_does_not_answer(quaybot: Run, slack: FakeSlack, quay: FakeQuay):
    settings = everything(slack, quay) | {"SLACK_BOT_TOKEN": "xoxb-wrong"}
    await quay.stop()

    done = await elsewhere(quaybot, "doctor", **settings)

    assert done.code == 1
    assert [line[0] for line in done.out] == ["✓", "✓", "✗", "✗", "✓"]
    assert f"SLACK_BOT_TOKEN does not work at {slack.url} (invalid_auth): copy it anew" in done.out[2]
    assert quay.url in done.out[3]
    assert done.out[3].endswith(": check the network and QUAY_URL")
    assert "xoxb-wrong" not in "".join([*done.out, *done.err])


async def test_the_check_up_names_the_address_at_which_slack_does_not_answer(
    quaybot: Run, slack: FakeSlack, quay: FakeQuay
):
    await slack.stop()

    done = await elsewhere(quaybot, "doctor", **everything(slack, quay))

    assert f"✗ Slack does not answer at {slack.url}: check the network and SLACK_API_URL" in done.out


async def test_the_check_up_says_when_slack_asks_for_patience(quaybot: Run, slack: FakeSlack, quay: FakeQuay):
    slack.faults = [Fault("auth.test", "429", retry_after=7)]

    done = await elsewhere(quaybot, "doctor", **everything(slack, quay))

    assert f"✗ Slack asks for patience at {slack.url}: try again in 7 seconds" in done.out


def test_the_check_up_names_the_database_that_does_not_answer_without_its_password(quaybot: Run):
    done = quaybot("doctor", DATABASE_URL="postgresql://me:S3cr3t@127.0.0.1:1/quaybot?connect_timeout=2")

    (line,) = (line for line in done.out if "Database" in line)
    assert line.startswith("✗ Database does not answer at 127.0.0.1:1: check that it runs, and DATABASE_URL (conn")
    assert "refused" in line
    assert "S3cr3t" not in "".join([*done.out, *done.err])


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
        (("repo_push", "--to", "nonsense"), "That is not an address."),
        (("repo_push", "--to", "http://[::1/hook"), "That is not an address."),
        (("repo_push", "--to", "http://127.0.0.1:1/"), "Nothing answers at 127.0.0.1:1."),
        (("repo_push", "--to", "http://[::1]:1/"), "Nothing answers at [::1]:1."),
    ],
)
def test_a_sample_that_cannot_be_sent_is_one_plain_line(quaybot: Run, words: tuple[str, ...], says: str):
    assert refused(quaybot("send-sample", *words), says)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (TimeoutError(), "q.example:80 did not answer within 10 seconds."),
        (aiohttp.InvalidURL("http://q.example"), "That is not an address."),
        (aiohttp.ServerDisconnectedError(), "q.example:80 did not answer as a web server does."),
        (aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "unknown")), "There is no host named q.example,"),
        (aiohttp.ClientConnectorSSLError(KEY, OSError(1, "tls")), "There is no safe connection to q.example:80:"),
        (aiohttp.ClientConnectorError(KEY, OSError(111, "refused")), "Nothing answers at q.example:80."),
    ],
)
def test_every_reason_not_to_reach_a_webhook_has_words(error: Exception, says: str):
    assert why_not(error, "q.example:80").startswith(says)


async def test_a_receiver_that_hangs_up_is_named_without_its_path(quaybot: Run):
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        done = await elsewhere(quaybot, "send-sample", "repo_push", "--to", f"http://127.0.0.1:{port}/S3cr3t")

    assert refused(done, f"127.0.0.1:{port} did not answer as a web server does.")
    assert "S3cr3t" not in done.err[0]
