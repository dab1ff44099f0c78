"""The demo's build machine: takes every waiting build of the simulated Quay through its phases."""

import asyncio
from dataclasses import dataclass, field

from bot.fakes.quay import FakeQuay
from bot.ports import Clock

Log = tuple[tuple[str, str | None], ...]

# What a program of this kind might need, the first ones by itself and the others through them.
_NAMES = (
    "aiohttp pydantic sqlalchemy structlog typer httpx jinja2 alembic asyncpg uvloop orjson tenacity redis celery "
    "boto3 aiohappyeyeballs aiosignal annotated-types anyio attrs billiard botocore certifi cffi click cryptography "
    "dnspython frozenlist greenlet h11 httpcore idna jmespath kombu mako markdown-it-py markupsafe mdurl multidict "
    "packaging propcache pycparser pydantic-core pygments python-dateutil rich s3transfer shellingham six sniffio "
    "tzdata urllib3 vine wcwidth yarl"
)


def _installed() -> Log:
    """What pip says when it installs all of them: long enough to leaf through."""
    names, lines, whole = _NAMES.split(), [], []
    for number, name in enumerate(names):
        version = f"{1 + number % 5}.{number * 7 % 23}.{number * 3 % 8}"
        size = 11 + number * number * 37 % 900
        lines += [
            f"Collecting {name}=={version}",
            f"  Downloading {name.replace('-', '_')}-{version}-py3-none-any.whl ({size} kB)",
            f"     {'━' * 40} {size}/{size} kB {1 + number % 9}.{number % 10} MB/s eta 0:00:00",
        ]
        whole.append(f"{name}-{version}")
    lines += [f"Installing collected packages: {', '.join(names)}", f"Successfully installed {' '.join(whole)}"]
    return tuple((line, None) for line in lines)


_STEPS: tuple[tuple[str, Log], ...] = (
    ("FROM registry.example/ubi9/python-311", (("Trying to pull registry.example/ubi9/python-311...", None),)),
    ("COPY requirements.txt .", ((" ---> 5f7b1a8c9d21", None),)),
    ("RUN pip install -r requirements.txt", _installed()),
    ("COPY . .", ((" ---> 0c2f4e7718aa", None),)),
    ("RUN python -m pytest -q", (("42 passed in 3.21s", None),)),
)
_FAILURE: Log = (
    ("............F...............", None),
    ("FAILED tests/test_checkout.py::test_total_is_rounded_half_up", None),
    ("E       assert Decimal('10.03') == Decimal('10.02')", None),
    ("1 failed, 41 passed in 3.40s", None),
    ("The command '/bin/sh -c python -m pytest -q' returned a non-zero code: 1", "error"),
)
_PAUSE = 1.2  # seconds between two steps: slow enough to watch


@dataclass(slots=True)
class Builder:
    """Works on all builds at once. Builds of an archive whose address says "broken" fail in their tests."""

    quay: FakeQuay
    clock: Clock
    pause: float = _PAUSE
    _seen: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Look for waiting builds until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                for build in list(self.quay.builds.values()):
                    if build.id not in self._seen and build.phase == "waiting":
                        self._seen.add(build.id)
                        group.create_task(self._build(build.id))
                await self.clock.sleep(0.3)

    async def _build(self, build: str) -> None:
        fails = "broken" in (self.quay.builds[build].archive_url or "")
        for phase in ("build-scheduled", "unpacking", "pulling"):
            if not await self._move(build, phase):
                return
        total = len(_STEPS)
        for number, (command, output) in enumerate(_STEPS, start=1):
            last = fails and number == total
            log = ((f"Step {number}/{total} : {command}", "command"), *(_FAILURE if last else output))
            if not await self._move(build, "building", step=number, steps=total, log=log):
                return
            if last:
                await self._move(build, "error")
                return
        if await self._move(build, "pushing"):
            await self._move(build, "complete")

    async def _move(self, build: str, phase: str, *, step: int = 0, steps: int = 0, log: Log = ()) -> bool:
        """One phase further; False when the build ended meanwhile (somebody cancelled it)."""
        await self.clock.sleep(self.pause)
        try:
            if steps:
                self.quay.move_build(build, phase, step=step, steps=steps, log=log)
            else:
                self.quay.move_build(build, phase, log=log)
        except ValueError:
            return False
        return True
