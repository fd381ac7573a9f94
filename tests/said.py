"""Problems as an English reader is told of them."""

from collections.abc import Iterable

from bot.core.reply import Say
from bot.i18n.text import Texts


def in_english(problems: Iterable[Say]) -> list[str]:
    """Return the sentences of problems, without the dots at their ends."""
    return [Texts("coach").write("en", one.key, one.data).removesuffix(".") for one in problems]
