"""Only Slack gets in: the right secret, over these very bytes, within five minutes."""

import hashlib
import hmac

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handlers.signing import WINDOW, genuine

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_764_000_000
BODY = b"command=%2Fquay&text=help"
SECRETS = st.text(min_size=1).filter(lambda text: text.isprintable())


def signed(secret: str, timestamp: str, body: bytes) -> str:
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def passes(timestamp: str, signature: str, body: bytes = BODY, *secrets: str, now: float = NOW) -> bool:
    return genuine(secrets or (SECRET,), timestamp, signature, body, now)


def test_the_example_in_slacks_own_guide_passes() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert genuine([SECRET], "1531420618", signature, body, 1531420618)


@given(SECRETS, st.integers(0, 10**11), st.binary(), st.integers(-WINDOW, WINDOW))
def test_whatever_slack_signs_in_time_passes(secret: str, at: int, body: bytes, off: int) -> None:
    assert genuine([secret], str(at), signed(secret, str(at), body), body, at + off)


@given(SECRETS, SECRETS, st.binary())
def test_another_secret_does_not_pass(secret: str, other: str, body: bytes) -> None:
    key, wrong = (text.encode() for text in (secret, other))
    assume(key.rstrip(b"\0") != wrong.rstrip(b"\0"))
    assert not genuine([secret], str(NOW), signed(other, str(NOW), body), body, NOW)


@given(st.binary(), st.binary())
def test_another_body_does_not_pass(body: bytes, other: bytes) -> None:
    assume(body != other)
    assert not passes(str(NOW), signed(SECRET, str(NOW), body), other)


@given(st.integers(NOW - WINDOW, NOW + WINDOW))
def test_another_time_does_not_pass(at: int) -> None:
    assume(at != NOW)
    assert not passes(str(at), signed(SECRET, str(NOW), BODY))


@given(st.text())
def test_no_other_signature_passes(signature: str) -> None:
    assume(signature != signed(SECRET, str(NOW), BODY))
    assert not passes(str(NOW), signature)


@pytest.mark.parametrize(
    ("off", "expected"), [(-301, False), (-300, True), (0, True), (300, True), (300.5, False), (301, False)]
)
def test_the_window_is_five_minutes_both_ways(off: float, expected: bool) -> None:
    assert passes(str(NOW), signed(SECRET, str(NOW), BODY), now=NOW + off) is expected


@pytest.mark.parametrize(
    "timestamp",
    ["", " ", "soon", "-1", "+1764000000", f" {NOW}", f"{NOW} ", f"{NOW}.0", "1_764_000_000", "0x1", "1e9", "nan",
     "¹²³", "١٧٦٤٠٠٠٠٠٠", "9" * 13, "9" * 5000, f"{NOW}\n", f"{NOW}\0"],
)  # fmt: skip
def test_an_odd_timestamp_does_not_pass_even_when_it_is_signed(timestamp: str) -> None:
    assert not passes(timestamp, signed(SECRET, timestamp, BODY))


@given(st.text(), st.text(), st.binary(max_size=20), st.lists(st.text(), max_size=3))
def test_nothing_breaks_it(timestamp: str, signature: str, body: bytes, secrets: list[str]) -> None:
    printable = [secret.encode("utf-8", "ignore").decode() for secret in secrets]
    assert genuine(printable, timestamp, signature, body, NOW) in (True, False)


def test_both_secrets_pass_while_one_replaces_the_other() -> None:
    for secret in ("old", "new"):
        assert passes(str(NOW), signed(secret, str(NOW), BODY), BODY, "new", "old")
    assert not passes(str(NOW), signed("older", str(NOW), BODY), BODY, "new", "old")


@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nobody_passes(secrets: list[str]) -> None:
    assert not genuine(secrets, str(NOW), signed("", str(NOW), BODY), BODY, NOW)


@pytest.mark.parametrize(
    "shape", ["v0={hex} ", " v0={hex}", "{hex}", "v1={hex}", "V0={hex}", "v0={hex}\n", "v0={hex}v0={hex}"]
)
def test_a_signature_in_another_shape_does_not_pass(shape: str) -> None:
    digits = signed(SECRET, str(NOW), BODY).removeprefix("v0=")
    assert passes(str(NOW), f"v0={digits}")
    assert not passes(str(NOW), shape.format(hex=digits))
    assert not passes(str(NOW), f"v0={digits.upper()}")
