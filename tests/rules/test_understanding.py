"""What a message is read as, with a small FAQ of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import EntryId
from bot.knowledge.calibration import Calibration, Thresholds
from bot.knowledge.lexicon import Synonyms
from bot.knowledge.match import Asker, Matcher
from bot.knowledge.model import Answer, Choices, Faq, NoAnswer, NotOurs, SmallTalk, Topic
from bot.knowledge.understanding import Reader, Understood, chance, hits_of
from tests.factories import entry

WIFI = entry(
    "wifi",
    title="Hoe kom ik op de wifi?",
    variants=("laptop verbinden met eduroam", "wifi op je telefoon"),
    tags=(),
    answer="Kies eduroam.",
)
PRINT = entry(
    "print",
    title="Hoe print ik?",
    variants=("afdrukken op papier", "printen in kleur", "werkblad printen"),
    tags=("printer",),
    answer="Houd je pas bij de printer.",
)
SCREEN = entry(
    "scherm",
    title="Hoe deel ik mijn scherm?",
    variants=("scherm delen", "presentatie tonen"),
    tags=(),
    answer="Klik op Delen. Zet het daarna weer uit.",
)
LOST = entry(
    "kwijt",
    title="Wat doe ik als ik mijn telefoon kwijt ben?",
    variants=("telefoon gestolen", "laptop verloren"),
    tags=(),
    answer="Bel de servicedesk.",
)
PAY = Topic("salaris", "je salaris", "Vraag HR.", ("wanneer krijg ik mijn loon", "salaris"))
MATCHER = Matcher.build(
    Faq((WIFI, PRINT, SCREEN, LOST), (PAY,), {"thanks": ("en bedankt",)}),
    Synonyms({"gsm": {"telefoon": 0.5}}),
    calibration=Calibration(
        parts={"pieces": 1.25, "stems": 0.5},
        features={"score": 3.0, "margin": 6.0},
        bias=-0.5,
    ),
)
READER = Reader(MATCHER, Asker(), Thresholds(answer=0.8, choices=0.1))
ASKED = "hoe kom ik op de wifi"


def one(text: str, previous: str = "") -> Understood:
    (read,) = READER.read(text, previous)
    return read


def shown(read: Understood) -> list[EntryId]:
    return [hit.entry.id for hit in hits_of(read.outcome)]


def test_a_question_by_itself_is_read_as_it_is_matched() -> None:
    assert one(ASKED) == Understood(ASKED, READER.matcher.match(ASKED, Asker(), READER.thresholds))


@pytest.mark.parametrize("text", ["en op mijn telefoon?", "en met een gsm?"])
def test_what_alone_has_no_answer_is_answered_with_what_came_before(text: str) -> None:
    assert isinstance(one(text).outcome, NoAnswer | Choices)
    read = one(text, ASKED)
    assert isinstance(read.outcome, Answer)
    assert (shown(read), read.follows) == ([WIFI.id], ASKED)
    assert read.text == f"{ASKED}\n{text}"


@pytest.mark.parametrize("previous", [ASKED, "scherm delen", "wanneer krijg ik mijn loon"])
def test_a_certain_answer_to_the_message_alone_stays(previous: str) -> None:
    text = "en werkblad printen?"
    assert isinstance(one(text).outcome, Answer)
    assert one(text, previous) == one(text)


def test_a_message_that_names_nothing_is_certain_about_nothing() -> None:
    text = "en kan dat afdrukken?"
    assert isinstance(MATCHER.match(text, Asker(), READER.thresholds), Answer)
    assert isinstance(one(text).outcome, Choices)
    assert shown(one(text)) == [PRINT.id]


def test_who_undoes_something_is_not_told_for_certain_how_to_do_it() -> None:
    asked = "hoe kom ik op de wifi, of hoe zet ik de wifi uit"
    assert isinstance(MATCHER.match(asked, Asker(), READER.thresholds), Answer)
    assert isinstance(one(asked).outcome, Choices)
    assert shown(one(asked)) == [WIFI.id]
    assert isinstance(one("hoe deel ik mijn scherm en zet ik het uit").outcome, Answer)


def test_what_a_message_leaves_open_comes_from_the_question_before_it() -> None:
    read = one("kan dat ook op papier?", "hoe print ik een werkblad")
    assert isinstance(read.outcome, Answer)
    assert shown(read) == [PRINT.id]


def test_a_saying_names_something() -> None:
    assert isinstance(one("doet het werkblad printen het niet?").outcome, Answer)


@pytest.mark.parametrize("text", ["en de zeilboot?", "en papierdelen?"])
def test_what_came_before_never_answers_what_it_does_not_speak_of(text: str) -> None:
    read = one(text, ASKED)
    assert WIFI.id not in shown(read)


def test_a_compound_is_spoken_of_when_its_parts_are() -> None:
    assert shown(one("en een telefoonlaptop?", ASKED)) == [WIFI.id]


def test_a_verb_alone_is_answered_only_by_what_speaks_of_it() -> None:
    text, unsure = "en hoe zet ik dat uit?", "mijn scherm telefoon"
    assert not isinstance(one(unsure).outcome, Answer)
    assert shown(one(text, unsure))[0] == SCREEN.id
    eager = Reader(MATCHER, Asker(), Thresholds(answer=0.8, choices=0.01))
    assert isinstance(eager.read(text)[0].outcome, Choices)
    (read,) = eager.read(text, ASKED)
    assert isinstance(read.outcome, NoAnswer)
    assert (read.text, read.follows) == (f"{ASKED}\n{text}", ASKED)


def test_an_answer_that_was_just_read_is_not_shown_again_to_who_names_nothing_new() -> None:
    previous, text = "hoe deel ik mijn scherm", "en hoe zet ik dat uit?"
    assert isinstance(one(previous).outcome, Answer)
    read = one(text, previous)
    assert isinstance(read.outcome, NoAnswer)
    assert (read.text, read.follows) == (f"{previous}\n{text}", previous)
    assert read.outcome.nearest == SCREEN


@pytest.mark.parametrize("text", ["en de zeilboot?", "en dan?", "werkt niet", "waarom?"])
def test_who_helps_with_what_has_no_answer_reads_what_came_before(text: str) -> None:
    read = one(text, ASKED)
    assert isinstance(read.outcome, NoAnswer)
    assert (read.text, read.follows) == (f"{ASKED}\n{text}", ASKED)


def test_two_readings_of_which_neither_is_certain_are_both_to_choose_from() -> None:
    careful = Reader(MATCHER, Asker(), Thresholds(answer=0.985, choices=0.1))
    text, previous = "en telefoon kwijt?", "laptop verbinden met eduroam, hoe kom ik op de wifi"
    (alone,), (read,) = careful.read(text), careful.read(text, previous)
    assert isinstance(alone.outcome, Choices)
    assert isinstance(read.outcome, Choices)
    assert (shown(alone), shown(read)) == ([LOST.id], [LOST.id, WIFI.id])
    assert read.outcome.probability == alone.outcome.probability


def test_going_on_about_what_is_not_ours_is_not_ours_either() -> None:
    read = one("en in december?", "wanneer krijg ik mijn loon")
    assert read.outcome == one("wanneer krijg ik mijn loon\nen in december?").outcome
    assert isinstance(read.outcome, NotOurs)
    assert read.follows == "wanneer krijg ik mijn loon"


def test_a_topic_of_its_own_stays_one() -> None:
    read = one("en mijn salaris?", ASKED)
    assert isinstance(read.outcome, NotOurs)
    assert read.follows == ""


def test_a_message_that_says_what_it_is_about_follows_nothing() -> None:
    assert one("zeilboot overtuigen", ASKED).follows == ""


def test_small_talk_is_no_question_whatever_came_before() -> None:
    assert one("en bedankt", ASKED) == Understood("en bedankt", SmallTalk("thanks"))


def test_two_questions_are_read_apart() -> None:
    first, second = READER.read("Hoe deel ik mijn scherm? En hoe print ik?")
    assert (first.text, shown(first)) == ("Hoe deel ik mijn scherm?", [SCREEN.id])
    assert (second.text, shown(second)) == ("hoe print ik?", [PRINT.id])


@pytest.mark.parametrize(
    "text",
    [
        "Hoe deel ik mijn scherm? Hoe overtuig ik een zeilboot?",  # one has no answer
        "Hoe deel ik mijn scherm? En wanneer krijg ik mijn loon?",  # one is not ours
        "Hoe deel ik mijn scherm? Hoe kan ik scherm delen?",  # the same entry
    ],
)
def test_what_is_no_better_apart_is_read_as_one(text: str) -> None:
    assert [read.text for read in READER.read(text)] == [text]


def test_what_is_no_question_that_was_matched_has_no_chance() -> None:
    assert chance(SmallTalk("thanks")) == 0


SAID = ("en op mijn telefoon?", "of papier?", "maar scherm", "hoe print ik?", "dat", "salaris", "?")


@given(st.lists(st.sampled_from(SAID), min_size=1, max_size=4), st.sampled_from(SAID))
def test_no_reading_ever_loses_a_certain_answer(said: list[str], previous: str) -> None:
    text = " ".join(said)
    alone = MATCHER.match(text, Asker(), READER.thresholds)
    read = READER.read(text, previous)
    if isinstance(alone, Answer):
        met = [hit.entry.id for one in read for hit in hits_of(one.outcome)]
        certain = all(chance(one.outcome) >= alone.probability for one in read)
        assert certain or alone.hit.entry.id in met


@given(st.lists(st.sampled_from(SAID), min_size=2, max_size=4))
def test_questions_read_apart_meet_entries_that_differ(said: list[str]) -> None:
    read = READER.read(" ".join(said))
    if len(read) > 1:
        firsts = [shown(one)[0] for one in read]
        assert len(set(firsts)) == len(firsts)
