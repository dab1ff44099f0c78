"""Whatever strings the registry sends: Slack takes every card, and no word of it becomes markup."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.blocks.cards import builds, expiry, mirrors, quota
from bot.blocks.cards import pushes as push_words
from bot.blocks.cards import vulnerabilities as finding_words
from bot.blocks.layouts import laid_out
from bot.blocks.validator import neutral_problems, problems
from bot.domain.cards import BuildCard, ExpiryCard, MirrorCard, PushCard, QuotaCard, VulnerabilityCard
from bot.domain.events import (
    BuildMoved,
    MirrorOutcome,
    MirrorSynced,
    Phase,
    Pushed,
    PushFacts,
    QuotaCrossed,
    Severity,
    TagsExpiring,
    VulnerabilityFound,
)
from bot.domain.messages import Message
from bot.domain.trail import Item
from bot.rules.cards import pushes, vulnerabilities
from tests.blocks.any_cards import (
    ATTACKS,
    BUILDS,
    EXPIRY,
    MIRRORS,
    NOON,
    PUSHES,
    QUOTA,
    VULNERABILITIES,
    WORDS,
)

QUAY = "https://quay.example.com"
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
        pushes.fold(None, Pushed(**_common(word, test), tags=many, by=word, facts=_facts(many[:1], word)), ()), QUAY
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
    return card if test else pushes.learned(pushes.fold(card, more, pushes.items(more)), _facts(more.tags, word))


def _facts(tags: tuple[str, ...], word: str) -> list[PushFacts]:
    names = {"by": word, "same_as": word, "architectures": (word,) * 100, "gained": (word,) * 1_000, "lost": (word,)}
    return [PushFacts(tag=tag, digest=f"{tag}{word}", findings=(9,) * 6, size=2**60, **names) for tag in tags]


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
    assert len(buttons) <= 4
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
def test_a_button_never_acts_on_another_build_or_tag_than_the_one_shown(family: str, word: str) -> None:
    message = FAMILIES[family](word, (word[:128],), False)
    for block in message.details:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            if "value" in element:
                mark = ":" if family == "push" else " "
                assert element["value"] == f"{word}{mark}{word}"
                assert element["value"].split(mark) == [word, word]
            else:
                assert element["url"].startswith(("https://", "http://"))
