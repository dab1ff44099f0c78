"""Repositories from chat: looking at one, listing those of a namespace, searching."""

# ruff: noqa: E501 - golden sentences stand on one line

from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.blocks.paging import pack
from bot.domain.acts import Act, Outcome
from bot.domain.errors import Denied, TryLater, UserError
from bot.domain.events import Phase
from bot.rules.policy import Decision
from bot.services.gate import Gate
from handlers.actions.look import LOOKS
from handlers.acts import repos, search
from handlers.commands import COMMANDS
from tests.handlers.conftest import Office

HOSTILE = "*bold* <!channel> `x` _it_ & http://evil.example :tada:"


async def test_a_repository_is_one_card(office: Office) -> None:
    office.quay.hall.has(
        "acme/web",
        description="the web app",
        tags=3,
        newest_tag="v1.2",
        last_changed=office.start,
        keeps_for=1209600,
        bytes_used=1536,
    )
    office.has_build(Phase.ERROR, started=office.start)
    assert office.reads(await office.says("repo acme/web")) == snapshot(
        [
            "📦 *<https://quay.example/repository/acme/web|acme/web>* · *private*",
            """\
the web app
3 tags · newest `v1.2` (<!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>)
Newest build: 🔴 Build failed · <https://quay.example/repository/acme/web/build/dbf23442-b521-45b9-9ba3-7d506a2e21c2|dbf23442> · <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>
Time machine: old versions of tags can be restored for 14 days.
You are an admin here. · 1.5 KiB stored\
""",
            "[Tags] [History] [Builds] [Vulnerabilities] [Open in Quay]",
        ]
    )
    assert {call[1] for call in office.quay.calls} == {"get", "builds"}
    assert [line.deed.outcome for line in office.audit.lines] == [Outcome.TRIED, Outcome.DONE]


async def test_a_card_says_what_is_known_and_nothing_else(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True, state="MIRROR", can_write=False, can_admin=False)
    assert office.reads(await office.says("repo acme/web")) == snapshot(
        [
            "📦 *<https://quay.example/repository/acme/web|acme/web>* · *public* · *mirror*",
            """\
It has no description.
You can read here.\
""",
            "[Tags] [Builds] [Open in Quay]",
        ]
    )


async def test_more_than_can_be_counted_is_said_so_and_the_newest_is_not_guessed(office: Office) -> None:
    office.quay.hall.has("acme/web", tags=500, newest_tag="v1", last_changed=office.start)
    said = " ".join(office.reads(await office.says("repo acme/web")))
    assert "500 tags or more" in said
    assert "newest" not in said


@pytest.mark.parametrize("error", [TryLater("Quay is slow."), UserError("Builds are switched off.")])
async def test_a_registry_without_builds_has_a_card_all_the_same(office: Office, error: Exception) -> None:
    office.quay.hall.has("acme/web")
    office.quay.errors["builds"] = error
    assert "acme/web" in office.reads(await office.says("repo acme/web"))[0]


async def test_hostile_words_of_a_repository_stay_words(office: Office) -> None:
    office.quay.hall.has(
        "acme/web", description=HOSTILE, newest_tag="v1", tags=1, last_changed=office.start, state=HOSTILE
    )
    await office.says("repo acme/web")
    await office.says("repos acme")
    await office.says("search web")
    await office.says(f'describe acme/web "{HOSTILE.replace("`", "")}"')


async def test_a_repository_that_one_may_not_see_is_a_sentence(office: Office) -> None:
    reply = await office.says("repo acme/nope")
    assert office.reads(reply) == ["acme/nope does not exist, or you may not see it."]


async def test_a_repository_that_is_called_nearly_so_is_named_if_one_sees_it(office: Office) -> None:
    office.quay.hall.has("acme/basket")
    reply = await office.says("repo acme/baskte")
    assert office.reads(reply)[0].endswith("or you may not see it. Did you mean `acme/basket`?")
    assert ("token-alice", "page", "acme", "") in office.quay.calls


