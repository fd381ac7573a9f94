"""What Microsoft's own schemas say of a Teams app package, in sentences of ours."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from textwrap import shorten
from typing import Any, Protocol

from jsonschema import Draft4Validator, Draft7Validator
from jsonschema.validators import extend
from referencing import Registry

from bot.core.errors import at
from bot.core.reply import Say, Value
from bot.core.shape import listed

Data = Mapping[str, Value]
TYPES = ("string", "object", "array", "boolean")
_LONGEST = 120
# Microsoft's schemas call themselves draft 4, and yet use two words of later drafts. A draft 4
# validator passes over words it does not know.
_Validator = extend(  # type: ignore[no-untyped-call]  # its stubs name no types
    Draft4Validator, {word: Draft7Validator.VALIDATORS[word] for word in ("const", "if")}
)


class _Checked(Protocol):
    def iter_errors(self, instance: object) -> Iterator[Any]: ...


def _validator(schema: Mapping[str, Any]) -> _Checked:
    # With an empty registry nothing is ever fetched: an unknown reference is an error.
    checked: _Checked = _Validator(schema, registry=Registry())
    return checked


def misfits(schema: Mapping[str, Any], document: object, file: str) -> Iterator[Say]:
    """Yield where a document does not follow its schema."""
    # By place: the validator goes by the schema, and what is missing it says once for each name.
    found = sorted(_validator(schema).iter_errors(document), key=lambda one: str(one.json_path))
    for error in found:
        place = error.json_path.removeprefix("$").removeprefix(".")
        yield at(f"{file}: {place}" if place else file, _misfit(error))


def _misfit(error: Any) -> Say:
    """Return what the schema asks where it is not so; `error.validator` is the rule's own name."""
    rule, asked = str(error.validator), error.validator_value
    if rule == "type" and asked in TYPES:
        return Say(f"package.type.{asked}")
    if rule in _SAID:
        key, data = _SAID[rule]
        return Say(f"package.{key}", data(error))
    return Say("package.rule", {"rule": rule})


def _missing(error: Any) -> Data:
    return {"names": listed(sorted({*error.validator_value} - {*error.instance}))}


def _strange(error: Any) -> Data:
    known, patterns = (error.schema.get(one, {}) for one in ("properties", "patternProperties"))
    strange = (
        name
        for name in error.instance
        if name not in known and not any(re.search(pattern, name) for pattern in patterns)
    )
    return {"names": listed(sorted(strange))}


def _choice(error: Any) -> Data:
    known = listed(map(_short, error.validator_value))
    return {"found": _short(error.instance), "known": known}


def _const(error: Any) -> Data:
    return {"found": _short(error.instance), "wanted": _short(error.validator_value)}


def _pattern(error: Any) -> Data:
    return {"found": _short(error.instance), "pattern": error.validator_value}


def _long(error: Any) -> Data:
    return {"length": len(error.instance), "most": error.validator_value}


def _many(error: Any) -> Data:
    return {"count": len(error.instance), "most": error.validator_value}


def _short(value: object) -> str:
    return shorten(json.dumps(value, ensure_ascii=False), _LONGEST, placeholder="…")


_SAID: Mapping[str, tuple[str, Callable[[Any], Data]]] = {
    "required": ("missing", _missing),
    "additionalProperties": ("strange", _strange),
    "enum": ("choice", _choice),
    "const": ("const", _const),
    "pattern": ("pattern", _pattern),
    "maxLength": ("long", _long),
    "maxItems": ("many", _many),
}
"""What is said of a rule, and with what; of the others only which one it is."""
