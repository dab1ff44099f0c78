"""Linking, kept requests, approvals, and the audit that nobody changes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def words(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def instant(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    op.add_column("accounts", words("way", default="pasted"))
    op.add_column("accounts", sa.Column("scopes", sa.Text()))
    op.create_index("accounts_username", "accounts", ["username"])
    linking()
    approving()
    auditing()


def linking() -> None:
    op.create_table(
        "links",
        sa.Column("id", NUMBER, primary_key=True),
        *(words(name) for name in ("team", "member", "ticket", "stage", "way", "scopes")),
        sa.Column("origin", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in ("cookie", "state", "code")),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("username", sa.Text()),
        sa.Column("token", sa.LargeBinary()),
        sa.Column("granted", sa.Text()),
        instant("expires_at"),
        sqlite_autoincrement=True,
    )
    op.create_index("links_ticket", "links", ["ticket"], unique=True)
    op.create_index("links_cookie", "links", ["cookie"])
    op.create_index("links_state", "links", ["state"], unique=True)
    op.create_index("links_person", "links", ["team", "member"], unique=True)
    op.create_index("links_expires", "links", ["expires_at"])
    op.create_table(
        "kept",
        sa.Column("team", sa.Text(), primary_key=True),
        sa.Column("member", sa.Text(), primary_key=True),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        instant("at"),
    )
    op.create_index("kept_at", "kept", ["at"])


def approving() -> None:
    first = ("team", "member", "username", "channel", "place", "act", "target", "parameters")
    op.create_table(
        "approvals",
        sa.Column("name", sa.Text(), primary_key=True),
        *(words(name) for name in first),
        sa.Column("hidden", sa.LargeBinary()),
        *(words(name) for name in ("pin", "rule", "rule_reason", "approvers")),
        sa.Column("needed", sa.Integer(), nullable=False),
        *(words(name) for name in ("reference", "stage", "reason")),
        *(instant(name) for name in ("created_at", "expires_at", "moved_at")),
    )
    op.create_index("approvals_moved", "approvals", ["moved_at"])
    waits = sa.text("stage IN ('open', 'running')")
    op.create_index("approvals_waiting", "approvals", ["expires_at"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "votes",
        sa.Column("approval", sa.Text(), sa.ForeignKey("approvals.name", ondelete="CASCADE"), primary_key=True),
        sa.Column("team", sa.Text(), primary_key=True),
        sa.Column("member", sa.Text(), primary_key=True),
        words("username"),
        instant("at"),
    )


def auditing() -> None:
    names = ("reference", "team", "member", "username", "channel", "act", "target", "parameters")
    last = ("outcome", "detail", "approval", "quay_log", "previous", "hash")
    op.create_table(
        "audit",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        instant("at"),
        *(words(name) for name in (*names, *last)),
    )
    op.create_index("audit_person", "audit", ["team", "member", "number"])
    op.create_index("audit_target", "audit", ["target"], postgresql_ops={"target": "text_pattern_ops"})
    op.create_index("audit_reference", "audit", ["reference"])
    op.create_index("audit_approval", "audit", ["approval"])
    # Nothing that was written is changed: not by a mistake of ours, and by others only on purpose.
    if op.get_bind().dialect.name == "sqlite":
        refused = "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        for what in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER audit_no_{what.lower()} BEFORE {what} ON audit {refused}")
        # INSERT OR REPLACE deletes without asking the triggers of DELETE.
        there = "WHEN EXISTS (SELECT 1 FROM audit WHERE number >= NEW.number)"
        op.execute(f"CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit {there} {refused}")
        return
    op.execute(
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
    )


def downgrade() -> None:
    raise NotImplementedError("The audit would be lost. Restore a backup instead.")
