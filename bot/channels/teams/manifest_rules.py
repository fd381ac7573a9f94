"""What a Teams app package must keep to. Each rule takes a package and says what is wrong."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.teams.icons import icon_problems
from bot.channels.teams.manifest_schema import misfits
from bot.core.errors import at
from bot.core.reply import Say, Value

MANIFEST = "manifest.json"
LARGEST_COMMANDS, LARGEST_TITLE, LARGEST_DESCRIPTION = 10, 32, 128

_ICON = re.compile(r"icons\.\w+")
_LANGUAGE = re.compile(r"localizationInfo\.additionalLanguages\[\d+\]\.languageTag")
_LANGUAGE_FILE = re.compile(
    r"localizationInfo\.(defaultLanguageFile|additionalLanguages\[\d+\]\.file)"
)
_COMMAND = re.compile(r"(bots\[0\]\.commandLists\[\d+\])\.commands\[\d+\]\.(title|description)")
_URL = re.compile(r"developer\.\w+Url")
_GUID = re.compile(r"id|bots\[\d+\]\.botId")
_DOMAIN = re.compile(r"validDomains\[\d+\]")
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE)
_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


@dataclass(frozen=True)
class Package:
    """The files by name, those that are JSON as documents, and Microsoft's two schemas."""

    files: Mapping[str, bytes]
    documents: Mapping[str, Mapping[str, Any]]
    schema: Mapping[str, Any]
    translation_schema: Mapping[str, Any]

    @property
    def texts(self) -> dict[str, str]:
        """Every text of the manifest by its path, such as `bots[0].botId`."""
        return dict(flatten(self.documents[MANIFEST]))

    @property
    def translations(self) -> dict[str, Mapping[str, Any]]:
        named = [text for path, text in self.texts.items() if _LANGUAGE_FILE.fullmatch(path)]
        return {name: self.documents[name] for name in named if name in self.documents}


