"""Every view that the bot can show, by name, as the conversations themselves make it."""

from datetime import timedelta

from bot.core import buttons
from bot.core.ids import AskedId, EntryId, LocationId
from bot.core.reply import Channel, Event, Incoming, Language, Place, Reply, Select
from tests import factories
from tests.chat import ANN, COORDINATOR, SCREEN, Chat, make_chat, press_of
from tests.curation import BOTH, COACH, LIKE_SCREEN, make_curation
from tests.poll_gallery import poll_views
from tests.question_gallery import question_views
from tests.summary_gallery import summary_views
from tests.walkin_gallery import walkin_views

NEW = factories.sender("29:new", name="Sanne")
SECRETS = "wachtwoord vergeten van 123456782, NL91 ABNA 0417 1643 00, s1234567. "


async def gallery(language: Language) -> dict[str, Reply]:
    """Return all views in a language, of teachers who speak it."""
    chat = await make_chat()
    shown: dict[str, Reply] = {}

    def hang(name: str, replies: tuple[Reply, ...]) -> Reply:
        shown[name] = replies[-1]
        return replies[-1]

    await _first_conversation(chat, language, hang_in=shown)
    if language == "en":
        hang("language", await chat.say("taal english"))
    answer = hang("answer", await chat.say("wachtwoord vergeten"))
    hang("rated yes", await chat.press(press_of(answer, "answer.helped_yes")))
    hang("rated no", await chat.press(press_of(answer, "answer.helped_no")))
    hang("answer in one language", await chat.say("scherm delen in een les"))
    hang("answer with a coach", await chat.say("contact met de digicoach zoeken"))
    choices = hang("choices", await chat.say("scherm opnemen"))
    hang("picked", await chat.press(choices.buttons[0]))
    hang("none of these", await chat.press(press_of(choices, "choices.none")))
    hang("not ours", await chat.say("wanneer krijg ik mijn loon"))
    hang("no answer", await chat.say("zeilboot overtuigen"))
    hang("going on", await chat.say("en de zeilboot dan?"))
    two = await chat.say("Hoe deel ik mijn scherm? En hoe stel ik een nieuw wachtwoord in?")
    shown |= {f"question {number} of 2": one for number, one in enumerate(two, start=1)}
    hang("coach", await chat.press(buttons.AskCoach()))
    sunday = chat.clock.now() + timedelta(days=6 - chat.clock.now().weekday())
    chat.clock.move_to(sunday.replace(hour=12))
    hang("coach on a day off", await chat.press(buttons.AskCoach()))
    chat.clock.move_to(sunday.replace(hour=10) + timedelta(days=1))
    hang("coach at work", await chat.press(buttons.AskCoach()))
    hang("help", await chat.say("help"))
    for text in ("hoi", "bedankt", "er is brand"):
        hang(text, await chat.say(text))
    for name, text in (("empty", " "), ("no words", "😀"), ("no language", "taal")):
        hang(name, await chat.say(text))
    hang("secrets and too long", await chat.say(SECRETS * 60))
    hang("with a file", await chat.say("wachtwoord vergeten", files=1))
    hang("only a file", await chat.say("", files=1))
    hang("old button", await chat.send(Incoming(ANN, "old", button={"kind": "x", "v": 1})))
    gone = buttons.Rate(asked=AskedId(4711), entry=EntryId("x"), helped=True)
    hang("entry gone", await chat.press(gone))
    hang("welcome", await chat.say("", event=Event.INSTALLED))
    hang(
        "welcome in a channel",
        await chat.say(
            "", event=Event.INSTALLED, place=Place(Channel.TEAMS, "19:x", personal=False)
        ),
    )
    await _channels(chat, language, hang_in=shown)
    shown |= await curation_views(language)
    chat.clock.move_to(chat.clock.now() + timedelta(days=400))
    hang("overdue", await chat.say("wachtwoord vergeten"))
    shown |= await poll_views(language)
    shown |= await question_views(language) | await walkin_views(language)
    return shown | await summary_views(language)


async def curation_views(
    language: Language, long: str = "Regel. {veld} *dik*\n" * 190
) -> dict[str, Reply]:
    """Return all views of the FAQ that grows, of people who write a `long` text."""
    hang_in: dict[str, Reply] = {}
    chat = await make_curation()
    for who in (COACH, COORDINATOR, BOTH):
        await chat.say("taal english" if language == "en" else "taal nederlands", who)
    hang_in["entry form"] = form = await chat.form()
    wrong = {"title": "", "answer": long}
    hang_in["entry form, wrong"] = await chat.fill(form, "curate.form.send", COACH, **wrong)
    near = await chat.form(question=LIKE_SCREEN.question)
    hang_in["entry sent"] = await chat.fill(near, "curate.form.send", COACH, near=SCREEN.id)
    (hang_in["proposal"],) = await chat.notices(COORDINATOR)
    (hang_in["proposals"],) = await chat.say("voorstellen", COORDINATOR)
    (hang_in["proposal from the list"],) = await chat.press(
        hang_in["proposals"].buttons[0], COORDINATOR
    )
    change = press_of(hang_in["proposal"], "curate.card.change")
    (hang_in["proposal to change"],) = await chat.press(change, COORDINATOR)
    refuse = "curate.card.refuse"
    for name, reason in (("without a reason", ""), ("refused", "Te kort.")):
        card = await chat.fill(hang_in["proposal"], refuse, COORDINATOR, reason=reason)
        hang_in[f"proposal {name}"] = card
    (hang_in["proposal refused, told"],) = await chat.notices(COACH)
    (hang_in["proposal refused before"],) = await chat.press(change, BOTH)
    whole = {"answer": "x" * 4_000, "title": "x" * 200}
    hang_in["own proposal"] = await chat.fill(
        await chat.form(BOTH), "curate.form.send", BOTH, **whole
    )
    own = press_of(hang_in["own proposal"], "curate.card.approve")
    (hang_in["proposal by a coach"],) = await chat.press(own, COACH)
    (hang_in["proposal approved"],) = await chat.press(own, BOTH)
    (hang_in["proposals: none"],) = await chat.say("proposals", COORDINATOR)
    return hang_in


async def _channels(chat: Chat, language: Language, *, hang_in: dict[str, Reply]) -> None:
    there = {"place": Place(Channel.TEAMS, "19:x;messageid=1", personal=False)}
    there["room"] = Place(Channel.TEAMS, "19:x", personal=False)
    if language == "en":
        await chat.say("taal english", COORDINATOR)
    said = "dit is het kanaal van de coaches"
    for text in (said, "dit is het kanaal van de coördinatoren"):
        (hang_in[text],) = await chat.say(text, COORDINATOR, **there)
    (hang_in["channel in a chat"],) = await chat.say(said, COORDINATOR)
    (hang_in["channel by a teacher"],) = await chat.say(said, **there)


async def _first_conversation(chat: Chat, language: Language, *, hang_in: dict[str, Reply]) -> None:
    if language == "en":
        await chat.say("taal english", NEW)
    (location,) = await chat.say("wachtwoord vergeten", NEW)
    (again,) = await chat.press(buttons.PickLocation(location=LocationId(99)), NEW)
    select = next(block for block in location.blocks if isinstance(block, Select))
    (team,) = await chat.press(buttons.decode(select.pressed(select.options[0].value)), NEW)
    done, answer = await chat.press(buttons.PickLocation(), NEW)
    hang_in |= {"location": location, "place gone": again, "team": team, "done": done}
    hang_in["first answer"] = answer
