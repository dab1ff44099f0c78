"""`/quay audit`: the words it understands."""

import pytest

from handlers.grammar import UsageError
from handlers.grammar.audit_question import Question, read
from tests.handlers.audit_office import QUAY_URL


@pytest.mark.parametrize(
    ("word", "asks_for"),
    [
        ("acme/web", Question(target="acme/web")),
        ("acme/web:v1", Question(target="acme/web:v1")),
        ("https://quay.example/repository/acme/web", Question(target="acme/web")),
        ("acme", Question(target="acme")),
        ("<@U01AB>", Question(user="U01AB")),
        ("<@W01AB|alice>", Question(user="W01AB")),
        ("KDWF-4071", Question(reference="KDWF-4071")),
        ("kdwf-4071", Question(reference="KDWF-4071")),
        ("K7PX4", Question(reference="K7PX4")),
        ("k7px4", Question(target="k7px4")),
    ],
)
def test_words_are_understood(word: str, asks_for: Question):
    assert read((word,), QUAY_URL) == asks_for
    assert Question.unpack(asks_for.pack()) == asks_for


@pytest.mark.parametrize("words", [("@bob",), ("acme/web", "acme/api")])
def test_words_that_do_not_fit_are_answered_with_what_would(words: tuple[str, ...]):
    with pytest.raises(UsageError):
        read(words, QUAY_URL)
