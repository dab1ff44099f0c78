"""What acts are called beside their own names."""

import pytest

from bot.domain.acts import Act
from bot.rules.act_names import Names
from bot.rules.policy import Effect, Policy, Rule
from handlers.acts import ACTS
from handlers.acts.names import ALSO, NAMES
from handlers.commands import COMMANDS

NO_ACTS = {"approve", "audit", "deny", "help", "link", "unlink", "whoami", "why"}  # nothing is done in Quay by them


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Act("restore", "acme/web:v1"), ("tag restore",)),
        (Act("label add", "acme/web:v1"), ("tag label add",)),
        (Act("label remove", "acme/web:v1"), ("tag label remove",)),
        (Act("build", "acme/web", {"trigger": "github"}), ("trigger start",)),
        (Act("build", "acme/web", {"from": "https://x.example"}), ()),
        (Act("build retry", "acme/web", {"trigger": "github"}), ("trigger start",)),
        (Act("tag delete", "acme/web:v1"), ()),
    ],
)
def test_an_act_is_known_by_the_words_that_people_type(act: Act, words: tuple[str, ...]):
    assert NAMES.more(act) == words


def test_whatever_people_can_have_done_in_quay_is_a_name_for_policies():
    assert set(COMMANDS) - set(NAMES.every) == NO_ACTS
    assert set(ALSO) <= set(ACTS)


def test_a_word_makes_an_act_that_is_called_so():
    for word in NAMES.every:
        act = NAMES.act(word, "acme/web")
        assert act is not None
        assert word in (act.name, *NAMES.more(act))
    assert NAMES.act("biuld", "acme/web") is None


def test_patterns_that_fit_nothing_are_named_with_their_rule():
    rules = (
        Rule("a", Effect.DENY, commands=("tag *", "label remov")),
        Rule("b", Effect.DENY, commands=("trigger start",)),
    )
    assert [(rule.name, pattern) for rule, pattern in NAMES.idle(Policy(rules))] == [("a", "label remov")]
    assert list(Names().idle(Policy(rules))) == []


def test_no_act_is_called_by_the_name_of_another() -> None:
    """What allows to look must not allow to change."""
    assert not {word for words in ALSO.values() for word in words} & set(ACTS)
