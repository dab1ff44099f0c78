"""Subscriptions with their parts, gaps and lookups; the times of channels; cards with a layout of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def keys(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), primary_key=True) for name in names]


def integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def boolean(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def instants(*names: str, null: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=null) for name in names]


def upgrade() -> None:
    subscribing()
    fetching()
    remembering()
    summing_up()
    for name, default in (("zone", "UTC"), ("quiet", ""), ("digest", "")):
        op.add_column("channels", sa.Column(name, sa.Text(), nullable=False, server_default=default))
    op.add_column("channels", sa.Column("told_at", sa.BigInteger()))
    op.add_column("cards", sa.Column("layout", sa.Text(), nullable=False, server_default=""))
    op.create_index("hooks_target", "hooks", ["target"])
    op.create_index("entries_delivery", "entries", ["delivery"])
    op.create_index("entries_kind", "entries", ["channel", "subject", "kind", "at"])
    op.create_index("offers_person", "offers", ["team", "member"])


def subscribing() -> None:
    op.create_table(
        "subscriptions",
        *keys("name"),
        *words("channel", "target", "events", "filter"),
        integer("days"),
        *words("layout", "team", "member", "username"),
        *instants("created_at"),
        *words("state"),
        *instants("paused_until", null=True),
        *words("reason"),
        *instants("checked_at", null=True),
        *words("source"),
        *instants("next_at"),
        *instants("lease_until", null=True),
        boolean("hurried"),
    )
    op.create_index("subscriptions_due", "subscriptions", ["next_at"])
    op.create_index("subscriptions_channel", "subscriptions", ["channel"])
    op.create_index("subscriptions_person", "subscriptions", ["team", "member"])
    lives = sa.text("state != 'ended'")
    once = ["channel", "target"]
    op.create_index(
        "subscriptions_once", "subscriptions", once, unique=True, sqlite_where=lives, postgresql_where=lives
    )
    op.create_table(
        "parts",
        sa.Column("hook", NUMBER, sa.ForeignKey("hooks.id"), primary_key=True, autoincrement=False),
        sa.Column("subscription", sa.Text(), sa.ForeignKey("subscriptions.name"), nullable=False),
        *words("target", "event"),
        boolean("silent"),
        *words("config"),
        *instants("created_at"),
        *words("uuid"),
        integer("failures"),
        *instants("whole_at", "heard_at", "rotated_at", "beat_at", null=True),
        integer("beaten"),
    )
    op.create_index("parts_subscription", "parts", ["subscription", "target", "event"])


def fetching() -> None:
    op.create_table(
        "gaps",
        sa.Column("id", NUMBER, primary_key=True),
        *words("subscription", "target", "events"),
        *instants("since", "until", "due_at", "latest_at"),
        integer("tries"),
        *instants("lease_until", null=True),
        sqlite_autoincrement=True,
    )
    op.create_index("gaps_due", "gaps", ["due_at"])
    op.create_index("gaps_of", "gaps", ["subscription", "target"], unique=True)
    op.create_table(
        "lookups",
        sa.Column("id", NUMBER, primary_key=True),
        *words("sought", "subscription", "channel", "repository"),
        sa.Column("delivery", NUMBER, nullable=False),
        *words("event"),
        *instants("at", "due_at", "last_at"),
        boolean("held"),
        *words("known"),
        integer("tries"),
        *instants("lease_until", null=True),
        sqlite_autoincrement=True,
    )
    op.create_index("lookups_due", "lookups", ["due_at", "id"])
    op.create_index("lookups_of", "lookups", ["subscription", "repository", "due_at"])


def remembering() -> None:
    op.create_table("baselines", *keys("subscription", "target"), *words("known"), *instants("at"))
    op.create_index("baselines_at", "baselines", ["at"])
    op.create_table("recovered", *keys("channel", "key"), *instants("at"))
    op.create_index("recovered_at", "recovered", ["at"])
    op.add_column("entries", sa.Column("subscription", sa.Text()))


def summing_up() -> None:
    op.add_column("entries", sa.Column("written_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("entries", sa.Column("waits_since", sa.BigInteger()))
    op.add_column("entries", sa.Column("test", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE entries SET written_at = at")
    op.create_index("entries_channel", "entries", ["channel", "written_at"])
    waiting = sa.text("waits_since IS NOT NULL")
    columns = ["channel", "waits_since"]
    op.create_index("entries_waiting", "entries", columns, sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    raise NotImplementedError("Subscriptions would be lost, and nobody would look after theirs. Restore a backup.")
