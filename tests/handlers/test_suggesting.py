"""Search as you type: what the fields of forms offer."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.elements import OPTION
from bot.blocks.text import ago
from handlers.command import Seek
from handlers.forms.memory import Memory
from handlers.suggesting.choices import Choice, shown
from tests.handlers.conftest import START
from tests.handlers.typing_steps import INSIDE, Typing, quick


@pytest.fixture
async def typing(office) -> Typing:
    return quick(office)


async def test_repositories_are_searched_with_the_own_account(typing):
    assert await typing.sees("repository", "web") == ["acme/web", "acme/web-tools", "beta/web"]
    assert await typing.sees("repository", "web", person=typing.office.bob) == []
    assert typing.shelf.asked == [("alice", "search", "web"), ("bob", "search", "web")]


async def test_a_namespace_before_the_slash_is_looked_through_first(typing):
    assert await typing.sees("repository", "ACME/we") == ["acme/web", "acme/web-tools", "beta/web"]
    assert typing.shelf.asked == [("alice", "page", "acme"), ("alice", "search", "we")]


async def test_an_image_out_of_a_log_is_offered_as_it_is(typing):
    assert await typing.sees("repository", "quay.example/acme/gone:v1") == ["acme/gone:v1"]
    assert await typing.sees("repository", "docker.io/library/x") == []


async def test_tags_are_those_of_the_chosen_repository_and_what_is_typed(typing):
    assert await typing.sees("tag") == [
        "v1 · sha256:1a2b3c4d1a2b · 2 days ago",
        "latest · sha256:5e6f7a8b5e6f · just now",
    ]
    assert await typing.sees("past tag", "v1") == ["v1 · sha256:1a2b3c4d1a2b · 2 days ago"]
    assert await typing.sees("tag", "v0") == ["v0"]
    assert await typing.sees("tag", "no tag") == []
    assert await typing.sees("tag", "v1", Memory()) == ["v1"]


async def test_deleted_tags_are_found_where_they_can_be_brought_back(typing):
    assert await typing.sees("past tag", "v0") == ["v0 · sha256:5e6f7a8b5e6f · deleted 1 hour ago"]
    assert [line.split()[0] for line in await typing.sees("past tag")] == ["latest", "v0", "v1"]


async def test_digests_are_those_of_the_tag_each_once(typing):
    assert await typing.sees("digest") == [
        "sha256:1a2b3c4d1a2b · 1 hour ago · restored · now",
        "sha256:5e6f7a8b5e6f · 2 days ago",
    ]
    assert await typing.sees("digest", "5e6f") == ["sha256:5e6f7a8b5e6f · 2 days ago", "5e6f"]
    assert await typing.sees("digest", "2h ago", Memory(repository="acme/web")) == ["2h ago"]
    assert typing.shelf.asked == [("alice", "history", "acme/web", "v1")]


async def test_robots_are_those_of_every_namespace_or_of_the_one_that_is_typed(typing):
    typing.shelf.closed = frozenset({"alice"})
    assert await typing.sees("robot") == ["acme+deploy · puts it *there*", "acme+ci"]
    typing.shelf.asked.clear()
    assert await typing.sees("robot", "acme+dep") == ["acme+deploy · puts it *there*", "acme+dep"]
    assert typing.shelf.asked == [("alice", "page", "acme")]


@pytest.mark.parametrize("typed", ["../../superuser/users/x+", "%2e%2e+ci", "a b+c", "acme/web+ci"])
async def test_quay_is_asked_about_no_namespace_that_cannot_be_one(typing, typed):
    typing.shelf.closed = frozenset({"alice"})
    assert await typing.sees("robot", typed) == []
    assert {where for _, _, *rest in typing.shelf.asked for where in rest} == {"alice", "acme"}


async def test_the_rest_is_offered_in_the_words_of_its_kind(typing):
    assert {name: await typing.sees(name) for name in ("trigger", "build", "message", "namespace")} == snapshot(
        {
            "trigger": ["github 1a2b3c4d of acme/web (switched off)"],
            "build": ["dbf23442 · complete · v1 · main · 5 minutes ago"],
            "message": ["warning · It *goes down* <!here> at six xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"],
            "namespace": ["alice", "acme"],
        }
    )
    assert await typing.sees("namespace", "ac") == ["acme", "ac"]


async def test_without_a_repository_there_is_nothing_to_search_in(typing):
    assert [await typing.sees(seek, "", Memory()) for seek in ("tag", "digest", "trigger", "build")] == [[]] * 4
    assert typing.shelf.asked == []


async def test_a_field_that_searches_nothing_of_ours_gets_nothing(typing):
    assert await typing.suggester.options(typing.office.alice, "dance", "x", INSIDE) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(Seek)), st.text(max_size=200))
async def test_whatever_is_typed_slack_takes_the_answer(typing, seek, typed):
    await typing.sees(seek, typed)


@given(st.text(max_size=400), st.text(max_size=200))
def test_an_option_is_one_that_slack_takes_or_none(value, label):
    option = shown(Choice(value, label))
    assert option is None or list(OPTION(option, "")) == []


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "just now"), (60, "1 minute ago"), (7_300, "2 hours ago"), (86_400, "1 day ago")]
)
def test_times_are_told_in_their_biggest_unit(seconds, words):
    assert ago(START - timedelta(seconds=seconds), START) == words
