"""A small HTTP load maker: keep-alive connections, one request at a time on each, for a fixed time. Loopback only."""

import asyncio
import time
from collections.abc import Callable

Request = Callable[[], bytes]


class _Connection(asyncio.Protocol):
    def __init__(self, request: Request, latencies: list[float], statuses: dict[int, int]) -> None:
        self._request, self._latencies, self._statuses = request, latencies, statuses
        self._buffer = b""
        self.stopped = False
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._request())  # type: ignore[attr-defined]  # a Transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = next(
            (
                int(line.partition(b":")[2])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            ),
            0,
        )
        if len(rest) < length:
            return
        self._buffer = b""
        status = int(head[9:12])
        self._statuses[status] = self._statuses.get(status, 0) + 1
        self._latencies.append(time.perf_counter() - self._sent)
        if self.stopped:
            self._transport.close()
        else:
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.lost.done():
            self.lost.set_result(None)


async def load(host: str, port: int, request: Request, *, connections: int, seconds: float) -> dict[str, float]:
    """Requests a second, latencies (ms) and how many answers were not 2xx."""
    latencies: list[float] = []
    statuses: dict[int, int] = {}
    loop = asyncio.get_running_loop()
    open_ = [
        (await loop.create_connection(lambda: _Connection(request, latencies, statuses), host, port))[1]
        for _ in range(connections)
    ]
    started = time.perf_counter()
    await asyncio.sleep(seconds)
    taken = time.perf_counter() - started
    done = len(latencies)
    for connection in open_:
        connection.stopped = True
    await asyncio.wait([connection.lost for connection in open_], timeout=10)
    ordered = sorted(latencies) or [0.0]
    return {
        "rate": done / taken,
        "p50": ordered[len(ordered) // 2] * 1000,
        "p99": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1000,
        "bad": sum(count for status, count in statuses.items() if not 200 <= status < 300),
    }
