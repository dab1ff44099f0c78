"""Which entry of Quay's usage log belongs to what was done through the bot."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.acts import Act, Deed, Outcome
from bot.domain.people import Person
from bot.rules.log_match import NEAR, matching

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    kind: str = "build_dockerfile"
    at: datetime = AT
    performer: str = ""
    about: Mapping[str, str] = field(
        default_factory=lambda: {"repo": "web", "namespace": "acme", "manual_user": "alice"}
    )


def deed(target: str = "acme/web:v1", quay_log: str = "build_dockerfile") -> Deed:
    act = Act("build", target)
    return Deed(AT, "KDWF-4071", Person("T1", "U1"), "alice", "C1", act, Outcome.DONE, quay_log=quay_log)


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def test_a_build_is_known_by_its_manual_user_because_quay_names_no_performer():
    assert matching(deed(), [Entry()]) == Entry()


def test_whoever_quay_names_as_its_performer_did_it():
    cancelled = Entry("cancel_build", performer="alice", about={})
    bobs = replace(cancelled, performer="bob", about={"manual_user": "alice"})

    assert matching(deed(quay_log="cancel_build"), [bobs, cancelled]) == cancelled


@pytest.mark.parametrize(
    "other",
    [
        Entry(kind="build_start"),
        Entry(about={"repo": "api", "namespace": "acme", "manual_user": "alice"}),
        Entry(about={"repo": "web", "namespace": "evil", "manual_user": "alice"}),
        Entry(about={"repo": "web", "namespace": "acme", "manual_user": "bob"}),
        Entry(about={"repo": "web", "namespace": "acme"}),
        Entry(at=AT + NEAR + timedelta(seconds=1)),
        Entry(at=AT - NEAR - timedelta(seconds=1)),
    ],
    ids=["kind", "repository", "namespace", "account", "nobody", "later", "earlier"],
)
def test_what_differs_is_no_match(other: Entry):
    assert matching(deed(), [other]) is None


@pytest.mark.parametrize("repo", ["team/web", "acme/team/web"])
def test_names_with_slashes_are_known_with_and_without_their_namespace(repo: str):
    entry = Entry(about={"repo": repo, "manual_user": "alice"})

    assert matching(deed("acme/team/web"), [entry]) == entry


@pytest.mark.parametrize("kind", ["move_tag", "create_tag"])
def test_what_quay_writes_down_in_one_of_two_ways_is_found_in_both(kind: str):
    entry = Entry(kind, performer="alice", about={"repo": "web", "tag": "v1"})

    assert matching(deed(quay_log="move_tag create_tag"), [entry]) == entry
    assert matching(deed(quay_log="move_tag create_tag"), [replace(entry, kind="move_tag create_tag")]) is None


def test_what_quay_does_not_write_down_has_no_match():
    assert matching(deed(quay_log=""), [Entry(kind="")]) is None


ENTRIES = st.builds(
    Entry,
    kind=st.sampled_from(["build_dockerfile", "push_repo"]),
    at=st.integers(-900, 900).map(later),
    performer=st.sampled_from(["", "alice", "bob"]),
    about=st.fixed_dictionaries(
        {},
        optional={
            "repo": st.sampled_from(["web", "api", "acme/web"]),
            "namespace": st.sampled_from(["acme", "evil"]),
            "manual_user": st.sampled_from(["alice", "bob", ""]),
            "tag": st.text(max_size=3),
        },
    ),
)


@given(entries=st.lists(ENTRIES))
def test_what_matches_fits_in_everything_and_none_that_fits_is_nearer(entries: list[Entry]):
    found = matching(deed(), entries)

    def fits(entry: Entry) -> bool:
        return matching(deed(), [entry]) is not None

    if found is None:
        assert not any(map(fits, entries))
        return
    assert found in entries
    assert found.kind == "build_dockerfile"
    assert "alice" in (found.performer, found.about.get("manual_user"))
    assert found.performer != "bob"
    assert found.about.get("repo", "web") in ("web", "acme/web")
    assert found.about.get("namespace", "acme") == "acme"
    assert all(abs(found.at - AT) <= abs(entry.at - AT) for entry in entries if fits(entry))


@given(entries=st.lists(ENTRIES, max_size=6), data=st.data())
def test_the_order_of_the_entries_does_not_matter(entries: list[Entry], data: st.DataObject):
    shuffled = data.draw(st.permutations(entries))
    one, other = matching(deed(), entries), matching(deed(), shuffled)

    assert (one and one.at) == (other and other.at)


@given(entries=st.lists(ENTRIES), seconds=st.integers(0, 299))
def test_an_entry_of_the_same_deed_is_found_among_any_others(entries: list[Entry], seconds: int):
    assert matching(deed(), [*entries, Entry(at=later(seconds))]) is not None


def test_of_two_builds_that_of_the_same_tags_is_meant():
    mine = replace(deed(), act=Act("build", "acme/web", {"tags": "v1 latest"}))
    base = Entry().about
    other, fits = (replace(Entry(), about={**base, "docker_tags": tags}) for tags in ("v2", "latest, v1"))
    assert matching(mine, [other, fits]) == fits
    assert matching(mine, [other]) is None
    assert matching(mine, [replace(other, about={**base, "docker_tags": "v1, lat…"})]) is not None  # cut: nobody knows


def test_a_tag_that_was_changed_is_the_same_tag():
    mine = deed("acme/web:v1", "delete_tag")
    other, fits = (
        Entry("delete_tag", performer="alice", about={"repo": "web", "namespace": "acme", "tag": tag})
        for tag in ("v2", "v1")
    )
    assert matching(mine, [other]) is None
    assert matching(mine, [other, fits]) == fits


def test_a_cancelled_build_is_the_same_build_and_a_repeated_one_is_a_new_one():
    cancel = replace(deed("acme/web", "cancel_build"), act=Act("build cancel", "acme/web", {"build": "b1"}))
    entry = Entry("cancel_build", performer="alice", about={"build_uuid": "b2"})
    assert matching(cancel, [entry]) is None
    assert matching(cancel, [replace(entry, about={"build_uuid": "b1"})]) is not None
    retry = replace(deed("acme/web"), act=Act("build retry", "acme/web", {"build": "b1"}))
    assert matching(retry, [replace(Entry(), about={**Entry().about, "build_id": "b3"})]) is not None


def test_an_entry_about_a_robot_is_that_of_the_same_robot():
    mine = Entry("regenerate_robot_token", performer="alice", about={"robot": "ci"})
    another = replace(mine, about={"robot": "deploy"})
    done = deed("acme+ci", "regenerate_robot_token")

    assert matching(done, [another, mine]) == mine
    assert matching(done, [another]) is None


@pytest.mark.parametrize(
    ("target", "log"),
    [("acme/web:v1", "acme/web"), ("acme/team/web", "acme/team/web"), ("acme+ci", "acme"), ("acme", "acme"), ("", "")],
)
def test_quay_tells_of_it_in_the_log_of_the_repository_or_of_the_namespace(target: str, log: str):
    assert Act("any", target).log == log
