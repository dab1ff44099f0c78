"""Which trigger somebody means."""

from dataclasses import replace

import pytest

from bot.domain.errors import UserError
from bot.domain.repositories import Trigger
from handlers.build_wish import BuildWish
from handlers.triggers import choose, listed

GITHUB = Trigger("11112222-aaaa", "github", active=True, enabled=True, source="acme/web")
GITLAB = Trigger("33334444-bbbb", "gitlab", active=True, enabled=True, source="acme/other")
CUSTOM = Trigger("55556666-cccc", "custom-git", active=True, enabled=True, source="https://git.example/acme/web.git")
OFF = Trigger("77778888-dddd", "bitbucket", active=True, enabled=False)
SECOND = Trigger("11119999-eeee", "github", active=True, enabled=True, source="acme/tools")


def branch(name: str = "") -> BuildWish:
    return BuildWish("acme/web", trigger=name, branch="main")


def test_the_only_usable_trigger_needs_no_name():
    assert choose(branch(), [OFF, GITHUB]) is GITHUB


@pytest.mark.parametrize(
    ("name", "trigger"),
    [
        ("github", GITHUB),
        ("GitHub", GITHUB),
        ("11112222-aaaa", GITHUB),
        ("3333", GITLAB),
        ("acme/other", GITLAB),
        ("other", GITLAB),
    ],
)
def test_a_trigger_is_named_by_service_id_or_source(name, trigger):
    assert choose(branch(name), [GITHUB, GITLAB]) is trigger


def test_a_custom_git_trigger_is_named_by_the_end_of_its_address():
    assert choose(BuildWish("acme/web", trigger="acme/web", commit="1a2b3c4"), [CUSTOM, GITLAB]) is CUSTOM


TROUBLE = [
    (branch(), [], "acme/web has no build triggers. Build an archive: add --archive-url https://…"),
    (
        branch(),
        [GITHUB, GITLAB],
        (
            "acme/web has several triggers. Name the one to start, like this: "
            "`/quay trigger start acme/web 11112222 --branch main`. "
            "The triggers are: github 11112222 of acme/web, gitlab 33334444 of acme/other."
        ),
    ),
    (
        branch(),
        [OFF],
        (
            "The only trigger, bitbucket 77778888, is switched off. "
            "`/quay trigger enable acme/web 77778888` switches it on."
        ),
    ),
    (
        branch(),
        [OFF, replace(OFF, id="88889999-ffff")],
        (
            "acme/web has no trigger that is switched on. "
            "The triggers are: bitbucket 77778888 (switched off), bitbucket 88889999 (switched off). "
            "`/quay trigger enable acme/web ID` switches one on."
        ),
    ),
    (
        branch("bitbucket"),
        [replace(OFF, active=False)],
        "The trigger bitbucket 77778888 is not set up to the end. Please finish its set-up in Quay first.",
    ),
    (
        branch("svn"),
        [GITHUB],
        "acme/web has no trigger “svn”. The triggers are: github 11112222 of acme/web.",
    ),
    (
        branch("github"),
        [GITHUB, SECOND],
        (
            "“github” could be several triggers. Name it by its id. "
            "The triggers are: github 11112222 of acme/web, github 11119999 of acme/tools."
        ),
    ),
    (
        branch("bitbucket"),
        [OFF],
        "The trigger bitbucket 77778888 is switched off. `/quay trigger enable acme/web 77778888` switches it on.",
    ),
    (branch("custom-git"), [CUSTOM], "starts from a commit. Add --commit SHA, without --branch."),
    (
        BuildWish("acme/web", commit="1a2b3c4"),
        [GITHUB],
        "The trigger github 11112222 of acme/web starts from a branch. Add --branch NAME, without --commit.",
    ),
]


@pytest.mark.parametrize(("wish", "triggers", "say"), TROUBLE)
def test_what_is_missing_is_said_with_the_triggers_there_are(wish, triggers, say):
    with pytest.raises(UserError) as caught:
        choose(wish, triggers)
    assert say in caught.value.say


def test_a_long_list_is_cut_with_a_count():
    assert listed([GITHUB] * 12).endswith(" and 2 more.")
    assert listed([]) == ""
