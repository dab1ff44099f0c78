"""The numbers for Prometheus: every one described, and readable for whoever collects them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from bot.adapters.metrics import BOUNDS, COUNTED, LABELS, MEASURED, TIMED, Histogram, exposition
from bot.services import board

ROOT = Path(__file__).parents[2]
SOURCES = [path for name in ("bot/services", "handlers", "webhooks") for path in sorted((ROOT / name).rglob("*.py"))]


def read(text: bytes) -> dict[str, float]:
    """Every sample by its name and labels, as a collector reads it."""
    samples = (sample for family in text_string_to_metric_families(text.decode()) for sample in family.samples)
    return {f"{name}{sorted(labels.items()) or ''}": value for name, labels, value, *_ in samples}


def test_a_counter_has_a_total_and_a_gauge_has_none():
    found = read(exposition({"deliveries_stored": 3}, {"deliveries_waiting": 2}))
    assert (found["quaybot_deliveries_stored_total"], found["quaybot_deliveries_waiting"]) == (3, 2)
    assert not {"quaybot_deliveries_stored", "quaybot_deliveries_waiting_total"} & set(found)


def test_what_was_never_counted_is_nothing():
    found = read(exposition({}, {}))
    assert found == {f"quaybot_{name}_total": 0 for name in COUNTED if name not in LABELS}


def test_a_labelled_number_is_one_for_each_label():
    found = read(exposition({"calls_refused": {"chat.update": 4, "chat.postMessage": 1}}, {"dead": {"messages": 2}}))
    assert {name: number for name, number in found.items() if "[" in name} == {
        "quaybot_calls_refused_total[('method', 'chat.update')]": 4,
        "quaybot_calls_refused_total[('method', 'chat.postMessage')]": 1,
        "quaybot_dead[('kind', 'messages')]": 2,
    }


def test_a_name_that_nobody_described_is_a_mistake():
    with pytest.raises(KeyError):
        exposition({"nobody_knows": 1}, {})


def test_the_times_are_counted_up_from_the_smallest_bucket():
    took = Histogram()
    for seconds in (0.1, 0.25, 1.5, 4000.0):
        took.observe(seconds)
    found = read(exposition({}, {}, {"posted_seconds": took}))
    buckets = [found[f"quaybot_posted_seconds_bucket[('le', '{bound}')]"] for bound in (*BOUNDS, "+Inf")]
    assert buckets == [2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 4]
    assert found["quaybot_posted_seconds_count"] == 4
    assert found["quaybot_posted_seconds_sum"] == pytest.approx(4001.85)


@given(st.lists(st.floats(-5, 10_000)))
def test_no_time_is_lost_whatever_it_is(times: list[float]):
    took = Histogram()
    for seconds in times:
        took.observe(seconds)
    found = read(exposition({}, {}, {"posted_seconds": took}))
    assert found["quaybot_posted_seconds_bucket[('le', '+Inf')]"] == len(times)
    assert found["quaybot_posted_seconds_sum"] == pytest.approx(sum(max(0.0, seconds) for seconds in times))


def test_every_number_is_described_once_and_in_words():
    names = [*COUNTED, *MEASURED, *TIMED]
    assert len(names) == len(set(names))
    assert set(LABELS) <= set(names)
    assert all(len(words) > 10 and not words.endswith(".") for words in (*COUNTED.values(), *MEASURED.values()))


def _emitted(tree: ast.AST) -> Iterator[str]:
    """The names in `counts.update(name=…)`, `counts["name"] += …` and `Counter("name" for …)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("counts.update"):
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)
            for given_ in node.args:
                yield from _words(given_)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Counter":
            for given_ in node.args:
                yield from _words(given_)
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("counts"):
            yield from _words(node.slice)


def _words(node: ast.AST) -> Iterator[str]:
    """The texts that an expression may come to; a condition's are none."""
    if isinstance(node, ast.IfExp):
        yield from _words(node.body)
        yield from _words(node.orelse)
    elif isinstance(node, ast.GeneratorExp):
        yield from _words(node.elt)
    elif isinstance(node, ast.JoinedStr):
        yield ast.unparse(node)[2:-1]
    elif isinstance(node, ast.Dict):
        yield from (word for key in node.keys if key for word in _words(key))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


# Names that are put together while it runs.
COMPOSED = {
    "messages_{kind}": {"messages_edited", "messages_replied", "messages_posted"},
    "cards_{card.verdict}": {"cards_opened", "cards_turned"},
}


def test_everything_that_the_code_counts_is_described():
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
    emitted = {name for tree in trees for name in _emitted(tree)}
    plain = {name for name in emitted if "{" not in name}
    assert "messages_put_off" in plain  # it finds what is there
    assert emitted - plain == set(COMPOSED)
    assert plain.union(board.COUNTED.values(), *COMPOSED.values()) <= set(COUNTED)


def test_everything_that_is_described_is_counted_somewhere():
    report = {"deliveries_received", "deliveries_stored", "calls_refused"}
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
    emitted = {name for tree in trees for name in _emitted(tree)}
    assert set(COUNTED) <= emitted.union(report, board.COUNTED.values(), *COMPOSED.values())
