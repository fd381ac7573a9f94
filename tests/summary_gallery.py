"""Every view of the weekly summary, as the conversations make them, for the gallery."""

from bot.core.buttons import ShowSummary
from bot.core.ids import LocationId
from bot.core.reply import Language, Reply
from bot.summary.model import Audience
from bot.summary.report import Part
from tests.chat import ANN, COORDINATOR, make_chat
from tests.office import AD, COACHES
from tests.summary_examples import WEEK, quiet, sent


async def summary_views(language: Language) -> dict[str, Reply]:
    """Return all views in a language, of people who speak it."""
    chat = await make_chat(*(one for one in COACHES if one.email != AD.email))
    shown: dict[str, Reply] = {}

    async def say(name: str, who: object = COORDINATOR, text: str = "weekoverzicht") -> Reply:
        (shown[name],) = await chat.say(text, who)
        return shown[name]

    for who in (COORDINATOR, AD, ANN):
        await chat.say("taal english" if language == "en" else "taal nederlands", who)
    await say("summary: not yours", ANN)
    await say("summary: none yet")
    async with chat.store.begin() as work:
        coach = next(
            one.person for one in await work.people.coaches() if one.person.email == AD.email
        )
        await work.summaries.add(quiet(still_open=3))
        await work.summaries.add(sent(Audience(LocationId(1), coach.id)))
    await say("summary: quiet")
    async with chat.store.begin() as work:
        await work.summaries.add(sent(corrected=True))
    await say("summary")
    await say("summary: coach", AD)
    for part in Part:
        press = ShowSummary(week=str(WEEK), part=part.value)
        (shown[f"summary: {part}"],) = await chat.press(press, COORDINATOR)
        if part is not Part.POLLS:
            (shown[f"summary of a coach: {part}"],) = await chat.press(press, AD)
    (shown["summary: more"],) = await chat.press(
        ShowSummary(week=str(WEEK), part="more"), COORDINATOR
    )
    (shown["summary: back"],) = await chat.press(ShowSummary(week=str(WEEK)), COORDINATOR)
    (shown["summary: gone"],) = await chat.press(ShowSummary(week="2020-W01"), COORDINATOR)
    return shown
