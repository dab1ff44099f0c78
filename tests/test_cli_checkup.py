"""The check-up: what it says about the policy, about linking, about limits, and about names that are mistyped."""

from pathlib import Path

import pytest

from tests.command_line import PUBLIC, Done, Run, quaybot
from tests.house.untouched import untouched_logs

__all__ = ["quaybot", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")

KEYS = {"SECRET_KEYS": "sixteen letters or more"}


def about(done: Done, word: str) -> list[str]:
    return [line for line in done.out if word in line]


# --- the policy ---


def test_a_policy_in_order_is_summed_up(quaybot: Run, tmp_path: Path):
    file = tmp_path / "policy.toml"
    file.write_text('default = "deny"\n[[rule]]\nname = "a"\neffect = "allow"\n')

    assert about(quaybot("doctor", POLICY_FILE=str(file)), "Policy") == ["✓ Policy: 1 rule, default deny"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("default = 1", "policy.toml line 1, key default: write 'allow' or 'deny'."),
        (
            "defalt = 1\nauditor = 1",
            "policy.toml line 1, key defalt: there is no such key; did you mean default? (and 1 ",
        ),
        ("", "policy.toml: it is empty"),
    ],
)
def test_a_policy_that_cannot_be_used_is_told_with_what_to_do(quaybot: Run, tmp_path: Path, text: str, says: str):
    file = tmp_path / "policy.toml"
    file.write_text(text)

    done = quaybot("doctor", POLICY_FILE=str(file))

    (line,) = about(done, "Policy")
    assert done.code == 1
    assert line.startswith(f"✗ Policy: {says}")
    assert line.endswith("Mend the file, and see with quaybot policy check")


def test_a_policy_that_is_not_there_is_told(quaybot: Run):
    (line,) = about(quaybot("doctor", POLICY_FILE="none.toml"), "Policy")

    assert line.startswith("✗ Policy: none.toml cannot be read: No such file or directory. ")


def test_without_a_policy_nothing_is_said_about_one(quaybot: Run):
    assert about(quaybot("doctor"), "olicy") == []


# --- linking ---


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (
            {},
            (
                "✓ Linking: people can paste a token; to take over an assigned one, set PUBLIC_URL and QUAY_CLIENT_ID; "
                "to sign in at Quay, set PUBLIC_URL, QUAY_CLIENT_ID and QUAY_CLIENT_SECRET"
            ),
        ),
        (
            {"PUBLIC_URL": PUBLIC, "QUAY_CLIENT_ID": "ABC"},
            (
                "✓ Linking: people can paste a token and take over an assigned one; to sign in at Quay, set "
                "QUAY_CLIENT_SECRET"
            ),
        ),
        (
            {"PUBLIC_URL": PUBLIC, "QUAY_CLIENT_ID": "ABC", "QUAY_CLIENT_SECRET": "a-client-secret"},
            "✓ Linking: people can paste a token, take over an assigned one and sign in at Quay",
        ),
    ],
)
def test_the_ways_to_link_are_told_and_what_the_others_need(quaybot: Run, settings: dict[str, str], says: str):
    done = quaybot("doctor", **KEYS, **settings)

    assert about(done, "Linking") == [says]
    assert "a-client-secret" not in "".join([*done.out, *done.err])


def test_without_keys_no_way_works_and_only_the_keys_are_told(quaybot: Run):
    done = quaybot("doctor", PUBLIC_URL=PUBLIC, QUAY_CLIENT_ID="ABC")

    assert about(done, "Linking") == []
    assert len(about(done, "SECRET_KEYS")) == 1


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"QUAY_CLIENT_SECRET": "x", "PUBLIC_URL": PUBLIC}, "✗ QUAY_CLIENT_SECRET is of no use without QUAY_CLIENT_ID"),
        ({"QUAY_CLIENT_ID": "x"}, "✗ QUAY_CLIENT_ID is of no use without PUBLIC_URL"),
        (
            {"LIMIT_PER_PERSON": "601"},
            (
                "✗ LIMIT_PER_PERSON (601) is above LIMIT_PER_WORKSPACE (600), so one person can use up what is there "
                "for everybody: lower the first, or raise the second"
            ),
        ),
    ],
)
def test_settings_that_do_not_fit_each_other_are_told(quaybot: Run, settings: dict[str, str], says: str):
    done = quaybot("doctor", **KEYS, **settings)

    assert done.code == 1
    assert len(about(done, says)) == 1


def test_settings_that_fit_each_other_are_no_trouble(quaybot: Run):
    fitting = {"LIMIT_PER_PERSON": "600", "QUAY_CLIENT_ID": "x", "PUBLIC_URL": PUBLIC}
    done = quaybot("doctor", **KEYS, **fitting)

    assert about(done, "LIMIT") == about(done, "of no use") == []


# --- names, and what is told once ---


def test_a_name_in_env_that_looks_like_a_setting_is_told(quaybot: Run, tmp_path: Path):
    (tmp_path / ".env").write_text("SECRT_KEYS=not-to-be-shown\nPOSTGRES_DB=quaybot\n", encoding="utf-8")

    done = quaybot("doctor")

    assert about(done, "did you mean") == ["✗ SECRT_KEYS in .env is no setting; did you mean SECRET_KEYS?"]
    assert "not-to-be-shown" not in "".join([*done.out, *done.err])


@pytest.mark.parametrize(
    "url", ["nonsense", "sqlite:////nowhere/x.db", "postgresql://me@127.0.0.1:1/x?connect_timeout=2"]
)
def test_trouble_with_the_database_is_told_once(quaybot: Run, url: str):
    assert len(about(quaybot("doctor", DATABASE_URL=url, **KEYS), "DATABASE_URL")) == 1
