"""Digests and times the way every sentence says them, without markup. Pure."""

from datetime import UTC, datetime

_DIGITS = 12


def short_digest(digest: str) -> str:
    """A digest, or its beginning, short but still recognised as one: "sha256:1a2b3c4d5e6f"."""
    algorithm, _, digits = digest.rpartition(":")
    return f"{algorithm or 'sha256'}:{digits[:_DIGITS]}"


def utc(moment: datetime, *, seconds: bool = False) -> str:
    """A time to the minute or to the second, for whom no zone is known: "2026-11-30 18:00 UTC"."""
    return moment.astimezone(UTC).strftime(f"%Y-%m-%d %H:%M{':%S' if seconds else ''} UTC")
