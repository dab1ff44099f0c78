"""Cards of whatever strings the registry sends, for the tests of their words."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from bot.domain.cards import BuildCard, ExpiryCard, MirrorCard, PushCard, QuotaCard, VulnerabilityCard, Worst
from bot.domain.events import (
    BuildMoved,
    MirrorOutcome,
    MirrorSynced,
    Phase,
    Progress,
    Pushed,
    PushFacts,
    QuotaCrossed,
    Severity,
    TagsExpiring,
    VulnerabilityFound,
)
from bot.rules.cards import pushes, vulnerabilities

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

ATTACKS = (
    "",
    " ",
    "<!channel> <!here> <@U123ABC> <#C123> <!subteam^S1>",
    "&lt;!channel&gt; &amp;amp;",
    "`*bold*` _it_ ~no~ ```\n```",
    "> quote\n>>> more",
    "javascript:alert(1)",
    "https://evil.example/|label>x<@U1>",
    "https://ok.example/?a=1&b=<2>\"'|",
    "a|b|c",
    "abc\u202egpj.exe\u2066x\u2069\u200b\ufeff",
    "null\x00byte\x1b[31mred\x07",
    "half \ud83d of an emoji 😀👩‍👩‍👧‍👦 :tada: @channel #general",
    "line\n" * 200,
    "<" * 40_000,
    "&" * 40_000,
    "word " * 8_000,
    "😀" * 40_000,
    "`" * 3_000,
    "x" * 128,
)
WORDS = st.one_of(
    st.sampled_from(ATTACKS),
    st.text(alphabet=st.characters(), max_size=60),
    st.text(alphabet=st.sampled_from("<>&`*_~:|!@#ab^/\n\t\x00\u202e\u200b\x1b[31m;😀 "), max_size=60),
)
TAGS = st.one_of(
    st.lists(WORDS, max_size=4).map(tuple),
    st.sampled_from(("<", "&", "x", "`", "😀")).map(lambda char: (char * 128,) * 100),
    st.just(("sha256:" + "ab" * 32,) * 3),
)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
COMMON: dict[str, Any] = {
    "kind": st.one_of(WORDS, st.just("repo_push")),
    "namespace": WORDS,
    "repository": WORDS,
    "at": TIMES,
    "test": st.sampled_from([False, False, False, True]),
    "note": WORDS,
    "recovered": st.booleans(),
}
FLOATS = st.floats(allow_nan=True, allow_infinity=True)
COUNTS = st.tuples(*[st.integers(0, 10**6)] * 6)
NAMED = st.none() | TAGS
FACTS = st.builds(
    PushFacts,
    tag=WORDS,
    digest=WORDS,
    before=WORDS,
    architectures=TAGS,
    size=st.none() | st.integers(),
    grew=st.none() | st.integers(),
    by=WORDS,
    same_as=WORDS,
    scan=st.sampled_from(["queued", "failed"]) | WORDS,
    findings=st.none() | COUNTS,
    gained=NAMED,
    lost=NAMED,
)


def _looked_up(card: PushCard, facts: list[PushFacts]) -> PushCard:
    """With facts about its first tags."""
    named = [one.model_copy(update={"tag": tag}) for tag, one in zip(card.tags, facts, strict=False)]
    return pushes.learned(card, named)


PUSHES = st.builds(
    _looked_up,
    st.builds(
        PushCard,
        event=st.builds(Pushed, **COMMON, tags=st.just(())),
        last=TIMES,
        pushes=st.integers(1, 10**9),
        tags=st.dictionaries(WORDS, st.integers(1, 10**9), max_size=50),
        distinct=st.just(1) | st.integers(50, 10**9),
    ),
    st.lists(FACTS, max_size=20),
)
BUILDS = st.builds(
    BuildCard,
    known=st.builds(
        BuildMoved,
        **COMMON,
        build_id=WORDS,
        phase=st.sampled_from(Phase),
        name=WORDS,
        tags=TAGS,
        trigger=WORDS,
        ref=WORDS,
        commit=WORDS,
        commit_url=WORDS,
        commit_message=WORDS,
        author=WORDS,
        requested_by=WORDS,
        error=WORDS,
        progress=st.none() | st.builds(Progress, step=st.integers(), steps=st.integers(), pushed=st.none() | FLOATS),
        log_tail=st.lists(WORDS, max_size=20).map(tuple),
        fixed=st.booleans(),
        failed_before=WORDS,
    ),
    first=TIMES,
    last=TIMES,
    finished=st.none() | TIMES,
)
FOUND = st.builds(
    VulnerabilityFound,
    **COMMON,
    tags=TAGS,
    vulnerability=WORDS,
    severity=st.sampled_from(Severity),
    severity_word=WORDS,
    description=WORDS,
    links=TAGS,
    fixable=st.none() | st.booleans(),
    first_index=st.booleans(),
)
WORST = st.builds(
    Worst,
    name=WORDS,
    severity=st.sampled_from(Severity),
    fixable=st.none() | st.booleans(),
    times=st.integers(1, 10**6),
    repositories=st.lists(WORDS, min_size=1, max_size=20).map(tuple),
    tag=WORDS,
    tags=st.integers(0, 10**6),
    link=WORDS,
)
VULNERABILITIES = FOUND.map(lambda event: vulnerabilities.fold(None, event, ())) | st.builds(
    VulnerabilityCard,
    first=TIMES,
    last=TIMES,
    repositories=st.dictionaries(WORDS, COUNTS, min_size=1, max_size=40),
    counts=COUNTS,
    fixable=st.integers(0, 10**6),
    unfixable=st.integers(0, 10**6),
    worst=st.lists(WORST, min_size=1, max_size=5).map(tuple),
    finding=st.none(),
    note=WORDS,
    recovered=st.booleans(),
)
OUTCOMES = st.sampled_from(MirrorOutcome)
MIRRORS = st.builds(
    MirrorCard,
    known=st.builds(
        MirrorSynced,
        **COMMON,
        outcome=OUTCOMES,
        message=WORDS | st.lists(WORDS).map(lambda said: f"w: {tuple(said)!r}"),
        fixed=st.booleans(),
    ),
    outcome=OUTCOMES,
    started=st.none() | TIMES,
    finished=st.none() | TIMES,
)
EXPIRY = st.builds(ExpiryCard, event=st.builds(TagsExpiring, **COMMON, tags=TAGS, expiring_in=WORDS))
QUOTA = st.builds(
    QuotaCard,
    event=st.builds(
        QuotaCrossed,
        **COMMON,
        rejecting=st.booleans(),
        threshold_percent=st.none() | FLOATS,
        usage_percent=st.none() | FLOATS,
        usage_bytes=st.none() | st.integers(),
        limit_bytes=st.none() | st.integers(),
        usage=WORDS,
        limit=WORDS,
    ),
)
