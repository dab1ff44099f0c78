"""Subscriptions as a file: what is read, what is wrong with which line, and that an export says the same again."""

from datetime import UTC, datetime
from textwrap import fill
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.domain.people import Person
from bot.domain.subscriptions import Subscription, Wanted
from bot.rules.event_groups import GROUPS
from bot.rules.subscription_file import Entry, export, read
from bot.rules.subscription_plan import Do, Plan, Step, plan
from bot.rules.toml_report import BadFile
from tests.rules.wishes import wishes

AT = datetime(2026, 3, 4, tzinfo=UTC)
ADA, BOB = Person("T1", "U0ADA"), Person("T1", "U0BOB")
FILE = """
owner = "U0ADA"

[[subscription]]
target = "acme/web"
channel = "C01"
events = ["pushes", "builds:failure"]
filter = "tag:v* -tag:*-dev"

[[subscription]]
target = "acme/*"
channel = "C02"
events = ["quiet"]
days = 14
layout = "compact"
owner = "T1/U0BOB"

[[subscription]]
target = "acme"
channel = "D02"
"""


def there(wish: Wanted, name: str = "S1", channel: str = "C01", person: Person = ADA, **more: Any) -> Subscription:
    return Subscription(name, channel, wish, person, "somebody", AT, **more)


def entry(wish: Wanted, channel: str = "C01", owner: str = "U0ADA") -> Entry:
    return Entry(channel, wish, owner)


def problems(text: str) -> list[str]:
    with pytest.raises(BadFile) as wrong:
        read(text)
    return list(wrong.value.problems)


def told(text: str) -> str:
    """What is wrong, wrapped for this page."""
    words = [problem.removeprefix("subscriptions.toml ") for problem in problems(text)]
    return "\n".join(fill(one, 110, subsequent_indent="    ", break_on_hyphens=False) for one in words)


def test_a_file_becomes_wishes():
    assert read(FILE) == (
        entry(Wanted("acme/web", ("repo_push", "build_failure"), "tag:v* -tag:*-dev")),
        Entry(
            "C02",
            Wanted(
                "acme/*",
                ("build_failure", "vulnerability_found", "repo_mirror_sync_failed"),
                "severity:critical fixable",
                14,
                "compact",
            ),
            "T1/U0BOB",
        ),
        Entry("D02", Wanted("acme", GROUPS["quota"]), "U0ADA"),
    )


def test_a_file_can_want_nothing():
    assert read("subscription = []") == ()


def test_everything_wrong_is_told_at_once_with_line_and_key():
    assert told("""
ovner = "U1"
[[subscription]]
target = "acme/web"
channel = "general"
events = ["pushes", "biulds"]
filter = "tags:v*"
days = 0
layout = "crad"
owner = "ada"
[[subscription]]
target = "ac*/web"
chanel = "C01"
[[subscription]]
target = "acme/web"
channel = "C01"
events = []
days = "7"
""") == snapshot("""\
line 2, key ovner: there is no such key; did you mean owner?
line 5, subscription "acme/web", key channel: write the id of a channel (C…), which Slack shows at the end of
    the channel's details
line 6, subscription "acme/web", key events: item 2: `biulds` names no events. Did you mean `builds`? There
    are pushes, builds, vulns, mirrors, expiry, quota, builds:failure, mirrors:failed, and Quay's own names.
line 7, subscription "acme/web", key filter: `tags:v*` is no word of a filter. Did you mean `tag:`? Write for
    example: `tag:v*,release-*  -tag:*-dev  severity:high+  fixable`
line 8, subscription "acme/web", key days: write a whole number from 1 to 365
line 9, subscription "acme/web", key layout: write 'card', 'thread' or 'compact'
line 10, subscription "acme/web", key owner: write the id of a Slack user (U…), which Slack shows in their
    profile
line 11, subscription "ac*/web", key channel: is missing
line 11, subscription "ac*/web", key owner: say who looks after it, such as owner = "U…", here or once at the
    top of the file
line 12, subscription "ac*/web", key target: `ac*/web`: the namespace has to be named. Write for example
    `acme/*`, or `acme/app-*`.
line 13, subscription "ac*/web", key chanel: there is no such key; did you mean channel?
line 14, subscription "acme/web", key owner: say who looks after it, such as owner = "U…", here or once at the
    top of the file
line 17, subscription "acme/web", key events: write at least one, or leave the key out: then it is the preset
    team
line 18, subscription "acme/web", key days: write a whole number\
""")


