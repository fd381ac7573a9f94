"""What the FAQ says of walk-in hours: where hours are kept, they are shown in its place."""

from dataclasses import replace

from bot.dialogs.ask import WALK_IN
from bot.knowledge import service as knowledge
from bot.knowledge.load import load_faq, shipped_folder
from bot.knowledge.service import CollegeFields
from tests import factories
from tests.chat import ANN, FAQ, keys, make_root
from tests.chat import press_of as button
from tests.office import AD, labels
from tests.walkin import WalkInOffice, labels_of, make_walkin_office

ENTRY = factories.entry(
    WALK_IN,
    title="Wanneer kan ik binnenlopen?",
    variants=("wanneer kan ik langskomen", "inloop tijden", "binnenlopen zonder afspraak"),
    answer="De inloop is {walkin_times}.\nNeem je laptop mee.",
)
TYPED = "De inloop is op dinsdag."


async def make() -> WalkInOffice:
    office = await make_walkin_office()
    faq = replace(FAQ, entries=(*FAQ.entries, ENTRY))
    async with office.chat.store.begin() as work:
        await knowledge.seed(work, faq, office.now)
    root = make_root(office.chat.store, office.chat.clock, faq)
    fields = CollegeFields({"walkin_times": "op dinsdag"}, {}, {})
    office.chat.root = replace(root, ask=replace(root.ask, fields=fields))
    return office


async def test_without_hours_the_answer_says_what_the_college_filled_in() -> None:
    office = await make()
    (answer,) = await office.say("inloop tijden")
    assert f"{TYPED}\nNeem je laptop mee." in await office.show(answer)
    assert labels(answer) == ["answer.helped_yes", "answer.helped_no", "coach.ask"]


async def test_with_hours_the_answer_leads_to_them_and_says_no_other_times() -> None:
    office = await make()
    await office.hour(AD)
    (answer,) = await office.say("inloop tijden")
    shown = await office.show(answer)
    assert "answer.walkin_hours" in keys(answer)
    assert not any("dinsdag" in line for line in shown)
    assert "Neem je laptop mee." in shown
    assert labels(answer) == [
        "answer.helped_yes",
        "answer.helped_no",
        "walkin.waiting.other",
        "coach.ask",
    ]
    hours = await office.press(button(answer, "walkin.waiting.other"))
    assert labels_of(office, hours)[0].startswith("woensdag om 12:00 · Ad")
    (other,) = await office.say("wachtwoord vergeten", ANN)
    assert "walkin.waiting.other" not in labels(other)


def test_the_answer_is_the_one_that_is_shipped() -> None:
    (shipped,) = [one for one in load_faq(shipped_folder()).entries if one.id == WALK_IN]
    assert "{walkin_times}" in shipped.answer
