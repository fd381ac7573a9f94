"""Lets a thread do what would hold up the event loop."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def off_loop(call: Callable[..., T], *arguments: object) -> T:
    """Wait for a thread to do it, also when cancelled: nobody may touch the connection before."""
    done = asyncio.get_running_loop().run_in_executor(None, call, *arguments)
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        while not done.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([done])
        raise
