"""Policy files: what is read, and that everything wrong is told at once, with its line and key."""

import tomllib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.rules.policy import Effect, Policy, Rule
from bot.rules.policy_file import PolicyError, read
from bot.rules.toml_report import MOST

WHOLE = """
default = "deny"
auditors = ["group:S0SEC", "quay:root"]

[[rule]]
name = "everybody builds"
effect = "allow"
commands = ["build", "build logs"]

[[rule]]
name = "releases"
effect = "approve"
who = ["*"]
unless = ["user:T0HOME/U024BE7LH"]
commands = ["build *"]
targets = ["acme/*:v*"]
channels = ["C0OPS"]
reason = "Customers pull these."
approvers = ["group:S0REL", "team:acme/owners"]
approvals = 2
expires = "90m"
place = "C0REL"
"""


def problems(text: str) -> list[str]:
    with pytest.raises(PolicyError) as wrong:
        read(text)
    return list(wrong.value.problems)


def rule(*lines: str, name: str = "prod", effect: str = "deny") -> str:
    return "\n".join(["[[rule]]", f'name = "{name}"', f'effect = "{effect}"', *lines])


def test_a_file_becomes_a_policy():
    assert read(WHOLE) == Policy(
        rules=(
            Rule("everybody builds", Effect.ALLOW, commands=("build", "build logs")),
            Rule(
                "releases",
                Effect.APPROVE,
                who=("*",),
                unless=("user:T0HOME/U024BE7LH",),
                commands=("build *",),
                targets=("acme/*:v*",),
                channels=("C0OPS",),
                reason="Customers pull these.",
                approvers=("group:S0REL", "team:acme/owners"),
                approvals=2,
                expires=timedelta(minutes=90),
                place="C0REL",
            ),
        ),
        default=Effect.DENY,
        auditors=("group:S0SEC", "quay:root"),
    )


def test_a_file_may_say_that_nothing_is_added():
    assert read('default = "allow"') == Policy()


@pytest.mark.parametrize("text", ["", " \n\n", "# nothing yet\n", "\r\n# who may what\r\n"])
def test_an_empty_file_opens_nothing(text: str):
    assert problems(text) == snapshot(
        ['policy.toml: it is empty, so it is not used. Write default = "allow" if everybody may do what Quay lets them']
    )


@pytest.mark.parametrize("key", ["who", "unless", "commands", "targets", "channels"])
@pytest.mark.parametrize("written", ["[]", "[\n  # nobody\n]"])
def test_a_list_of_nothing_does_not_mean_everything(key: str, written: str):
    assert problems(rule(f"{key} = {written}", effect="allow")) == [
        f'policy.toml line 4, rule "prod", key {key}: write at least one, or leave the key out'
    ]


def test_auditors_may_be_nobody():
    assert read("auditors = []").auditors == ()


def test_every_wrong_item_of_a_list_is_told():
    said = problems(rule('targets = [1, "acme/web", "", true]'))
    assert [problem.partition("key targets: ")[2] for problem in said] == [
        'item 1: write a text in quotes, such as "…"',
        "item 3: write 1 to 300 characters in one line",
        'item 4: write a text in quotes, such as "…"',
    ]


@pytest.mark.parametrize(
    ("written", "span"),
    [("1m", timedelta(minutes=1)), ("2h", timedelta(hours=2)), ("7d", timedelta(days=7)), ("168h", timedelta(days=7))],
)
def test_times_are_written_in_one_unit(written: str, span: timedelta):
    text = rule('approvers = ["*"]', "approvals = 1", f'expires = "{written}"', effect="approve")
    assert read(text).rules[0].expires == span


def test_everything_that_is_wrong_is_told_at_once():
    assert problems("""# who may do what
default = "maybe"
auditor = ["group:S1"]
auditors = "group:S1"

[[rule]]
name = "prod"
effect = "approve"
targets = [
  "acme/*",
  1,
]
approvers = [
  "@release",
]
aproval = 2

[[rule]]
effect = "refuse"
who = ["*", "ada"]

[[rule]]
name = "prod"
effect = "deny"
approvals = 1
expires = "2 weeks"
place = "#ops"
""") == snapshot(
        [
            "policy.toml line 2, key default: write 'allow' or 'deny'",
            "policy.toml line 3, key auditor: there is no such key; did you mean auditors?",
            'policy.toml line 4, key auditors: write a list of texts, such as ["…", "…"]',
            'policy.toml line 6, rule "prod", key approvals: say how many have to approve',
            'policy.toml line 9, rule "prod", key targets: item 2: write a text in quotes, such as "…"',
            'policy.toml line 13, rule "prod", key approvers: item 1: write "*", user:U…, group:S…, channel:C…, quay:NAME or team:ORG/TEAM, with ids for what is in Slack',  # noqa: E501
            'policy.toml line 16, rule "prod", key aproval: there is no such key; did you mean approvals?',
            "policy.toml line 18, rule 2, key name: is missing",
            "policy.toml line 19, rule 2, key effect: write 'allow', 'deny' or 'approve'",
            'policy.toml line 20, rule 2, key who: item 2: write "*", user:U…, group:S…, channel:C…, quay:NAME or team:ORG/TEAM, with ids for what is in Slack',  # noqa: E501
            'policy.toml line 23, rule "prod", key name: rule 1 has that name already',
            'policy.toml line 25, rule "prod", key approvals: this is for rules with effect = "approve" only, and here it is "deny"',  # noqa: E501
            'policy.toml line 26, rule "prod", key expires: write a time from "1m" to "7d", such as "90m", "2h" or "1d"',  # noqa: E501
            'policy.toml line 27, rule "prod", key place: write the id of a channel (C…), which Slack shows at the end of the channel\'s details',  # noqa: E501
        ]
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("commands = [1]", 'item 1: write a text in quotes, such as "…"'),
        ('commands = [""]', "item 1: write 1 to 300 characters in one line"),
        ('targets = ["a\\nb"]', "item 1: write 1 to 300 characters in one line"),
        ('targets = "acme/*"', 'write a list of texts, such as ["…", "…"]'),
        ("who = { a = 1 }", 'write a list of texts, such as ["…", "…"]'),
        ('channels = ["#ops"]', "item 1: write the id of a channel (C…)"),
        ("reason = 1", 'write a text in quotes, such as "…"'),
        ('when = "monday"', "there is no such key"),
        ('chanels = ["C1"]', "there is no such key; did you mean channels?"),
    ],
)
def test_each_problem_names_line_rule_and_key(line: str, says: str):
    (problem,) = problems("\n" + rule(line))
    assert problem.startswith(f'policy.toml line 5, rule "prod", key {line.partition(" ")[0]}: {says}')


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["approvals = 1"], "line 1, rule \"prod\", key approvers: say who may approve"),
        (["approvals = 1", "approvers = []"], "line 5, rule \"prod\", key approvers: say who may approve"),
        (['approvers = ["*"]'], "line 1, rule \"prod\", key approvals: say how many have to approve"),
        (['approvers = ["*"]', "approvals = 0"], "line 5, rule \"prod\", key approvals: write a whole number from 1"),
        (['approvers = ["*"]', "approvals = true"], "line 5, rule \"prod\", key approvals: write a whole number"),
        (['approvers = ["*"]', "approvals = 1.5"], "line 5, rule \"prod\", key approvals: write a whole number"),
    ],
)  # fmt: skip
def test_a_rule_that_asks_for_approvals_says_by_whom_and_how_many(lines: list[str], says: str):
    (problem,) = problems(rule(*lines, effect="approve"))
    assert says in problem


