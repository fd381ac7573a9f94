"""Reads FAQ files: a folder of YAML, or a JSONL file of a foreign knowledge base."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.core.errors import FaqFileError
from bot.core.ids import EntryId
from bot.core.reply import Say
from bot.core.shape import shape_problem
from bot.core.yaml_text import YamlTextError, read_yaml, unreadable
from bot.knowledge.model import AppliesTo, CoachRole, English, Entry, Faq, Level, Owner, Topic

TOPICS = ("not_ours.yaml", "unanswered.yaml")
SMALL_TALK, URGENT = "small_talk.yaml", "urgent.yaml"
Text = Annotated[str, Field(min_length=1)]
Line = TypeVar("Line", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _English(_Strict):
    title: Text
    answer: Text


class _AppliesTo(_Strict):
    sectors: tuple[Text, ...] = ()
    locations: tuple[Text, ...] = ()


class EntryFile(_Strict):
    """One entry as it stands in a file."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    title: Text
    level: Level
    role: CoachRole
    owner: Owner
    reviewed_on: date
    review_after: date
    tags: tuple[Text, ...]
    variants: tuple[Text, ...]
    answer: str
    applies_to: _AppliesTo = _AppliesTo()
    shows: Literal["", "coach"] = ""
    english: _English | None = None

    def entry(self, domain: str) -> Entry:
        return Entry(
            id=EntryId(self.id),
            domain=domain,
            title=self.title,
            answer=self.answer,
            variants=self.variants,
            tags=self.tags,
            level=self.level,
            role=self.role,
            owner=self.owner,
            reviewed_on=self.reviewed_on,
            review_after=self.review_after,
            applies_to=AppliesTo(self.applies_to.sectors, self.applies_to.locations),
            shows=self.shows,
            english=English(self.english.title, self.english.answer) if self.english else None,
        )

    @classmethod
    def of(cls, entry: Entry) -> "EntryFile":
        """Return the entry as it would stand in a file."""
        return cls.model_validate(
            {name: getattr(entry, name) for name in cls.model_fields}, from_attributes=True
        )


class TopicFile(_Strict):
    """A topic that no entry is about, as it stands in a file."""

    id: Text
    title: Text
    where: str = ""
    examples: tuple[Text, ...]


class _ForeignEntry(BaseModel):
    id: Text
    question: Text
    variants: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    answer: str = ""

    def entry(self, domain: str) -> Entry:
        return Entry(
            id=EntryId(self.id),
            domain=domain,
            title=self.question,
            answer=self.answer,
            variants=self.variants,
            tags=self.tags,
        )


_topics = TypeAdapter(list[TopicFile])
_phrases = TypeAdapter(dict[str, tuple[Text, ...]])


def shipped_folder() -> Path:
    """Return the folder of the FAQ that comes with the program."""
    return Path(str(files("bot.knowledge").joinpath("faq")))


def load_faq(path: Path) -> Faq:
    """Read a folder of YAML or a JSONL file; raises FaqFileError naming every problem."""
    if path.is_dir():
        return _load_folder(path)
    if path.is_file():
        return Faq(tuple(one.entry(path.stem) for one in read_lines(path, _ForeignEntry)))
    raise FaqFileError([Say("file.gone", {"file": str(path)})])


def with_shipped_topics(faq: Faq) -> Faq:
    """Return a FAQ that has no topics with those that ship: a file of lines holds entries only."""
    if faq.topics:
        return faq
    shipped = load_faq(shipped_folder())
    return replace(faq, topics=shipped.topics, small_talk=faq.small_talk or shipped.small_talk)


def _load_folder(folder: Path) -> Faq:
    entries: list[Entry] = []
    topics: list[Topic] = []
    phrases: dict[str, dict[str, tuple[str, ...]]] = {}
    problems: list[Say] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            document = read_yaml(path.read_text("utf-8"))
            if path.name in TOPICS:
                topics += [Topic(**one.model_dump()) for one in _topics.validate_python(document)]
            elif path.name in (SMALL_TALK, URGENT):
                phrases[path.name] = _phrases.validate_python(document)
            else:
                entries += _entries(path, document, problems)
        except ValidationError as wrong:
            problems += _sentences(path.name, wrong)
        except (OSError, UnicodeDecodeError, YamlTextError) as wrong:
            problems.append(unreadable(wrong, path.name))
    if not entries and not problems:
        problems.append(Say("file.no_entries", {"file": str(folder)}))
    if problems:
        raise FaqFileError(problems)
    small_talk, urgent = (phrases.get(name, {}) for name in (SMALL_TALK, URGENT))
    return Faq(tuple(entries), tuple(topics), small_talk, urgent)


def _entries(path: Path, document: object, problems: list[Say]) -> Iterable[Entry]:
    for place, one in enumerate(document if isinstance(document, list) else [document], start=1):
        name = one.get("id", f"nr {place}") if isinstance(one, dict) else f"nr {place}"
        try:
            yield EntryFile.model_validate(one).entry(path.stem)
        except ValidationError as wrong:
            problems += _sentences(f"{path.name}: {name}", wrong)


def _sentences(where: str, wrong: ValidationError) -> list[Say]:
    return [shape_problem(error, None, where) for error in wrong.errors()]


def read_lines(path: Path, shape: type[Line]) -> list[Line]:
    """Read a JSONL file, every line of the same shape; raises FaqFileError naming every problem."""
    try:
        # Not `splitlines`: a JSON text may hold signs that it takes for the end of a line.
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as wrong:
        raise FaqFileError([unreadable(wrong, str(path))]) from None
    found: list[Line] = []
    problems: list[Say] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.append(shape.model_validate_json(line))
            except ValidationError as wrong:
                problems += _sentences(f"{path.name}:{number}", wrong)
    if problems:
        raise FaqFileError(problems)
    return found


class _Dumper(yaml.SafeDumper):
    """Writes what a curator wants to read: an answer of several lines stands as it was written."""


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # Between quotes of its own kind YAML takes these signs for the end of a line.
    style = '"' if set(text) & {"\x85", "\u2028", "\u2029"} else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent)


def dump_entries(entries: Iterable[Entry]) -> str:
    """Return YAML that `load_faq` reads back to the same entries."""
    documents = [
        EntryFile.of(entry).model_dump(mode="json", exclude_defaults=True) for entry in entries
    ]
    return yaml.dump(documents, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
