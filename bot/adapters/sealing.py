"""Seals people's tokens and other secrets: whoever reads the database without SECRET_KEYS learns nothing of them.

A sealed text is: format (1 byte), key id (8), nonce (12), AES-256-GCM ciphertext with its tag. The format, the key id
and the place where it belongs (`binding`) are authenticated: moved to another row it does not open.
"""

import os
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.errors import Locked, UserError

SHORTEST_SECRET = 16
_FORMAT = b"\x01"
_ID, _NONCE = 8, 12
_HEADER = len(_FORMAT) + _ID


class Sealer:
    """Seals with the newest secret, opens with any of them.

    `secrets` are the strings of SECRET_KEYS, newest first: to rotate, put a new one in front and keep the old ones
    until everything has been sealed anew (`quaybot secrets rotate`). Raises UserError if there is none or one is too
    short.
    """

    def __init__(self, secrets: Sequence[str], *, random: Callable[[int], bytes] = os.urandom) -> None:
        if not secrets:
            raise UserError(
                "SECRET_KEYS is empty. Set it to a long random text, such as `openssl rand -hex 32` prints."
            )
        if any(len(secret) < SHORTEST_SECRET for secret in secrets):
            raise UserError(f"Every key in SECRET_KEYS needs at least {SHORTEST_SECRET} characters.")
        self._ciphers = {_derive(secret, b"key id", _ID): AESGCM(_derive(secret, b"sealing", 32)) for secret in secrets}
        self._random = random

    def seal(self, clear: str, binding: str) -> bytes:
        """Seal a text for one place. Sealing it again gives other bytes."""
        key_id, cipher = next(iter(self._ciphers.items()))
        header, nonce = _FORMAT + key_id, self._random(_NONCE)
        return header + nonce + cipher.encrypt(nonce, clear.encode(), header + binding.encode())

    def open(self, sealed: bytes, binding: str) -> str:
        """The clear text again. Raises Locked if its key is gone, or if it was changed or moved."""
        header, nonce, rest = sealed[:_HEADER], sealed[_HEADER : _HEADER + _NONCE], sealed[_HEADER + _NONCE :]
        cipher = self._ciphers.get(header[len(_FORMAT) :])
        if not header.startswith(_FORMAT) or cipher is None:
            raise Locked(_KEY_IS_GONE)
        try:
            return cipher.decrypt(nonce, rest, header + binding.encode()).decode()
        except (InvalidTag, ValueError) as error:  # ValueError: cut so short that there is no whole nonce
            raise Locked(_WAS_CHANGED) from error

    def current(self, sealed: bytes) -> bool:
        """Whether its header names the newest key. That it opens is another matter."""
        return sealed.startswith(_FORMAT + next(iter(self._ciphers)))


_KEY_IS_GONE = (
    "The vault cannot be opened: the key that sealed your Quay token is not among mine any more. "
    "Link your account again, or ask my operator to put the old key back at the end of SECRET_KEYS."
)
_WAS_CHANGED = (
    "The vault cannot be opened: the stored Quay token was changed or belongs to somebody else. "
    "Link your account again, and tell my operator about it."
)


def _derive(secret: str, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length=length, salt=None, info=b"quaybot account tokens, " + purpose).derive(secret.encode())
