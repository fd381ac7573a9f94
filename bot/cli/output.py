"""What every command prints with."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer
from rich.console import Console

Result = TypeVar("Result")
AS_JSON = typer.Option(False, "--json", help="Als JSON. / As JSON.")


def screen(*, stderr: bool = False) -> Console:
    """Return a terminal that prints words as they are, and as wide as they are."""
    return Console(highlight=False, soft_wrap=True, markup=False, stderr=stderr)


def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """Run what a command does."""
    return asyncio.run(work)