async def test_no_repository_is_named_to_whom_the_policy_shows_no_list(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.quay.hall.has("acme/basket")
    decide = Gate.decide

    async def without_lists(gate: Gate, act: Act, *rest: Any) -> Decision:
        if act.name == "repos":
            raise Denied("The policy says no.")
        return await decide(gate, act, *rest)

    monkeypatch.setattr(Gate, "decide", without_lists)
    told = office.reads(await office.says("repo acme/baskte"))
    assert told == ["acme/baskte does not exist, or you may not see it."]
    assert "page" not in [call[1] for call in office.quay.calls]


async def test_the_buttons_of_a_card_show_more_with_the_account_of_whoever_presses(office: Office) -> None:
    office.quay.hall.has("acme/web")
    office.links_bob()
    office.has_build(Phase.COMPLETE)
    reply = await office.presses("look_builds", "builds acme/web", office.bob)
    assert "newest builds" in office.reads(reply)[0]
    assert {call[0] for call in office.quay.calls} == {"token-bob"}


def test_every_button_of_a_card_has_its_command() -> None:
    assert set(LOOKS) <= set(COMMANDS)


@pytest.mark.parametrize("value", ["visibility acme/web public", "", "nonsense", '"'])
async def test_a_button_that_shows_something_changes_nothing(office: Office, value: str) -> None:
    reply = await office.presses("look_builds", value)
    assert reply is not None
    assert office.quay.calls == []


async def test_a_namespace_is_listed(office: Office) -> None:
    office.quay.hall.has("acme/web", description="the web app", last_changed=office.start)
    office.quay.hall.has("acme/old", public=True, state="READ_ONLY", bytes_used=2_000_000)
    assert office.reads(await office.says("repos acme")) == snapshot(
        [
            "*Repositories of `acme`*",
            """\
*<https://quay.example/repository/acme/web|acme/web>* · private · changed <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>
the web app
*<https://quay.example/repository/acme/old|acme/old>* · public · read-only · 1.9 MiB\
""",
            "That is all that you may see.",
        ]
    )


async def test_an_empty_namespace_says_what_that_may_mean(office: Office) -> None:
    assert office.reads(await office.says("repos nosuch")) == snapshot(
        [
            "I find no repositories in `nosuch`. Either there are none, or you may not see them: Quay does not tell which. Please check the name."
        ]
    )


async def test_a_long_list_has_pages_through_quays_own(office: Office) -> None:
    office.quay.hall.size = 40
    for number in range(60):
        office.quay.hall.has(f"acme/r{number:02}")
    seen: list[str] = []
    reply = await office.says("repos acme")
    for _ in range(9):
        assert reply is not None
        seen += [word for text in office.reads(reply) for word in text.split() if "|acme/r" in word]
        more = [e for block in reply.message.blocks for e in block.get("elements", ()) if e.get("type") == "button"]
        if not more:
            break
        reply = await office.presses("repos_next", more[0]["value"])
        assert reply is not None
        assert reply.replace
    assert len(seen) == len(set(seen)) == 60


async def test_a_search_has_pages_of_ten(office: Office) -> None:
    for number in range(12):
        office.quay.hall.has(f"acme/web{number}")
    first = await office.says("search web")
    assert office.reads(first)[-1] == "[Next]"
    second = await office.presses("search_next", pack("web", at=2))
    assert office.reads(second) == snapshot(
        [
            "*Repositories for `web`*, the best first",
            """\
*<https://quay.example/repository/acme/web10|acme/web10>* · private
*<https://quay.example/repository/acme/web11|acme/web11>* · private\
""",
            "That is all that you may see.",
        ]
    )
    assert office.reads(await office.says("search nosuch")) == ["I find no repository for `nosuch` that you may see."]


@pytest.mark.parametrize("value", ["", "[]", "{}", "[1, 2, 3]", '["acme", "x", -1]', '["acme", "x", true]', "[" * 9999])
async def test_a_strange_paging_button_is_refused(value: str) -> None:
    for unpacked in (repos.unpacked, search.unpacked):
        with pytest.raises(UserError):
            unpacked(value)


@pytest.mark.parametrize(
    "words",
    [
        "repo acme/web more",
        "repos acme/web extra",
        "visibility acme/web",
        "visibility acme/web secret",
        "describe acme/web two words",
        f"search {'x' * 101}",
        f'describe acme/web "{"x" * 3900}',
    ],
)
async def test_words_that_do_not_fit_are_refused_before_anybody_is_asked(office: Office, words: str) -> None:
    assert await office.says(words) is not None
    assert office.quay.calls == []