def test_what_does_not_go_together_is_told_with_its_line():
    assert told("""owner = "U1"
[[subscription]]
target = "acme/web"
channel = "C01"
events = ["quota"]
[[subscription]]
target = "acme"
channel = "C01"
events = ["pushes"]
[[subscription]]
target = "acme/web"
channel = "C01"
events = ["pushes", "builds:failure"]
[[subscription]]
channel = "C01"
target = "acme/web"
events = ["build_failure", "pushes"]
""") == snapshot("""\
line 5, subscription "acme/web", key events: `quota` is about the storage of a namespace. Write: `acme quota`
line 9, subscription "acme", key events: `pushes` is about repositories, and `acme` is a namespace: its only
    events are quota. For all of its repositories write `acme/*`
line 14, subscription "acme/web": subscription 3 is the same, in the same channel\
""")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is empty, so it is not used. To have no subscription at all, write subscription = []"),
        ("[[subscription]\n", "line 1: "),
        ("x y", 'write it as key = value, such as target = "acme/web"'),
        ("[subscription]\ntarget = 1", "write each subscription below a line [[subscription]] of its own"),
        ("subscription = [1]", "write each subscription below a line [[subscription]] of its own"),
        ("subscription = 1", "write each subscription below a line [[subscription]] of its own"),
        ('[[subscription]]\nowner = "U1"\n', "is missing"),
        ("x = '" + "y" * 200_000 + "'", "it is longer than 200000 characters"),
    ],
)
def test_what_is_no_file_of_subscriptions_is_refused(text: str, says: str):
    assert says in problems(text)[0]


def test_an_export_is_short_and_names_the_owner_of_most_once():
    made = [
        there(Wanted("acme/web", ("repo_push", "build_failure"), r"ref:~v\d+ tag:v*")),
        there(Wanted("acme/*", ("repo_image_expiry",), "", 14, "compact"), "S2", "C02"),
        there(Wanted("acme", GROUPS["quota"]), "S3", person=BOB),
    ]

    assert export(made) == snapshot("""\
# Subscriptions of quaybot. See what would change with: quaybot apply --plan FILE
owner = "U0ADA"

[[subscription]]
target = "acme/web"
channel = "C01"
events = ["pushes", "builds:failure"]
filter = 'ref:~v\\d+ tag:v*'

[[subscription]]
target = "acme/*"
channel = "C02"
events = ["expiry"]
days = 14
layout = "compact"

[[subscription]]
target = "acme"
channel = "C01"
events = ["quota"]
owner = "U0BOB"
""")


def test_people_of_the_same_id_in_two_workspaces_are_told_apart():
    made = [
        there(Wanted("acme/a", ("repo_push",))),
        there(Wanted("acme/b", ("repo_push",)), person=Person("T2", "U0ADA")),
    ]

    assert [one.owner for one in read(export(made))] == ["T1/U0ADA", "T2/U0ADA"]


def test_an_export_of_nothing_is_a_file_that_wants_nothing():
    assert read(export([])) == ()


def test_what_nobody_can_see_is_spelled_out_in_an_export():
    made = [there(Wanted("acme/web", ("build_failure",), "ref:~\x9b31m\u202eé\x7f\U000e0001"))]
    text = export(made)

    assert all(char.isprintable() or char == "\n" for char in text)
    assert r'filter = "ref:~\u009b31m\u202eé\u007f\U000e0001"' in text
    assert [one.wanted for one in read(text)] == [made[0].wanted]


PEOPLE = st.sampled_from([ADA, BOB, Person("T2", "U0ADA"), Person("E1", "W1")])
MADE = st.lists(
    st.builds(
        lambda wish, channel, person: there(wish, "S", channel, person),
        wishes(),
        st.sampled_from(["C01", "G02"]),
        PEOPLE,
    ),
    max_size=3,
    unique_by=lambda one: (one.channel, one.wanted),
)


