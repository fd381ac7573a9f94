"""The short first conversation with someone unknown, and the language they want."""

from dataclasses import dataclass, replace
from datetime import timedelta

from rapidfuzz import fuzz, process, utils

from bot.core import buttons
from bot.core.errors import UnknownButtonError
from bot.core.ids import LocationId, TeamId
from bot.core.reply import Language, Option, Reply, Say, Select, Words
from bot.core.turn import Pending
from bot.dialogs.ask import Ask
from bot.dialogs.help import language_button
from bot.dialogs.turn import Turn
from bot.people import service as people
from bot.people.model import Source, Units

FIRST_QUESTION = "first_question"
LANGUAGE = "language"
"""The view that says that the language changed: it comes first, and in the new one."""
KEPT = timedelta(days=7)
TYPED_NEAR = 85
"""fuzz.ratio from which a typed name counts as a choice from the list; 0 to 100."""


@dataclass(frozen=True)
class Profile:
    """Two taps, and then the answer to what was asked."""

    ask: Ask

    async def begin(self, turn: Turn) -> tuple[Reply, ...]:
        """Keep the question and ask for the location; the name of a place or team is a choice."""
        waiting = await self._waiting(turn)
        units = await turn.work.people.units()
        if waiting and (choice := _typed(turn.incoming.text, units)):
            return await self.choose(turn, choice)
        clean, notes = self.ask.clean(turn.incoming.text)
        if not (waiting and self.ask.says_nothing(clean)):
            await turn.work.pending.put(
                Pending(turn.me, _channel(turn), FIRST_QUESTION, clean, turn.now + KEPT)
            )
        hello = Say("profile.choose" if waiting else "profile.hello", {"name": turn.person.name})
        card = _first_card(turn, units)
        return (Reply(card.view, (*notes, hello, *card.blocks), card.buttons),)

    async def choose(
        self, turn: Turn, pressed: buttons.PickLocation | buttons.PickTeam
    ) -> tuple[Reply, ...]:
        """Take a location, then a team; then answer what was asked first."""
        if turn.person.settled and turn.person.source is Source.IMPORT:
            # A card from before the import, which knows better: only the question is still open.
            if answers := await self._first_question(turn):
                return (_done(), *answers)
            raise UnknownButtonError
        units = await turn.work.people.units()
        if isinstance(pressed, buttons.PickLocation) and pressed.location:
            return (_team_card(pressed.location, units) or _again(turn, units),)
        team = pressed.team if isinstance(pressed, buttons.PickTeam) else TeamId(0)
        person = await people.settle(turn.work, turn.person, pressed.location, team)
        if not person:
            return (_again(turn, units),)
        settled = Turn(turn.work, turn.incoming, person, turn.now, met=turn.met)
        return (_done(), *await self._first_question(settled))

    async def _first_question(self, turn: Turn) -> tuple[Reply, ...]:
        """Answer what was asked first, if that still waits."""
        waiting = await turn.work.pending.take(turn.me, _channel(turn), FIRST_QUESTION)
        if not waiting or waiting.expires <= turn.now:
            return ()
        return await self.ask.ask(turn, waiting.object)

    async def speak(self, turn: Turn, pressed: buttons.SetLanguage) -> tuple[Reply, ...]:
        """Switch the language; who is in the first conversation sees its card again."""
        language: Language = "en" if pressed.language == "en" else "nl"
        await turn.work.people.speak(turn.me, language)
        said = Reply(LANGUAGE, (Say("language.set"),))
        person = await turn.work.people.by_id(turn.me)
        if not turn.incoming.personal or not person or person.settled:
            return (said,)
        if not await self._waiting(turn):
            return (said,)
        units = await turn.work.people.units()
        return (said, _first_card(Turn(turn.work, turn.incoming, person, turn.now), units))

    async def _waiting(self, turn: Turn) -> bool:
        return bool(await turn.work.pending.find(turn.me, _channel(turn), FIRST_QUESTION))


def _done() -> Reply:
    return Reply("profile.done", (Say("profile.done"),), replaces=True)


def _channel(turn: Turn) -> str:
    return turn.incoming.sender.channel


def _typed(text: str, units: Units) -> buttons.PickLocation | buttons.PickTeam | None:
    """Return the place or team that a message names, if it names just one."""
    choices = {place.name: buttons.PickLocation(location=place.id) for place in units.locations} | {
        team.name: buttons.PickTeam(location=team.location, team=team.id) for team in units.teams
    }
    near = process.extract(
        text,
        list(choices),
        scorer=fuzz.ratio,
        score_cutoff=TYPED_NEAR,
        processor=utils.default_process,
    )
    first = [name for name, score, _ in near if score == near[0][1]]
    return choices[first[0]] if len(first) == 1 else None


def _first_card(turn: Turn, units: Units) -> Reply:
    """Ask for the location; where there is but one, that needs no asking."""
    if len(units.locations) == 1 and (card := _team_card(units.locations[0].id, units)):
        return replace(card, buttons=(language_button(turn),), replaces=False)
    return _location_card(turn, units)


def _location_card(turn: Turn, units: Units) -> Reply:
    options = tuple(Option(Words(one.name), str(one.id)) for one in units.locations)
    select = Select(
        Say("profile.location"),
        (*options, Option(Say("profile.not_listed"), "0")),
        buttons.PickLocation().encode(),
        "location",
    )
    return Reply("profile.location", (select,), (language_button(turn),))


def _team_card(location: LocationId, units: Units) -> Reply | None:
    teams = [team for team in units.teams if team.location == location]
    if not teams:
        return None
    options = tuple(Option(Words(team.name), str(team.id)) for team in teams)
    select = Select(
        Say("profile.team"),
        (*options, Option(Say("profile.not_listed"), "0")),
        buttons.PickTeam(location=location).encode(),
        "team",
    )
    return Reply("profile.team", (select,), replaces=True)


def _again(turn: Turn, units: Units) -> Reply:
    card = _first_card(turn, units)
    return Reply(card.view, (Say("profile.gone"), *card.blocks), card.buttons)
