"""What people have done in Quay: exact to the last parameter, before it is approved and in the audit."""

# ruff: noqa: E501 - golden sentences stand on one line

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.layout import section
from bot.blocks.validator import neutral_problems
from bot.domain.acts import Act
from bot.domain.events import Phase
from bot.domain.repositories import Trigger
from bot.ports import BuildRequest
from bot.rules.policy import NOBODY_ASKED
from handlers.acts import ACTS, build
from handlers.build_wish import read
from tests.handlers.council import OLD, URL, Council, drawn

GITHUB = Trigger("11112222-aaaa", "github", active=True, enabled=True, source="acme/web")


@pytest.fixture
def council() -> Council:
    return Council()


async def test_an_archive_with_every_option_is_said_without_its_secret_and_run_with_it(council):
    await council.asks(
        f"build acme/web:v1 --tag v2 --archive-url {URL} --dockerfile app/Dockerfile --context app --pull-robot acme+pull"
    )
    act = council.request.act
    assert (act.target, act.targets) == ("acme/web", ("acme/web:v1", "acme/web:v2"))
    assert ACTS["build"].says(act) == snapshot("""\
Build `acme/web` from an archive at `https://files.example/secret/a.tgz`. Writes the tags `v1`, `v2`.
• address sha256: `f96bd712ccdd`
• dockerfile: `app/Dockerfile`
• context: `app`
• pull robot: `acme+pull`\
""")
    assert council.request.pin == f"v1={OLD} v2=none"
    await council.presses("approval_approve", council.request.name, council.bob)
    await council.presses("approval_approve", council.request.name, council.carol)
    wanted = BuildRequest(URL, ("v1", "v2"), "app/Dockerfile", "app", "", "acme+pull")
    assert ("token-alice", "request_build", "acme/web", wanted) in council.quay.calls
    assert not [shown for shown in council.card if "s3cret" in shown or "hunter2" in shown]


async def test_a_trigger_is_chosen_before_anybody_approves(council):
    council.quay.trigger_list = (GITHUB,)
    await council.asks("build acme/web --branch main")
    assert (ACTS["build"].says(council.request.act), council.request.pin) == snapshot(
        (
            """\
Build `acme/web` through a trigger. Its trigger decides which tags are written.
• branch: `main`
• trigger: `github 11112222 of acme/web`\
""",
            "",
        )
    )
    await council.presses("approval_approve", council.request.name, council.bob)
    await council.presses("approval_approve", council.request.name, council.carol)
    assert ("token-alice", "start_trigger", "acme/web", GITHUB.id, "main", None) in council.quay.calls


async def test_a_repository_alone_repeats_exactly_the_build_that_was_newest_when_it_was_asked(council):
    council.has_build(Phase.COMPLETE, tags=("v1",), commit="9f8e7d6c5b4a", ref="refs/heads/main", trigger="github")
    await council.asks("build acme/web")
    assert (council.request.act.name, council.request.act.target) == ("build retry", "acme/web:v1")
    assert ACTS["build retry"].says(council.request.act) == snapshot("""\
Repeat build `dbf23442`, the newest one, of `acme/web`. Writes the tag `v1`.
• trigger: `github`
• builds whatever `refs/heads/main` is when it runs (it was `9f8e7d6c5b4a`)\
""")
    assert council.request.pin == f"v1={OLD}"


async def test_cancelling_says_which_build(council):
    council.has_build()
    await council.presses("build_cancel")
    assert ACTS["build cancel"].says(council.request.act) == snapshot(
        "Cancel build `dbf23442` of `acme/web`. What it has done so far is lost."
    )
    assert council.request.pin == ""
    assert "Not bound to an image: what it does depends on what is there when it runs." in council.card


async def test_whoever_asks_for_approvals_hears_what_happens_next(council):
    reply = await council.says(f"build acme/web:v1 --archive-url {URL}")
    name, reference = council.request.name, council.request.reference
    said = [text.replace(name, "K7PX4").replace(reference, "KDWF-4071") for text in map(drawn, reply.message.blocks)]
    assert said == snapshot(
        [
            "This takes 2 approvals. I have asked for it: request `K7PX4`. It runs by itself, with your account, as soon as it is approved.",
            "Who can approve: @S1.",
            "Its card is in #C1.",
            "~ It waits until <!date^1795428000^{date_short_pretty} {time}|2026-11-23 10:00 UTC>. `/quay deny K7PX4` takes it back. Reference KDWF-4071.",
        ]
    )


