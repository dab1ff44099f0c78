"""The document about policies says what the program does."""

import re
from pathlib import Path

import pytest

from bot.rules.globs import covers, fits, reaches
from bot.rules.policy import Effect, Known, decide
from bot.rules.policy_file import PolicyError, read
from bot.rules.policy_shape import FileShape, RuleShape
from bot.rules.who import is_word
from handlers.acts.names import ALSO

TEXT = Path(__file__).parents[2].joinpath("docs", "policy.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TEXT.splitlines() if line.startswith("| ")]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_a_policy(text: str):
    assert read(text).rules


def test_every_key_is_explained():
    explained = {name for row in ROWS for name in code(row[0])}
    assert set(RuleShape.model_fields) | set(FileShape.model_fields) - {"rule"} <= explained


def test_every_who_word_is_one():
    table = TEXT.partition("| Word |")[2].partition("\n\n")[0]
    words = [word for line in table.splitlines()[2:] for word in code(line.split("|")[1])]
    assert len(words) == 7
    assert all(map(is_word, words))


def test_every_pattern_fits_what_it_is_said_to_fit():
    table = TEXT.partition("| Pattern |")[2].partition("\n\n")[0]
    for line in table.splitlines()[2:]:
        pattern, good, bad = (code(cell) for cell in line.strip("|").split("|"))
        meant = fits if pattern[0].startswith("build") else covers
        assert all(meant(pattern[0], text) for text in good)
        assert not any(meant(pattern[0], text) for text in bad)


def test_every_other_name_of_an_act_is_told():
    table = TEXT.partition("| Name | The same act as |")[2].partition("\n\n")[0]
    told = {code(line.split("|")[1])[0]: set(code(line.split("|")[2])) for line in table.splitlines()[2:]}
    assert told == {name: set(words) for name, words in ALSO.items()}


def test_what_is_said_of_targets_is_so():
    wide = [("acme/*", "acme+ci"), ("acme/*", "acme"), ("acme/secret*", "acme"), ("acme+ci", "acme")]
    assert all(reaches(pattern, target) for pattern, target in wide)
    assert not any(covers(pattern, target) for pattern, target in wide)
    assert not reaches("acme/*:v*", "acme")
    assert covers("*", "")


def test_the_error_that_is_shown_is_what_is_said():
    shown = [line for line in TEXT.splitlines() if line.startswith("policy.toml line")]
    text = (
        'default = "no"\n\n[[rule]]\nname = "releases"\neffect = "approve"\n'
        'aprovers = ["group:S0REL"]\napprovers = ["group:S0REL"]\n'
    )
    with pytest.raises(PolicyError) as wrong:
        read(text)
    assert list(wrong.value.problems) == shown


@pytest.mark.parametrize(
    ("example", "groups", "act", "target", "channel", "effect"),
    [
        (1, (), "build", "acme/web:v1", "C1", Effect.APPROVE),
        (1, (), "build", "acme/web:dev", "C1", Effect.ALLOW),
        (1, (), "build", "acme/shop-api:v1", "C1", Effect.DENY),
        (1, ("group:S0ONCALL",), "build", "acme/shop-api:v1", "C1", Effect.APPROVE),
        (2, ("group:S0PLATFORM",), "build cancel", "infra/x", "", Effect.ALLOW),
        (2, ("group:S0WEB",), "build", "acme/web:v1", "C0WEB", Effect.ALLOW),
        (2, ("group:S0WEB",), "build", "acme/web:v1", "C1", Effect.DENY),
        (2, (), "build logs", "acme/web", "C1", Effect.ALLOW),
        (3, (), "build", "acme/web", "C1", Effect.DENY),
        (3, (), "build", "partner/web", "C1", Effect.APPROVE),
        (3, ("group:S0STAFF",), "build", "acme/web", "C1", Effect.ALLOW),
    ],
)
def test_the_examples_do_what_is_said_of_them(example, groups, act, target, channel, effect):
    assert decide(read(EXAMPLES[example]), act, target, channel, Known(frozenset(groups))).effect is effect
