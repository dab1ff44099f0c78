"""Links to Quay in messages: what stands below them, for whom, and what never does."""

# ruff: noqa: E501 - golden sentences stand on one line

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.blocks.validator import neutral_problems, problems
from bot.domain.errors import GiveUp, TryLater, UserError
from bot.domain.events import Phase
from bot.domain.images import Layer, Manifest, Platform, Scan, TagRow, Vulnerability
from bot.domain.people import Person, Place
from bot.ports import Hook
from bot.rules.policy import Decision, Effect
from handlers.unfurling import MOST, Shared, unfurled
from tests.handlers.conftest import FakeVoice, Office
from tests.handlers.council import Rulings

QUAY = "https://quay.example"
WEB = f"{QUAY}/repository/acme/web"
DIGEST = "sha256:" + "1a" * 32


async def shares(office: Office, *urls: str, person: Person | None = None, channel: str = "C1") -> dict[str, list[str]]:
    """The words below each link."""
    before = len(office.voice.unfurled)
    await unfurled(Shared(person or office.alice, channel, "1.1", urls), office.desk)
    shown: dict[str, Any] = {}
    for place, unfurls in office.voice.unfurled[before:]:
        assert place == {"channel": channel, "ts": "1.1"}
        shown |= unfurls
    for blocks in shown.values():
        assert problems({"text": "-", "blocks": list(blocks)}) == []
        assert neutral_problems({"blocks": list(blocks)}) == []
        assert {block["type"] for block in blocks} <= {"section", "context"}  # no buttons, no rich text
    return {url: office.words(blocks) for url, blocks in shown.items()}


async def test_a_public_repository_is_shown_anywhere(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True, description="The shop", tags=3, newest_tag="v1")
    assert await shares(office, WEB) == snapshot(
        {
            "https://quay.example/repository/acme/web": [
                "📦 *<https://quay.example/repository/acme/web|acme/web>* · *public*",
                """\
The shop
3 tags\
""",
                "As whoever shared the link saw it then.",
            ]
        }
    )


async def test_a_tag_is_shown_with_its_image_and_its_findings(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True)
    office.quay.shelf.had("acme/web:v1", office.clock.now(), DIGEST, each=timedelta(hours=2))
    office.quay.shelf.scans[DIGEST] = Scan(
        "scanned", (Vulnerability("CVE-1", "High", "openssl"), Vulnerability("CVE-2", "Critical", "zlib"))
    )
    link = f"{WEB}?tab=tags&tag=v1"
    assert await shares(office, link, f"{WEB}/tag/v1") == snapshot(
        {
            "https://quay.example/repository/acme/web?tab=tags&tag=v1": [
                """\
🏷️ *<https://quay.example/repository/acme/web?tab=tags&amp;tag=v1|acme/web:v1>* `sha256:1a1a1a1a1a1a`
976.6 KiB · pushed 2 hours ago · 🛡️ 1 Critical, 1 High\
""",
                "As whoever shared the link saw it then.",
            ],
            "https://quay.example/repository/acme/web/tag/v1": [
                """\
🏷️ *<https://quay.example/repository/acme/web?tab=tags&amp;tag=v1|acme/web:v1>* `sha256:1a1a1a1a1a1a`
976.6 KiB · pushed 2 hours ago · 🛡️ 1 Critical, 1 High\
""",
                "As whoever shared the link saw it then.",
            ],
        }
    )


async def test_an_image_is_shown_with_its_platforms(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True)
    platforms = (Platform("sha256:1", "linux/amd64"), Platform("sha256:2", "linux/arm64"))
    office.quay.shelf.manifests[DIGEST] = Manifest(DIGEST, is_list=True, platforms=platforms)
    assert await shares(office, f"{WEB}/manifest/{DIGEST}") == snapshot(
        {
            "https://quay.example/repository/acme/web/manifest/sha256:1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a": [
                """\
📦 *<https://quay.example/repository/acme/web/manifest/sha256:1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a|acme/web@sha256:1a1a1a1a1a1a>*
linux/amd64, linux/arm64\
""",
                "As whoever shared the link saw it then.",
            ]
        }
    )
    office.quay.shelf.manifests[DIGEST] = Manifest(DIGEST, False, (Layer("sha256:3"),), size=2_000_000)
    assert await shares(office, f"{WEB}/manifest/{DIGEST}") == snapshot(
        {
            "https://quay.example/repository/acme/web/manifest/sha256:1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a": [
                """\
📦 *<https://quay.example/repository/acme/web/manifest/sha256:1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a|acme/web@sha256:1a1a1a1a1a1a>*
1.9 MiB · 1 layer\
""",
                "As whoever shared the link saw it then.",
            ]
        }
    )


async def test_a_build_is_shown_as_it_is(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True)
    office.has_build(Phase.COMPLETE, tags=("v1",), started=office.clock.now(), requested_by="bob")
    assert await shares(office, f"{WEB}/build/{office.build_id}") == snapshot(
        {
            "https://quay.example/repository/acme/web/build/dbf23442-b521-45b9-9ba3-7d506a2e21c2": [
                """\
*<https://quay.example/repository/acme/web|acme/web>*
*🟢 Build succeeded* · <https://quay.example/repository/acme/web/build/dbf23442-b521-45b9-9ba3-7d506a2e21c2|dbf23442> · `v1`
requested by bob · <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>\
""",
                "As whoever shared the link saw it then.",
            ]
        }
    )


async def test_it_is_looked_at_with_the_account_of_whoever_shares(office: Office) -> None:
    office.links_bob()
    office.quay.hall.has("acme/web", public=True)
    await shares(office, WEB, person=office.bob)
    assert {call[0] for call in office.quay.calls} == {"token-bob"}
    assert [line.deed.act.name for line in office.audit.lines][-1] == "unfurl"


