"""Reads YAML with the fast parser where the platform has it; it is ten times faster."""

from typing import Any

import yaml

_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)


def read_yaml(text: str) -> Any:
    """Return the document, of whatever shape it has; raises yaml.YAMLError."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 (both are safe loaders)
