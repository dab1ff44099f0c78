"""After every change somebody looks: what cannot be read back is told as done, what was doubtful is found out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.seen_words import audit_words, mark, seen_words
from bot.domain.errors import TryLater, UserError
from bot.domain.images import Label
from bot.domain.repositories import Trigger
from bot.domain.sight import Sight
from handlers.acting.carrying import carry_out
from handlers.command import Reply
from tests.handlers.conftest import Office
from tests.handlers.double_messages import FakeMessages
from tests.handlers.double_repositories import FakeRepositories
from tests.handlers.double_robots import FakeRobots
from tests.handlers.double_tagging import offer_of
from tests.handlers.double_tags import FakeTags
from tests.handlers.registry import OnePersonsQuay
from tests.handlers.tag_words import B, stock
from tests.handlers.test_labels import LabelOffice, LabelQuay, LabelQuayOfOne

DOUBT = TryLater("Nobody knows.", doubtful=True)


@dataclass(frozen=True)
class Deed:
    """Something typed, what it calls, and where one looks afterwards."""

    typed: str
    done: tuple[type, str]
    seen: tuple[type, str]
    way_back: bool = True


DEEDS = {
    "visibility": Deed("visibility acme/web public", (FakeRepositories, "set_visibility"), (FakeRepositories, "get")),
    "describe": Deed("describe acme/web new", (FakeRepositories, "describe"), (FakeRepositories, "get")),
    "trigger": Deed(
        "trigger disable acme/web custom-git", (FakeRepositories, "switch_trigger"), (OnePersonsQuay, "triggers")
    ),
    "label add": Deed("tag labels acme/web:latest --add a=b", (LabelQuayOfOne, "add_label"), (FakeTags, "labels")),
    "label remove": Deed(
        "tag labels acme/web:latest --remove owner", (LabelQuayOfOne, "remove_label"), (FakeTags, "labels")
    ),
    "robot delete": Deed("robot delete acme+ci", (FakeRobots, "delete"), (FakeRobots, "page"), way_back=False),
    "message delete": Deed("message delete 00000001", (FakeMessages, "delete"), (FakeMessages, "all")),
}
BLIND = {
    "robot create": Deed("robot create acme+new", (FakeRobots, "create"), (FakeRobots, "page"), way_back=False),
    "message post": Deed('message post info "Hello"', (FakeMessages, "post"), (FakeMessages, "all")),
}


@pytest.fixture
def office() -> LabelOffice:
    made = LabelOffice(LabelQuay())
    stock(made)
    made.has(Label("1", "owner", "web", "api"))
    made.quay.hall.has("acme/web", description="old")
    made.quay.trigger_list = (Trigger("c0ffee12-0000", "custom-git", True, True, "git@git.example:acme/web.git"),)
    made.quay.garage.add("acme+ci")
    made.quay.banners.has()
    return made


async def does(office: Office, deed: Deed) -> Reply | None:
    """Ask, and say yes to the preview where there is one."""
    reply = await office.says(deed.typed)
    waits = any(one.purpose == "confirm" for one in office.offers.kept.values())
    return await office.presses("confirm", offer_of(office)) if waits else reply


def wrapped(at: tuple[type, str], then: Callable[[], None], patch: pytest.MonkeyPatch) -> None:
    """Something happens right after that call."""
    original = getattr(*at)

    async def call(self: Any, *arguments: Any, **named: Any) -> Any:
        result = await original(self, *arguments, **named)
        then()
        return result

    patch.setattr(*at, call)


def raising(error: Exception) -> Callable[..., Any]:
    async def call(*_: Any, **__: Any) -> Any:
        raise error

    return call


@pytest.mark.parametrize("deed", [*DEEDS.values(), *BLIND.values()], ids=[*DEEDS, *BLIND])
@pytest.mark.parametrize("error", [TryLater("Quay is away."), UserError("No."), RuntimeError("boom")], ids=str)
async def test_what_is_done_and_cannot_be_read_back_is_told_with_its_way_back(
    office: LabelOffice, deed: Deed, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapped(deed.done, lambda: monkeypatch.setattr(*deed.seen, raising(error)), monkeypatch)
    said = office.reads(await does(office, deed))[0]
    assert said.startswith(":warning: Done: you ")
    assert "Quay accepted it, but I could not read it back." in said
    (announced,) = office.announced()
    assert announced[0].startswith(":warning: <@U-ALICE> ")
    assert ("[Undo]" in announced) is deed.way_back
    assert office.audit.lines[-1].deed.outcome == "done"
    assert "It could not be read back." in office.audit.lines[-1].deed.detail


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
async def test_a_change_whose_answer_got_lost_is_found_out_by_looking(
    office: LabelOffice, deed: Deed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose() -> None:
        raise DOUBT

    wrapped(deed.done, lose, monkeypatch)
    said = office.reads(await does(office, deed))[0]
    assert said.startswith(":white_check_mark: Done: you ")
    assert "*Verified:*" in said
    (announced,) = office.announced()
    assert ("[Undo]" in announced) is deed.way_back


@pytest.mark.parametrize("deed", [*DEEDS.values(), *BLIND.values()], ids=[*DEEDS, *BLIND])
async def test_a_change_that_got_lost_itself_stays_doubtful_and_is_not_told(
    office: LabelOffice, deed: Deed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*deed.done, raising(DOUBT))
    assert "Nobody knows." in office.reads(await does(office, deed))[0]
    assert office.announced() == []
    assert office.audit.lines[-1].deed.detail == "Nobody knows. It may have happened."


async def test_the_lost_answer_about_a_label_does_not_lose_its_way_back(
    office: LabelOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose() -> None:
        raise DOUBT

    wrapped(DEEDS["label add"].done, lose, monkeypatch)
    await does(office, DEEDS["label add"])
    await office.presses("undo", offer_of(office, "undo"))
    assert [one.key for one in office.quay.shelf.labels[B]] == ["owner"]


async def test_a_plain_failure_is_raised_and_nobody_looks() -> None:
    looked: list[int] = []

    async def look() -> int:
        looked.append(1)
        return 1

    for error in (TryLater("Not now."), UserError("No."), RuntimeError("boom")):
        with pytest.raises(type(error)):
            await carry_out(raising(error)(), look, lambda _: True)
    assert looked == []


@given(st.sampled_from(Sight), st.text(max_size=40), st.text(max_size=40))
def test_only_what_was_seen_is_called_verified(sight: Sight, other: str, where: str) -> None:
    said = (seen_words(sight, f"it is {other}", where), audit_words(sight, "it is so"), mark(sight))
    sure = [said[0].startswith("*Verified:*"), said[1].startswith("Verified:"), said[2] == ":white_check_mark:"]
    assert set(sure) == {sight is Sight.YES}
