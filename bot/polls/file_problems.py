"""Says what is wrong with the shape of a file with a poll, and what can stand there. Pure."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from bot.core.reply import Say, Value


def shape_problem(error: Any, model: type[BaseModel]) -> Say:
    """Return in a sentence what pydantic found wrong in a file of which `model` is the shape."""
    path = [str(one) for one in error["loc"]]
    data: dict[str, Value] = {"where": ".".join(path), "why": str(error["msg"])}
    match error["type"]:
        case "model_type" if not path:
            return Say("poll_file.no_poll")
        case "missing":
            return Say("poll_file.missing", data)
        case "extra_forbidden":
            return Say("poll_file.extra", {**data, "known": listed(_fields(model, path[:-1]))})
        case "literal_error" | "enum":
            known = str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
            return Say("poll_file.choice", {**data, "known": known})
        case _:
            return Say("poll_file.other", data)


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence lists what is possible."""
    return ", ".join(names)


def _fields(model: type[BaseModel], path: Iterable[str]) -> Iterable[str]:
    """Return the names that can stand at a place in the file."""
    for part in path:
        inside: Any = model.model_fields[part].annotation
        model = inside
    return model.model_fields
