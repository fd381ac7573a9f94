"""What the commands say of themselves: help, and what was typed wrong, in the college's language.

The words stand in the catalogues under `cli.help`, by the command's path and the name of what it
takes: `cli.help.db.backup.text`, `cli.help.db.backup.force`. Typer's own words are English alone.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.cli.output import tell, written
from bot.i18n.text import catalogue
from bot.settings import spoken_language

ANYWHERE = "any"
"""Where the catalogues keep what an option means in every command: `--json`, `--help`."""


class WrongUseError(typer.BadParameter):
    """What was typed at `hint` cannot stand there; says why, by a key under `cli.wrong`."""

    def __init__(self, hint: str, key: str, **data: str) -> None:
        super().__init__(written(f"wrong.{key}", **data), param_hint=hint)


class Command(TyperCommand):
    """A command whose help stands in the catalogues."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _write_help(self, ctx, formatter)


class Group(TyperGroup):
    """A group of commands whose help stands in the catalogues, as does what was typed wrong."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _write_help(self, ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None:
            known = ", ".join(self.list_commands(ctx))
            raise WrongUseError(args[0], "no_command", known=known)
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        *more: Any,
        standalone_mode: bool = True,
        **how: Any,
    ) -> Any:
        """Run what was typed; says in one language what is wrong with it."""
        del more  # of a program that calls this one; the terminal has no more than its words
        try:
            code = super().main(args, standalone_mode=False, **how)
        except typer.Abort:
            tell("wrong.stopped", stderr=True)
            code = 1
        except typer.TyperException as wrong:
            _tell_wrong(wrong)
            code = wrong.exit_code
        if standalone_mode:
            sys.exit(code or 0)
        return code


def group() -> typer.Typer:
    """Return a group without commands."""
    return typer.Typer(
        cls=Group, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )


def _path(ctx: Any) -> tuple[str, ...]:
    """Return the names that were typed to come here, without the program's own."""
    return (*_path(ctx.parent), str(ctx.info_name)) if ctx.parent else ()


def meaning(path: tuple[str, ...], name: str) -> str:
    """Return what the catalogues say of a command (`text`) or of what it takes, by its name."""
    own = ".".join(("cli.help", *path, name))
    known = own in catalogue(spoken_language())
    return written(own.removeprefix("cli.") if known else f"help.{ANYWHERE}.{name}")


def _write_help(command: Any, ctx: Any, formatter: Any) -> None:
    path = _path(ctx)
    formatter.write_usage(ctx.command_path, _usage(command, ctx), f"{written('words.usage')} ")
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(meaning(path, "text"))
    params = command.get_params(ctx)
    for kind in ("argument", "option"):
        rows = [_row(path, one) for one in params if one.param_type_name == kind]
        if rows:
            with formatter.section(written(f"words.{kind}s")):
                formatter.write_dl(rows)
    if isinstance(command, Group):
        names = command.list_commands(ctx)
        with formatter.section(written("words.commands")):
            formatter.write_dl([(name, meaning((*path, name), "text")) for name in names])


def _usage(command: Any, ctx: Any) -> str:
    pieces = [f"[{written('words.options').upper()}]"]
    if isinstance(command, Group):
        pieces.append(f"{written('words.command').upper()} ...")
    named = (one for one in command.get_params(ctx) if one.param_type_name == "argument")
    pieces += [_typed(one) if one.required else f"[{_typed(one)}]" for one in named]
    return " ".join(pieces)


def _row(path: tuple[str, ...], one: Any) -> tuple[str, str]:
    return _typed(one), " ".join((meaning(path, one.name), *_notes(one)))


def _typed(one: Any) -> str:
    """Return how it is typed: `--limit LIMIT`, `--json`, `FILE`."""
    if one.param_type_name == "argument":
        return str(one.metavar or one.name.upper())
    names = ", ".join(one.opts)
    return names if one.is_flag else f"{names} {one.name.upper()}"


def _notes(one: Any) -> Iterator[str]:
    if one.required:
        yield f"[{written('words.required')}]"
    elif one.show_default and one.default not in (None, False, ""):
        yield f"[{written('words.otherwise', default=str(one.default))}]"


def _tell_wrong(wrong: typer.TyperException) -> None:
    """Say what was typed wrong, by what is known of it, and where to read how it is done."""
    ctx: Any = getattr(wrong, "ctx", None)
    kind = type(wrong).__name__
    if kind == "NoArgsIsHelpError":
        typer.echo(wrong.format_message(), err=True)
        return
    tell("wrong.what", stderr=True, why=_why(wrong, kind))
    if ctx is not None:
        tell("wrong.help", stderr=True, command=f"{ctx.command_path} --help")


def _why(wrong: Any, kind: str) -> str:
    param = getattr(wrong, "param", None)
    name = getattr(wrong, "param_hint", None) or (_typed(param) if param else "")
    option = getattr(wrong, "option_name", "")
    match kind:
        case "WrongUseError":
            return f"{name}: {wrong.message}"
        case "MissingParameter":
            return written("wrong.missing", name=name)
        case "NoSuchOption":
            return written("wrong.no_option", name=option)
        case "BadOptionUsage":
            return written("wrong.value", name=option)
        case "BadParameter":
            return written("wrong.unfit", name=name)
        case _:
            return written("wrong.too_much")
