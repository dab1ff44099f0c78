"""`make bench`: the bot beside bare servers, in turns, on this machine."""

import argparse
import asyncio
import hashlib
import hmac
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

import uvloop

from tests.bench.load import load
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


def slash() -> bytes:
    """A signed `/quay help` of now."""
    body = urlencode(
        {
            "command": "/quay",
            "text": "nothing",
            "team_id": "T1",
            "user_id": "U1",
            "channel_id": "C1",
            "trigger_id": "1.2.3",
            "response_url": "http://127.0.0.1:9/",
        }
    ).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return (
        "POST /slack/events HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


@contextmanager
def server(name: str, loop: str) -> Iterator[tuple[str, int]]:
    """One of the servers, running in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.servers", name, loop],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        address = urlsplit(process.stdout.readline().strip())
        yield str(address.hostname), int(address.port or 0)
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()


def pair(
    title: str, ours: tuple[str, str], theirs: tuple[str, str], request: Callable[[], bytes], connections: int, args
) -> None:
    """Measure two servers in turns and print the ratio of their medians."""
    rates: dict[str, list[float]] = {"ours": [], "theirs": []}
    shown: dict[str, dict[str, float]] = {}
    for _ in range(args.rounds):
        for side, (name, loop) in (("theirs", theirs), ("ours", ours)):
            with server(name, loop) as (host, port):
                fixed = request()
                make = (lambda: fixed) if request is webhook else request
                asyncio.run(load(host, port, make, connections=connections, seconds=1.0))
                shown[side] = asyncio.run(load(host, port, make, connections=connections, seconds=args.seconds))
                rates[side].append(shown[side]["rate"])
    ratio = statistics.median(rates["ours"]) / statistics.median(rates["theirs"])
    print(f"\n{title}, {connections} connections: ratio {ratio:.2f}")
    for side, (name, loop) in (("ours", ours), ("theirs", theirs)):
        one = shown[side]
        print(
            f"  {name:>10} ({loop}): {statistics.median(rates[side]):7.0f}/s"
            f"   p50 {one['p50']:6.2f} ms   p99 {one['p99']:6.2f} ms   not 2xx: {one['bad']:.0f}"
        )


def main() -> None:
    """Run every pair."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    print(
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}; median of {args.rounds} rounds of {args.seconds:g} s"
    )
    for connections in (64, 8):
        for loop in ("uvloop", "asyncio"):
            pair(
                "Durable webhooks beside a bare aiohttp handler",
                ("quaybot", "uvloop"),
                ("bare", loop),
                webhook,
                connections,
                args,
            )
    pair(
        "Signed slash acknowledgement beside stock Bolt",
        ("quaybot", "uvloop"),
        ("stock-bolt", "asyncio"),
        slash,
        8,
        args,
    )


if __name__ == "__main__":
    main()
