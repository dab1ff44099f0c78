"""The tables of people: their accounts, how they link them, and what they asked for before that."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table

from bot.adapters.store.columns import Instant, Number, Words
from bot.adapters.store.tables.base import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("team", Words, primary_key=True),
    Column("member", Words, primary_key=True),
    Column("username", Words, nullable=False),
    Column("linked_at", Instant, nullable=False),
    Column("token", LargeBinary, nullable=False),  # sealed
    Column("way", Words, nullable=False, server_default="pasted"),  # code, assigned or pasted
    Column("scopes", Words),  # with blanks between them; none: nobody knows
    Index("accounts_username", "username"),
)

# Attempts to link an account. Ticket, cookie, state and code are SHA-256 hashes.
links = Table(
    "links",
    metadata,
    Column("id", Number, primary_key=True),
    Column("team", Words, nullable=False),
    Column("member", Words, nullable=False),
    Column("ticket", Words, nullable=False),
    Column("stage", Words, nullable=False),  # open, away or confirm
    Column("way", Words, nullable=False),
    Column("scopes", Words, nullable=False),  # asked for
    Column("origin", LargeBinary, nullable=False),  # sealed: it holds a response address
    Column("cookie", Words),
    Column("state", Words),  # until the browser comes back with it
    Column("code", Words),
    Column("tries", Integer, nullable=False),
    Column("username", Words),
    Column("token", LargeBinary),  # sealed
    Column("granted", Words),  # scopes that came with the token; none: nobody knows
    Column("expires_at", Instant, nullable=False),
    Index("links_ticket", "ticket", unique=True),
    Index("links_cookie", "cookie"),
    Index("links_state", "state", unique=True),
    Index("links_person", "team", "member", unique=True),
    Index("links_expires", "expires_at"),
    sqlite_autoincrement=True,
)

# What somebody asked for before they could: it runs as soon as they have linked an account.
kept = Table(
    "kept",
    metadata,
    Column("team", Words, primary_key=True),
    Column("member", Words, primary_key=True),
    Column("what", LargeBinary, nullable=False),  # sealed
    Column("at", Instant, nullable=False),
    Index("kept_at", "at"),
)
