"""An index that follows changes of entries finds what one would that is built anew."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import EntryId
from bot.knowledge.index import Floats
from bot.knowledge.lexicon import Synonyms
from bot.knowledge.match import Asker, Matcher
from bot.knowledge.model import AppliesTo, Changes, Entry, Faq, Topic
from bot.knowledge.subjects import Subject
from bot.knowledge.updates import changes_between
from tests.factories import entry

SAID = (
    *("wachtwoord", "vergeten", "inloggen", "account", "canvas", "toets", "inleveren", "cijfers"),
    *("rooster", "wijzigen", "printer", "papier", "scannen", "laptop", "lenen", "beamer"),
    *("lokaal", "geluid", "teams", "vergadering", "opnemen", "agenda", "delen", "bestand"),
)
NEW = ["zoemknop", "lesbrief", "wachtwoorden", "ov", "inlogcode"]
DRIFT = 0.15
"""What rarity may shift a figure by, of 0 to 1, while at most one in sixteen has changed."""
NOBODY, NONE = Asker(), Synonyms({"reset": {"wachtwoord": 0.5}, "code": {"inlogcode": 0.5}})
LEAVE = Topic("verlof", "verlof aanvragen", "Vraag HR.", ("vrije dag opnemen", "rooster vrij"))

texts = st.lists(st.sampled_from([*SAID, *NEW, "de", "een"]), min_size=1, max_size=5).map(" ".join)
ids = st.sampled_from([f"e{number:02}" for number in range(-2, 52)]).map(EntryId)
places = st.sampled_from([AppliesTo(), AppliesTo(("Zorg",)), AppliesTo((), ("Noord",))])


@st.composite
def changes(draw: st.DrawFn) -> Changes:
    made = {
        one: entry(
            one,
            title=draw(texts),
            answer=draw(texts),
            variants=tuple(draw(st.lists(texts, max_size=4))),
            tags=tuple(draw(st.lists(texts, max_size=2))),
            applies_to=draw(places),
        )
        for one in draw(st.lists(ids, min_size=1, max_size=3, unique=True))
    }
    return {one: found if draw(st.booleans()) else None for one, found in made.items()}


def made(number: int) -> Entry:
    """Return one of many different entries."""
    own = [SAID[(number * step + step) % len(SAID)] for step in (1, 5, 7, 11)]
    variants = (f"{own[1]} {own[2]} {own[0]}", f"hoe {own[2]} {own[3]}")
    name = f"e{number:02}"
    return entry(name, title=f"{own[0]} {own[1]}", answer=" ".join(own), variants=variants)


FAQ = Faq(tuple(map(made, range(50))), (LEAVE,))
BEFORE = Matcher.build(FAQ, NONE)


def whole(matcher: Matcher) -> Matcher:
    return Matcher.build(replace(FAQ, entries=matcher.entries), NONE)


def near(matcher: Matcher, text: str) -> Floats:
    return matcher.parts(matcher.lexicon.expand(text.split()))


def all_over(matcher: Matcher) -> Matcher:
    """Return the same with every subject indexed again, by the rarity that there was before."""
    said = [*map(Subject.of_entry, matcher.entries), *map(Subject.of_topic, matcher.topics)]
    columns = np.arange(len(said)) + BEFORE.subjects.size
    return replace(matcher, subjects=BEFORE.subjects.with_changed(said, columns))


def after(several: Sequence[Changes]) -> Matcher:
    found = BEFORE
    for some in several:
        found = found.updated(some)
    return found


@given(st.lists(changes(), min_size=1, max_size=3), texts)
def test_figures_are_those_of_an_index_of_all_as_they_are_now_by_the_rarity_from_before(
    several: Sequence[Changes], text: str
) -> None:
    now = after(several)
    same = all_over(now)
    assert near(now, text) == pytest.approx(near(same, text), abs=1e-6)
    # As exact as the figures they come from: of a score of 1 the logarithm is 0, and so are shares
    # of what lies between equals.
    expected = pytest.approx(same.rank(text, NOBODY).features, rel=1e-5, abs=1e-6)
    assert now.rank(text, NOBODY).features == expected


@given(st.lists(changes(), min_size=1, max_size=3))
def test_all_but_the_figures_is_that_of_an_index_that_is_built_whole(
    several: Sequence[Changes],
) -> None:
    now = after(several)
    new = whole(now)
    assert [one.id for one in now.entries] == sorted(one.id for one in now.entries)
    assert now.lexicon.known == new.lexicon.known
    assert now.lexicon.by_length == new.lexicon.by_length
    assert now.lexicon.signs.tolist() == new.lexicon.signs.tolist()
    for (place, here), (other, there) in zip(now.elsewhere, new.elsewhere, strict=True):
        assert (place, here.tolist()) == (other, there.tolist())
    for one in now.entries:
        for text in Subject.of_entry(one).questions:
            assert now.subjects.saying(text) == sorted(new.subjects.saying(text))


@given(changes(), texts)
def test_rarity_shifts_figures_little_while_few_entries_changed(some: Changes, text: str) -> None:
    now = BEFORE.updated(some)
    assert BEFORE.built.takes(some)
    here, there = near(now, text), near(whole(now), text)
    assert np.abs(here - there).max() <= DRIFT


def test_a_new_entry_is_found_by_words_that_no_other_has() -> None:
    new = entry("zoem", title="De zoemknop", variants=("waar zit de zoemknop",), tags=())
    now = BEFORE.updated({new.id: new})
    assert now.rank("zoemknop", NOBODY).hits[0].entry == new
    assert now.lexicon.expand(["zoemknp"]).keys() == {"zoemknp", "zoemknop"}
    gone = now.updated({new.id: None})
    assert new.id not in {hit.entry.id for hit in gone.rank("zoemknop", NOBODY).hits}
    assert gone.lexicon.expand(["zoemknp"]).keys() == {"zoemknp"}


def test_what_an_entry_said_before_is_no_longer_its_own() -> None:
    old = BEFORE.entries[3]
    other = "een heel andere vraag dan eerst"
    now = BEFORE.updated({old.id: replace(old, title=other, variants=(), tags=(), answer="")})
    assert now.rank(other, NOBODY).hits[0].entry == now.entries[3]
    assert old.id not in {hit.entry.id for hit in now.rank(old.variants[0], NOBODY).hits}


def test_only_a_few_changes_are_laid_over_an_index() -> None:
    def some(count: int) -> Changes:
        return dict.fromkeys(one.id for one in BEFORE.entries[:count])

    assert BEFORE.built.takes(some(3))
    assert not BEFORE.built.takes(some(4))
    assert not BEFORE.updated(some(3)).built.takes(dict.fromkeys([BEFORE.entries[9].id]))
    assert BEFORE.updated(some(3)).built.takes(some(2))


@given(st.lists(changes(), max_size=2))
def test_changes_between_two_times_make_of_the_first_the_second(several: Sequence[Changes]) -> None:
    now = after(several)
    assert BEFORE.updated(changes_between(BEFORE.entries, now.entries)).entries == now.entries
