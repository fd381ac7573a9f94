"""What the commands have in common that run until they are told to end."""

import asyncio
import logging
import signal
from contextlib import suppress


def start_logging() -> None:
    """Log to the terminal, with the time."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # It tells each time that the migration is looked at, and `/readyz` does so every few seconds.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def told_to_end() -> asyncio.Event:
    """Return what is set when the host, or ctrl-C, tells this process to end."""
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows has no handlers on its loop
            asyncio.get_running_loop().add_signal_handler(name, ended.set)
    return ended
