"""The real program in a process of its own, so that it can be killed."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Bot:
    """One life of `python -m bot serve`."""

    process: asyncio.subprocess.Process
    address: str
    startup: float  # seconds until /healthz answered
    lines: list[str] = field(default_factory=list)
    up: asyncio.Event = field(default_factory=asyncio.Event)  # it listens, or it never will
    _reader: asyncio.Task[None] | None = None

    async def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        await self.over()

    async def stop(self) -> int:
        """SIGTERM; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.over()

    async def over(self) -> int:
        """Until it has ended and everything that it logged is read."""
        async with asyncio.timeout(30):
            if self._reader is not None:
                await self._reader
            return await self.process.wait()


@asynccontextmanager
async def running(environment: dict[str, str], folder: Path, program: str = "bot") -> AsyncIterator[Bot]:
    """Start it, until it answers; whatever happens, it is dead in the end. `program` is the module that is run."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        program,
        "serve",
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        stderr=asyncio.subprocess.PIPE,
    )
    bot = Bot(process, "", 0.0)
    bot._reader = asyncio.create_task(_read(bot))
    try:
        async with asyncio.timeout(30), aiohttp.ClientSession() as http:
            await bot.up.wait()
            assert bot.address, "\n".join(bot.lines)
            async with http.get(f"{bot.address}/healthz") as response:
                assert response.status == 200
        bot.startup = time.monotonic() - began
        yield bot
    finally:
        if process.returncode is None:
            await bot.kill()
        process._transport.close()  # type: ignore[attr-defined]  # nothing else closes the pipes at once


async def _read(bot: Bot) -> None:
    assert bot.process.stderr is not None
    async for line in bot.process.stderr:
        bot.lines.append(line.decode().rstrip())
        if '"serving"' in bot.lines[-1]:
            bot.address = json.loads(bot.lines[-1])["address"]
            bot.up.set()
    bot.up.set()
