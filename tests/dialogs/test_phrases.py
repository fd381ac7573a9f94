"""What people type beside questions is recognised, and no question is taken for it."""

import json
from datetime import date
from pathlib import Path

import pytest

from bot.core.ids import QuestionId
from bot.dialogs.phrases import Asks, IsAway, IsHelped, Waits, understand
from bot.knowledge.load import load_faq, shipped_folder

TODAY = date(2026, 3, 2)
"""A Monday."""
QUERIES = Path(__file__).parents[1] / "data" / "dev_queries.jsonl"


@pytest.mark.parametrize(
    "text",
    [
        "status",
        "Status?",
        "wat is de status van mijn vraag",
        "hoe staat het met mijn vraag?",
        "hoe lang duurt het nog",
        "al nieuws?",
        "spoed",
        "Het is SPOED!!",
        "kan het sneller aub",
        "waar blijft mijn antwoord",
        "hoi, is er al iets bekend over mijn vraag?",
        "heeft iemand mijn vraag al gezien",
        "ik zit nog steeds te wachten",
        "any news?",
        "how long will it take",
    ],
)
def test_who_waits_is_heard(text: str) -> None:
    assert understand(text, TODAY) == Waits()


@pytest.mark.parametrize(
    "text", ["V-1042", "v1042", "V 1042?", "hoe staat het met V-1042", "status van vraag v-1042"]
)
def test_a_question_is_known_by_its_code(text: str) -> None:
    assert understand(text, TODAY) == Waits(QuestionId(42))


@pytest.mark.parametrize(
    "text",
    [
        "opgelost",
        "Ja, opgelost. Dank je!",
        "dankjewel, het werkt!",
        "het is gelukt bedankt",
        "hij doet het weer",
        "probleem is al opgelost hoor",
        "nu lukt het!",
        "daar ben ik mee geholpen",
        "it works, thank you",
        "problem solved",
    ],
)
def test_who_is_helped_is_heard(text: str) -> None:
    assert understand(text, TODAY) == IsHelped()


@pytest.mark.parametrize(
    "text",
    [
        "niet opgelost",
        "het werkt niet",
        "nog niet gelukt",
        "werkt het?",
        "werkt dit nu",
        "is het opgelost",
        "heb je het opgelost",
        "hoe werkt het",
        "het werkt bijna",
        "werkt teams weer",
        "bedankt",
        "ja",
        "it works sometimes",
        "is it solved",
    ],
)
def test_who_asks_whether_it_works_or_says_that_it_does_not_is_not_helped(text: str) -> None:
    assert understand(text, TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "spoed ik krijg teams niet open",
        "V-1042 ging over teams, maar hoe doe ik dat in zoom",
        "hoe lang mag een video zijn",
        "wanneer is het inloopuur",
        "update van de laptop duurt lang",
        "hoe zet ik mijn status op afwezig in teams",
        "ben ziek vandaag wie moet ik bellen",
        "hoe meld ik me ziek",
        "ik ben niet ziek",
        "vraag",
        "mijn vraag",
        "status " + "nog " * 12,
        "",
    ],
)
def test_what_is_about_something_else_is_a_question(text: str) -> None:
    assert understand(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("ik ben ziek", 2, 2),
        ("ben vandaag afwezig", 2, 2),
        ("Ik ben er morgen niet.", 3, 3),
        ("overmorgen ben ik er niet", 4, 4),
        ("ik ben vrijdag vrij", 6, 6),
        ("ik ben maandag afwezig", 9, 9),
        ("ik ben ziek t/m vrijdag", 2, 6),
        ("ik ben ziek tot vrijdag", 2, 5),
        ("ik ben er van dinsdag tot en met donderdag niet", 3, 5),
        ("ik ben er van woensdag tot vrijdag niet", 4, 5),
        ("ik ben ziek tot vandaag", 2, 2),
        ("ik ben vandaag en morgen ziek", 2, 3),
        ("ik ben deze week op vakantie", 2, 8),
        ("ik ben volgende week op vakantie", 9, 15),
        ("vanaf morgen met verlof", 3, None),
        ("I am sick today", 2, 2),
        ("I am not here tomorrow", 3, 3),
    ],
)
def test_who_is_away_says_when(text: str, first: int, last: int | None) -> None:
    until = None if last is None else TODAY.replace(day=last)
    assert understand(text, TODAY) == IsAway(TODAY.replace(day=first), until)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("vraag coach 03", ("coach", "03")),
        ("Vraag het aan Fatima!", ("fatima",)),
        ("stel mijn vraag aan Zoë de Vries", ("zoe", "de", "vries")),
        ("ask Fatima", ("fatima",)),
    ],
)
def test_somebody_is_asked_by_name(text: str, name: tuple[str, ...]) -> None:
    assert understand(text, TODAY) == Asks(name)


def test_nothing_that_the_faq_knows_is_taken_for_something_else() -> None:
    faq = load_faq(shipped_folder())
    known = [text for one in faq.entries for text in (one.title, *one.variants)]
    known += [text for one in faq.topics for text in one.examples]
    known += [text for texts in faq.urgent.values() for text in texts]
    known += [text for texts in faq.small_talk.values() for text in texts]
    known += [json.loads(line)["query"] for line in QUERIES.read_text("utf-8").splitlines()]
    assert len(known) > 4_000
    assert not [text for text in known if isinstance(understand(text, TODAY), Waits | IsAway)]
    helped = {text for text in known if isinstance(understand(text, TODAY), IsHelped)}
    assert helped <= set(faq.small_talk["thanks"])
