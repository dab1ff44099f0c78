"""The settings: what is read, what is refused, and what is never shown."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import SLACK_API, Address, Settings, SettingsError, load, load_address, mistyped

SECRET = "a-secret-that-nobody-may-see"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def settings(**given: object) -> Settings:
    return load(_env_file=None, **given)


def test_what_is_not_set_has_a_default_that_works():
    plain = settings()

    assert plain.slack_api_url == SLACK_API
    assert (plain.host, plain.port) == ("127.0.0.1", 8080)
    assert plain.database_url == "sqlite:///quaybot.db"
    assert (plain.log_level, plain.log_format) == ("INFO", "text")
    assert plain.secret_keys == plain.slack_signing_secret == []


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUAY_URL", "https://quay.example/")
    monkeypatch.setenv("PORT", "9000")

    assert (settings().quay_url, settings().port) == ("https://quay.example", 9000)


def test_a_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path):
    (tmp_path / ".env").write_text("QUAY_URL=https://file.example\nPORT=9000\nSOMETHING_ELSE=1\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "9001")

    found = load(_env_file=tmp_path / ".env")

    assert (found.quay_url, found.port) == ("https://file.example", 9001)


@pytest.mark.parametrize("read", [load, load_address])
def test_a_file_that_is_not_utf_8_is_told(read: Callable[[], object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / ".env").write_bytes(b"QUAY_URL=https://k\xe4se.example\n")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SettingsError) as refused:
        read()

    assert refused.value.problems == ["The file .env is not UTF-8 text: save it anew as UTF-8."]


def test_a_mark_in_front_of_the_file_is_no_part_of_the_first_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfPORT=9000\r\nQUAY_URL=https://quay.example\r\n")
    monkeypatch.chdir(tmp_path)

    assert (load().port, load().quay_url, load_address().port) == (9000, "https://quay.example", 9000)


def test_names_in_the_file_that_look_like_a_setting_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    lines = [
        "SECRT_KEYS=x",
        "export SLACK_TOKEN=x",
        "QUAY_URLS=x",
        "QUAY_URL=https://quay.example",
        "PGHOST=db",
        "port=1",
    ]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert mistyped(load()) == {"SECRT_KEYS": "SECRET_KEYS", "SLACK_TOKEN": "SLACK_BOT_TOKEN"}


def test_without_a_file_nothing_is_mistyped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)

    assert mistyped(load()) == {}


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch):
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")

    assert settings().port == 8080
    assert settings().secret_keys == []
    assert settings().missing() != []


def test_blanks_around_a_pasted_value_do_not_matter(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", " xoxb-1\n")
    monkeypatch.setenv("QUAY_URL", " https://quay.example ")

    assert settings().slack_bot_token.get_secret_value() == "xoxb-1"
    assert settings().quay_url == "https://quay.example"


def test_all_problems_are_told_at_once_with_their_names():
    with pytest.raises(SettingsError) as refused:
        settings(quay_url="quay.example", port="http", log_level="loud", log_format="xml", secret_keys="short")

    assert refused.value.problems == [
        "QUAY_URL: write a whole address that begins with https:// or http://",
        "SECRET_KEYS: each key needs 16 characters or more; make one with: quaybot keygen",
        "PORT: write a whole number from 0 to 65535",
        "LOG_LEVEL: use DEBUG, INFO, WARNING or ERROR",
        "LOG_FORMAT: use text or json",
    ]
    assert str(refused.value).splitlines() == refused.value.problems


@pytest.mark.parametrize(
    "address",
    [
        "quay.example",
        "ftp://quay.example",
        "https://",
        "https://[",
        "https://quay.example:99999",
        "https://a b/",
        "http://x:0",
    ],
)
@pytest.mark.parametrize("name", ["quay_url", "public_url", "slack_api_url"])
def test_half_an_address_is_refused(name: str, address: str):
    with pytest.raises(SettingsError, match=f"^{name.upper()}: write a whole address"):
        settings(**{name: address})


@pytest.mark.parametrize(
    "address", ["https://me:pw@quay.example", "https://quay.example?x=1", "https://quay.example/#top"]
)
def test_more_than_an_address_is_refused(address: str):
    with pytest.raises(SettingsError, match=r"^QUAY_URL: write the address only, without user name, \? or #$"):
        settings(quay_url=address)


def test_addresses_end_as_they_are_used():
    found = settings(
        quay_url="https://q.example/", public_url="http://b.example/bot/", slack_api_url="http://s.example/api"
    )

    assert (found.quay_url, found.public_url) == ("https://q.example", "http://b.example/bot")
    assert found.slack_api_url == "http://s.example/api/"


@pytest.mark.parametrize("port", [-1, 65536, "8080.5"])
def test_a_port_that_there_is_not_is_refused(port: object):
    with pytest.raises(SettingsError, match=r"^PORT: write a whole number from 0 to 65535$"):
        settings(port=port)


def test_where_to_listen_is_read_while_everything_else_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("HOST=0.0.0.0\nPORT=9000\nLOG_LEVEL=LOUD\n", encoding="utf-8")
    monkeypatch.setenv("PORT", " 9001 ")
    monkeypatch.setenv("QUAY_URL", "nonsense")

    assert load_address() == Address(host="0.0.0.0", port=9001)


def test_where_to_listen_has_one_default():
    names = ("host", "port")

    assert [getattr(Address(_env_file=None), name) for name in names] == [getattr(settings(), name) for name in names]


@given(
    st.lists(st.from_regex(r"[A-Za-z0-9_-]{16,40}", fullmatch=True), max_size=4), st.sampled_from([",", " , ", ",\n"])
)
def test_lists_are_written_with_commas_and_keep_their_order(keys: list[str], comma: str):
    found = settings(secret_keys=comma.join(keys) + ",", slack_signing_secret=comma.join(keys))

    assert [key.get_secret_value() for key in found.secret_keys] == keys
    assert [key.get_secret_value() for key in found.slack_signing_secret] == keys


def test_one_short_key_among_good_ones_is_refused():
    with pytest.raises(SettingsError, match=r"^SECRET_KEYS: each key needs 16"):
        settings(secret_keys=f"{SECRET},tiny")


def test_no_secret_is_shown():
    found = settings(
        slack_bot_token=f"xoxb-{SECRET}",
        slack_app_token=f"xapp-{SECRET}",
        slack_signing_secret=SECRET,
        secret_keys=f"{SECRET},{SECRET}2",
        database_url=f"postgresql://me:{SECRET}@db.example/quaybot",
    )

    assert SECRET not in repr(found)
    assert SECRET not in str(found)
    assert SECRET not in f"{found.slack_bot_token} {found.secret_keys} {found.slack_signing_secret}"


def test_no_secret_is_in_a_complaint():
    with pytest.raises(SettingsError) as refused:
        settings(secret_keys="S3cr3t", quay_url="https://me:S3cr3t@quay.example", slack_bot_token=["S3cr3t"])

    assert "S3cr3t" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("few", ["0", "-1", "many"])
def test_no_edits_at_all_is_no_way_to_run(few: str):
    with pytest.raises(SettingsError, match=r"^SLACK_EDITS_PER_MINUTE: write a whole number from 1 on$"):
        settings(slack_edits_per_minute=few)


@pytest.mark.parametrize("name", ["@ada", "ada", "C0123456", "u0123456", "U-1"])
def test_the_owner_is_named_by_id(name: str):
    with pytest.raises(SettingsError, match=r"^SLACK_OWNER: write the id of a person"):
        settings(slack_owner=name)


@pytest.mark.parametrize("name", ["", "U024BE7LH", "W024BE7LH"])
def test_an_id_of_a_person_is_an_owner(name: str):
    assert settings(slack_owner=name).slack_owner == name


def test_settings_do_not_change():
    with pytest.raises(ValueError, match="frozen"):
        settings().port = 1


def test_what_serving_cannot_do_without_is_named():
    assert [line.split()[0] for line in settings().missing()] == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "QUAY_URL"]


@pytest.mark.parametrize("proof", [{"slack_signing_secret": "s"}, {"slack_app_token": "xapp-1"}])
def test_either_way_to_slack_is_enough(proof: dict[str, str]):
    assert settings(slack_bot_token="xoxb-1", quay_url="https://quay.example", **proof).missing() == []


@pytest.mark.parametrize("field", Settings.model_fields.values(), ids=Settings.model_fields)
def test_every_setting_is_described_and_has_an_example(field):
    assert field.description.endswith((".", "keygen"))
    assert field.examples


@pytest.mark.parametrize(("written", "read"), [("", ""), ("PAGE", "page"), ("modal", "modal")])
def test_where_a_secret_is_shown_is_one_of_two_words(written: str, read: str):
    assert load(_env_file=None, reveal=written).reveal == read


def test_no_other_place_for_a_secret_is_taken():
    with pytest.raises(SettingsError, match="REVEAL: use page or modal"):
        load(_env_file=None, reveal="channel")
