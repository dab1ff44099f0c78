"""However wild a filter is, reading it costs little: it is read while others wait."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from bot.domain.errors import UserError
from bot.rules.filters import reading
from bot.rules.subscribing import wanted

LINES: dict[str, Callable[[int], list[str]]] = {
    "many letters": lambda turn: [f"ref:~{turn}z{place}" + "|".join([r"\pL"] * 46) for place in range(3)],
    "letters that repeat": lambda turn: [f"ref:~{turn}z{place}" + r"\pL\pL.{120}" for place in range(3)],
    "many expressions": lambda turn: [rf"ref:~z{turn}z{place}\pL{{30}}" for place in range(55)],
    "many globs": lambda turn: [f"tag:{','.join(f'{turn}z{place}*' for place in range(100))}"],
    "capitals": lambda turn: [f"ref:~(?i){turn}" + r"\pL" * 60],
    "too large": lambda turn: [rf"ref:~{turn}\pL{{{times}}}" for times in range(100, 103)],
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_the_worst_lines_are_read_at_once(line: Callable[[int], list[str]]) -> None:
    costs = []
    for turn in range(5):
        words = line(turn)
        begun = time.process_time()
        with suppress(UserError):  # it is refused as quickly as another one is read
            wanted("acme/web", ["builds", *words])
        costs.append(time.process_time() - begun)
    assert min(costs) < 0.05  # seconds; about 0.01 on one usual core


def test_only_a_few_filters_are_remembered() -> None:
    assert reading.parse.cache_parameters()["maxsize"] <= 512