async def test_whoever_has_linked_no_account_shares_links_as_everywhere(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True)
    assert await shares(office, WEB, person=office.bob) == {}
    assert office.quay.calls == []
    assert office.audit.lines == []
    assert office.notices.said == {}


async def test_a_private_repository_is_not_shown_where_everybody_can_read_it(office: Office) -> None:
    office.quay.hall.has("acme/web")
    assert await shares(office, WEB, f"{WEB}/tag/v1") == {}
    assert [line.deed.detail for line in office.audit.lines][-1].startswith("This channel may not see that repository")


@pytest.mark.parametrize(
    ("place", "seen"),
    [
        (Place("C1", "ops", private=True), True),
        (Place("C1", "ops", private=True, shared=True), False),
        (Place("C1", "ops", shared=True), False),
    ],
)
async def test_a_private_repository_is_shown_in_a_private_channel_of_ones_own_company(
    office: Office, place: Place, seen: bool
) -> None:
    office.quay.hall.has("acme/web")
    office.directory.places["C1"] = place
    assert bool(await shares(office, WEB)) is seen


async def test_a_private_repository_is_shown_where_its_alerts_are_read_anyway(office: Office) -> None:
    office.quay.hall.has("acme/web")
    office.trail.urls.append(Hook("1", "repo_push", "acme/web", ("C1",), office.clock.now()))
    assert list(await shares(office, WEB)) == [WEB]
    assert await shares(office, WEB, channel="C2") == {}


async def test_a_webhook_for_the_bot_alone_makes_nothing_public(office: Office) -> None:
    office.quay.hall.has("acme/web")
    office.trail.urls.append(Hook("1", "build_start", "acme/web", ("C1",), office.clock.now(), silent=True))
    assert await shares(office, WEB) == {}


@pytest.mark.parametrize("error", [GiveUp("There is no such channel."), TryLater("Slack is away.")])
async def test_where_nobody_knows_who_reads_it_nothing_private_is_shown(office: Office, error: Exception) -> None:
    office.quay.hall.has("acme/web")
    office.directory.errors["C1"] = error
    assert await shares(office, WEB) == {}


async def test_what_the_sharer_does_not_see_is_not_shown_and_nobody_is_told(office: Office) -> None:
    assert await shares(office, WEB) == {}
    assert office.notices.said == {}
    assert office.voice.responses == []


async def test_links_that_only_look_like_ours_ask_nobody(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True)
    urls = (
        "https://quay.example@evil.example/repository/acme/web",
        "https://quay.example.evil.example/repository/acme/web",
        "https://alice:secret@quay.example/repository/acme/web",
        "https://evil.example/?https://quay.example/repository/acme/web",
        "https://quay.example/api/v1/superuser/users/",
    )
    assert await shares(office, *urls) == {}
    assert office.quay.calls == []


async def test_of_many_links_the_first_few_are_shown(office: Office) -> None:
    urls = [f"{QUAY}/repository/acme/web{number}" for number in range(9)]
    for number in range(9):
        office.quay.hall.has(f"acme/web{number}", public=True)
    assert list(await shares(office, *urls, *urls)) == urls[:MOST]


async def test_a_link_that_cannot_be_shown_does_not_touch_the_others(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True)
    office.quay.errors["history"] = ZeroDivisionError("odd")
    assert list(await shares(office, f"{WEB}/tag/v1", WEB)) == [WEB]
    office.quay.errors["history"] = TryLater("Quay is away.")
    assert list(await shares(office, WEB, f"{WEB}/tag/v1")) == [WEB]


async def test_a_tag_that_is_gone_is_not_shown(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True)
    now = office.clock.now()
    office.quay.shelf.rows["acme/web:v1"] = (TagRow("v1", DIGEST, now - timedelta(days=2), now - timedelta(days=1)),)
    assert await shares(office, f"{WEB}/tag/v1", f"{WEB}/manifest/{DIGEST}") == {}


async def test_a_scan_that_is_slow_or_away_leaves_its_place_empty(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True)
    office.quay.shelf.had("acme/web:v1", office.clock.now(), DIGEST)
    office.quay.errors["scan"] = UserError("Quay does not know.")
    [[words, _]] = (await shares(office, f"{WEB}/tag/v1")).values()
    assert "🛡️" not in words


class Deaf(FakeVoice):
    async def unfurl(self, place: Any, unfurls: Any) -> None:
        raise GiveUp("quaybot may not do that in Slack.")


async def test_slack_refusing_it_is_no_trouble_of_anybody(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True)
    office.desk = replace(office.desk, voice=Deaf())
    await unfurled(Shared(office.alice, "C1", "1.1", (WEB,)), office.desk)
    assert office.audit.lines


async def test_foreign_words_below_a_link_stay_words(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True, description="<!channel> *look* <https://evil.example|here> `x`")
    [words] = (await shares(office, WEB)).values()
    assert "<!channel>" not in "".join(words)
    assert "&lt;!channel&gt; ∗look∗" in "".join(words)


@pytest.mark.parametrize("effect", [Effect.DENY, Effect.APPROVE])
async def test_where_the_policy_wants_more_than_a_link_nothing_is_shown(office: Office, effect: Effect) -> None:
    office.quay.hall.has("acme/web", public=True)
    rulings = Rulings(Decision(effect, "no links"))
    office.desk = replace(office.desk, gate=replace(office.desk.gate, policies=rulings))
    assert await shares(office, WEB) == {}
    assert office.approvals.requests == {}
