"""The vault: what it seals opens with its key, in its place, unchanged, and in no other case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.sealing import Sealer
from bot.domain.errors import GiveUp, UserError

OLD, NEW = "the old secret key", "the new secret key"
PLACE = "token of ann"


@given(
    clear=st.text(st.characters(exclude_categories=["Cs"])), binding=st.text(st.characters(exclude_categories=["Cs"]))
)
def test_any_text_opens_again(clear: str, binding: str) -> None:
    vault = Sealer([NEW])
    assert vault.open(vault.seal(clear, binding), binding) == clear


def test_sealing_twice_gives_different_bytes() -> None:
    vault = Sealer([NEW])
    assert vault.seal("token", PLACE) != vault.seal("token", PLACE)


def test_the_nonce_comes_from_the_given_randomness() -> None:
    sealed = [Sealer([NEW], random=lambda size: b"\x07" * size).seal("token", PLACE) for _ in range(2)]
    assert sealed[0] == sealed[1]
    assert b"\x07" * 12 in sealed[0]


def test_neither_text_nor_secret_is_in_the_sealed_bytes_or_shown() -> None:
    vault = Sealer([NEW])
    sealed = vault.seal("a clear token", PLACE)
    assert b"clear" not in sealed
    assert NEW not in repr(vault)


def test_after_a_rotation_old_texts_open_and_new_ones_use_the_new_key() -> None:
    old = Sealer([OLD]).seal("token", PLACE)
    rotated = Sealer([NEW, OLD])
    assert rotated.open(old, PLACE) == "token"
    assert Sealer([NEW]).open(rotated.seal("token", PLACE), PLACE) == "token"


def test_only_what_the_newest_key_sealed_is_current() -> None:
    old, new = Sealer([OLD]).seal("token", PLACE), Sealer([NEW]).seal("token", PLACE)
    rotated = Sealer([NEW, OLD])
    assert rotated.current(new)
    assert not rotated.current(old)
    assert not rotated.current(b"")
    assert not rotated.current(b"\x02" + new[1:])
    assert Sealer([OLD, NEW]).current(old)


def test_a_key_that_was_rotated_away_opens_nothing() -> None:
    with pytest.raises(GiveUp, match=r"vault cannot be opened: the key .* is not among mine any more") as caught:
        Sealer([NEW]).open(Sealer([OLD]).seal("token", PLACE), PLACE)
    assert "Link your account again" in caught.value.say


def test_a_sealed_text_opens_only_in_its_place() -> None:
    vault = Sealer([NEW])
    with pytest.raises(GiveUp, match="vault cannot be opened"):
        vault.open(vault.seal("token", PLACE), "token of bob")


def test_every_single_changed_byte_is_noticed() -> None:
    vault = Sealer([NEW, OLD])
    sealed = vault.seal("token", PLACE)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(GiveUp, match="vault cannot be opened"):
            vault.open(bytes(changed), PLACE)


def test_every_cut_off_text_is_noticed() -> None:
    vault = Sealer([NEW])
    sealed = vault.seal("token", PLACE)
    for length in range(len(sealed)):
        with pytest.raises(GiveUp, match="vault cannot be opened"):
            vault.open(sealed[:length], PLACE)


@given(junk=st.binary(max_size=80))
def test_bytes_that_were_never_sealed_do_not_open(junk: bytes) -> None:
    with pytest.raises(GiveUp):
        Sealer([NEW]).open(junk, PLACE)


@pytest.mark.parametrize("secrets", [[], [""], ["fifteen letters"], [NEW, "short"]])
def test_missing_and_short_secrets_are_refused_without_being_shown(secrets: list[str]) -> None:
    with pytest.raises(UserError, match="SECRET_KEYS") as caught:
        Sealer(secrets)
    assert not any(secret and secret in caught.value.say for secret in secrets)


def test_sixteen_characters_are_enough() -> None:
    Sealer(["exactly sixteen!"])
