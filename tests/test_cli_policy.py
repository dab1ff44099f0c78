"""The policy from the command line: whether it is in order, and what it would say."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.sealing import Sealer
from bot.adapters.store import open_store
from bot.domain.people import Account, Person
from bot.fakes.slack import FakeSlack
from tests.command_line import Done, Run, elsewhere, quaybot, refused
from tests.house.untouched import untouched_logs

__all__ = ["quaybot", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")

KEY = "sixteen letters or more"
POLICY = """
auditors = ["group:S0SEC"]

[[rule]]
name = "releases"
effect = "approve"
commands = ["build", "build *"]
targets = ["acme/*:v*"]
reason = "Customers pull these."
approvers = ["group:S0REL"]
approvals = 2

[[rule]]
name = "not in the lounge"
effect = "deny"
channels = ["C0LOUNGE"]
unless = ["quay:ada"]

[[rule]]
name = "guests"
effect = "deny"
who = ["group:S0GUEST"]
"""


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    fake = FakeSlack(clock=SystemClock())
    fake.add_user("U024BE7LH", "ada")
    fake.add_user("U0GUEST", "guest")
    fake.add_group("S0GUEST", ["U0GUEST"])
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "policy.toml"
    path.write_text(POLICY)
    return path


async def tried(run: Run, slack: FakeSlack, file: Path, *words: str) -> Done:
    names = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.url}
    return await elsewhere(run, "policy", "test", *words, POLICY_FILE=str(file), SECRET_KEYS=KEY, **names)


async def linked(run: Run, tmp_path: Path, person: Person, username: str) -> None:
    await elsewhere(run, "migrate")
    store = open_store(f"sqlite:///{tmp_path / 'quaybot.db'}", Sealer([KEY]))
    try:
        await store.accounts.link(Account(person, username, datetime(2026, 3, 4, tzinfo=UTC), "token"))
    finally:
        await store.close()


# --- check ---


def test_a_file_in_order_is_told_rule_by_rule(quaybot: Run, file: Path):
    done = quaybot("policy", "check", POLICY_FILE=str(file))
    assert (done.code, done.err) == (0, [])
    assert done.out == [
        "The policy is in order: 3 rules, default allow.",
        "Everybody's audit may be read by members of the Slack user group S0SEC.",
        (
            "  releases (approve) commands: build, build *; targets: acme/*:v*; approvals: 2 by members of the Slack "
            "user group S0REL"
        ),
        "  not in the lounge (deny) unless: the Quay user ada; channels: C0LOUNGE",
        "  guests (deny) who: members of the Slack user group S0GUEST",
    ]


def test_everything_that_is_wrong_is_told_with_line_and_key(quaybot: Run, file: Path):
    file.write_text('default = "x"\n\n[[rule]]\nnam = "a"\n')
    done = quaybot("policy", "check", POLICY_FILE=str(file))
    assert (done.code, done.out) == (1, [])
    assert done.err == [
        "The policy file (POLICY_FILE) cannot be used:",
        "policy.toml line 1, key default: write 'allow' or 'deny'",
        "policy.toml line 3, rule 1, key effect: is missing",
        "policy.toml line 3, rule 1, key name: is missing",
        "policy.toml line 4, rule 1, key nam: there is no such key; did you mean name?",
    ]


def test_a_command_that_there_is_not_is_pointed_at(quaybot: Run, file: Path):
    file.write_text('[[rule]]\nname = "typo"\neffect = "deny"\ncommands = ["biuld"]\n')
    done = quaybot("policy", "check", POLICY_FILE=str(file))
    assert done.code == 0
    assert done.out[-1].startswith('Look at the rule "typo": biuld is none of the commands (build, ')


def test_without_a_policy_file_it_is_said_what_that_means(quaybot: Run):
    assert refused(quaybot("policy", "check"), "POLICY_FILE is not set", "what Quay lets them")


def test_a_policy_file_that_is_not_there_is_told(quaybot: Run, tmp_path: Path):
    done = quaybot("policy", "check", POLICY_FILE=str(tmp_path / "none.toml"))
    assert (done.code, done.err[-1]) == (1, "none.toml cannot be read: No such file or directory")


def test_without_auditors_it_is_said_who_sees_what(quaybot: Run, file: Path):
    file.write_text('default = "allow"')
    assert quaybot("policy", "check", POLICY_FILE=str(file)).out == [
        "The policy is in order: 0 rules, default allow.",
        "No auditors are named: people see their own lines, and admins those of their repositories.",
    ]


# --- test ---


async def test_the_rule_that_decides_is_named_and_why_the_others_do_not(quaybot: Run, slack: FakeSlack, file: Path):
    done = await tried(quaybot, slack, file, "U024BE7LH", "build", "acme/web:v1", "--channel", "C0OPS")
    assert (done.code, done.out) == (
        0,
        [
            "U024BE7LH has not linked a Quay account.",
            "  releases (approve): applies",
            "  not in the lounge (deny): not about this channel, only C0LOUNGE",
            "  guests (deny): not about this person, only members of the Slack user group S0GUEST",
            '2 approvals needed, by members of the Slack user group S0REL: the rule "releases".',
            "Reason: Customers pull these.",
        ],
    )


async def test_what_is_unknown_is_said_and_counts_against_the_person(quaybot: Run, slack: FakeSlack, file: Path):
    done = await tried(quaybot, slack, file, "U024BE7LH", "build cancel", "acme/web", "--channel", "C0LOUNGE")
    assert done.out[-2:] == [
        'Denied by the rule "not in the lounge".',
        "It cannot be found out now who has the Quay account ada. That counts against the person.",
    ]


async def test_groups_are_looked_up_in_slack(quaybot: Run, slack: FakeSlack, file: Path):
    done = await tried(quaybot, slack, file, "U0GUEST", "build", "acme/web")
    assert done.out[-1] == 'Denied by the rule "guests".'
    assert "No --channel was given, so no rule for certain channels applies." in done.out


async def test_a_missing_scope_leaves_groups_unknown(quaybot: Run, slack: FakeSlack, file: Path):
    slack.scopes.discard("usergroups:read")
    done = await tried(quaybot, slack, file, "U024BE7LH", "build", "acme/web")
    assert done.out[-2:] == [
        'Denied by the rule "guests".',
        "It cannot be found out now who is in the Slack user group S0GUEST. That counts against the person.",
    ]


async def test_a_linked_account_counts(quaybot: Run, slack: FakeSlack, file: Path, tmp_path: Path):
    await linked(quaybot, tmp_path, Person(slack.team, "U024BE7LH"), "ada")
    words = ("build", "acme/web", "--channel", "C0LOUNGE")
    for user, says in (
        ("U024BE7LH", "U024BE7LH is ada at Quay."),
        (f"{slack.team}/U024BE7LH", f"{slack.team}/U024BE7LH is ada at Quay."),
        ("ada", "ada is the Slack user U024BE7LH."),
    ):
        done = await tried(quaybot, slack, file, user, *words)
        assert done.out[0] == says
        assert done.out[-1] == "Allowed by the default, since no rule decides. Quay still decides whether it lets them."
        assert "  not in the lounge (deny): spares this person (unless: the Quay user ada)" in done.out


async def test_a_name_that_nobody_linked_leaves_slack_unknown(quaybot: Run, slack: FakeSlack, file: Path):
    done = await tried(quaybot, slack, file, "ada", "build", "acme/web")
    assert done.out[0] == "Nobody has linked the Quay account ada: rules about Slack cannot be decided."
    assert done.out[-1].startswith("It cannot be found out now who is in the Slack user group S0GUEST.")


def test_without_a_slack_token_it_says_so_and_asks_nobody(quaybot: Run, file: Path):
    done = quaybot("policy", "test", "U024BE7LH", "build", "acme/web:v1", POLICY_FILE=str(file))
    assert done.code == 0
    assert done.out[0] == "Which account U024BE7LH has linked cannot be found out: SLACK_BOT_TOKEN is missing."
    assert 'Denied by the rule "guests".' in done.out


async def test_with_a_wrong_key_the_account_is_unknown_and_that_is_said(
    quaybot: Run, slack: FakeSlack, file: Path, tmp_path: Path
):
    await linked(quaybot, tmp_path, Person(slack.team, "U024BE7LH"), "ada")
    names = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.url, "POLICY_FILE": str(file)}
    words = ("policy", "test", "U024BE7LH", "build", "acme/web", "--channel", "C0LOUNGE")
    done = await elsewhere(quaybot, *words, SECRET_KEYS="another key of some length", **names)
    assert done.out[0].startswith("Which account U024BE7LH has linked cannot be found out: ")
    assert 'Denied by the rule "not in the lounge".' in done.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("@ada", "build", "acme/web"), "neither a Slack id"),
        (("U1", "biuld", "acme/web"), "none of the commands"),
        (("U1", "build", "acme/web", "--channel", "#ops"), "#ops"),
        (("U1", "build", ""), "That does not look like a repository: “”. Write it as namespace/name, e.g. acme/web"),
        (("U1", "build", "acme web"), "That does not look like a repository: “acme web”."),
        (("U1", "build", "acme"), "That does not look like a repository: “acme”."),
        (("U1", "build", "acme/web:"), "The tag is missing"),
        (("U1", "robot list", "acme web"), "That does not look like a repository: “acme web”."),
        (
            ("U1", "build", "https://other.example/repository/acme/web"),
            "That is on other.example, but I work with quay.",
        ),
    ],
)
def test_words_that_cannot_be_are_refused(quaybot: Run, file: Path, words: tuple[str, ...], says: str):
    done = quaybot("policy", "test", *words, POLICY_FILE=str(file), QUAY_URL="https://quay.example")
    assert refused(done, says)


@pytest.mark.parametrize(
    "target",
    ["acme/web:v1", "quay.example/acme/web:v1", "https://quay.example/repository/acme/web?tab=tags&tag=v1"],
)
def test_a_target_may_be_an_address_as_in_slack(quaybot: Run, file: Path, target: str):
    words = ("policy", "test", "U1", "build", target)
    assert (
        "  releases (approve): applies" in quaybot(*words, POLICY_FILE=str(file), QUAY_URL="https://quay.example").out
    )


@pytest.mark.parametrize(
    ("command", "target"),
    [
        ("robot regenerate", "acme+ci"),
        ("robot list", "acme"),
        ("logs", "acme"),
        ("repos", "acme"),
        ("search", ""),
        ("trigger start", "acme/web"),
        ("tag restore", "acme/web:v1"),
    ],
)
def test_every_target_and_every_name_can_be_tried(quaybot: Run, file: Path, command: str, target: str):
    file.write_text(f'[[rule]]\nname = "r"\neffect = "deny"\ncommands = ["{command}"]\n')
    done = quaybot("policy", "test", "U1", command, target, POLICY_FILE=str(file), QUAY_URL="https://quay.example")
    assert done.out[-1] == 'Denied by the rule "r".'


def test_the_bot_does_not_start_with_a_broken_policy(quaybot: Run, file: Path):
    file.write_text("default = 1")
    needed = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "secret", "QUAY_URL": "http://127.0.0.1:9"}
    done = quaybot("serve", POLICY_FILE=str(file), PORT="0", **needed)
    assert done.code == 1
    assert done.err[-2:] == [
        "The policy file (POLICY_FILE) cannot be used:",
        "policy.toml line 1, key default: write 'allow' or 'deny'",
    ]
