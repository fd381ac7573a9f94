"""The Teams app package: a zip of the manifest, two icons and the English texts.

The texts and icons stand in the folder `manifests/` beside `bot/`: in a checkout, in a container
image, and in a wheel, which carries that folder along. The bot takes no files yet, so the manifest
says `supportsFiles: false` and Teams shows no paperclip. It signs nobody in and reads nothing from
Graph, so there is no `webApplicationInfo`.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from string import Template
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from bot.channels.teams.manifest_rules import MANIFEST, RULES, Package
from bot.core.errors import SaidError, at
from bot.core.reply import Say

FOLDER = Path(__file__).parents[3] / "manifests" / "teams"
TEMPLATES = (MANIFEST, "en.json")
ICONS = ("color.png", "outline.png")
# A moment that every zip can hold, and the same one always.
STAMP = (1980, 1, 1, 0, 0, 0)
CALENDAR = "bots[0].commandLists[0].commands[8]"
"""The command for one's own calendar: the last in the 1:1 chat, offered where there are any."""
READABLE = 0o644 << 16
UNIX = 3
LARGEST = 5_000_000


@dataclass(frozen=True)
class ManifestValues:
    """What differs from college to college. URLs are https, `domain` is a host name alone.

    `calendars` tells whether people can have their walk-in hours in a calendar of their own.
    """

    app_id: str
    bot_id: str
    version: str
    coach_title: str
    college: str
    developer_name: str
    website_url: str
    privacy_url: str
    terms_url: str
    domain: str
    calendars: bool


def build(values: ManifestValues) -> bytes:
    """Return the zip; the same values give the same bytes, wherever it is built."""
    files = {name: _written(document) for name, document in _documents_of(values).items()}
    files |= {name: (FOLDER / name).read_bytes() for name in ICONS}
    packed = BytesIO()
    with ZipFile(packed, "w") as package:
        for name in (MANIFEST, *ICONS, *TEMPLATES[1:]):
            info = ZipInfo(name, STAMP)
            info.create_system, info.external_attr = UNIX, READABLE
            # Stored, as another version of zlib packs to other bytes.
            package.writestr(info, files[name], ZIP_STORED)
    return packed.getvalue()


def _documents_of(values: ManifestValues) -> dict[str, dict[str, Any]]:
    texts = asdict(values)
    # Filled in after reading, so that a quote in a name is not read as JSON.
    found = {
        name: _filled(json.loads((FOLDER / f"{name}.tmpl").read_text("utf-8")), texts)
        for name in TEMPLATES
    }
    if not values.calendars:
        manifest, *others = TEMPLATES
        found[manifest]["bots"][0]["commandLists"][0]["commands"].pop()
        for name in others:
            known = found[name].items()
            found[name] = {path: text for path, text in known if not path.startswith(CALENDAR)}
    return found


def _written(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _filled(node: Any, texts: Mapping[str, str]) -> Any:
    match node:
        case str():
            return Template(node).safe_substitute(texts)
        case list():
            return [_filled(one, texts) for one in node]
        case dict():
            return {name: _filled(one, texts) for name, one in node.items()}
        case _:
            return node


def check(package: bytes) -> list[Say]:
    """Return what is wrong with a package, one sentence a problem; nothing is fetched."""
    try:
        files = _unpacked(package)
        opened = Package(files, _documents(files), *_schemas())
    except SaidError as wrong:
        return [*wrong.said]
    found = list[Say]()
    for problem in (one for rule in RULES for one in rule(opened)):
        # Two rules may meet the same mistake.
        if problem not in found:
            found.append(problem)
    return found


def _unpacked(package: bytes) -> dict[str, bytes]:
    try:
        with ZipFile(BytesIO(package)) as opened:
            names = opened.namelist()
            if len(names) != len(set(names)):
                raise SaidError(Say("package.twice"))
            if sum(one.file_size for one in opened.infolist()) > LARGEST:
                raise SaidError(Say("package.large", {"most": LARGEST}))
            return {name: opened.read(name) for name in names}
    except (BadZipFile, RuntimeError):
        # A RuntimeError is a password, or a way of packing that Python does not know.
        raise SaidError(Say("package.no_zip")) from None


def _documents(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    if MANIFEST not in files:
        raise SaidError(at(MANIFEST, Say("package.no_manifest")))
    return {name: _document(name, files[name]) for name in files if name.endswith(".json")}


def _document(name: str, content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except UnicodeDecodeError:
        raise SaidError(Say("file.not_utf8", {"file": name})) from None
    except ValueError as wrong:
        # Of a number of thousands of digits it is not said where that is.
        line = getattr(wrong, "lineno", "?")
        raise SaidError(at(name, Say("package.no_json", {"line": line}))) from None
    if not isinstance(document, dict):
        raise SaidError(at(name, Say("package.no_object")))
    return document


def _schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    folder = FOLDER / "schema"
    own = json.loads((folder / "MicrosoftTeams.schema.json").read_text("utf-8"))
    texts = json.loads((folder / "MicrosoftTeams.Localization.schema.json").read_text("utf-8"))
    return own, texts
