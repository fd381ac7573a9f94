"""Lets `python -m bot` do what `vraagbaak` does."""

from bot.cli import run

run()
