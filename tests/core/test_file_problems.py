"""What is wrong with a file is said in our words: where it is, and what should stand there."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.reply import Say
from bot.core.shape import shape_problem
from bot.core.yaml_text import YamlTextError, read_yaml, unreadable
from bot.i18n.text import LANGUAGES, Texts
from tests.said import in_english


def problem_of(text: str) -> Say:
    with pytest.raises(YamlTextError) as wrong:
        read_yaml(text)
    return wrong.value.of("x.yaml")


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("a: b: c", "yaml", 1),
        ("a: 1\nb: 'open\nc: 2\n", "yaml", 2),
        ("a: 1\nb: [1, 2\n\n\n", "yaml", 2),
        ("a: 1\nb:\n  - c\n d: 2\n", "yaml", 4),
        ("- a\nb", "yaml", 2),
        ("a: *nowhere", "yaml", 1),
        ("a: !!strange y", "yaml", 1),
        ("a:\n\t- b", "tab", 2),
        ("a: 1\nb: 2026-02-30", "no_value", 2),
        ("a: 0b_", "no_value", 1),
        ("a: 1\nb: \x07", "sign", 2),
    ],
)
def test_what_is_no_yaml_is_told_with_the_line_to_mend(text: str, key: str, line: int) -> None:
    found = problem_of(text)
    assert (found.key, found.data) == (f"file.{key}", {"file": "x.yaml", "line": line})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_is_told_in_both_languages_without_the_parsers_words(
    language: Literal["nl", "en"],
) -> None:
    found = problem_of("a: [")
    said = Texts("coach").write(language, found.key, found.data)
    assert said.startswith({"nl": "x.yaml, regel 1: ", "en": "x.yaml, line 1: "}[language])
    assert "expected" not in said


def test_dates_and_numbers_that_there_are_stay_what_they_are() -> None:
    assert [str(one) for one in read_yaml("[2026-02-28, 12, 1.5]")] == ["2026-02-28", "12", "1.5"]


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        (FileNotFoundError(), "file.gone"),
        (IsADirectoryError(), "file.closed"),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, ""), "file.not_utf8"),
    ],
)
def test_a_file_that_cannot_be_opened_is_told(wrong: Exception, key: str) -> None:
    assert unreadable(wrong, str(Path("x"))) == Say(key, {"file": "x"})


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = ""
    short: Annotated[str, Field(min_length=1, max_length=2)] = "a"
    kind: Literal["a", "b"] = "a"
    many: Annotated[int, Field(ge=1, lt=9)] = 1
    share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 1
    names: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"text": 1}, "f: text must be text. Put it between quotes"),
        ({"short": ""}, "f: short is empty"),
        ({"short": "abc"}, "f: short is too long. Use 2 characters at most"),
        ({"kind": "c"}, "f: kind cannot be that. Choose from: a, b"),
        ({"many": "x"}, "f: many must be a whole number"),
        ({"many": 0}, "f: many must be 1 or more"),
        ({"many": 9}, "f: many must be less than 9"),
        ({"share": 0}, "f: share must be more than 0"),
        ({"share": 1.5}, "f: share must be 1 or less"),
        ({"share": "x"}, "f: share must be a number"),
        ({"share": float("nan")}, "f: share is not right. Compare it with the example in docs"),
        ({"names": "x"}, "f: names must be a list, such as [one, two]"),
        ({"more": 1}, "f: there is no more. Here can stand: text, short, kind, many, share, names"),
        ([], "f: a block of names and values should stand here"),
    ],
)
def test_what_does_not_fit_a_shape_is_told_with_what_would(value: object, said: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        _Shape.model_validate(value)
    assert in_english(shape_problem(one, _Shape, "f") for one in wrong.value.errors()) == [said]
