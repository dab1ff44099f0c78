"""The laws of reading: whatever arrives, it never raises, and an event holds only what can be stored and sent."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.events import Event
from webhooks.kinds import KINDS
from webhooks.reading import Unreadable, read
from webhooks.sample import conditions, sample

AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
BODIES = [(kind, json.loads(sample(kind, condition))) for kind in KINDS for condition in ("", *conditions(kind))]
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
UNSTORABLE = re.compile("[\0\ud800-\udfff]")

any_text = st.text(st.characters(categories=None), max_size=20) | st.sampled_from(["\0", "\ud800", "true", "acme/web"])
any_number = st.integers() | st.floats() | st.sampled_from([2**63, 10**400, -1, 1e300, float("nan"), float("inf")])
any_json = st.recursive(
    st.none() | st.booleans() | any_number | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=8,
)


def strings(value: object) -> list[str]:
    """All strings in a dumped event."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in strings(item)]
    return []


def holds(answer: Event | Unreadable) -> None:
    """The answer is one of the two, and can be stored."""
    if isinstance(answer, Unreadable):
        assert answer.reason
        answer.reason.encode()
        assert len(answer.reason) < 700
        return
    assert isinstance(answer, Event)
    assert not [text for text in strings(answer.model_dump()) if UNSTORABLE.search(text)]
    assert type(answer).model_validate_json(answer.model_dump_json()) == answer


def paths(value: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The paths to every key of nested objects."""
    found = []
    for key, item in value.items() if isinstance(value, dict) else ():
        found += [(*path, key), *paths(item, (*path, key))]
    return found


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A sample's event and its body with up to three keys dropped, replaced or added."""
    kind, original = draw(st.sampled_from(BODIES))
    body: dict[str, Any] = json.loads(json.dumps(original))
    for _ in range(draw(st.integers(1, 3))):
        *parents, key = draw(st.sampled_from(paths(body) or [("repository",)]))
        parent = body
        for step in parents:
            parent = parent[step]
        if draw(st.booleans()):
            parent[key] = draw(any_json)
        else:
            del parent[key]
            parent[draw(any_text)] = draw(any_json)
    return kind, body


@patient
@given(st.sampled_from(sorted(KINDS)) | any_text, any_text, st.binary(max_size=200))
def test_any_bytes_are_answered(event: str, target: str, body: bytes):
    holds(read(event, target, body, AT))


@patient
@given(st.sampled_from(sorted(KINDS)), any_text, any_json)
def test_any_json_is_answered(event: str, target: str, document: object):
    holds(read(event, target, json.dumps(document).encode(), AT))


@patient
@given(mutated(), any_text)
def test_any_change_of_a_sample_is_answered(change: tuple[str, dict[str, Any]], target: str):
    kind, body = change

    holds(read(kind, target, json.dumps(body).encode(), AT))


@patient
@given(st.sampled_from(BODIES), st.data())
def test_any_piece_of_a_body_is_answered(body: tuple[str, dict[str, Any]], data: st.DataObject):
    kind, document = body
    raw = json.dumps(document).encode()

    holds(read(kind, "acme/web", raw[: data.draw(st.integers(0, len(raw)))], AT))


@patient
@given(st.sampled_from(BODIES), any_text)
def test_texts_of_any_kind_are_made_storable(body: tuple[str, dict[str, Any]], text: str):
    kind, document = body

    def everywhere(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: everywhere(item) for key, item in value.items()}
        if isinstance(value, list):
            return [everywhere(item) for item in value]
        return value + text if isinstance(value, str) else value

    holds(read(kind, "acme/web", json.dumps(everywhere(document)).encode(), AT))


@patient
@given(st.text("s3cret", min_size=61, max_size=80), mutated())
def test_a_reason_never_repeats_a_long_value(secret: str, change: tuple[str, dict[str, Any]]):
    kind, body = change
    leaky = {key: {"deep": secret} if index % 2 else secret for index, key in enumerate(body)}

    answer = read(kind, "acme/web", json.dumps(leaky).encode(), AT)

    if isinstance(answer, Unreadable):
        assert secret not in answer.reason
