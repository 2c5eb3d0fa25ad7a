"""Every test here runs on SQLite, and on PostgreSQL when there is one."""

from tests.store.fixtures import database, engine, postgres, sqlite_url, url

__all__ = ["database", "engine", "postgres", "sqlite_url", "url"]
