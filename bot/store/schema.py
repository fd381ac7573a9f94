"""Brings a database to today's tables, and tells whether it is there. Alembic, without an ini file.

All are coroutines and start no event loop: a caller without one uses `asyncio.run`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.errors import NewDatabaseError, OldDatabaseError
from bot.core.reply import Say
from bot.store.differences import sentences_of
from bot.store.tables import metadata
from bot.store.work import Store, database_url, postgresql_engine, sqlite_writer

_SCRIPTS = "bot.store:migrations"
VERSIONS = "bot.store.migrations:versions"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(720_116)")


def head(*more: Path) -> str:
    """Return the migration that this program needs; `more` are folders with further steps."""
    return _scripts(_config(*more)).get_current_head() or ""


async def current(target: Store | str) -> str | None:
    """Return the migration that a database is at; None when it is empty."""
    async with _opened(target) as store:
        return await store.look(_revision)


async def require_current(target: Store | str) -> None:
    """Raise OldDatabaseError or NewDatabaseError unless the database is what we need."""
    found, wanted = await current(target), head()
    if found is not None:
        _refuse_newer(_config(), found)
    if found != wanted:
        raise OldDatabaseError(found, wanted)


async def differences(target: Store | str) -> list[Say]:
    """Return where a database differs from the tables; nothing when all is well."""
    async with _opened(target) as store:
        return await store.look(_compare)


async def check(target: Store | str) -> list[Say]:
    """Return the differences of a current database; raises what `require_current` raises."""
    await require_current(target)
    return await differences(target)


async def upgrade(url: str, *more: Path) -> None:
    """Bring a database to the head: all steps or none; raises NewDatabaseError.

    Of several that upgrade at once one does it, and the others find it done.
    """
    engine = _migrating_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, _config(*more))
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, config: Config) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(_ONE_AT_A_TIME)
    found = _revision(connection)
    if found is not None:
        _refuse_newer(config, found)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        _refuse_orphans(connection)


def _migrating_engine(url: str) -> AsyncEngine:
    where = database_url(url)
    if where.get_backend_name() == "sqlite":
        # A step that rebuilds a table drops the old one; with foreign keys on, SQLite would refuse
        # or take along what refers to its rows. They are checked at the end instead.
        return sqlite_writer(where, foreign_keys="OFF")
    return postgresql_engine(where)


def _refuse_orphans(connection: Connection) -> None:
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        tables = ", ".join(sorted({row[0] for row in orphans}))
        raise RuntimeError(f"a migration left rows that refer to nothing, in {tables}")


def _config(*more: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    config.set_main_option("path_separator", "newline")
    places = [VERSIONS, *(str(folder).replace("%", "%%") for folder in more)]
    config.set_main_option("version_locations", "\n".join(places))
    return config


def _scripts(config: Config) -> ScriptDirectory:
    return ScriptDirectory.from_config(config)


def _refuse_newer(config: Config, found: str) -> None:
    if found not in {step.revision for step in _scripts(config).walk_revisions()}:
        raise NewDatabaseError(found)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _compare(connection: Connection) -> list[Say]:
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    return sentences_of(compare_metadata(context, metadata))


@asynccontextmanager
async def _opened(target: Store | str) -> AsyncIterator[Store]:
    if isinstance(target, Store):
        yield target
        return
    async with Store.open(target) as store:
        yield store
