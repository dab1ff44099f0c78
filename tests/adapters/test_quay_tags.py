"""Looking at tags and images: against the fake Quay over real HTTP, and answers as odd as they come."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.quay import QuayRegistry
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.reading_tags import to_manifest, to_rows, to_scan
from bot.adapters.quay.shapes_tags import ManifestShape, RowsShape, SecurityShape
from bot.adapters.quay.tags import TagsAs
from bot.domain.errors import GiveUp, NotLinked, UserError
from bot.domain.images import Label, Layer, Manifest, Scan, TagRow
from bot.fakes.quay import FakeQuay
from bot.fakes.quay.images import Finding, layer
from bot.ports import Tags
from tests.adapters.quay_table import NOW, TOKEN, Table, registry_of
from tests.fakes.quay_scene import HandClock

WEB = "acme/web"
TAGS_PATH = "/api/v1/repository/acme/web/tag/"
DIGEST = "sha256:" + "a" * 64


@asynccontextmanager
async def place() -> AsyncIterator[tuple[FakeQuay, Tags, QuayRegistry, HandClock]]:
    """acme/web; alice owns it, bob is in no team."""
    clock = HandClock()
    quay = FakeQuay(clock=clock)
    quay.add_organization("acme", admins=["alice"])
    quay.add_user("bob")
    quay.add_repository(WEB)
    await quay.start()
    registry = QuayRegistry(quay.url, now=clock.now)
    try:
        yield quay, registry.as_token(quay.token("alice", "repo:read user:read")).tags, registry, clock
    finally:
        await registry.aclose()
        await quay.stop()


def later(clock: HandClock, minutes: float = 60) -> None:
    clock.time += timedelta(minutes=minutes)


async def test_a_history_has_dead_rows_restores_and_nothing_of_other_tags() -> None:
    async with place() as (quay, tags, _, clock):
        first = quay.push(WEB, "latest", "other")
        later(clock)
        second = quay.push(WEB, "latest")
        later(clock)
        quay.repositories[WEB].point("latest", first, clock.now(), reversion=True)
        rows = await tags.history(WEB, "latest")
        assert [(row.digest, row.end is None, row.reversion) for row in rows] == [
            (first, True, True),
            (second, False, False),
            (first, False, False),
        ]
        assert {row.name for row in rows} == {"latest"}


async def test_a_tag_that_expires_later_lives_until_then() -> None:
    async with place() as (quay, tags, _, clock):
        quay.push(WEB, "v1", labels={"quay.expires-after": "3d"})
        row = (await tags.history(WEB, "v1"))[0]
        assert (row.end, row.expires) == (None, clock.now() + timedelta(days=3))


async def test_a_long_history_is_read_page_by_page_up_to_the_limit() -> None:
    async with place() as (quay, tags, _, clock):
        for _ in range(130):
            quay.push(WEB, "latest")
            later(clock, 1)
        rows = await tags.history(WEB, "latest")
        assert len(rows) == 130
        assert await tags.history(WEB, "latest", limit=120) == rows[:120]


async def test_a_history_of_many_pages_is_read_to_its_end_in_order() -> None:
    async with place() as (quay, tags, _, clock):
        digests = [quay.push(WEB, "latest"), quay.push(WEB, "latest")]
        for number in range(618):
            quay.repositories[WEB].point("latest", digests[number % 2], clock.now())
            later(clock, 1)
        rows = await tags.history(WEB, "latest")
        assert len(rows) == 620
        assert [row.start for row in rows] == sorted((row.start for row in rows), reverse=True)
        assert rows[-1].digest == digests[0]


class SlowBook:
    """A caller that answers late, with full pages up to the last one; it counts calls, and how many wait at once."""

    def __init__(self, pages: int) -> None:
        self.pages, self.calls, self.busy, self.peak = pages, 0, 0, 0
        self.transport = SimpleNamespace(host="quay.example")

    def now(self) -> datetime:
        return NOW

    async def read(self, ask: Ask, _shape: object) -> RowsShape:
        number, first = int(ask.query["page"]), 1795432416 - 100 * int(ask.query["page"])
        self.calls, self.busy = self.calls + 1, self.busy + 1
        self.peak = max(self.peak, self.busy)
        for _ in range(5):
            await asyncio.sleep(0)
        self.busy -= 1
        rows = [{"name": "latest", "start_ts": first - one, "manifest_digest": DIGEST} for one in range(100)]
        shown = rows if number <= self.pages else []
        return RowsShape.model_validate({"tags": shown, "has_additional": number < self.pages})


@pytest.mark.parametrize(("pages", "calls"), [(1, 1), (2, 6), (7, 11), (99, 20)])
async def test_a_short_history_is_one_call_and_a_long_one_never_more_than_five_at_once(pages: int, calls: int) -> None:
    book = SlowBook(pages)
    found = await TagsAs(book).history(WEB, "latest")  # type: ignore[arg-type]  # as much of it as is asked for
    assert (len(found), book.calls) == (min(100 * pages, 2000), calls)
    assert book.peak <= 5


async def test_with_the_dead_a_page_has_deleted_tags_as_well() -> None:
    async with place() as (quay, tags, _, clock):
        quay.push(WEB, "gone")
        later(clock)
        quay.repositories[WEB].living("gone", clock.now()).end = clock.now()  # type: ignore[union-attr]  # it lives
        assert (await tags.page(WEB, like="go")).rows == ()
        assert [row.name for row in (await tags.page(WEB, like="go", dead=True)).rows] == ["gone"]


async def test_a_page_has_living_tags_with_the_part_of_the_name_that_was_asked_for() -> None:
    async with place() as (quay, tags, _, clock):
        for name in ("v1.0", "v1.1", "latest"):
            quay.push(WEB, name)
            later(clock)
        quay.push(WEB, "v1.1")
        found = await tags.page(WEB, like="v1", limit=1)
        assert ([row.name for row in found.rows], found.page, found.more) == (["v1.1"], 1, True)
        assert [row.name for row in (await tags.page(WEB, like="v1", page=2, limit=1)).rows] == ["v1.0"]


async def test_a_manifest_has_its_layers_with_their_sizes() -> None:
    async with place() as (quay, tags, _, _clock):
        bottom, top = layer("base", 1000), layer("app", 20)
        digest = quay.push(WEB, "v1", layers=(bottom, top))
        assert await tags.manifest(WEB, digest) == Manifest(
            digest, is_list=False, layers=(Layer(bottom.digest, 1000), Layer(top.digest, 20)), size=1020
        )


async def test_an_index_has_its_platforms() -> None:
    async with place() as (quay, tags, _, _clock):
        digest = quay.push(WEB, "multi", architectures=("amd64", "arm64/v8"))
        found = await tags.manifest(WEB, digest)
        assert found is not None
        assert found.is_list
        assert [one.name for one in found.platforms] == ["linux/amd64", "linux/arm64/v8"]
        assert (await tags.history(WEB, "multi"))[0].size is None


async def test_of_what_only_the_history_has_there_is_a_scan_but_no_manifest_and_no_labels() -> None:
    async with place() as (quay, tags, _, clock):
        old = quay.push(WEB, "latest", findings=[Finding("CVE-1", "Moderate", link="https://a.example https://b")])
        later(clock)
        quay.push(WEB, "latest")
        assert await tags.manifest(WEB, old) is None
        assert await tags.labels(WEB, old) is None
        (found,) = (await tags.scan(WEB, old)).findings
        assert (found.name, found.severity, found.package) == ("CVE-1", "Medium", "openssl-libs")
        assert (found.link, found.fixed_by) == ("https://a.example", "0:9.9.9-1.el9")


async def test_labels_say_where_they_come_from() -> None:
    async with place() as (quay, tags, _, _clock):
        digest = quay.push(WEB, "v1", labels={"version": "1"})
        (found,) = await tags.labels(WEB, digest) or ()
        assert (found.key, found.value, found.source) == ("version", "1", "manifest")
        assert isinstance(found, Label)


@pytest.mark.parametrize("status", ["queued", "failed", "unsupported", "manifest_layer_too_large"])
async def test_a_scan_that_has_found_nothing_yet_says_why(status: str) -> None:
    async with place() as (quay, tags, _, _clock):
        digest = quay.push(WEB, "v1", scan=status)
        assert await tags.scan(WEB, digest) == Scan(status)


async def test_an_unknown_digest_has_no_scan() -> None:
    async with place() as (_quay, tags, _, _clock):
        assert await tags.scan(WEB, DIGEST) == Scan("")


async def test_whoever_does_not_see_the_repository_is_told_so() -> None:
    async with place() as (quay, _, registry, _clock):
        digest = quay.push(WEB, "v1")
        theirs = registry.as_token(quay.token("bob", "repo:read user:read")).tags
        for call in (theirs.history(WEB, "v1"), theirs.manifest(WEB, digest), theirs.scan(WEB, digest)):
            with pytest.raises(UserError) as caught:
                await call
            assert "acme/web" in caught.value.say
        with pytest.raises(NotLinked):
            await registry.as_token("dead").tags.manifest(WEB, digest)


async def test_a_word_that_is_no_digest_is_not_asked_for() -> None:
    async with place() as (_quay, tags, _, _clock):
        for word in ("latest", "sha256:", "../../user"):
            with pytest.raises(UserError):
                await tags.manifest(WEB, word)


async def test_pages_without_end_do_not_keep_anybody() -> None:
    row = {"name": "latest", "start_ts": 1795432416, "manifest_digest": DIGEST}
    table = Table().tell(f"GET {TAGS_PATH}", 200, {"tags": [row], "has_additional": True})
    async with registry_of(table) as registry:
        assert len(await registry.as_token(TOKEN).tags.history(WEB, "latest")) == 1  # the same one again and again
    assert {query["page"] for query in table.queries(TAGS_PATH)} == {str(number) for number in range(1, 21)}


async def test_a_row_without_digest_or_start_is_not_guessed_at() -> None:
    for row in ({"name": "latest", "start_ts": 1795432416}, {"name": "latest", "manifest_digest": DIGEST}):
        table = Table().tell(f"GET {TAGS_PATH}", 200, {"tags": [row]})
        async with registry_of(table) as registry:
            with pytest.raises(GiveUp):
                await registry.as_token(TOKEN).tags.history(WEB, "latest")


def test_a_start_is_read_from_the_date_where_the_number_is_missing() -> None:
    raw = RowsShape.model_validate(
        {"tags": [{"name": "a", "manifest_digest": DIGEST, "last_modified": "Mon, 23 Nov 2026 11:13:36 -0000"}]}
    )
    assert to_rows(raw, NOW, "quay")[0].start == datetime(2026, 11, 23, 11, 13, 36, tzinfo=UTC)


def test_layers_come_from_the_manifest_where_quay_lists_none() -> None:
    data = {"layers": [{"digest": "sha256:1", "size": 5}, {"digest": "sha256:2", "size": 7}]}
    found = to_manifest(ManifestShape.model_validate({"manifest_data": json.dumps(data), "layers": None}), DIGEST)
    assert (found.layers, found.size) == ((Layer("sha256:1", 5), Layer("sha256:2", 7)), 12)


def test_layers_of_the_oldest_manifests_have_no_size_and_the_base_comes_first() -> None:
    data = {"fsLayers": [{"blobSum": "sha256:top"}, {"blobSum": "sha256:base"}]}
    raw = ManifestShape.model_validate({"manifest_data": json.dumps(data), "layers_compressed_size": 9})
    found = to_manifest(raw, DIGEST)
    assert (found.layers, found.size) == ((Layer("sha256:base"), Layer("sha256:top")), 9)


def test_attestations_in_an_index_are_no_platforms() -> None:
    data = {
        "manifests": [
            {"digest": "sha256:1", "platform": {"os": "linux", "architecture": "amd64"}},
            {"digest": "sha256:2", "platform": {"os": "unknown", "architecture": "unknown"}},
        ]
    }
    found = to_manifest(ManifestShape.model_validate({"manifest_data": json.dumps(data)}), DIGEST)
    assert (found.is_list, [one.digest for one in found.platforms]) == (True, ["sha256:1"])


def test_a_finding_that_is_told_twice_counts_once() -> None:
    feature = {"Name": "xz", "Version": "1", "Vulnerabilities": [{"Name": "CVE-1", "Severity": "Critical"}] * 2}
    raw = SecurityShape.model_validate({"status": "scanned", "data": {"Layer": {"Features": [feature, feature]}}})
    assert [one.name for one in to_scan(raw).findings] == ["CVE-1"]


_KEYS = ("digest", "layers", "manifests", "platform", "size", "data", "Layer", "Features", "Vulnerabilities", "status")
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=5),
    max_leaves=15,
)


@given(st.dictionaries(st.sampled_from((*_KEYS, "manifest_data", "is_manifest_list")), _json))
def test_no_manifest_and_no_scan_is_too_odd_to_be_read(body: dict[str, Any]) -> None:
    assert to_manifest(ManifestShape.model_validate(body), DIGEST).digest == DIGEST
    assert isinstance(to_scan(SecurityShape.model_validate(body)), Scan)


@given(st.integers() | st.floats() | st.none(), st.integers() | st.floats() | st.none())
def test_an_absurd_row_spoils_neither_the_others_nor_what_is_reckoned_with_it(start: object, end: object) -> None:
    good = {"name": "a", "manifest_digest": DIGEST, "start_ts": 1795432416}
    raw = RowsShape.model_validate({"tags": [good | {"start_ts": start, "end_ts": end}, good]})
    *odd, sound = to_rows(raw, NOW, "quay")
    assert sound == TagRow("a", DIGEST, datetime.fromtimestamp(1795432416, UTC))
    for row in odd:
        for moment in (row.start, row.end, row.expires):
            assert moment is None or moment - timedelta(days=1) < moment + timedelta(days=1)
        assert row.end is None or row.end <= NOW
        assert row.expires is None or row.expires > NOW


def test_an_end_beyond_all_calendars_never_comes_and_one_before_them_is_not_guessed_at() -> None:
    row = {"name": "a", "manifest_digest": DIGEST, "start_ts": 1795432416}
    raw = RowsShape.model_validate({"tags": [row | {"end_ts": 10**400}, row | {"end_ts": -(10**400)}]})
    assert [(one.end, one.expires) for one in to_rows(raw, NOW, "quay")] == [(None, None)]
