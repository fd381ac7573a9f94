"""Problems as an English reader is told of them."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from bot.core.errors import BotError
from bot.core.reply import Say
from bot.i18n.text import Texts


def in_english(problems: Iterable[Say]) -> list[str]:
    """Return the sentences of problems, without the dots at their ends."""
    return [Texts("coach").write("en", one.key, one.data).removesuffix(".") for one in problems]


@contextmanager
def refused(kind: type[BotError], match: str) -> Iterator[pytest.ExceptionInfo[BotError]]:
    """Expect an error whose sentences hold a pattern."""
    with pytest.raises(kind) as wrong:
        yield wrong
    assert re.search(match, "\n".join(in_english(wrong.value.problems)))


def told(wrong: BaseException | None) -> str:
    """Return what an English reader is told of an error."""
    assert isinstance(wrong, BotError)
    return "\n".join(in_english(wrong.problems))
