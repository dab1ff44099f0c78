"""Somebody waits for a new token, and is cut off: the token is kept all the same, and the way to it arrives."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.domain.errors import TryLater
from bot.ports import Reveal
from tests.handlers.conftest import ALICE, Office
from tests.handlers.double_tagging import offer_of
from tests.handlers.people import FakeReveals


@dataclass
class SlowReveals(FakeReveals):
    """Keeping takes until `go`; `begun` says that it has begun."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def keep(self, ticket_hash: str, reveal: Reveal) -> None:
        self.begun.set()
        await self.go.wait()
        await super().keep(ticket_hash, reveal)


class SlowOffice(Office):
    """An office whose store of secrets is slow."""

    reveals: SlowReveals

    async def cut_off(self, typed: str) -> None:
        """Ask, and be cancelled between the token and its keeping."""
        self.reveals.begun.clear()
        reply = await self.says(typed) if "create" not in typed else None
        asking = self.presses("confirm", offer_of(self)) if reply else self.says(typed)
        task = asyncio.ensure_future(asking)
        await self.reveals.begun.wait()
        task.cancel()
        await asyncio.sleep(0)
        self.reveals.go.set()
        (result,) = await asyncio.gather(task, return_exceptions=True)
        assert isinstance(result, asyncio.CancelledError)


@pytest.fixture
def office() -> SlowOffice:
    made = SlowOffice()
    made.quay.garage.add("acme+ci")
    made.reveals = SlowReveals()
    object.__setattr__(made.revealing, "store", made.reveals)
    return made


@pytest.mark.parametrize("typed", ["robot create acme+new", "robot regenerate acme+ci"])
async def test_the_token_is_kept_and_the_way_to_it_comes_as_a_direct_message(office: SlowOffice, typed: str) -> None:
    await office.cut_off(typed)
    assert len(office.reveals.kept) == len(office.quay.garage.tokens) == 1
    told = {one.channel: office.words(one.payload["blocks"]) for one in office.notices.said.values()}
    assert "[Show the token]" in told["U-ALICE"]
    assert "the robot account" in told["C1"][0]
    assert office.quay.garage.tokens[0][:12] not in str(office.notices.said)
    (row,) = [one for one in office.notices.said.values() if one.channel == "U-ALICE"]
    button = next(block for block in row.payload["blocks"] if block["type"] == "actions")["elements"][0]
    shown = await office.presses("reveal", button["value"])
    assert office.quay.garage.tokens[0] in str(office.voice.modals) + str(shown)


async def test_a_token_that_was_not_made_is_not_told_of(office: SlowOffice) -> None:
    office.quay.errors["robots.create"] = TryLater("Quay is away.")
    await office.says("robot create acme+new")
    assert office.notices.said == {}
    assert office.reveals.kept == {}


async def test_the_token_is_kept_before_anybody_looks_at_the_list(office: SlowOffice) -> None:
    office.reveals.go.set()
    kept_then: list[int] = []
    original = office.reveals.keep

    async def keep(ticket_hash: str, reveal: Reveal) -> None:
        kept_then.append(sum(call[1] == "robots.page" for call in office.quay.calls))
        await original(ticket_hash, reveal)

    office.reveals.keep = keep  # type: ignore[method-assign]  # the order of two calls is what this is about
    await office.says("robot create acme+new", ALICE)
    assert kept_then == [0]
    assert [call[1] for call in office.quay.calls][-1] == "robots.page"
