"""How messages are read with the FAQ that comes with the program, where one leads to the next."""

from functools import cache

import pytest

from bot.knowledge.calibration import Thresholds
from bot.knowledge.lexicon import shipped_synonyms
from bot.knowledge.load import load_faq, shipped_folder
from bot.knowledge.match import Asker, Matcher
from bot.knowledge.meaning import WordVectors
from bot.knowledge.model import Answer, AppliesTo, Choices, Faq, NoAnswer, NotOurs
from bot.knowledge.understanding import Reader, Understood, hits_of
from tests.factories import entry

FAQ = load_faq(shipped_folder())
CANVAS, ITS, HARBOUR = (
    entry(
        name,
        title="Waar voer ik de eindcijfers van mijn examen in?",
        variants=("eindcijfers examen invoeren",),
        tags=(),
        applies_to=applies,
    )
    for name, applies in (
        ("cijfers-canvas", AppliesTo(sectors=("Zorg",))),
        ("cijfers-its", AppliesTo(sectors=("Techniek",))),
        ("cijfers-haven", AppliesTo(locations=("Havenkade",))),
    )
)


@cache
def matcher() -> Matcher:
    own = (*FAQ.entries, CANVAS, ITS, HARBOUR)
    faq = Faq(own, FAQ.topics, FAQ.small_talk, FAQ.urgent)
    return Matcher.build(faq, shipped_synonyms(), WordVectors.shipped())


def read(text: str, previous: str = "", asker: Asker | None = None) -> tuple[Understood, ...]:
    return Reader(matcher(), asker or Asker(), Thresholds()).read(text, previous)


def first(understood: Understood) -> str:
    return next((hit.entry.id for hit in hits_of(understood.outcome)), "")


@pytest.mark.parametrize(
    ("previous", "text", "expected"),
    [
        ("hoe kom ik op de wifi met mijn laptop", "en op mijn telefoon?", "account-eduroam"),
        ("mag ik foto's van studenten delen", "en filmpjes?", "avg-foto-studenten"),
        ("hoe krijgt een gastdocent een account", "en voor een invaller?", "account-gastdocent"),
        (
            "hoe krijg ik minder meldingen van teams",
            "ook op mijn telefoon?",
            "teams-meldingen-rust",
        ),
        ("hoe krijgt een gastdocent een account", "en hoe lang duurt dat?", "account-gastdocent"),
        ("breakout rooms maken teams", "kan dat ook vooraf?", "teams-breakout"),
        (
            "hoe zet ik een opdracht klaar in teams",
            "en voor één student?",
            "teams-opdracht-klaarzetten",
        ),
    ],
)
def test_what_alone_is_too_little_is_answered_with_what_came_before(
    previous: str, text: str, expected: str
) -> None:
    (alone,), (understood,) = read(text), read(text, previous)
    assert not isinstance(alone.outcome, Answer)
    assert isinstance(understood.outcome, Answer)
    assert first(understood) == expected
    assert understood.follows == previous


@pytest.mark.parametrize(
    ("previous", "text", "expected"),
    [
        ("hoe maak ik een digitale toets", "en extra tijd geven?", "lms-toets-extra-tijd"),
        ("wie is mijn i-coach", "en het inloopuur?", "icoach-inloopuur"),
        ("hoe zet ik ondertiteling bij een video", "en een stukje eraf knippen?", "video-knippen"),
    ],
)
def test_what_says_itself_what_it_is_about_is_answered_by_itself(
    previous: str, text: str, expected: str
) -> None:
    (understood,) = read(text, previous)
    assert first(understood) == expected
    assert understood.follows == ""


def test_how_to_do_it_is_no_certain_answer_to_how_to_undo_it() -> None:
    (understood,) = read("hoe zet ik de plagiaatcontrole uit")
    assert isinstance(understood.outcome, Choices)
    assert first(understood) == "lms-plagiaatcontrole"
    (understood,) = read("hoe zet ik de wachtruimte uit bij mijn online les")
    assert isinstance(understood.outcome, Answer)
    assert first(understood) == "teams-wachtruimte"


@pytest.mark.parametrize(
    "text", ["dat lukt niet", "werkt niet", "en hoe haal ik die weg?", "en hoe zet ik dat uit?"]
)
@pytest.mark.parametrize(
    "previous", ["hoe zet ik ondertitels bij mijn filmpje", "hoe neem ik mijn les op in teams"]
)
def test_what_names_nothing_gets_no_second_answer_but_goes_on(previous: str, text: str) -> None:
    (understood,) = read(text, previous)
    assert isinstance(understood.outcome, NoAnswer)
    assert understood.follows == previous


@pytest.mark.parametrize(
    "text", ["en hoe laat gaat de kantine open?", "en de koffiemachine?", "en mijn salaris?"]
)
@pytest.mark.parametrize(
    "previous", ["hoe kom ik op de wifi", "wachtwoord vergeten", "hoe print ik"]
)
def test_what_came_before_gives_no_answer_to_what_nobody_wrote_about(
    previous: str, text: str
) -> None:
    (understood,) = read(text, previous)
    assert isinstance(understood.outcome, NoAnswer | NotOurs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Hoe deel ik mijn scherm in een online les? En hoe neem ik de les op?",
            ["teams-scherm-delen", "teams-les-opnemen"],
        ),
        (
            "ik heb 2 vragen: 1. hoe deel ik mijn scherm in teams 2. hoe maak ik een kahoot",
            ["teams-scherm-delen", "tools-quiz"],
        ),
        ("hoe print ik en hoe kom ik op de wifi", ["lokaal-printen", "account-eduroam"]),
    ],
)
def test_two_questions_meet_two_entries(text: str, expected: list[str]) -> None:
    assert [first(understood) for understood in read(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mijn tas is gisteravond uit de auto gejat. Er stonden dossiers op. Waar moet ik zijn?",
        "hoe maak ik een team aan? en hoe voeg ik daar studenten aan toe?",
        "Kan iemand helpen? Hoe deel ik mijn scherm?",
    ],
)
def test_one_question_with_more_words_stays_one(text: str) -> None:
    assert len(read(text)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how do I share my screen with my students", "teams-scherm-delen"),
        ("I forgot my password", "account-wachtwoord-vergeten"),
        ("the sound does not work in my online lesson", "teams-geluid-werkt-niet"),
    ],
)
def test_an_english_question_finds_the_dutch_entry(text: str, expected: str) -> None:
    (understood,) = read(text)
    assert first(understood) == expected


@pytest.mark.parametrize(
    ("asker", "expected"),
    [
        (Asker(frozenset({"Zorg"}), "Kerngebouw"), "cijfers-canvas"),
        (Asker(frozenset({"Techniek"}), "Kerngebouw"), "cijfers-its"),
        (Asker(frozenset({"Handel"}), "Havenkade"), "cijfers-haven"),
    ],
)
def test_what_is_for_the_askers_sector_or_location_comes_first(asker: Asker, expected: str) -> None:
    (understood,) = read("eindcijfers examen invoeren", asker=asker)
    assert first(understood) == expected
