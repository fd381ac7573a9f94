"""What every command prints with, and in which language: the college's, `VRAAGBAAK_LANGUAGE`."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

import typer
from rich.console import Console

from bot.core.errors import BotError
from bot.core.reply import Say, Value
from bot.i18n.text import Texts
from bot.settings import spoken_language

Result = TypeVar("Result")
AS_JSON = typer.Option(False, "--json")
NO_TITLE = ""
"""No sentence of the command line names a coach by the college's own title."""


def screen(*, stderr: bool = False) -> Console:
    """Return a terminal that prints words as they are, and as wide as they are."""
    return Console(highlight=False, soft_wrap=True, markup=False, stderr=stderr)


def written(key: str, **data: Value) -> str:
    """Return a sentence of the command line, `cli.…`, in the college's language."""
    return Texts(NO_TITLE).write(spoken_language(), f"cli.{key}", data)


def tell(key: str, *, stderr: bool = False, **data: Value) -> None:
    """Print a sentence of the command line."""
    screen(stderr=stderr).print(written(key, **data))


def sentences(wrong: Exception) -> list[str]:
    """Return what is said of an error, in the college's language.

    What a driver or the system says of one is passed on as it is, within a sentence of ours.
    """
    if isinstance(wrong, BotError) and wrong.text_key != BotError.text_key:
        return spoken(wrong.problems)
    return [written("wrong.refused", why=str(getattr(wrong, "orig", wrong)))]


def spoken(problems: Iterable[Say]) -> list[str]:
    """Return the sentences of problems, in the college's language."""
    texts, language = Texts(NO_TITLE), spoken_language()
    return [texts.write(language, one.key, one.data) for one in problems]


def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """Run what a command does."""
    return asyncio.run(work)
