"""Lanes, budgets, channels, leases; cards with several names; what became of each event."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("hook_channels", sa.Column("filter", sa.Text(), nullable=False, server_default=""))
    op.add_column("deliveries", sa.Column("spooled", sa.Text()))
    part("deliveries_spooled", "deliveries", ["spooled"], "spooled IS NOT NULL", unique=True)
    op.drop_index("deliveries_new", "deliveries")
    part("deliveries_new", "deliveries", ["state", "hook", "id"], "state = 'new'")
    op.add_column("outbox", sa.Column("weight", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("changed_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("parent", NUMBER))
    op.add_column("outbox", sa.Column("gathered", NUMBER))
    op.add_column("outbox", sa.Column("tried_at", sa.BigInteger()))
    part("outbox_parent", "outbox", ["parent"], "parent IS NOT NULL")
    part("outbox_gathered", "outbox", ["gathered"], "gathered IS NOT NULL")
    op.create_table(
        "lanes",
        sa.Column("channel", sa.Text(), primary_key=True),
        sa.Column("free_at", sa.BigInteger(), nullable=False),
        sa.Column("parked_at", sa.BigInteger()),
        sa.Column("reason", sa.Text()),
        sa.Column("pace", sa.Integer(), nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "spent",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("spent_method", "spent", ["method", "at"])
    op.create_table(
        "tiers",
        sa.Column("method", sa.Text(), primary_key=True),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.BigInteger()),
    )
    op.create_table(
        "channels",
        sa.Column("channel", sa.Text(), primary_key=True),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text()),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "card_names",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("channel", sa.Text(), primary_key=True),
        sa.Column("card", NUMBER, sa.ForeignKey("cards.id"), nullable=False),
    )
    op.create_index("card_names_card", "card_names", ["card"])
    # Cards of builds go on under their name; of the others the windows are minutes, so nothing has to be carried over.
    op.execute("INSERT INTO card_names (name, channel, card) SELECT key, channel, max(id) FROM cards GROUP BY key, channel")
    op.drop_index("cards_key", "cards")
    op.add_column("cards", sa.Column("opened_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE cards SET opened_at = touched_at")
    op.drop_column("cards", "key")
    op.create_table(
        "entries",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("delivery", NUMBER),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text()),
        sa.Column("card", NUMBER, sa.ForeignKey("cards.id")),
        sa.Column("item", sa.Text()),
        sa.Column("data", sa.Text()),
        sqlite_autoincrement=True,
    )
    op.create_index("entries_subject", "entries", ["subject", "id"])
    op.create_index("entries_card", "entries", ["card", "id"])
    op.create_index("entries_at", "entries", ["at"])
    part("entries_item", "entries", ["card", "item"], "data IS NOT NULL", unique=True)


def part(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    raise NotImplementedError("Messages would lose their cards. Restore a backup instead.")
