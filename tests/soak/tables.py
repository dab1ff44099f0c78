"""Rows of numbers beside their floors."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One number. `most` is what it may be at most (None: it is only told)."""

    name: str
    value: float
    most: float | None = None
    unit: str = ""

    @property
    def kept(self) -> bool:
        """Whether it stays within its floor."""
        return self.most is None or self.value <= self.most


def say(line: str = "") -> None:
    """Show a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def table(title: str, rows: list[Row]) -> None:
    """Show the rows."""
    say(f"\n{title}")
    for row in rows:
        value = f"{row.value:,.2f}".rstrip("0").rstrip(".")
        floor = "" if row.most is None else f"   at most {row.most:,g}   {'ok' if row.kept else 'MISSED'}"
        say(f"  {row.name:<46}{value:>12} {row.unit:<4}{floor}")