def test_of_two_that_are_the_same_an_export_names_the_one_of_the_file():
    chatted, filed = there(PUSHES), there(PUSHES, "S2", person=BOB, source="file")
    for both in ([chatted, filed], [filed, chatted]):
        (entry_,) = read(export(both))

        assert entry_.is_owner(BOB)
        assert [step.do for step in plan([entry_], both).steps] == [Do.SAME, Do.STRAY]


@given(MADE)
def test_applying_an_export_changes_nothing(made: list[Subscription]):
    entries = read(export(made))

    assert [(one.channel, one.wanted) for one in entries] == [(one.channel, one.wanted) for one in made]
    assert {step.do for step in plan(entries, made).steps} <= {Do.SAME}


# --- plans ---

PUSHES, BUILDS = Wanted("acme/web", ("repo_push",)), Wanted("acme/web", ("build_failure",))
OTHER = Wanted("acme/api", ("repo_push",))


def test_what_is_not_there_is_added_and_what_is_the_same_stays():
    same = there(PUSHES)

    assert plan([entry(PUSHES), entry(OTHER)], [same]) == Plan(
        (Step(Do.SAME, entry(PUSHES), same), Step(Do.ADD, entry(OTHER)))
    )


def test_what_is_about_the_same_target_in_the_same_channel_is_changed():
    old = there(PUSHES)

    assert plan([entry(BUILDS)], [old]).steps == (Step(Do.CHANGE, entry(BUILDS), old),)
    assert plan([entry(PUSHES, "C02")], [there(PUSHES, source="file")]).steps == (
        Step(Do.ADD, entry(PUSHES, "C02")),
        Step(Do.END, subscription=there(PUSHES, source="file")),
    )


def test_another_owner_is_a_change():
    assert plan([entry(PUSHES, owner="U0BOB")], [there(PUSHES)]).steps[0].do is Do.CHANGE
    assert plan([entry(PUSHES, owner="T1/U0ADA")], [there(PUSHES)]).steps[0].do is Do.SAME
    assert plan([entry(PUSHES, owner="T2/U0ADA")], [there(PUSHES)]).steps[0].do is Do.CHANGE


def test_of_two_about_the_same_each_finds_its_own():
    first, second = there(PUSHES), there(BUILDS, "S2")
    wider = Wanted("acme/web", ("repo_push", "build_start"))

    assert plan([entry(wider), entry(BUILDS)], [second, first]).steps == (
        Step(Do.CHANGE, entry(wider), first),
        Step(Do.SAME, entry(BUILDS), second),
    )


def test_what_came_from_a_file_ends_and_what_came_from_chat_is_left_alone():
    filed, chatted = there(OTHER, source="file"), there(PUSHES)

    assert plan([], [filed, chatted]).steps == (Step(Do.END, None, filed), Step(Do.STRAY, None, chatted))
    assert [step.do for step in plan([], [filed, chatted], prune=True).steps] == [Do.END, Do.END]
    assert plan([], [chatted]).changes == ()


@given(MADE, MADE)
def test_every_entry_and_every_subscription_is_in_one_step(made: list[Subscription], others: list[Subscription]):
    entries = read(export(others))
    found = plan(entries, made, prune=True)

    assert [step.entry for step in found.steps if step.entry] == list(entries)
    assert sorted(map(repr, (step.subscription for step in found.steps if step.subscription))) == sorted(
        map(repr, made)
    )
    assert all(step.do is Do.END for step in found.steps if step.entry is None)


def test_events_that_a_namespace_does_not_have_are_told_beside_everything_else() -> None:
    text = 'owner = "U0ADA"\n[[subscription]]\ntarget = "acme"\nchannel = "general"\nevents = ["pushes"]\n'
    with pytest.raises(BadFile) as found:
        read(text)
    assert ["channel" in found.value.problems[0], "events" in found.value.problems[1]] == [True, True]
    assert len(found.value.problems) == 2
