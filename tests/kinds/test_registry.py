"""The folder, the written-out registry and the samples agree."""

import json
import pkgutil

import pytest

import webhooks.kinds
from webhooks.kinds import KINDS
from webhooks.sample import conditions, sample


def test_every_file_of_the_folder_is_in_the_registry_and_nothing_else():
    assert {module.name for module in pkgutil.iter_modules(webhooks.kinds.__path__)} == set(KINDS)


def test_every_kind_is_listed_under_its_own_name():
    assert {name: kind.name for name, kind in KINDS.items()} == {name: name for name in KINDS}


def test_all_thirteen_events_of_quay_are_known():
    assert set(KINDS) == {
        "repo_push",
        "build_queued",
        "build_start",
        "build_success",
        "build_failure",
        "build_cancelled",
        "vulnerability_found",
        "repo_mirror_sync_started",
        "repo_mirror_sync_success",
        "repo_mirror_sync_failed",
        "repo_image_expiry",
        "quota_warning",
        "quota_error",
    }


def test_only_the_quota_events_belong_to_namespaces():
    assert {name for name, kind in KINDS.items() if kind.namespace} == {"quota_warning", "quota_error"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_it_is_in_one_sentence(kind: str):
    summary = KINDS[kind].summary

    assert summary.endswith(".")
    assert "\n" not in summary


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_real_sample_and_the_one_of_the_test_button(kind: str):
    assert json.loads(sample(kind))
    assert "test" in conditions(kind)


def test_variations_are_listed_by_their_names():
    assert conditions("vulnerability_found") == ("first_index", "low", "test")
    assert conditions("build_queued") == ("git_push", "test", "trigger")


@pytest.mark.parametrize(("kind", "condition"), [("repo_pull", ""), ("repo_push", "nope"), ("../kinds", ""), ("", "")])
def test_an_unknown_sample_is_refused_with_the_names_there_are(kind: str, condition: str):
    with pytest.raises(LookupError, match=r"there are .*repo_push\.json"):
        sample(kind, condition)
