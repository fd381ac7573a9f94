"""The command line: `vraagbaak`. Each module here is one group of commands."""

import os
import sqlite3
import sys

# Before numpy is read: products as small as ours take longer in several threads than in one, and
# there is one event loop to wait for them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from sqlalchemy.exc import DBAPIError

from bot.cli import (
    chat,
    db,
    doctor,
    faq,
    manifest,
    org,
    outbox,
    poll,
    serve,
    summary,
    worker,
)
from bot.cli.output import screen, sentences
from bot.cli.words import Command, group
from bot.core.errors import BotError
from bot.store.sqlite import NotStoredError

app = group()
app.add_typer(db.app, name="db")
app.add_typer(org.app, name="org")
app.add_typer(faq.app, name="faq")
app.add_typer(manifest.app, name="manifest")
app.add_typer(outbox.app, name="outbox")
app.add_typer(poll.app, name="poll")
app.add_typer(summary.app, name="summary")
app.command("serve", cls=Command)(serve.serve)
app.command("worker", cls=Command)(worker.worker)
app.command("doctor", cls=Command)(doctor.doctor)
app.command("demo", cls=Command)(chat.demo)
app.command("chat", cls=Command)(chat.chat)


def run() -> None:
    """Run a command; what is wrong is said in a sentence, and ends with exit code 1."""
    try:
        app()
    except (BotError, OSError, DBAPIError, sqlite3.Error, NotStoredError) as known:
        for sentence in sentences(known):
            screen(stderr=True).print(sentence, style="red")
        sys.exit(1)
