"""Acts behind buttons, secrets that are shown once, global messages with a time; builds by the beginning of an id."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def instants(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "offers",
        sa.Column("name", sa.Text(), primary_key=True),
        *words("purpose", "team", "member", "act", "target", "parameters"),
        sa.Column("hidden", sa.LargeBinary()),
        *words("pin", "channel", "reference", "said", "card", "blocks"),
        *instants("created_at", "expires_at"),
        sa.Column("taken_at", sa.BigInteger()),
    )
    op.create_index("offers_expires", "offers", ["expires_at"])
    op.create_table(
        "reveals",
        sa.Column("ticket", sa.Text(), primary_key=True),
        *words("team", "member", "title"),
        sa.Column("what", sa.LargeBinary()),
        *instants("expires_at"),
        sa.Column("shown_at", sa.BigInteger()),
    )
    op.create_index("reveals_expires", "reveals", ["expires_at"])
    op.create_table(
        "banners",
        sa.Column("name", sa.Text(), primary_key=True),
        *words("team", "member", "username", "channel", "content", "severity", "media_type"),
        *instants("begins_at"),
        sa.Column("ends_at", sa.BigInteger()),
        *words("reference"),
        *instants("created_at"),
        *words("stage"),
        *instants("moved_at"),
        *words("uuid", "reason", "approval", "voters"),
        sa.Column("seen", sa.Text()),
    )
    op.create_index("banners_stage", "banners", ["stage", "begins_at"])
    op.create_index("card_names_name", "card_names", ["name"], postgresql_ops={"name": "text_pattern_ops"})
