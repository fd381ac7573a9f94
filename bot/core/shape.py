"""Says what is wrong with the shape of a file, and what can stand there. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from bot.core.errors import at
from bot.core.reply import Say, Value

FAMILIES: Mapping[str, str] = {
    "missing": "missing",
    "extra_forbidden": "strange",
    "string_pattern_mismatch": "form",
    "string_too_short": "empty",
    "string_": "text",
    "date_": "date",
    "time_": "time",
    "int_": "whole",
    "float_": "number",
    "bool_": "truth",
    "tuple_": "list",
    "list_": "list",
    "dict_": "block",
    "mapping_": "block",
    "model_": "block",
}
"""What is said, by how the names of pydantic's errors begin; the first that fits."""
CHOICES = ("literal_error", "enum")
BOUNDS = ("greater", "less")


def shape_problem(error: Any, model: type[BaseModel] | None, file: str) -> Say:
    """Return where in a file, and what, pydantic found wrong."""
    return at(file, misfit(error, model))


def misfit(error: Any, model: type[BaseModel] | None = None, where: str = "") -> Say:
    """Return in a sentence what pydantic found wrong; `where`: in the place of its own names.

    `model` is the shape of the file, where that says more than the error itself. The errors:
    https://docs.pydantic.dev/latest/errors/validation_errors/
    """
    path = [str(one) for one in error["loc"]]
    kind, context = str(error["type"]), error.get("ctx", {})
    if not path:
        return Say("shape.json" if kind == "json_invalid" else "shape.nothing")
    data: dict[str, Value] = {"where": where or ".".join(path)}
    if kind == "extra_forbidden" and model is not None:
        return Say("shape.extra", {**data, "known": listed(_fields(model, path[:-1]))})
    if kind in CHOICES:
        known = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return Say("shape.choice", {**data, "known": known})
    if kind.startswith(BOUNDS):
        name, bound = next(iter(context.items()))
        return Say(f"shape.{name}", {**data, "bound": f"{bound:g}"})
    if kind == "string_too_long":
        return Say("shape.long", {**data, "most": context["max_length"]})
    family = next((FAMILIES[one] for one in FAMILIES if kind.startswith(one)), "other")
    return Say(f"shape.{family}", data)


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence lists what is possible."""
    return ", ".join(names)


def _fields(model: type[BaseModel], path: Iterable[str]) -> Iterable[str]:
    """Return the names that can stand at a place in the file."""
    for part in path:
        inside: Any = model.model_fields[part].annotation
        model = inside
    return model.model_fields