def flatten(node: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text in a document with its path, as localisation files write paths."""
    match node:
        case str():
            yield path, node
        case list():
            for place, one in enumerate(node):
                yield from flatten(one, f"{path}[{place}]")
        case dict():
            for name, one in node.items():
                yield from flatten(one, f"{path}.{name}".lstrip("."))
        case _:
            return


def translated(node: Any, texts: Mapping[str, Any], path: str = "") -> Any:
    """Return the document as someone with that language gets it."""
    match node:
        case str():
            return texts.get(path, node)
        case list():
            return [translated(one, texts, f"{path}[{at}]") for at, one in enumerate(node)]
        case dict():
            return {
                name: translated(one, texts, f"{path}.{name}".lstrip("."))
                for name, one in node.items()
            }
        case _:
            return node


def _wrong(file: str, path: str, key: str, **data: Value) -> Say:
    """Return what is wrong at a place in a file."""
    return at(f"{file}: {path}", Say(f"package.{key}", data))


def follows_schema(package: Package) -> Iterator[Say]:
    """Microsoft's own two schemas, one for the manifest and one for translations."""
    yield from misfits(package.schema, package.documents[MANIFEST], MANIFEST)
    for name, texts in package.translations.items():
        yield from misfits(package.translation_schema, texts, name)


def holds_what_it_names(package: Package) -> Iterator[Say]:
    """Teams refuses a package with a file too many, or too few."""
    named = {MANIFEST} | {
        text
        for path, text in package.texts.items()
        if _ICON.fullmatch(path) or _LANGUAGE_FILE.fullmatch(path)
    }
    absent, unnamed = sorted(named - {*package.files}), sorted({*package.files} - named)
    yield from (at(name, Say("package.absent")) for name in absent)
    yield from (at(name, Say("package.unnamed")) for name in unnamed)


def is_filled_in(package: Package) -> Iterator[Say]:
    """No placeholder of the template is left, and no text is empty."""
    for name, document in package.documents.items():
        for path, text in flatten(document):
            if not text.strip():
                yield _wrong(name, path, "empty")
            if re.search(r"[{}]|\$\w", text):
                yield _wrong(name, path, "placeholder")


def has_real_ids(package: Package) -> Iterator[Say]:
    """Ids name something, and versions can be compared: the schema asks for neither."""
    for path, text in package.texts.items():
        if _GUID.fullmatch(path) and not text.strip("0-"):
            yield _wrong(MANIFEST, path, "no_id")
    if not _SEMVER.fullmatch(package.texts.get("version", "")):
        yield _wrong(MANIFEST, "version", "version")


def has_safe_addresses(package: Package) -> Iterator[Say]:
    """Pages are https and domains are host names, where the schema takes http and any text."""
    for path, text in package.texts.items():
        if _URL.fullmatch(path) and not text.startswith("https://"):
            yield _wrong(MANIFEST, path, "https")
        if _DOMAIN.fullmatch(path) and not _HOST.fullmatch(text):
            yield _wrong(MANIFEST, path, "host")


def has_short_commands(package: Package) -> Iterator[Say]:
    """Yield commands above the published limits, which are below those of the newest schema."""
    yield from _long_commands(package.texts, MANIFEST)
    for name, texts in package.translations.items():
        yield from _long_commands(dict(flatten(dict(texts))), name)


def _long_commands(texts: Mapping[str, str], name: str) -> Iterator[Say]:
    found = [(match, text) for path, text in texts.items() if (match := _COMMAND.fullmatch(path))]
    limits = {"title": LARGEST_TITLE, "description": LARGEST_DESCRIPTION}
    for match, text in found:
        if len(text) > limits[match[2]]:
            yield _wrong(name, match[0], "long", length=len(text), most=limits[match[2]])
    for commands, number in Counter(match[1] for match, _ in found if match[2] == "title").items():
        if number > LARGEST_COMMANDS:
            yield _wrong(name, commands, "commands", count=number, most=LARGEST_COMMANDS)


def is_translated(package: Package) -> Iterator[Say]:
    """Every text for people stands in every language, and fits there."""
    texts = package.texts
    tags = Counter(text for path, text in texts.items() if _LANGUAGE.fullmatch(path))
    tags[texts.get("localizationInfo.defaultLanguageTag", "")] += 1
    twice = [tag for tag, number in tags.items() if number > 1]
    yield from (at(MANIFEST, Say("package.language_twice", {"tag": tag})) for tag in twice)
    known = {path for path in texts if _translatable(path, package.translation_schema)}
    for name, translation in package.translations.items():
        given = {path for path in translation if path != "$schema"}
        yield from (_wrong(name, path, "no_such") for path in sorted(given - {*texts}))
        yield from (_wrong(name, path, "untranslated") for path in sorted(known - given))
        # A translation must fit where the text it stands for fits.
        document = translated(package.documents[MANIFEST], translation)
        own = [*misfits(package.schema, package.documents[MANIFEST], name)]
        here = misfits(package.schema, document, name)
        yield from (problem for problem in here if problem not in own)


def _translatable(path: str, schema: Mapping[str, Any]) -> bool:
    patterns = schema.get("patternProperties", {})
    return path != "$schema" and (
        path in schema["properties"] or any(re.search(pattern, path) for pattern in patterns)
    )


def has_right_icons(package: Package) -> Iterator[Say]:
    """Sizes, and what may be transparent."""
    for icon in ("color", "outline"):
        name = package.texts.get(f"icons.{icon}", "")
        if name in package.files:
            found = icon_problems(icon, package.files[name])
            yield from (at(name, problem) for problem in found)


RULES: tuple[Callable[[Package], Iterator[Say]], ...] = (
    follows_schema,
    holds_what_it_names,
    is_filled_in,
    has_real_ids,
    has_safe_addresses,
    has_short_commands,
    is_translated,
    has_right_icons,
)
