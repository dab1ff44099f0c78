"""The token goes into one header of one request to one server, and nowhere else."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.adapters.quay import QuayRegistry
from bot.domain.errors import BotError, GiveUp
from bot.ports import BuildRequest, Quay, QuayUser

TOKEN = "t0ken-of-alice-0123456789-0123456789-012"
USER = {"username": "alice"}
WISH = BuildRequest("https://a.example/x.tgz")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Naps:
    """Sleeping that takes no time and is remembered."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


@asynccontextmanager
async def quay_at(url: str, *, naps: Naps | None = None, deadline: float = 10.0) -> AsyncIterator[Quay]:
    registry = QuayRegistry(url, deadline=deadline, sleep=naps or Naps())
    try:
        yield registry.as_token(TOKEN)
    finally:
        await registry.aclose()


def in_turn(asked: list[str], *answers: web.Response | dict[str, str]) -> Handler:
    left = list(answers)

    async def handle(request: web.Request) -> web.StreamResponse:
        asked.append(f"{request.method} {request.path}")
        answer = left.pop(0)
        return answer if isinstance(answer, web.Response) else web.json_response(answer)

    return handle


def page(status: int) -> web.Response:
    return web.Response(status=status, text="<html>sorry</html>", content_type="text/html")


@asynccontextmanager
async def hanging_up() -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that reads a request and closes the connection without a word."""
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard
    finally:
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_never_followed_and_the_token_stays_here(status: int) -> None:
    stolen: list[str] = []
    async with served(in_turn(stolen, USER)) as elsewhere:
        away = web.Response(status=status, headers={"Location": f"{elsewhere}api/v1/user/"})
        async with served(in_turn([], away)) as url, quay_at(url) as quay:
            with pytest.raises(GiveUp) as caught:
                await quay.whoami()
    assert stolen == []
    assert "which we do not follow" in caught.value.say


async def test_a_client_that_follows_redirects_by_itself_does_not_follow_here() -> None:
    stolen: list[str] = []
    async with served(in_turn(stolen, USER)) as elsewhere:
        away = web.Response(status=307, headers={"Location": elsewhere})
        async with served(in_turn([], away)) as url, httpx.AsyncClient(follow_redirects=True) as client:
            with pytest.raises(GiveUp):
                await QuayRegistry(url, client=client).as_token(TOKEN).whoami()
    assert stolen == []


@pytest.mark.parametrize("own", [True, False])
async def test_a_cookie_of_one_person_never_goes_out_with_another(own: bool) -> None:
    cookies: list[str | None] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        cookies.append(request.headers.get("Cookie"))
        response = web.json_response(USER)
        response.set_cookie("session", "of-alice")
        return response

    async with served(handle) as url, httpx.AsyncClient() as client:
        registry = QuayRegistry(url) if own else QuayRegistry(url, client=client)
        await registry.as_token(TOKEN).whoami()
        await registry.as_token("token-of-bob").whoami()
        await registry.aclose()
        assert not client.is_closed
    assert cookies == [None, None]


async def test_the_token_is_in_no_log_line_and_no_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    echo = web.json_response({"message": f"no {TOKEN}"}, status=400)
    async with served(in_turn([], USER, page(502), page(502), echo)) as url, quay_at(url) as quay:
        await quay.whoami()
        with pytest.raises(BotError) as caught:
            await quay.whoami()
        said += [repr(caught.value), str(caught.value), caught.value.say, repr(caught.value.__dict__)]
    async with hanging_up() as (url, _), quay_at(url) as quay:
        with pytest.raises(BotError) as caught:
            await quay.request_build("acme/web", WISH)
        said += [repr(caught.value), str(caught.value), repr(caught.value.__cause__)]
    assert "Quay: GET /api/v1/user/ failed (502), try 1 of 3" in caplog.text
    assert TOKEN not in caplog.text
    assert TOKEN not in "".join(said)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    no_password = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_password)
    path = tmp_path / "pair.pem"
    path.write_bytes(pem + signed.public_bytes(serialization.Encoding.PEM))
    return path


async def test_a_certificate_nobody_trusts_is_the_operators_business(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", in_turn([], USER))
    server = TestServer(app)
    await server.start_server(ssl=context)
    naps = Naps()
    async with quay_at(f"https://localhost:{server.port}", naps=naps) as quay:
        with pytest.raises(GiveUp) as caught:
            await quay.whoami()
    trusting = httpx.AsyncClient(verify=ssl.create_default_context(cafile=str(certificate)))
    async with trusting:
        registry = QuayRegistry(f"https://localhost:{server.port}", client=trusting)
        assert await registry.as_token(TOKEN).whoami() == QuayUser("alice")
    await server.close()
    assert "cannot be trusted" in caught.value.say
    assert naps.taken == []
