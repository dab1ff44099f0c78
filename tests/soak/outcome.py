"""What came of a proof."""

from dataclasses import dataclass, field

from tests.soak.tables import Row, say, table

MOST_LINES = 20


@dataclass(slots=True)
class Outcome:
    """What was measured, and a line for each thing that is wrong."""

    title: str
    rows: list[Row]
    wrong: list[str] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether every floor is kept and nothing is wrong."""
        return not self.wrong and all(row.kept for row in self.rows)

    def show(self) -> bool:
        """The table; True if all is well."""
        table(self.title, self.rows)
        for line in self.wrong[:MOST_LINES]:
            say(f"  ! {line}")
        if len(self.wrong) > MOST_LINES:
            say(f"  ! … and {len(self.wrong) - MOST_LINES} more")
        return self.kept
