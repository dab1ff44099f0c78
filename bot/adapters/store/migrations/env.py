"""Alembic's environment: runs the migrations on the open connection that bot.adapters.store.migrate hands over."""

from alembic import context

from bot.adapters.store.tables import metadata

# The transaction is begun and ended by whoever opened the connection, so that a migration is done whole or not at all.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
