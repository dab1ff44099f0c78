"""The secrets of linking: what is derived from them, what is stored of them, and how a code is written and read.

Nothing here makes a secret: randomness comes in as an argument. Whatever a browser has to know again later is derived
from its cookie, so that only hashes need to be stored.
"""

import hashlib
import hmac
import re
import unicodedata

from bot.domain.people import Person

# No signs that look alike: of each such pair one is left out and read as the other (of 0 and O, 1, I and L: all).
ALPHABET = "23456789ACDEFGHJKMNPQRTVWXY"
LENGTH = 8  # 27 ** 8 codes, five tries each
_MEANT = str.maketrans({"B": "8", "S": "5", "Z": "2", "U": "V"})
_AROUND = re.compile(r"[\s`\"'.\-‐-―_−]+")  # what people type, paste and copy around a code and in it
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits, base64url


def is_secret(text: str) -> bool:
    """Could this be a ticket, a state or a cookie of ours?"""
    return _SECRET.fullmatch(text) is not None


def hashed(kind: str, secret: str) -> str:
    """What is stored of a ticket, a state or a cookie. They have 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(f"{kind}:{secret}".encode()).hexdigest()


def hashed_code(person: Person, code: str) -> str:
    """What is stored of a code. Whoever could find it out from that still cannot type it as the person."""
    return hashed("code", f"{person.team}:{person.user}:{code}")


def csrf(cookie: str, purpose: str) -> str:
    """What a form must send along: only a page that was made for the browser with that cookie holds it."""
    return _derived(cookie, f"form:{purpose}").hex()


def same(one: str, other: str) -> bool:
    """Are they equal? Takes the same time whatever the answer."""
    return hmac.compare_digest(one.encode(), other.encode())


def unspoken_state(cookie: str) -> str:
    """Stands for a state where Quay was given none (the person goes there alone): only the browser can make it."""
    return _derived(cookie, "no state").hex()


def code_for(cookie: str, attempt: int) -> str:
    """The code that the browser with this cookie shows for an attempt."""
    number = int.from_bytes(_derived(cookie, f"code:{attempt}"), "big")
    signs = []
    for _ in range(LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(signs)


def shown(code: str) -> str:
    """A code as people read it: XXXX-XXXX."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def normalised(typed: str) -> str:
    """The code that somebody meant by what they typed; empty if it cannot be one."""
    text = _AROUND.sub("", unicodedata.normalize("NFKC", typed)).upper().translate(_MEANT)
    return text if len(text) == LENGTH and set(text) <= set(ALPHABET) else ""


def _derived(cookie: str, purpose: str) -> bytes:
    return hmac.digest(cookie.encode(), purpose.encode(), "sha256")
