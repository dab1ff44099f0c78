"""The numbers of a preview are what the same filter then does: histories, looked back at and told by webhooks."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.sealing import Sealer
from bot.adapters.store import open_store
from bot.rules.subscribing import wanted
from handlers.subscription_past import Looked, look_back
from tests.plugins.databases import SECRET
from tests.rules import real_names
from tests.webhooks.replay import REPOSITORIES, Replay, replay

DAYS = 20
PHASES = [(), ("building",), ("building", "pushing", "complete"), ("cancelled",), ("error",), ("expired",)]
EVENTS = ["pushes", "builds", "builds:failure", "build_start", "build_success", "mirrors", "expiry"]
FILTERS = ["tag:v*", "tag:*.*,latest", "-tag:*-dev", "-tag:a*", "by:acme+*", "by:alice,bob", "-by:alice", "-by:acme+ci"]
FILTERS += ["ref:main", "ref:~^refs/(heads|tags)/", "-ref:feature/*", "-ref:~.*new", "repo:web", "-repo:*/service"]
FILTERS += ["repo:acme/team/*,app-*", "-repo:app-1.x_y"]

where = st.sampled_from(REPOSITORIES)
tags = real_names.tags | st.sampled_from(["v1", "v1-dev", "latest"])
people = st.sampled_from(["alice", "bob", "acme+ci", None])
ways = st.sampled_from(PHASES)
happenings = st.one_of(
    st.tuples(st.just("push"), where, tags, people),
    st.tuples(st.just("move"), where, tags),
    st.tuples(st.just("expires"), where),
    st.tuples(st.just("mirror"), where, st.sampled_from(["started", "success", "failed"])),
    st.tuples(st.just("build"), where, tags, people, ways),
    st.tuples(st.just("git"), where, real_names.refs, people, ways),
)
histories = st.lists(st.tuples(happenings, st.sampled_from([20, 90, 5000])), min_size=4, max_size=12)
wishes = st.builds(
    lambda events, words: wanted("acme/*", [*events, *words, *(["days:20"] if "expiry" in events else [])]),
    st.lists(st.sampled_from(EVENTS), min_size=2, max_size=5, unique=True),
    st.lists(st.sampled_from(FILTERS), max_size=4, unique=True),
)


async def happen(here: Replay, history: Sequence[tuple[tuple[Any, ...], float]]) -> None:
    for (what, *rest), pause in history:
        await getattr(here, what)(*rest)
        await here.arrives(pause)
    for _ in range(3):
        await here.arrives(20)


async def both(template: Path, wish: Any, history: Any) -> tuple[Looked, Counter[str], Counter[str]]:
    """The preview after all of it, and what became of it in the channel."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder) / "quaybot.db")
        store = open_store(f"sqlite:///{folder}/quaybot.db", Sealer([SECRET]))
        try:
            async with replay(store, wish) as here:
                await happen(here, history)
                quay = here.registry.as_token(here.token)
                return await look_back(quay, wish, REPOSITORIES, here.mill.clock.now()), *(await here.became())
        finally:
            await store.close()


@settings(deadline=None, max_examples=25)
@given(wishes, histories)
async def test_the_numbers_are_what_the_filter_does_when_the_same_comes_in(
    sqlite_template: Path, wish: Any, history: Any
) -> None:
    looked, told, out = await both(sqlite_template, wish, history)
    assert looked.sifted is not None, looked.why
    assert Counter(event.kind for event in looked.sifted.kept) == told
    assert looked.sifted.removed == out
    assert looked.sifted.total == told.total() + out.total()


async def test_a_failure_counts_its_start_only_if_it_is_known_to_have_begun(sqlite_template: Path) -> None:
    history = [(("build", "acme/web", "v1", "alice", ("building", "error")), 20.0)]
    looked, told, _ = await both(sqlite_template, wanted("acme/*", ["builds"]), history)
    assert looked.sifted is not None
    assert told == {"build_queued": 1, "build_start": 1, "build_failure": 1}
    assert [event.kind for event in looked.sifted.kept] == ["build_queued", "build_failure"]
    assert ["some of their starts are not counted" in one for one in looked.untold] == [True]
    assert looked.messages == 1
