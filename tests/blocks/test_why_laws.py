"""What holds for the answer to "why?" whatever is in it."""

from dataclasses import replace
from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.neutral import named
from bot.blocks.validator import neutral_problems, problems
from bot.blocks.why import Story, lines, message
from bot.blocks.why_fates import fates, number
from bot.domain.trail import Step, Unread, Verdict
from tests.blocks.why_steps import AT, TOLD

ANY = st.text(max_size=400) | st.sampled_from(
    ["`", "``x", "<!channel>", "\x1b[31m", "a\nb", "*b*", "https://x.example"]
)

IDS = st.integers(1, 2**63).map(str)

MOMENTS = st.none() | st.just(AT)


@st.composite
def any_step(draw: st.DrawFn) -> Step:
    words = {name: draw(ANY) for name in ("subject", "kind", "channel", "rule", "message", "ts", "reason", "lane")}
    times = {
        name: draw(MOMENTS) for name in ("received_at", "opened_at", "queued_at", "sent_at", "due_at", "parked_at")
    }
    flags = {name: draw(st.booleans()) for name in ("waiting", "gathered")}
    tags = tuple(draw(st.lists(ANY, max_size=12)))
    verdict, card = draw(st.sampled_from(Verdict)), draw(st.none() | st.integers(1, 2**63))
    item = draw(st.dictionaries(st.sampled_from(["vulnerability", "tag"]), ANY))
    facts = {"tags": tags, "verdict": verdict, "card": card, "item": item}
    return replace(TOLD, **words, **times, **flags, **facts, letter=draw(ANY), hook=draw(IDS))


STORIES = st.builds(
    Story,
    subject=ANY,
    tag=ANY,
    here=ANY,
    channel=ANY,
    steps=st.lists(any_step(), max_size=30),
    unread=st.lists(
        st.builds(Unread, st.integers(1, 2**63), IDS, ANY, st.lists(ANY).map(tuple), st.just(AT), ANY), max_size=30
    ),
    hooks=st.lists(st.tuples(IDS, ANY, st.lists(ANY, max_size=9)), max_size=40),
)


@given(STORIES)
def test_slack_takes_the_answer_whatever_is_in_it(story: Story):
    payload = message(story).payload()

    assert problems(payload) == []
    assert neutral_problems(payload, mentions=named(payload)) == []


@given(STORIES)
def test_the_last_line_about_every_event_says_what_to_do(story: Story):
    for block in message(story).blocks[1 : 1 + len(story.steps) + len(story.unread)]:
        if block["type"] == "section":
            assert block["text"]["text"].rpartition("\n")[2].startswith("What to do: ")


@given(STORIES)
def test_every_event_has_one_fate_and_the_newest_comes_first(story: Story):
    found = fates(story.steps, story.unread)
    newest = [(one.received_at or AT) for (one, *_) in found]

    assert sum(len(fate) for fate in found) == len(story.steps) + len(story.unread)
    assert all(1 <= number(fate) <= len(fate) for fate in found)
    assert newest == sorted(newest, reverse=True)


@given(STORIES)
def test_a_terminal_gets_nothing_but_visible_lines(story: Story):
    assert {category(char) for line in lines(story) for char in line} & {"Cc", "Cf", "Cs"} == set()
