import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from hashlib import shake_256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image

from bot.channels.teams.icons import read_png
from bot.channels.teams.manifest import FOLDER, ManifestValues, build, check
from bot.i18n.text import commands
from tests.said import in_english

VALUES = ManifestValues(
    app_id="7d8e2c54-5f0e-4b53-9c53-0b6b8f3b2a11",
    bot_id="0f6c2f5e-8d0a-4a5e-8c8e-5f1b9d3c7a22",
    version="1.2.3",
    coach_title="mediacoach",
    college='Het "Kern" College',
    developer_name="Kerncollege",
    website_url="https://kern.example/bot",
    privacy_url="https://kern.example/privacy",
    terms_url="https://kern.example/terms",
    domain="bot.kern.example",
    calendars=True,
)
FILES = ["manifest.json", "color.png", "outline.png", "en.json"]
TITLE = "bots[0].commandLists[0].commands[0].title"
Document = dict[str, Any]


def opened(package: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(package)) as files:
        return {name: files.read(name) for name in files.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    package = BytesIO()
    with ZipFile(package, "w") as opened_zip:
        for name, content in files.items():
            opened_zip.writestr(name, content)
    return package.getvalue()


def with_file(name: str, content: bytes) -> bytes:
    return packed(opened(build(VALUES)) | {name: content})


def without_file(name: str) -> bytes:
    return packed({file: text for file, text in opened(build(VALUES)).items() if file != name})


def changed(name: str, change: Callable[[Document], object]) -> bytes:
    document = json.loads(opened(build(VALUES))[name])
    change(document)
    return with_file(name, json.dumps(document).encode())


def manifest_of(values: ManifestValues) -> Document:
    document: Document = json.loads(opened(build(values))["manifest.json"])
    return document


def png(picture: Image.Image, **options: Any) -> bytes:
    saved = BytesIO()
    picture.save(saved, "PNG", **options)
    return saved.getvalue()


def encoded(picture: Image.Image, kind: int) -> bytes:
    """Return the PNG whose every row is filtered in one way, 0 to 4."""
    size, row_length = len(picture.getbands()), picture.width * len(picture.getbands())
    flat, above, rows = picture.tobytes(), bytes(row_length), b""
    for start in range(0, len(flat), row_length):
        row = flat[start : start + row_length]
        left = bytes(size) + row
        corner = bytes(size) + above
        neighbours = zip(row, left, above, corner, strict=False)
        rows += bytes([kind, *(byte - guessed(kind, *rest) & 255 for byte, *rest in neighbours)])
        above = row
    return png_of(picture.width, picture.height, zlib.compress(rows), kind=2 if size == 3 else 6)


def png_of(width: int, height: int, rows: bytes, kind: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def guessed(kind: int, left: int, above: int, corner: int) -> int:
    paeth = min((left, above, corner), key=lambda one: abs(left + above - corner - one))
    return (0, left, above, (left + above) // 2, paeth)[kind]


def noise(mode: str, width: int, height: int) -> Image.Image:
    length = width * height * len(mode)
    return Image.frombytes(mode, (width, height), shake_256(b"noise").digest(length))


def solid(size: int, colour: str = "#0b5566", mode: str = "RGB") -> bytes:
    return png(Image.new(mode, (size, size), colour))


def outline(colour: str, size: int = 32) -> bytes:
    picture = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    picture.paste(colour, (4, 4, 20, 20))
    return png(picture)


def test_the_package_is_right() -> None:
    assert check(build(VALUES)) == []


def test_the_zip_holds_exactly_four_files() -> None:
    with ZipFile(BytesIO(build(VALUES))) as package:
        assert package.testzip() is None
        assert package.namelist() == FILES


def test_the_same_values_give_the_same_bytes() -> None:
    assert build(VALUES) == build(replace(VALUES))
    with ZipFile(BytesIO(build(VALUES))) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_differs_between_colleges_is_filled_in() -> None:
    document = manifest_of(VALUES)
    assert document["id"] == VALUES.app_id
    assert document["bots"][0]["botId"] == VALUES.bot_id
    assert document["version"] == "1.2.3"
    assert document["validDomains"] == ["bot.kern.example"]
    assert document["name"]["full"] == 'Vraagbaak van Het "Kern" College'
    assert document["developer"] == {
        "name": "Kerncollege",
        "websiteUrl": "https://kern.example/bot",
        "privacyUrl": "https://kern.example/privacy",
        "termsOfUseUrl": "https://kern.example/terms",
    }


def test_the_bot_works_alone_in_teams_and_in_group_chats() -> None:
    [bot] = manifest_of(VALUES)["bots"]
    assert sorted(bot["scopes"]) == ["groupChat", "personal", "team"]
    assert bot["supportsFiles"] is False


def test_a_channel_is_offered_nothing_personal() -> None:
    alone, shared = manifest_of(VALUES)["bots"][0]["commandLists"]
    assert [command["title"] for command in alone["commands"]] == [
        "help",
        "wie is mijn mediacoach",
        "vraag een mediacoach",
        "inloopuur",
        "loop nu binnen",
        "mijn afspraken",
        "taal engels",
        "taal nederlands",
        "agenda",
    ]
    assert [command["title"] for command in shared["commands"]] == ["help"]


def test_what_is_offered_is_a_command_in_both_languages() -> None:
    known = {
        text.format(coach_title="mediacoach") for every in commands().values() for text in every
    }
    offered = manifest_of(VALUES)["bots"][0]["commandLists"][0]["commands"]
    english = json.loads(opened(build(VALUES))["en.json"])
    for number, command in enumerate(offered):
        of = f"bots[0].commandLists[0].commands[{number}]"
        assert {command["title"], english[f"{of}.title"]} <= known
        assert english[f"{of}.description"] != command["description"]


def test_a_calendar_is_offered_only_where_there_are_any() -> None:
    package = build(replace(VALUES, calendars=False))
    assert check(package) == []
    alone, _ = manifest_of(replace(VALUES, calendars=False))["bots"][0]["commandLists"]
    english = json.loads(opened(package)["en.json"])
    offered = [command["title"] for command in alone["commands"]]
    assert (len(offered), "agenda" in offered) == (8, False)
    assert "calendar" not in english.values()


def test_dutch_comes_first_and_english_second() -> None:
    english = json.loads(opened(build(VALUES))["en.json"])
    assert manifest_of(VALUES)["localizationInfo"] == {
        "defaultLanguageTag": "nl",
        "additionalLanguages": [{"languageTag": "en", "file": "en.json"}],
    }
    assert english["bots[0].commandLists[0].commands[1].title"] == "who is my mediacoach"
    assert "mediacoach" in english["description.short"]
    assert 'Het "Kern" College' in english["description.full"]


def test_the_longest_title_that_fits_the_commands_fits_everywhere() -> None:
    assert check(build(replace(VALUES, coach_title="x" * 20))) == []
    assert len(check(build(replace(VALUES, coach_title="x" * 21)))) == 1


def test_the_icons_are_as_teams_wants_them() -> None:
    colour = read_png((FOLDER / "color.png").read_bytes())
    outlined = read_png((FOLDER / "outline.png").read_bytes())
    assert (colour.width, colour.height) == (192, 192)
    assert (outlined.width, outlined.height) == (32, 32)
    assert {pixel[3] for pixel in colour.pixels} == {255}
    assert {pixel[:3] for pixel in outlined.pixels if pixel[3]} == {(255, 255, 255)}
    assert {0, 255} <= {pixel[3] for pixel in outlined.pixels}


@pytest.mark.parametrize("icon", ["color.png", "outline.png"])
def test_an_icon_is_read_as_pillow_reads_it(icon: str) -> None:
    data = (FOLDER / icon).read_bytes()
    expected = Image.open(BytesIO(data)).convert("RGBA").tobytes()
    assert b"".join(bytes(pixel) for pixel in read_png(data).pixels) == expected


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("kind", range(5))
def test_every_way_of_filtering_a_row_is_undone(kind: int, mode: str) -> None:
    picture = noise(mode, 7, 5)
    data = encoded(picture, kind)
    assert Image.open(BytesIO(data)).tobytes() == picture.tobytes()
    read = read_png(data)
    assert (read.width, read.height) == (7, 5)
    assert b"".join(map(bytes, read.pixels)) == picture.convert("RGBA").tobytes()


def broken_values(**values: Any) -> bytes:
    return build(replace(VALUES, **values))


def manifest_with(change: Callable[[Document], object]) -> bytes:
    return changed("manifest.json", change)


def english_with(change: Callable[[Document], object]) -> bytes:
    return changed("en.json", change)


@pytest.mark.parametrize(
    ("package", "problem"),
    [
        (b"no zip", "This cannot be opened as a zip"),
        (packed({}), "manifest.json: it is not in the zip, or not at its top"),
        (with_file("manifest.json", b"{\n"), "manifest.json: it is not JSON (line 2)"),
        (with_file("en.json", b"\xff"), "en.json: it holds unreadable signs"),
        (with_file("en.json", b"9" * 5_000), "en.json: it is not JSON (line ?)"),
        (with_file("manifest.json", b"[]"), "manifest.json: it must be a JSON object"),
        (with_file("large.bin", bytes(5_000_001)), "The zip holds more than 5000000 bytes"),
        (without_file("en.json"), "en.json: the manifest names it, and it is not there"),
        (without_file("color.png"), "color.png: the manifest names it, and it is not there"),
        (with_file("notes.txt", b""), "notes.txt: the manifest does not name it"),
        (manifest_with(lambda one: one.pop("bots")), f"en.json: {TITLE}: the manifest has no such"),
        (manifest_with(lambda one: one.pop("icons")), "manifest.json: this is missing: icons"),
        (
            manifest_with(lambda one: one.update(manifestVersion="1.2")),
            'manifestVersion: "1.2" cannot stand here, it must be "1.30"',
        ),
        (
            manifest_with(lambda one: one.update(accentColor="blue")),
            'accentColor: "blue" does not match the pattern ^#',
        ),
        (
            manifest_with(lambda one: one.update(configurableTabs={})),
            "configurableTabs: it must be a list",
        ),
        (manifest_with(lambda one: one.update(name="Vraagbaak")), "name: it must be a JSON object"),
        (manifest_with(lambda one: one["name"].update(short=7)), "name.short: it must be a text"),
        (
            manifest_with(lambda one: one["bots"][0].update(supportsFiles="no")),
            "bots[0].supportsFiles: it must be true or false",
        ),
        (
            manifest_with(lambda one: one["bots"][0].update(scopes=["everywhere"])),
            'bots[0].scopes[0]: "everywhere" cannot stand here. Choose from: "team", "personal"',
        ),
        (
            manifest_with(lambda one: one.update(colour="blue", accent="blue")),
            "manifest.json: Teams does not know this here: accent, colour",
        ),
        (
            manifest_with(lambda one: one.update(bots=one["bots"] * 2)),
            "manifest.json: bots: these are 2, at most 1",
        ),
        (
            manifest_with(lambda one: one["description"].update(features=[])),
            "description.features: it does not follow the rule minItems of Microsoft's schema",
        ),
        (broken_values(college="x" * 88), "manifest.json: name.full: "),
        (broken_values(developer_name="x" * 33), "manifest.json: developer.name: "),
        (broken_values(developer_name=" "), "manifest.json: developer.name: it is empty"),
        (broken_values(college="${college}"), "name.full: a placeholder is left in it"),
        (broken_values(college="{college}"), "en.json: name.full: a placeholder is left in it"),
        (broken_values(bot_id="vraagbaak"), 'bots[0].botId: "vraagbaak" does not match'),
        (broken_values(app_id="vraagbaak"), 'manifest.json: id: "vraagbaak" does not match'),
        (
            broken_values(bot_id="00000000-0000-0000-0000-000000000000"),
            "bots[0].botId: this GUID stands for nothing",
        ),
        (broken_values(version="1.0"), "version: it must be three numbers"),
        (broken_values(version="01.0.0"), "version: it must be three numbers"),
        (broken_values(privacy_url="http://kern.example"), "developer.privacyUrl: it must begin"),
        (
            broken_values(website_url="kern.example"),
            'developer.websiteUrl: "kern.example" does not',
        ),
        (broken_values(domain="https://kern.example"), "validDomains[0]: it must be a host name"),
        (broken_values(domain="*"), "validDomains[0]: it must be a host name"),
        (
            broken_values(coach_title="x" * 21),
            "manifest.json: bots[0].commandLists[0].commands[1].title: 33 signs, at most 32",
        ),
        (
            manifest_with(
                lambda one: one["bots"][0]["commandLists"][1]["commands"][0].update(
                    description="x" * 129
                )
            ),
            "bots[0].commandLists[1].commands[0].description: 129 signs, at most 128",
        ),
        (
            manifest_with(
                lambda one: one["bots"][0]["commandLists"][0].update(
                    commands=[{"title": f"{number}"} for number in range(11)]
                )
            ),
            "bots[0].commandLists[0]: 11 commands, at most 10",
        ),
        (english_with(lambda one: one.update({TITLE: "x" * 33})), f"en.json: {TITLE}: 33 signs"),
        (english_with(lambda one: one.pop(TITLE)), f"en.json: {TITLE}: the translation is missing"),
        (english_with(lambda one: one.pop("name.full")), "name.full: the translation is missing"),
        (
            english_with(lambda one: one.update({"name.short": "x" * 31})),
            "en.json: name.short: 31 signs, at most 30",
        ),
        (
            english_with(lambda one: one.update({"name.nick": "x"})),
            "en.json: Teams does not know this here: name.nick",
        ),
        (
            english_with(lambda one: one.update({TITLE.replace("[0].t", "[9].t"): "x"})),
            "commands[9].title: the manifest has no such text",
        ),
        (
            manifest_with(
                lambda one: one["localizationInfo"]["additionalLanguages"][0].update(
                    languageTag="nl"
                )
            ),
            "manifest.json: the language nl is there twice",
        ),
        (with_file("color.png", b"GIF89a"), "color.png: it is not a PNG picture"),
        (with_file("color.png", b"\x89PNG\r\n\x1a\n"), "color.png: it has no header"),
        (with_file("color.png", solid(192)[:-20]), "color.png: it is cut off"),
        (
            with_file("color.png", solid(192).replace(b"IDAT", b"IDAx")),
            "color.png: it is damaged",
        ),
        (with_file("color.png", solid(96)), "color.png: 96 x 96 pixels, it must be 192 x 192"),
        (with_file("color.png", solid(1025)), "color.png: it is 1025 x 1025 pixels"),
        (
            with_file("color.png", solid(192, "#0b556680", "RGBA")),
            "color.png: it must be filled to its edges",
        ),
        (
            with_file("color.png", png(Image.new("P", (192, 192)))),
            "color.png: save it as an 8-bit RGB or RGBA picture",
        ),
        (
            with_file("color.png", png(Image.new("RGB", (192, 192)), transparency=(0, 0, 0))),
            "color.png: save it as an 8-bit RGB or RGBA picture",
        ),
        (with_file("outline.png", outline("white", 48)), "outline.png: 48 x 48 pixels"),
        (with_file("outline.png", outline("#0b5566")), "it must be white and transparent only"),
        (with_file("outline.png", solid(32, "white")), "it must have both transparent and white"),
        (
            with_file("outline.png", solid(32, "#ffffff00", "RGBA")),
            "it must have both transparent and white",
        ),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_is_wrong_is_said(package: bytes, problem: str) -> None:
    said = in_english(check(package))
    assert any(problem in one for one in said), said


def test_a_file_that_is_there_twice_is_refused() -> None:
    package = BytesIO(build(VALUES))
    with ZipFile(package, "a") as files, pytest.warns(UserWarning, match="Duplicate name"):
        files.writestr("en.json", b"{}")
    assert in_english(check(package.getvalue())) == ["The zip holds a file twice"]


def test_pixels_that_do_not_fit_the_header_are_refused() -> None:
    with pytest.raises(ValueError, match=r"package\.icon\.pixels"):
        read_png(png_of(4, 4, zlib.compress(bytes(100_000))))
    with pytest.raises(ValueError, match=r"package\.icon\.pixels"):
        read_png(png_of(4, 4, zlib.compress(bytes(10))))


def test_a_row_that_cannot_be_unpacked_is_refused() -> None:
    with pytest.raises(ValueError, match=r"package\.icon\.damaged"):
        read_png(png_of(1, 1, b"no zlib"))
    with pytest.raises(ValueError, match=r"package\.icon\.damaged"):
        read_png(png_of(1, 1, zlib.compress(b"\x05abc")))


def test_names_that_are_missing_are_named_in_one_sentence() -> None:
    package = changed("manifest.json", lambda one: [one.pop(name) for name in ("icons", "name")])
    assert "manifest.json: this is missing: icons, name" in in_english(check(package))


def test_every_problem_is_said_once() -> None:
    wrong = build(replace(VALUES, bot_id="x", college="", developer_name="y" * 40))
    problems = in_english(check(wrong))
    assert len(problems) == len(set(problems)) >= 2


def test_the_schemas_are_those_of_the_version_that_the_manifest_names() -> None:
    document = manifest_of(VALUES)
    schema = json.loads((FOLDER / "schema" / "MicrosoftTeams.schema.json").read_text("utf-8"))
    version = schema["properties"]["manifestVersion"]["const"]
    assert document["manifestVersion"] == version
    assert f"/v{version}/" in document["$schema"]
    assert f"/v{version}/" in json.loads(opened(build(VALUES))["en.json"])["$schema"]
