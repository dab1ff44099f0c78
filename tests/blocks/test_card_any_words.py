"""Whatever strings the registry sends: Slack takes every card, and no word of it becomes markup."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.blocks.cards import builds, expiry, mirrors, quota
from bot.blocks.cards import pushes as push_words
from bot.blocks.cards import vulnerabilities as finding_words
from bot.blocks.layouts import laid_out
from bot.blocks.validator import neutral_problems, problems
from bot.domain.cards import BuildCard, ExpiryCard, MirrorCard, PushCard, QuotaCard, VulnerabilityCard, Worst
from bot.domain.events import (
    BuildMoved,
    MirrorOutcome,
    MirrorSynced,
    Phase,
    Progress,
    Pushed,
    QuotaCrossed,
    Severity,
    TagsExpiring,
    VulnerabilityFound,
)
from bot.domain.messages import Message
from bot.domain.trail import Item
from bot.rules.cards import pushes, vulnerabilities

QUAY = "https://quay.example.com"
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
}
FLOATS = st.floats(allow_nan=True, allow_infinity=True)
COUNTS = st.tuples(*[st.integers(0, 10**6)] * 6)
PUSHES = st.builds(
    PushCard,
    event=st.builds(Pushed, **COMMON, tags=st.just(())),
    last=TIMES,
    pushes=st.integers(1, 10**9),
    tags=st.dictionaries(WORDS, st.integers(1, 10**9), max_size=50),
    distinct=st.integers(50, 10**9),
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
)
OUTCOMES = st.sampled_from(MirrorOutcome)
MIRRORS = st.builds(
    MirrorCard,
    known=st.builds(
        MirrorSynced,
        **COMMON,
        outcome=OUTCOMES,
        message=WORDS | st.lists(WORDS).map(lambda said: f"w: {tuple(said)!r}"),
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
SHOWN = st.one_of(
    PUSHES.map(lambda card: push_words.show(card, QUAY)),
    BUILDS.map(lambda card: builds.show(card, QUAY)),
    VULNERABILITIES.map(lambda card: finding_words.show(card, QUAY)),
    MIRRORS.map(lambda card: mirrors.show(card, QUAY)),
    EXPIRY.map(lambda card: expiry.show(card, QUAY)),
    QUOTA.map(lambda card: quota.show(card, QUAY)),
)
FAMILIES: dict[str, Callable[[str, tuple[str, ...], bool], Message]] = {
    "push": lambda word, many, test: push_words.show(
        pushes.fold(None, Pushed(**_common(word, test), tags=many), ()), QUAY
    ),
    "pushes": lambda word, many, test: push_words.show(_pushed(word, many, test), QUAY),
    "build": lambda word, many, test: builds.show(_failed(word, many, test), QUAY),
    "vulnerability": lambda word, many, test: finding_words.show(
        vulnerabilities.fold(None, _found(word, many, test), ()), QUAY
    ),
    "vulnerabilities": lambda word, many, test: finding_words.show(_all_found(word, many, test), QUAY),
    "mirror": lambda word, many, test: mirrors.show(
        MirrorCard(
            known=MirrorSynced(**_common(word, test), outcome=MirrorOutcome.FAILED, message="\n".join(many)),
            outcome=MirrorOutcome.FAILED,
        ),
        QUAY,
    ),
    "expiry": lambda word, many, test: expiry.show(
        ExpiryCard(event=TagsExpiring(**_common(word, test), tags=many, expiring_in=word)), QUAY
    ),
    "quota": lambda word, many, test: quota.show(
        QuotaCard(
            event=QuotaCrossed(
                **_common(word, test),
                rejecting=True,
                threshold_percent=1,
                usage_percent=1e300,
                usage_bytes=1,
                limit_bytes=1,
                usage=word,
                limit=word,
            )
        ),
        QUAY,
    ),
}


def _common(word: str, test: bool) -> dict[str, Any]:
    return {"kind": word, "namespace": word, "repository": word, "at": NOON, "test": test, "note": word}


def _pushed(word: str, many: tuple[str, ...], test: bool) -> PushCard:
    """A push of one tag, and another of twenty that look alike."""
    card = pushes.fold(None, Pushed(**_common(word, test), tags=many[:1]), ())
    more = Pushed(**_common(word, test), tags=tuple(f"{number}{word[:128]}" for number in range(20)))
    return card if test else pushes.fold(card, more, pushes.items(more))


def _found(word: str, many: tuple[str, ...], test: bool) -> VulnerabilityFound:
    return VulnerabilityFound(
        **_common(word, test),
        tags=many,
        vulnerability=word,
        severity=Severity.HIGH,
        severity_word=word,
        description=word,
        links=many,
    )


def _all_found(word: str, many: tuple[str, ...], test: bool) -> VulnerabilityCard:
    """Findings in twenty repositories that look alike."""
    event = _found(word, many, test)
    card = vulnerabilities.fold(None, event, ())
    for number in range(0 if test else 20):
        more = {"repository": f"{number}{word}", "vulnerability": f"{number % 7}{word}"}
        card = vulnerabilities.fold(card, event.model_copy(update=more), (Item("new"),))
    return card


def _failed(word: str, many: tuple[str, ...], test: bool) -> BuildCard:
    names = ("build_id", "name", "trigger", "ref", "commit", "commit_url", "commit_message", "author", "requested_by")
    known = BuildMoved(
        **_common(word, test),
        **dict.fromkeys((*names, "error"), word),
        phase=Phase.ERROR,
        tags=many,
        log_tail=many,
    )
    return BuildCard(known=known, first=NOON, last=NOON + timedelta(hours=1), finished=NOON + timedelta(hours=1))


def _mrkdwn(value: Any) -> Iterable[str]:
    if isinstance(value, list | tuple):
        for entry in value:
            yield from _mrkdwn(entry)
    elif isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for entry in value.values():
            yield from _mrkdwn(entry)


def _check(message: Message) -> None:
    payload = message.payload()
    assert problems(payload) == []
    assert neutral_problems(payload) == []
    assert not set("*`~") & set(message.text)
    assert "://" not in message.text
    assert len(payload["attachments"]) == 1
    json.dumps(payload, ensure_ascii=False).encode()  # no lone surrogate anywhere
    buttons = [b for block in message.details if block["type"] == "actions" for b in block["elements"]]
    assert len(buttons) <= 3
    for name in ("card", "thread", "compact"):
        listed = laid_out(message, name, "delivery:17:C0123456789").payload()
        assert (listed["text"], problems(listed), neutral_problems(listed)) == (message.text, [], [])
    for words in _mrkdwn(payload["blocks"] + payload["attachments"]):
        assert len(words.encode("utf-16-le")) // 2 <= 3000  # should Slack count like JavaScript
        assert words.count("```") in {0, 2}
        assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\x00]", words)
        outside = re.sub(r"```[^`]*```|`[^`\n]+`|<[^<>]*>", "", words)
        assert "`" not in outside
        assert "~" not in outside.removeprefix("~ ")
        assert outside.count("*") in {0, 2}


@given(SHOWN)
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_card_is_taken_by_slack_and_holds_no_foreign_markup(message: Message) -> None:
    _check(message)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("index", range(len(ATTACKS)))
@pytest.mark.parametrize("test", [False, True])
def test_an_attack_in_every_field_at_once_does_nothing(family: str, index: int, test: bool) -> None:
    word = ATTACKS[index]
    message = FAMILIES[family](word, (word[:128],) * 100, test)
    _check(message)
    if test:
        assert all(block["type"] != "actions" for block in message.details)


@given(st.sampled_from(sorted(FAMILIES)), WORDS)
@example("build", "a/b c")
@settings(deadline=None)
def test_a_button_never_acts_on_another_build_than_the_one_shown(family: str, word: str) -> None:
    message = FAMILIES[family](word, (word[:128],), False)
    for block in message.details:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            if "value" in element:
                assert element["value"] == f"{word} {word}"
                assert element["value"].split() == [word, word]
            else:
                assert element["url"].startswith(("https://", "http://"))