async def test_without_a_rule_it_runs_at_once_and_the_audit_names_the_build(council):
    council.rulings.decision = NOBODY_ASKED
    await council.says(f"build acme/web:v1 --archive-url {URL}")
    deed = council.audit.lines[-1].deed
    assert (deed.outcome, deed.detail, deed.quay_log) == ("done", "Build dbf23442 is queued.", "build_dockerfile")
    assert "s3cret" not in repr(council.audit.lines)


async def test_a_tag_that_nobody_named_is_latest_for_the_policy(council):
    await council.says(f"build acme/web --archive-url {URL}")
    assert [act.target for act in council.rulings.asked] == ["acme/web:latest"]


words = st.text(max_size=300)
KEYS = st.sampled_from(["tags", "from", "dockerfile", "trigger", "branch", "build", "ref", "commit", "newest"])


@given(st.sampled_from(sorted(ACTS)), words, st.dictionaries(KEYS, words))
def test_any_parameters_are_worded_without_markup(name, target, parameters):
    says = ACTS[name].says(Act(name, f"acme/{target}", parameters))
    assert neutral_problems({"text": says, "blocks": [section(says)]}) == []


def test_two_archives_of_one_host_are_told_apart_on_the_card_and_in_the_audit():
    addresses = [f"https://bot:pw@git.example/{who}.tgz?key=k{who}#f" for who in ("acme", "mallory", "mallory")]
    addresses[2] += "x"
    acts = [build.wanted(read(("acme/web:v1", "--archive-url", one), "https://quay.example")) for one in addresses]
    assert [act.parameters["from"] for act in acts] == [
        "https://git.example/acme.tgz",
        "https://git.example/mallory.tgz",
        "https://git.example/mallory.tgz",
    ]
    assert len({act.parameters["address sha256"] for act in acts}) == len({build.says(act) for act in acts}) == 3
    assert acts[0].parameters["address sha256"] == hashlib.sha256(addresses[0].encode()).hexdigest()[:12]
    assert "pw" not in acts[0].shown() + build.says(acts[0])
    assert "kacme" not in acts[0].shown() + build.says(acts[0])


@pytest.mark.parametrize(
    ("facts", "source"),
    [
        ({}, "• from the same archive as that build. Quay does not tell me its address"),
        (
            {"trigger": "custom-git", "ref": "refs/heads/main", "commit": "9f8e7d6c5b4a3210"},
            "• trigger: `custom-git`\n• commit: `9f8e7d6c5b4a`",
        ),
        (
            {"trigger": "github", "ref": "refs/heads/main", "commit": "9f8e7d6c5b4a3210"},
            "• trigger: `github`\n• builds whatever `refs/heads/main` is when it runs (it was `9f8e7d6c5b4a`)",
        ),
        (
            {"trigger": "github", "ref": "refs/tags/v1"},
            "• trigger: `github`\n• builds whatever `refs/tags/v1` is when it runs",
        ),
    ],
    ids=["archive", "custom-git", "hosted", "hosted-without-commit"],
)
async def test_a_retry_says_what_it_builds_and_not_what_was_built(council, facts, source):
    council.has_build(Phase.ERROR, tags=("v1",), **facts)
    await council.presses("build_retry")
    act = council.request.act
    assert ACTS["build retry"].says(act) == f"Repeat build `dbf23442` of `acme/web`. Writes the tag `v1`.\n{source}"
    assert ("commit" in act.parameters) == (facts.get("trigger") == "custom-git")


async def test_a_build_of_more_than_ten_tags_is_not_repeated(council):
    council.has_build(Phase.ERROR, tags=tuple(f"t{number}" for number in range(11)))
    reply = await council.presses("build_retry")
    assert "wrote 11 tags" in reply.message.text
    assert (council.approvals.requests, council.ran) == ({}, 0)
