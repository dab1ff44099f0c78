"""`make bench`: the bot beside bare servers, in turns, on this machine."""

import argparse
import asyncio
import hashlib
import hmac
import itertools
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode, urlsplit

import uvloop

from tests.bench import floors
from tests.bench.load import Request, load
from tests.bench.servers import SECRET, TOKEN

_BODY = (
    b'{"repository": "acme/web", "namespace": "acme", "name": "web", "docker_url": "quay.example.com/acme/web", '
    b'"homepage": "https://quay.example.com/repository/acme/web", "updated_tags": ["v1.4.0"], "padding": "'
    + b"x" * 800
    + b'"}'
)


def webhook() -> bytes:
    """A delivery of Quay, 1 KB."""
    return (
        f"POST /webhooks/quay/{TOKEN} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(_BODY)}\r\n\r\n"
    ).encode() + _BODY


SINK = "http://127.0.0.1:9/"  # where answers go; set to a server that takes everything


_TRIGGERS = itertools.count()


def slash() -> bytes:
    """A signed `/quay help` of now."""
    body = urlencode(
        {
            "command": "/quay",
            "text": "nothing",
            "team_id": "T1",
            "user_id": "U1",
            "channel_id": "C1",
            "trigger_id": f"1.2.{next(_TRIGGERS)}",  # no two requests of Slack are the same
            "response_url": SINK,
        }
    ).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return (
        "POST /slack/events HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


@contextmanager
def server(name: str, loop: str, **environment: str) -> Iterator[str]:
    """One of the servers, running in a process of its own; gives its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.servers", name, loop],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()


@dataclass(frozen=True)
class Pair:
    """What is compared with what, under which load."""

    title: str
    theirs: str
    loop: str
    request: Request
    connections: int


def measured(name: str, loop: str, pair: Pair, seconds: float, slack: str) -> dict[str, float]:
    """One server under load, after a second to warm up."""
    with server(name, loop, SLACK_API_URL=slack) as address:
        host, port = str(urlsplit(address).hostname), int(urlsplit(address).port or 0)
        asyncio.run(load(host, port, pair.request, connections=pair.connections, seconds=1.0))
        return asyncio.run(load(host, port, pair.request, connections=pair.connections, seconds=seconds))


def compare(pair: Pair, rounds: int, seconds: float, slack: str) -> None:
    """Measure two servers in turns and say the ratio of their medians."""
    sides = (("quaybot", "uvloop"), (pair.theirs, pair.loop))
    results: dict[str, list[dict[str, float]]] = {name: [] for name, _ in sides}
    for _ in range(rounds):
        for name, loop in sides:
            results[name].append(measured(name, loop, pair, seconds, slack))
    rate = {name: median(one["rate"] for one in results[name]) for name, _ in sides}
    say(f"\n{pair.title}, {pair.connections} connections: ratio {rate['quaybot'] / rate[pair.theirs]:.2f}")
    for name, loop in sides:
        p50, p99 = (median(one[key] for one in results[name]) for key in ("p50", "p99"))
        bad = sum(one["bad"] for one in results[name])
        say(f"  {name:>10} ({loop}): {rate[name]:7.0f}/s   p50 {p50:6.2f} ms   p99 {p99:6.2f} ms   not 2xx: {bad:.0f}")


def say(line: str) -> None:
    """Show a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Run every pair."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, default=100_000, help="stored before the memory is measured")
    args = parser.parse_args()
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    say(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}")
    say(f"Each number is the median of {args.rounds} rounds of {args.seconds:g} s, the two sides in turns.")
    delivery = webhook()
    door = [
        Pair("Durable webhooks beside a bare aiohttp handler", "bare", loop, lambda: delivery, connections)
        for connections in (64, 8)
        for loop in ("asyncio", "uvloop")
    ]
    command = Pair("Signed slash acknowledgement beside stock Bolt", "stock-bolt", "asyncio", slash, 8)
    global SINK  # noqa: PLW0603 - the load maker's request has no arguments
    with server("slack", "asyncio") as slack, server("bare", "uvloop") as sink:
        SINK = f"{sink}/webhooks/quay/answers"
        for pair in (*door, command):
            compare(pair, args.rounds, args.seconds, slack)
    floors.show(args.events)


if __name__ == "__main__":
    main()
