"""What is shown before a subscription is saved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.layout import section
from bot.blocks.neutral import neutral_problems
from bot.blocks.subscription_preview import coverage, left_out, notes, numbers, other_case, wider
from bot.blocks.validator import problems
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.rules.sifting import Sifted

KEPT = ("one",)  # as many as there are is all that counts


def sifted(total: int, kept: int, **removed: int) -> Sifted:
    return Sifted(total, KEPT * kept, removed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (sifted(0, 0), "Nothing of this happened in the last 7 days, so nothing would have been posted."),
        (sifted(1, 1), "Would have posted the one event of the last 7 days."),
        (sifted(1200, 1200), "Would have posted all *1,200* events of the last 7 days."),
        (
            Sifted(480, KEPT * 12, {"severity:high+": 67, "-tag:*-dev": 401}),  # type: ignore[arg-type]
            (
                "Would have posted *12 of 480 events* in the last 7 days; 468 removed by `-tag:*-dev` (401), "
                "`severity:high+` (67)."
            ),
        ),
    ],
)
def test_the_numbers_in_words(found: Sifted, says: str) -> None:
    assert numbers(found) == says


@pytest.mark.parametrize(("messages", "says"), [(7, " Together in about 7 messages."), (1, ""), (12, ""), (0, "")])
def test_events_that_share_a_message_are_said_to(messages: int, says: str) -> None:
    kept = 12 if messages != 1 else 1
    assert numbers(sifted(kept, kept), messages).endswith(f" of the last 7 days.{says}")
    assert numbers(sifted(480, kept, dev=480 - kept), messages).endswith(f"(468).{says}" if kept == 12 else "(479).")


def test_many_words_of_a_filter_are_counted() -> None:
    assert numbers(sifted(8, 0, **{f"w{number}": 1 for number in range(8)})).endswith("`w5` (1), +2 more.")


ANY = st.text(max_size=300)


@given(ANY, st.lists(ANY, max_size=12), ANY)
def test_no_foreign_text_becomes_markup(word: str, names: list[str], why: str) -> None:
    found = Sifted(5, (), {word: 5})
    place = Place("C1", word)
    texts = [
        coverage(word or "a/*", names, looked=1),
        numbers(found),
        wider(place, names or ["a/b"]),
        other_case([word or "tag:V"]),
        left_out(names or ["a/b"], why),
    ]
    message = Message("x", (*(section(text) for text in texts), *notes([why or "x"])))
    assert problems(message.payload()) == []
    assert neutral_problems(message.payload()) == []
