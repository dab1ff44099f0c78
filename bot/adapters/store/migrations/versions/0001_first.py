"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hooks",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "hook_channels",
        sa.Column("hook", NUMBER, sa.ForeignKey("hooks.id"), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("channel", sa.Text(), nullable=False),
    )
    op.create_table(
        "hook_tokens",
        sa.Column("hash", sa.Text(), primary_key=True),
        sa.Column("hook", NUMBER, sa.ForeignKey("hooks.id"), nullable=False),
        sa.Column("expires_at", sa.BigInteger()),
    )
    op.create_index("hook_tokens_hook", "hook_tokens", ["hook"])
    op.create_table(
        "deliveries",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("hook", NUMBER, sa.ForeignKey("hooks.id"), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("lease_until", sa.BigInteger()),
        sqlite_autoincrement=True,
    )
    part("deliveries_new", "deliveries", ["state", "id"], "state = 'new'")
    part("deliveries_aside", "deliveries", ["state", "id"], "state = 'aside'")
    part("deliveries_done", "deliveries", ["state", "received_at"], "state = 'done'")
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sent_revision", sa.Integer(), nullable=False),
        sa.Column("ts", sa.Text()),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("resumable", sa.Boolean(), nullable=False),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("attempted_at", sa.BigInteger()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("asker", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("parked_at", sa.BigInteger()),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_key", "outbox", ["key"], unique=True)
    part("outbox_due", "outbox", ["channel", "id", "due_at"], "parked_at IS NULL AND sent_revision < revision")
    part("outbox_leased", "outbox", ["channel"], "lease_until IS NOT NULL")
    part("outbox_sent", "outbox", ["sent_at"], "parked_at IS NULL AND sent_revision >= revision")
    part("outbox_parked", "outbox", ["parked_at"], "parked_at IS NOT NULL")
    op.create_table(
        "cards",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outbox", NUMBER, sa.ForeignKey("outbox.id"), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("cards_key", "cards", ["key", "channel", "id"])
    op.create_index("cards_outbox", "cards", ["outbox"])
    op.create_index("cards_touched", "cards", ["touched_at"])
    op.create_table(
        "accounts",
        sa.Column("team", sa.Text(), primary_key=True),
        sa.Column("member", sa.Text(), primary_key=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "watches",
        sa.Column("build", sa.Text(), primary_key=True),
        sa.Column("repository", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("polls", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("hurried", sa.Boolean(), nullable=False),
    )
    op.create_index("watches_due", "watches", ["due_at"])
    op.create_table("seen", sa.Column("key", sa.Text(), primary_key=True), sa.Column("at", sa.BigInteger(), nullable=False))
    op.create_index("seen_at", "seen", ["at"])


def part(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for table in ("seen", "watches", "accounts", "cards", "outbox", "deliveries", "hook_tokens", "hook_channels", "hooks"):
        op.drop_table(table)
