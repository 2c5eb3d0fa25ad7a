"""A house with a real store, a brain we can trip, and a clock moved by hand."""

from tests.store.fixtures import database, engine, postgres, sqlite_url, url

__all__ = ["database", "engine", "postgres", "sqlite_url", "url"]
