"""Alembic's way in. The connection, and the transaction around it, come from `engine.ledger._schema`."""

from alembic import context

from engine.ledger.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
