"""Alembic's entry: migrate over the connection, and in the transaction, of ``scraper.store.migrate``."""

from alembic import context
from sqlmodel import SQLModel

import scraper.models  # noqa: F401 - fills the metadata that autogenerate compares with

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
