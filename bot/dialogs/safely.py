"""Many things that time brings at once: one that goes wrong holds up no other."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)


async def safely(what: str, dealing: Awaitable[None]) -> None:
    """Do one of them; what goes wrong is logged, and is due again."""
    try:
        await dealing
    except Exception as error:  # noqa: BLE001 (whatever it is, the others go on)
        # Without its own words: a library may repeat in them what was typed.
        log.error("time passed by %s: %s", what, type(error).__name__)  # noqa: TRY400 (see above)


async def each(
    what: str,
    finding: Awaitable[Iterable[T]],
    named: Callable[[T], str],
    deal: Callable[[T], Awaitable[None]],
) -> None:
    """Do each of what is found; when they cannot even be found, that holds up nothing else."""

    async def all_of_them() -> None:
        for one in await finding:
            await safely(named(one), deal(one))

    await safely(what, all_of_them())