@pytest.mark.parametrize("line", ['approvers = ["*"]', "approvals = 1", 'expires = "1h"', 'place = "C1"'])
@pytest.mark.parametrize("effect", ["allow", "deny"])
def test_other_rules_ask_for_none(line: str, effect: str):
    (problem,) = problems(rule(line, effect=effect))
    assert f'effect = "approve" only, and here it is "{effect}"' in problem


@pytest.mark.parametrize("span", ["", "0m", "59s", "8d", "169h", "1w", "-1h", "1.5h", "1 h", "h", "٣h", "99999999d"])
def test_a_request_waits_from_a_minute_to_a_week(span: str):
    (problem,) = problems(rule('approvers = ["*"]', "approvals = 1", f'expires = "{span}"', effect="approve"))
    assert 'write a time from "1m" to "7d"' in problem


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[rules]\n[rules]", "policy.toml line 2: rules is there already: write it once"),
        ('default = "\\ud800"', "policy.toml line 1, key default: this is no TOML (Escaped character"),
        ("rule = 1", "policy.toml line 1, key rule: write each rule below a line [[rule]]"),
        ('[rule]\nname = "x"', "policy.toml line 1, key rule: write each rule below a line [[rule]]"),
        ("rule = [1]", "policy.toml line 1, rule 1: write each rule below a line [[rule]]"),
        ('rule = [{ name = "x" }]', 'policy.toml line 1, rule "x", key effect: is missing'),
        ("[[rules]]", "policy.toml line 1, key rules: there is no such key; did you mean rule?"),
        ("a = " + "[" * 20_000, "policy.toml: its brackets are nested too deeply"),
        ("a = " + "9" * 5_000, "policy.toml"),
        ("#" * (MOST + 1), f"policy.toml: it is longer than {MOST} characters"),
        (
            "".join(rule(name=f"r{number}") + "\n" for number in range(501)),
            "policy.toml line 1, key rule: there are 501",
        ),
    ],
)
def test_what_is_no_policy_at_all_is_told_with_its_place(text: str, says: str):
    (problem,) = problems(text)
    assert problem.startswith(says)


def test_an_odd_name_cannot_write_on_the_terminal():
    (problem,) = problems('[[rule]]\nname = "\\u001b[31mred"\neffect = "deny"\n')
    assert "\x1b" not in problem
    (problem,) = problems(rule('"\\u001b[31m" = 1'))
    assert "\x1b" not in problem


def wrong_with(text: str) -> list[str]:
    """What is wrong with it; nothing, if it is a policy."""
    try:
        read(text)
    except PolicyError as error:
        return list(error.problems) or ["nothing said"]
    return []


texts = st.text(max_size=12)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | texts, lambda inner: st.lists(inner, max_size=2), max_leaves=3
)


def written(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str):
        escaped = "".join(f"\\U{ord(char):08X}" for char in value if not 0xD800 <= ord(char) < 0xE000)
        return f'"{escaped}"'
    return "1.5" if value is None else str(value).lower()


names = st.sampled_from(
    ["name", "effect", "who", "unless", "commands", "approvers", "approvals", "expires", "place", "x"]
)


@given(st.lists(st.dictionaries(names, anything, max_size=6), max_size=3))
def test_whatever_stands_in_rules_is_a_policy_or_a_list_of_problems(rules: list[dict[str, object]]):
    lines = [line for each in rules for line in ["[[rule]]", *(f"{key} = {written(each[key])}" for key in each)]]
    text = "\n".join(["auditors = []", *lines])
    tomllib.loads(text)
    assert all(problem.startswith("policy.toml line ") for problem in wrong_with(text))


@given(st.text(alphabet="[]ruledfat=\"' \n#*:,1", max_size=80))
def test_no_text_at_all_breaks_the_reading(text: str):
    assert all(problem.startswith("policy.toml") for problem in wrong_with(text))
