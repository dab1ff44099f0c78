"""What holds for lookups whatever Quay does: they end, nothing is told twice, and no tag gets the image of another."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import GiveUp, TryLater, UserError
from bot.domain.events import PushFacts
from bot.domain.images import Manifest, Scan
from bot.domain.looked_up import Found, Known, Missing
from bot.domain.subscriptions import Lookup, Sought
from bot.services.upkeep import wishes
from tests.services.upkeep.lookout import A, B, C, D, Lookout, flaw

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TAGS = ("v1", "v2", "latest")
CALLS = st.sampled_from(["page", "history", "log_page", "manifest", "scan", f"scan {A}", f"manifest {B}"])
ERRORS = st.sampled_from([TryLater("away"), TryLater("busy", after=40.0), UserError("no"), GiveUp("odd")])
TROUBLES = st.lists(st.dictionaries(CALLS, ERRORS, max_size=3), max_size=6)
PUSHES = st.lists(st.tuples(st.sampled_from(TAGS), st.booleans()), min_size=1, max_size=8)
STATUS = st.sampled_from(["queued", "scanned", "failed", ""])


def city(lookout: Lookout, lists: bool) -> None:
    for tag, digests in zip(TAGS, ((A, B), (B, C), (A, D)), strict=True):
        lookout.has(tag, *digests, is_list=lists, size=None if lists else 7)
        lookout.pushed_by(f"who-pushed-{tag}", tag)
    if lists:
        lookout.is_index(A, linux_amd64=C)
        lookout.quay.manifests[C] = Manifest(C, is_list=False, size=3)


@settings(deadline=None, max_examples=60)
@given(TROUBLES, PUSHES, STATUS, st.booleans())
async def test_whatever_quay_does_lookups_end_and_say_nothing_wrong(
    troubles: list[dict[str, Exception]], heard: list[tuple[str, bool]], status: str, lists: bool
) -> None:
    lookout = Lookout()
    lookout.subscribes(filter_="-by:nobody")
    city(lookout, lists)
    lookout.quay.scans |= {digest: Scan(status, (flaw(),)) for digest in (A, B, C)}
    held = 0
    for tag, wait in heard:
        lookout.hears(tag, held=wait)
        held += wait
    for trouble in troubles:
        lookout.quay.errors = dict(trouble)
        await lookout.looks(after=3)
    lookout.quay.errors = {}
    await lookout.looks_until_done(1900)
    assert len(lookout.wall.released) == held
    assert len({telling.delivery for telling in lookout.wall.released}) == held
    images = {"v1": A, "v2": B, "latest": A}
    for _, card in lookout.wall.cards["C1"]:
        assert all(facts.digest in ("", images[tag]) for tag, facts in card.facts.items())
        assert all(facts.by in ("", f"who-pushed-{tag}") for tag, facts in card.facts.items())


LOOKUPS = st.builds(
    lambda at, last, tries: Lookup(
        Sought.PUSH, "S1", "C1", "acme/web", 1, "{}", START + timedelta(seconds=at), START,
        START + timedelta(seconds=at + last), tries=tries,
    ),
    st.integers(0, 100), st.integers(0, 1800), st.integers(0, 10_000),
)  # fmt: skip
PARTS = st.frozensets(st.sampled_from(list(Missing)))


@given(LOOKUPS, PARTS, st.integers(-100, 3000), st.none() | st.floats(0, 90))
def test_the_next_look_is_later_and_never_after_the_end(
    lookup: Lookup, parts: frozenset[Missing], now: int, away: float | None
) -> None:
    moment = START + timedelta(seconds=now)
    until = wishes.next_look(lookup, parts, moment, away)
    if until is None:
        assert not parts or moment >= lookup.last_at or (parts == {Missing.PUSHER} and away is None)
    else:
        assert moment < until <= lookup.last_at


@given(LOOKUPS, PARTS, st.integers(-100, 3000), st.booleans(), st.booleans())
def test_nothing_is_held_longer_than_twenty_seconds(
    lookup: Lookup, parts: frozenset[Missing], now: int, over: bool, known: bool
) -> None:
    moment = START + timedelta(seconds=now)
    facts = PushFacts(tag="v1", by="alice" if known else "")
    found = Known(found=(Found(facts=facts, missing=tuple(sorted(parts))),))
    until = wishes.still_held(lookup, found, moment, over=over)
    assert until is None or moment < until <= lookup.at + wishes.HOLD
    assert until is None or not (over or known)
