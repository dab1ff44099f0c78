"""Quay's usage log in plain words."""

# ruff: noqa: E501 - golden lines stand on one line

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.adapters.quay.shapes_people import EntryShape
from bot.adapters.quay.usage import to_about, to_entry
from bot.blocks.layout import section
from bot.blocks.usage_list import Part, message, rows
from bot.blocks.usage_words import SAYS, did, line, who
from bot.blocks.validator import neutral_problems, problems
from bot.domain.repositories import LogEntry
from tests.plugins.rows import NOW

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "quay_client_recorded.json").read_text())
KEYS = (
    *("repo", "namespace", "tag", "manifest_digest", "original_manifest_digest", "build_id", "docker_tags"),
    *("trigger_id", "service", "enabled", "visibility", "role", "username", "team", "member", "robot", "key", "value"),
    *("expiration_date", "manual_user", "event", "strange"),
)
ANY_ABOUT = st.dictionaries(st.sampled_from(KEYS), st.text(max_size=300))
ANY_KIND = st.sampled_from(sorted(SAYS)) | st.text(max_size=100)


def entry(kind: str, performer: str = "alice", **about: str) -> LogEntry:
    return LogEntry(kind, NOW, performer, about)


def test_every_recorded_entry_is_one_sentence() -> None:
    logs = [raw for name in ("usage", "usage_page_2") for raw in RECORDED[name]["answer"]["logs"]]
    found = [one for raw in logs if (one := to_entry(EntryShape.model_validate(raw)))]
    said = {one.kind: f"{who(one)} {did(one, 'acme/web')}" for one in found}
    assert [kind for kind in said if kind not in SAYS] == []
    assert said == snapshot(
        {
            "revert_tag": "alice restored the tag `v2` to `sha256:98ae2ecd0099`",
            "change_repo_permission": "alice gave `carol` the role `read` on `acme/web`",
            "delete_repo_permission": "alice took the role of `carol` on `acme/web` away",
            "cancel_build": "alice cancelled the build `2e618f59`",
            "build_dockerfile": "alice asked for a build `b225e6a2` for `latest`",
            "push_repo": "acme+ci pushed `acme/web:labelled`",
            "add_repo_notification": "alice added a notification about `vulnerability_found`",
            "setup_repo_trigger": "alice set up the build trigger `custom-git 73fe24b7`",
            "delete_repo_trigger": "alice deleted the build trigger `custom-git 73fe24b7`",
            "toggle_repo_trigger": "alice switched the build trigger `custom-git 73fe24b7` off",
            "delete_tag": "alice deleted the tag `v2`",
            "manifest_label_delete": "alice removed the label `com.acme.approved-by` = `alice` from `sha256:892e200c4a09`",
            "manifest_label_add": 'alice added the label `a.json` = `{"x":1}` to `sha256:892e200c4a09`',
            "reset_repo_notification": "alice reset a notification about `repo_push`",
            "change_tag_expiration": "alice changed when the tag `newtag` ends: never",
            "move_tag": "alice moved the tag `newtag` from `sha256:98ae2ecd0099` to `sha256:a813c6d477a9`",
            "create_tag": "alice created the tag `newtag` on `sha256:98ae2ecd0099`",
        }
    )


@pytest.mark.parametrize("kind", sorted(SAYS))
def test_every_known_kind_reads_well_with_nothing_known(kind: str) -> None:
    said = did(LogEntry(kind, NOW, ""), "acme")
    assert said
    assert "{" not in said
    assert not said.endswith(" ")


def test_sentences_name_what_was_done() -> None:
    said = [
        did(
            entry(
                "move_tag",
                tag="v1",
                manifest_digest="sha256:" + "a" * 64,
                original_manifest_digest="sha256:" + "b" * 64,
            ),
            "acme/web",
        ),
        did(entry("push_repo", repo="web", namespace="acme", tag="v1"), "acme"),
        did(entry("delete_tag", repo="web", namespace="acme", tag="v1"), "acme"),
        did(entry("change_tag_expiration", tag="v1", expiration_date="2026-11-30T10:00:00+00:00"), "acme/web"),
        did(entry("change_tag_expiration", tag="v1"), "acme/web"),
        did(entry("toggle_repo_trigger", trigger_id="73fe24b7-353d", service="custom-git", enabled="no"), "acme/web"),
        did(entry("change_repo_visibility", repo="web", namespace="acme", visibility="public"), "acme/web"),
        did(entry("add_repo_permission", repo="web", namespace="acme", team="devs", role="write"), "acme/web"),
        did(entry("something_new", repo="web", namespace="acme"), "acme"),
        line(
            entry(
                "build_dockerfile",
                "",
                manual_user="bob",
                build_id="37620d39-c245",
                docker_tags="v1, v2",
                trigger_kind="github",
            ),
            "acme/web",
        ),
    ]
    assert said == snapshot(
        [
            "moved the tag `v1` from `sha256:bbbbbbbbbbbb` to `sha256:aaaaaaaaaaaa`",
            "pushed `acme/web:v1`",
            "deleted the tag `v1` in `acme/web`",
            "changed when the tag `v1` ends: <!date^1796032800^{date_short_pretty} {time}|2026-11-30 10:00 UTC>",
            "changed when the tag `v1` ends: never",
            "switched the build trigger `custom-git 73fe24b7` off",
            "made `acme/web` `public`",
            "gave the team `devs` the role `write` on `acme/web`",
            "did `something_new` in `acme/web`",
            "<!date^1772600767^{date_short_pretty} {time_secs}|2026-03-04 05:06:07 UTC> · *bob* asked for a build `37620d39` for `v1, v2` through `github`",
        ]
    )


@given(ANY_KIND, st.text(max_size=100), ANY_ABOUT, st.sampled_from(["acme/web", "acme", ""]))
def test_any_entry_is_worded_and_no_markup_comes_out_of_it(
    kind: str, performer: str, about: dict[str, str], target: str
) -> None:
    found = line(LogEntry(kind, NOW, performer, about), target)
    assert neutral_problems({"text": "x", "blocks": [section(found)]}) == []
    assert "\n" not in found


@given(
    ANY_KIND,
    st.dictionaries(
        st.sampled_from(["repo", "tag", "enabled", "expiration_date", "visibility", "trigger_metadata"])
        | st.text(max_size=9),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=99), st.lists, max_leaves=4
        ),
    ),
)
def test_no_metadata_of_quay_makes_the_wording_fail(kind: str, metadata: dict[str, object]) -> None:
    assert line(LogEntry(kind, NOW, "alice", to_about(metadata)), "acme/web")


@given(
    st.lists(st.builds(LogEntry, ANY_KIND, st.just(NOW), st.text(max_size=80), ANY_ABOUT), max_size=45), st.booleans()
)
def test_any_part_of_a_log_is_a_message_that_slack_takes(entries: list[LogEntry], more: bool) -> None:
    shown = message(
        Part("acme/web", NOW, entries, "delete_tag", "<!here>", older="x" if more else "", csv="y")
    ).payload()
    assert problems(shown) == []
    assert neutral_problems(shown) == []


def test_a_file_has_a_row_for_each_entry_with_everything_it_tells() -> None:
    assert list(rows([entry("delete_tag", repo="web", namespace="acme", tag="v1")], "acme/web")) == snapshot(
        [
            {
                "time": "2026-03-04T05:06:07+00:00",
                "kind": "delete_tag",
                "by": "alice",
                "repository": "acme/web",
                "repo": "web",
                "namespace": "acme",
                "tag": "v1",
            }
        ]
    )
