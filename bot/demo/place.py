"""Where the demo is to be found: its address has to be known before anything listens there."""

import contextlib
import socket
from collections.abc import Iterator

from bot.fakes.quay import FakeQuay

_ANY = {"", "0.0.0.0", "::"}  # noqa: S104 - compared with, not listened on
_LAST = 65535


def address(host: str, port: int) -> str:
    """The address for browsers. Who listens everywhere is called localhost: that is right on this machine, and from
    outside a container whose ports are published under the same numbers. Another name is for HOST to say.
    """
    name = "localhost" if host in _ANY else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


@contextlib.contextmanager
def kept(host: str, port: int) -> Iterator[int]:
    """The port itself, or for 0 a free one that nobody else is given meanwhile."""
    if port:
        yield port
        return
    family, kind, _, _, place = socket.getaddrinfo(host or None, 0, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(place)
        yield int(held.getsockname()[1])


async def open_quay(quay: FakeQuay, host: str, port: int) -> None:
    """Start the simulated Quay beside the page, where the same browsers reach it: on the next port, if that is free."""
    try:
        await quay.start(host, port + 1 if 0 < port < _LAST else 0)
    except OSError:
        await quay.stop()
        await quay.start(host)
    quay.url = address(host, int(quay.url.rpartition(":")[2]))


def as_quay_takes_it(host: str, port: int) -> str:
    """The demo's address in a spelling that Quay accepts: it refuses just the names localhost and 127.0.0.1 (§1.4).

    Each is tried on another port of the same host, because nothing listens on that port yet.
    """
    with socket.create_server((host if host not in _ANY else "", 0)) as server:
        other = server.getsockname()[1]
        for name in ("::ffff:127.0.0.1", socket.gethostname(), "localhost."):
            with contextlib.suppress(OSError), socket.create_connection((name, other), timeout=1):
                return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
    return address(host, port)
