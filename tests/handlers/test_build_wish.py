"""What somebody wants built, and what is refused before Quay is asked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.ports import BuildRequest
from handlers.build_wish import BuildWish, read
from handlers.grammar import split

QUAY = "https://quay.example"
URL = "https://files.example/a.tgz"


def wish(text: str) -> BuildWish:
    return read(split(text), QUAY)


def test_an_archive_with_everything():
    found = wish(
        f"acme/web:v1 --archive-url <{URL}> --tag v2 --tag v1 —dockerfile app/Dockerfile --context /app "
        "--pull-robot acme+puller"
    )
    assert found == BuildWish("acme/web", BuildRequest(URL, ("v1", "v2"), "app/Dockerfile", "/app", "", "acme+puller"))


def test_a_trigger_with_a_branch_or_a_commit():
    assert wish("acme/web --branch main") == BuildWish("acme/web", branch="main")
    assert wish("acme/web --trigger github --commit 1A2b3c4") == BuildWish(
        "acme/web", trigger="github", commit="1A2b3c4"
    )


REFUSED = {
    "": "Which repository? Write it as namespace/name, e.g. acme/web",
    "acme/web status": "I do not understand “status” after the repository.",
    f"acme/web --archive-url {URL} --trigger x": "Choose one: --archive-url builds an archive, "
    "--trigger builds through a trigger.",
    f"acme/web --archive-url {URL} --commit 1a2b3c4": "Choose one: --archive-url builds an archive, "
    "--commit builds through a trigger.",
    "acme/web --branch main --tag v1": "A trigger has its own settings, so --tag goes with --archive-url only.",
    "acme/web --trigger x --dockerfile D": "A trigger has its own settings, "
    "so --dockerfile goes with --archive-url only.",
    "acme/web:v1 --branch main": "A trigger chooses the tags itself. Write the repository without a tag.",
    f"acme/web --archive-url {URL} --dockerfile D --subdirectory S": "Give either --dockerfile or --subdirectory, "
    "not both.",
    "acme/web --branch main --commit 1a2b3c4": "Give either --branch or --commit, not both.",
    "acme/web --commit main": "--commit needs a commit id of 7 or more hex digits, not “main”.",
    f"acme/web --archive-url {URL} --pull-robot puller": "“puller” is not the name of a robot account. "
    "It looks like acme+puller",
    "acme/web --archive-url files.example/a.tgz": "--archive-url needs a full address that begins with "
    "http:// or https://",
    "acme/web --archive-url ftp://files.example/a": "--archive-url needs a full address that begins with "
    "http:// or https://",
    "acme/web --archive-url https://": "--archive-url needs a full address that begins with http:// or https://",
    "acme/web --archive-url https://[x/": "--archive-url needs a full address that begins with http:// or https://",
    "acme/web --archive-url https://fïles.example/a": "The address after --archive-url may have plain ASCII "
    "characters only.",
    "acme/web --archive-url https://…": "Put the address of an archive there, in place of the dots.",
    "acme/web --archive-url <https://...>": "Put the address of an archive there, in place of the dots.",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_work_is_refused_with_the_reason(text):
    with pytest.raises(UserError) as caught:
        wish(text)
    assert caught.value.say == REFUSED[text]


@pytest.mark.parametrize("tag", ["-x", ".x", "a b", "x" * 129, "ü"])
def test_a_tag_that_no_registry_takes_is_refused(tag):
    with pytest.raises(UserError, match="cannot be a tag"):
        wish(f'acme/web --archive-url {URL} --tag="{tag}"')


def test_an_address_is_never_repeated_because_it_may_hold_a_secret():
    with pytest.raises(UserError) as caught:
        wish("acme/web --archive-url gopher://user:hunter2@files.example/")
    assert "hunter2" not in caught.value.say
    assert "hunter2" not in repr(wish(f"acme/web --archive-url {URL}?sig=hunter2"))


@settings(deadline=None)
@given(st.lists(st.text() | st.sampled_from(["acme/web", "--tag", "--archive-url", URL, "--branch", "--commit"])))
def test_any_words_give_a_wish_or_a_user_error(words):
    try:
        found = read(words, QUAY)
    except UserError:
        return
    assert found.request is None or found.request.archive_url.isascii()


def test_a_build_writes_at_most_ten_tags():
    tags = " ".join(f"--tag t{number}" for number in range(10))
    assert len(wish(f"acme/web --archive-url {URL} {tags}").request.tags) == 10
    with pytest.raises(UserError, match="at most 10 tags, not 11"):
        wish(f"acme/web:v1 --archive-url {URL} {tags}")


@pytest.mark.parametrize(
    "option", ["--dockerfile", "--context", "--subdirectory", "--pull-robot", "--branch", "--trigger", "--commit"]
)
def test_an_option_that_no_card_could_show_is_refused(option):
    source = "" if option in ("--branch", "--trigger", "--commit") else f"--archive-url {URL}"
    with pytest.raises(UserError, match=f"after {option} is too long"):
        wish(f"acme/web {source} {option} {'a' * 201}")
