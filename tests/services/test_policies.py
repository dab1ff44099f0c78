"""The policy applied: what is asked of Slack and Quay, what becomes of a file that changes, and who is an auditor."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.acts import Act
from bot.domain.errors import BotError, GiveUp, TryLater, UserError
from bot.domain.people import Person, Place, Profile, Workspace
from bot.rules.act_names import Names
from bot.rules.policy import NOBODY_ASKED, Effect
from bot.services.policies import Policies
from tests.fakes.slack_desk import HandClock

HOME, GRID, ELSEWHERE = Person("T1", "U1"), Person("E1", "U1"), Person("T2", "U1")
BUILD = Act("build", "acme/web:v1")


@dataclass
class Slack:
    """Stands for the directory; notes what it was asked."""

    workspace: Workspace = field(default_factory=lambda: Workspace("T1"))
    groups: dict[str, set[str]] = field(default_factory=dict)
    channels: dict[str, set[str]] = field(default_factory=dict)
    trouble: BotError | None = None
    asked: list[str] = field(default_factory=list)

    async def home(self) -> Workspace:
        self._ask("home")
        return self.workspace

    async def profile(self, user: str) -> Profile:
        raise NotImplementedError

    async def group(self, group: str) -> frozenset[str]:
        self._ask(group)
        return frozenset(self.groups[group])

    async def channel(self, channel: str) -> Place:
        return Place(channel)

    async def members(self, channel: str) -> frozenset[str]:
        self._ask(channel)
        return frozenset(self.channels[channel])

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.trouble:
            raise self.trouble


@dataclass
class Teams:
    """Stands for Quay as one person sees it."""

    answer: bool | BotError | None = True
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def in_team(self, organization: str, team: str) -> bool | None:
        self.asked.append((organization, team))
        if isinstance(self.answer, BotError):
            raise self.answer
        return self.answer


@dataclass
class File:
    """Stands for the file; counts how often it was looked at."""

    text: str | None = 'default = "allow"\n'
    name: str = "policy.toml"
    trouble: OSError | None = None
    looks: int = 0

    def changed(self) -> str | None:
        self.looks += 1
        if self.trouble:
            raise self.trouble
        text, self.text = self.text, None
        return text


@dataclass
class Scene:
    slack: Slack = field(default_factory=Slack)
    quay: Any = field(default_factory=Teams)
    file: File = field(default_factory=File)
    clock: HandClock = field(default_factory=HandClock)
    policies: Policies = field(init=False)

    def __post_init__(self) -> None:
        self.policies = Policies(self.file, self.slack, self.clock)

    def write(self, text: str) -> None:
        self.file.text = text
        self.clock.pass_by(1)

    async def holds(self, word: str, person: Person = HOME, username: str = "ada") -> bool | None:
        return await self.policies.is_one_of(person, username, self.quay, [word])

    async def effect(self, person: Person = HOME, channel: str = "C1") -> str:
        return str((await self.policies.decide(person, "ada", self.quay, BUILD, channel)).effect)


@pytest.fixture
def scene() -> Scene:
    slack = Slack(groups={"S1": {"U1"}, "S2": {"U2"}}, channels={"C1": {"U1"}, "C2": {"U2"}})
    return Scene(slack=slack)


OPEN = 'default = "allow"\n'
DENY = '[[rule]]\nname = "no"\neffect = "deny"\n'


# --- who is who ---


@pytest.mark.parametrize(
    ("word", "person", "holds"),
    [
        ("*", ELSEWHERE, True),
        ("user:U1", HOME, True),
        ("user:U2", HOME, False),
        ("user:U1", ELSEWHERE, False),
        ("user:T2/U1", ELSEWHERE, True),
        ("user:T2/U1", HOME, False),
        ("user:T1/U1", ELSEWHERE, False),
        ("group:S1", HOME, True),
        ("group:S2", HOME, False),
        ("group:S1", ELSEWHERE, False),
        ("channel:C1", HOME, True),
        ("channel:C2", HOME, False),
        ("channel:C1", ELSEWHERE, True),
        ("quay:ada", ELSEWHERE, True),
        ("quay:a*", HOME, True),
        ("quay:bob", HOME, False),
        ("team:acme/owners", HOME, True),
    ],
)
async def test_a_who_word_holds_for_these_people(scene: Scene, word: str, person: Person, holds: bool):
    assert await scene.holds(word, person) is holds


@pytest.mark.parametrize("person", [HOME, GRID])
@pytest.mark.parametrize("word", ["user:U1", "user:T1/U1", "user:E1/U1", "group:S1", "channel:C1"])
async def test_in_enterprise_grid_a_person_is_the_same_by_workspace_and_by_organization(
    scene: Scene, word: str, person: Person
):
    scene.slack.workspace = Workspace("T1", enterprise="E1")
    assert await scene.holds(word, person) is True


@pytest.mark.parametrize("trouble", [TryLater("Slack is away."), GiveUp("A scope is missing.")])
@pytest.mark.parametrize("word", ["user:U1", "group:S1", "channel:C1"])
async def test_what_slack_does_not_tell_is_unknown(scene: Scene, word: str, trouble: BotError):
    scene.slack.trouble = trouble
    assert await scene.holds(word) is None


@pytest.mark.parametrize("answer", [None, TryLater("Quay is away."), UserError("No."), GiveUp("What?")])
async def test_what_quay_does_not_tell_is_unknown(scene: Scene, answer: Any):
    scene.quay.answer = answer
    assert await scene.holds("team:acme/owners") is None


async def test_without_an_account_what_is_about_quay_is_unknown(scene: Scene):
    assert await scene.policies.is_one_of(HOME, "", None, ["quay:ada"]) is None
    assert await scene.policies.is_one_of(HOME, "", None, ["team:acme/owners"]) is None


async def test_without_a_slack_user_what_is_about_slack_is_unknown(scene: Scene):
    for word in ("user:U1", "group:S1", "channel:C1"):
        assert await scene.holds(word, Person("", "")) is None


async def test_one_word_that_holds_outweighs_what_is_unknown(scene: Scene):
    scene.quay.answer = None
    assert await scene.policies.is_one_of(HOME, "ada", scene.quay, ["team:acme/owners", "quay:ada"]) is True


async def test_nothing_is_asked_in_vain(scene: Scene):
    scene.write(
        DENY
        + 'who = ["group:S1", "user:U9", "quay:bob"]\ncommands = ["why"]\n'
        + '[[rule]]\nname = "b"\neffect = "deny"\nwho = ["group:S2", "team:acme/owners"]\ntargets = ["other/*"]\n'
        + '[[rule]]\nname = "c"\neffect = "deny"\nwho = ["user:U9", "quay:bob"]\n'
    )
    assert await scene.effect() == "allow"
    assert (scene.slack.asked, scene.quay.asked) == ([], [])


# --- deciding ---


async def test_without_a_file_everybody_may_do_what_quay_lets_them():
    scene = Scene()
    scene.policies.source = None
    await scene.policies.load()
    assert await scene.policies.decide(HOME, "ada", scene.quay, BUILD, "C1") == NOBODY_ASKED
    assert await scene.policies.is_auditor(HOME, "ada", scene.quay) is False


async def test_the_decision_names_what_could_not_be_found_out(scene: Scene):
    scene.write(DENY + 'who = ["group:S2"]\n')
    assert await scene.effect() == "allow"
    scene.slack.trouble = TryLater("Slack is away.")
    decision = await scene.policies.decide(HOME, "ada", scene.quay, BUILD, "C1")
    assert (decision.effect, decision.rule, decision.unsure) == (
        Effect.DENY,
        "no",
        "who is in the Slack user group S2",
    )


async def test_only_sure_auditors_are_auditors(scene: Scene):
    scene.write('auditors = ["group:S1"]')
    assert await scene.policies.is_auditor(HOME, "ada", scene.quay) is True
    assert await scene.policies.is_auditor(ELSEWHERE, "ada", scene.quay) is False
    scene.slack.trouble = TryLater("Slack is away.")
    assert await scene.policies.is_auditor(HOME, "ada", scene.quay) is False


# --- the file ---


async def test_a_changed_file_is_in_force_a_second_later(scene: Scene):
    await scene.policies.load()
    assert await scene.effect() == "allow"
    scene.file.text = DENY
    assert await scene.effect() == "allow"
    scene.clock.pass_by(1)
    assert await scene.effect() == "deny"


async def test_the_file_is_looked_at_once_a_second_at_most(scene: Scene):
    for _ in range(20):
        await scene.effect()
    assert scene.file.looks == 1
    scene.clock.pass_by(1)
    await scene.effect()
    assert scene.file.looks == 2


async def test_a_broken_file_does_not_let_the_bot_start_and_tells_everything(scene: Scene):
    scene.file.text = 'default = "x"\n\nrules = 1\n'
    with pytest.raises(UserError) as wrong:
        await scene.policies.load()
    assert wrong.value.say.splitlines() == [
        "The policy file (POLICY_FILE) cannot be used:",
        "policy.toml line 1, key default: write 'allow' or 'deny'",
        "policy.toml line 3, key rules: there is no such key; did you mean rule?",
    ]


async def test_a_file_that_is_not_there_does_not_let_the_bot_start(scene: Scene):
    scene.file.trouble = FileNotFoundError(2, "No such file or directory")
    with pytest.raises(UserError, match=r"policy\.toml cannot be read: No such file or directory"):
        await scene.policies.load()


async def test_as_long_as_no_policy_could_be_read_nobody_may_do_anything(scene: Scene):
    scene.file.text = "?"
    decision = await scene.policies.decide(HOME, "ada", scene.quay, BUILD, "C1")
    assert (decision.effect, decision.unsure) == (
        Effect.DENY,
        "what the policy says, since its file cannot be read",
    )
    assert await scene.policies.is_auditor(HOME, "ada", scene.quay) is False


async def test_a_file_that_breaks_leaves_the_old_policy_in_force_until_it_is_mended(scene: Scene):
    scene.write(DENY)
    assert await scene.effect() == "deny"
    scene.write("default = 1")
    assert await scene.effect() == "deny"
    assert scene.policies.trouble.startswith("policy.toml line 1, key default: ")
    scene.clock.pass_by(5)  # it is still broken, and has not changed
    assert await scene.effect() == "deny"
    assert scene.policies.trouble
    scene.write(OPEN)
    assert await scene.effect() == "allow"
    assert scene.policies.trouble == ""


async def test_a_broken_file_is_noticed_even_if_nobody_asks_for_anything(scene: Scene):
    await scene.policies.load()
    assert await scene.policies.checked() == ""
    scene.write("default = 1")
    assert (await scene.policies.checked()).startswith("policy.toml line 1")


async def test_many_at_once_look_at_the_file_once(scene: Scene):
    scene.write(DENY)
    assert set(await asyncio.gather(*(scene.effect() for _ in range(20)))) == {"deny"}
    assert scene.file.looks == 1


async def test_a_file_that_vanishes_leaves_the_old_policy_in_force_until_it_is_back(scene: Scene):
    scene.write(DENY)
    assert await scene.effect() == "deny"
    scene.file.trouble = FileNotFoundError(2, "No such file or directory")
    scene.clock.pass_by(1)
    assert await scene.effect() == "deny"
    assert scene.policies.trouble == "policy.toml cannot be read: No such file or directory"
    scene.file.trouble = None
    scene.clock.pass_by(1)
    assert await scene.effect() == "deny"
    assert scene.policies.trouble == ""


async def test_trouble_is_logged_once_for_each_change(scene: Scene):
    await scene.policies.load()
    with capture_logs() as logs:
        for text in ("a = 1", None, None, "b = 1", None, OPEN, None, "b = 1"):
            scene.file.text = text
            scene.clock.pass_by(1)
            await scene.effect()
    told = [line["why"] for line in logs if line["event"] == "policy_not_used"]
    assert [why.partition("key ")[2][0] for why in told] == ["a", "b", "b"]


async def test_however_many_tags_an_act_writes_who_somebody_is_is_asked_once() -> None:
    scene = Scene()
    scene.slack.groups = {"S1": {"U1"}}
    scene.write(
        '[[rule]]\nname = "a"\neffect = "approve"\nwho = ["team:acme/a", "group:S1"]\ntargets = ["acme/web:t*"]\n'
        'approvers = ["group:S2", "quay:boss"]\napprovals = 2\n'
    )
    act = Act("build", "acme/web", {"tags": " ".join(f"t{number}" for number in range(10))})
    decision = await scene.policies.decide(HOME, "ada", scene.quay, act, "C1")
    assert (decision.effect, decision.rule) == (Effect.APPROVE, "a")
    assert (scene.quay.asked, scene.slack.asked.count("S1")) == ([("acme", "a")], 1)
    assert await scene.policies.approvers() == ("group:S2", "quay:boss")


async def test_one_tag_that_is_denied_denies_all_of_them() -> None:
    scene = Scene()
    scene.write('[[rule]]\nname = "no"\neffect = "deny"\ntargets = ["acme/web:prod"]\n')
    for tags, effect in (("v1 v2", Effect.ALLOW), ("v1 prod v2", Effect.DENY)):
        act = Act("build", "acme/web", {"tags": tags})
        assert (await scene.policies.decide(HOME, "ada", scene.quay, act, "C1")).effect is effect


@pytest.mark.parametrize(
    ("line", "asks"),
    [('who = ["quay:ada"]', True), ('unless = ["quay:ci-*"]', True), ('who = ["user:U1", "team:acme/quay"]', False)],
)
async def test_it_is_known_whether_any_rule_goes_by_names_in_quay(line: str, asks: bool) -> None:
    scene = Scene()
    scene.write(f'[[rule]]\nname = "no"\neffect = "deny"\n{line}\n')
    assert await scene.policies.asks_about_quay_names() is asks
    assert await Policies(None, scene.slack, scene.clock).asks_about_quay_names() is False


# --- what acts are called ---


async def test_a_rule_holds_by_the_words_that_people_type(scene: Scene):
    scene.file.text = '[[rule]]\nname = "tags"\neffect = "deny"\ncommands = ["tag *"]\n'
    scene.policies.names = Names(("restore",), {"restore": {"tag restore": ""}})
    decision = await scene.policies.decide(HOME, "ada", scene.quay, Act("restore", "acme/web:v1"), "C1")
    assert (decision.effect, decision.rule) == (Effect.DENY, "tags")


async def test_a_rule_that_can_hold_for_nothing_is_logged_whenever_the_file_is_read(scene: Scene):
    text = '[[rule]]\nname = "typo"\neffect = "deny"\ncommands = ["{}", "build"]\n'
    scene.policies.names = Names(("build",))
    for pattern in ("biuld", "bulid"):
        scene.file.text = text.format(pattern)
        scene.clock.pass_by(5)
        with capture_logs() as lines:
            await scene.policies.current()
            await scene.policies.current()
        told = [(one["rule"], one["pattern"]) for one in lines if one["event"] == "rule_fits_no_command"]
        assert told == [("typo", pattern)]
