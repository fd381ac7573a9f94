"""The catalogues say the same in both languages, and nothing in Python says anything."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from bot.core.reply import Clauses, Day, Reply, Say, Value, Weekdays, reply_json
from bot.i18n.text import LANGUAGES, Texts, catalogue, commands, placeholders

ROOT = Path(__file__).parents[2]
KEY = re.compile(r"[a-z_]+(\.[a-z_]+)+")


def keys_in_code() -> set[str]:
    """Return every literal that is the first argument of a `Say`."""
    found = set()
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Say":
                found |= {
                    str(one.value)
                    for one in ast.walk(node.args[0])
                    if isinstance(one, ast.Constant) and KEY.fullmatch(str(one.value))
                }
    return found


def plurals_in_code() -> set[str]:
    """Return every key that is said of so many: of one there is another."""
    found = set()
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "plural":
                key, *_ = node.args
                none = any(one.arg == "none" for one in node.keywords)
                assert isinstance(key, ast.Constant)
                assert isinstance(key.value, str)
                found |= {f"{key.value}{end}" for end in ("", "_one", *(["_none"] if none else []))}
    return found


def test_of_one_the_catalogue_has_a_sentence_of_its_own() -> None:
    assert len(plurals_in_code()) > 3
    assert not plurals_in_code() - catalogue("nl").keys()


def test_both_languages_have_the_same_keys() -> None:
    assert catalogue("nl").keys() == catalogue("en").keys()


@pytest.mark.parametrize("key", sorted(catalogue("nl")))
def test_both_languages_name_the_same_things(key: str) -> None:
    said = [placeholders(catalogue(language)[key]) for language in LANGUAGES]
    assert said[0] - {"coach_title"} == said[1] - {"coach_title"}


def test_every_key_that_the_code_says_is_in_the_catalogue() -> None:
    missing = keys_in_code() - catalogue("nl").keys()
    assert len(keys_in_code()) > 30
    assert not missing


def test_a_date_is_written_out_in_the_readers_language() -> None:
    texts, data = Texts("i-coach"), {"reviewed_on": Day(date(2026, 3, 2))}
    assert "2 maart 2026" in texts.write("nl", "answer.source.hr", data)
    assert "March 2, 2026" in texts.write("en", "answer.source.hr", data)


def test_a_day_that_is_named_has_no_year() -> None:
    texts = Texts("i-coach")
    data: dict[str, Value] = {"day": Day(date(2026, 11, 30), named=True), "time": "10:00"}
    assert texts.write("nl", "before.dated", data) == "maandag 30 november vóór 10:00"
    assert texts.write("en", "when.dated", data) == "on Monday 30 November at 10:00"


def test_days_are_written_out_in_the_readers_language() -> None:
    texts, data = Texts("i-coach"), {"days": Weekdays(("ma", "vr"))}
    assert texts.write("nl", "coach.days", data) == "Werkt op maandag, vrijdag."
    assert texts.write("en", "coach.days", data) == "Works on Monday, Friday."


def test_clauses_become_one_sentence_in_the_readers_language() -> None:
    until = Say("near.until", {"time": "16:00"})
    said = Clauses((Say("near.same_location"), Say("near.same_team"), until))
    texts = Texts("i-coach")
    data: dict[str, Value] = {"name": "Cas", "reasons": said}
    assert texts.write("nl", "coach.near", data) == (
        "Cas zit op jouw locatie, hoort bij jouw team en werkt vandaag tot 16:00."
    )
    assert texts.write("en", "coach.near", data) == (
        "Cas is at your location, is in your team, and works until 16:00 today."
    )


def test_the_colleges_own_title_is_filled_in() -> None:
    assert Texts("digicoach").write("nl", "coach.ask", {}) == "Vraag een digicoach"


def test_a_placeholder_that_nobody_filled_in_is_an_error_and_no_text() -> None:
    with pytest.raises(KeyError):
        Texts("i-coach").write("nl", "coach.who", {})


def test_clauses_are_the_same_after_they_were_stored() -> None:
    day = Say("near.passed.absent_to", {"day": Day(date(2026, 3, 6))})
    back = Say("near.back_weekday", {"day": Weekdays(("ma",)), "time": "09:00"})
    reply = Reply("coach", (Say("coach.near", {"name": "Cas", "reasons": Clauses((day, back))}),))
    assert reply_json.validate_json(reply_json.dump_json(reply)) == reply


def test_no_command_means_two_things() -> None:
    said = [text.lower() for texts in commands().values() for text in texts]
    assert len(said) == len(set(said))
