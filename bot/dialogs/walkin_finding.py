"""How somebody finds a slot: what is nearest and soonest, or what they look for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.core import walkin_buttons as buttons
from bot.core.reply import Button, Choose, Day, Option, Reply, Say, Words
from bot.dialogs import walkin_moments as moments
from bot.dialogs.turn import Turn
from bot.dialogs.walkin_agenda import Agenda, Filter, View
from bot.dialogs.walkin_later import may_come, next_to_book, open_hours
from bot.walkin.choice import Offer

ANY = "0"
"""What a list sends for 'it does not matter'."""


@dataclass(frozen=True)
class Finding:
    """The conversations of who looks for a slot."""

    agenda: Agenda

    async def show(self, turn: Turn, pressed: buttons.ShowWalkIns) -> Reply:
        """Show the slots that are nearest and soonest, or those that were looked for."""
        view = await self._view(turn)
        wanted = _filter(pressed)
        offers = await offers_for(turn, self.agenda, view, wanted)
        reply = moments.listed(view, offers, pressed.moving, found=not wanted.empty)
        # Of one day that was chosen it says nothing when another is.
        if not offers and not wanted.day:
            later = moments.later(view, await next_to_book(turn.work, view, wanted))
            reply = replace(reply, blocks=(*reply.blocks, *later))
        return replace(reply, replaces=bool(pressed.moving))

    async def find(self, turn: Turn, pressed: buttons.FindWalkIn) -> Reply:
        """Show what can be chosen: a coach, a location, a day."""
        view = await self._view(turn)
        found = await self.agenda.sessions(turn.work, view)
        known = [one for one in found if may_come(view, one.hour)]
        hours = [*(one.hour for one in known), *await open_hours(turn.work, view)]
        coaches = [view.coaches[who] for who in dict.fromkeys(one.coach for one in hours)]
        places = {one.person.location: one.location for one in coaches if one.person.location}
        days = sorted({one.starts.astimezone(view.zone).date() for one in known})
        coach = [Option(Words(one.person.name), str(one.person.id)) for one in coaches]
        place = [Option(Words(name), str(which)) for which, name in places.items()]
        day = [Option(Say("duty.day", {"day": Day(on, named=True)}), f"{on}") for on in days]
        blocks = (
            Say("walkin.find.title", style="title"),
            _any_of("coach", coach),
            # Of one location there is nothing to choose.
            *((_any_of("location", place),) if len(place) > 1 else ()),
            _any_of("day", day),
        )
        show = buttons.ShowWalkIns(moving=pressed.moving).encode()
        send = Button(Say("walkin.find.send"), show, form=True)
        return Reply("walkin.find", blocks, (send,), personal=True, replaces=True)

    async def _view(self, turn: Turn) -> View:
        return await self.agenda.view(turn.work, turn.person, turn.now)


async def offers_for(turn: Turn, agenda: Agenda, view: View, wanted: Filter) -> Sequence[Offer]:
    """Return the slots that somebody can book, without those that they have."""
    mine = {one.key for one in await turn.work.walkin.of_person(turn.me, turn.now)}
    offers = await agenda.offers(turn.work, view, wanted)
    return [one for one in offers if one.slot.key not in mine]


def _any_of(name: str, options: Sequence[Option]) -> Choose:
    every = Option(Say("walkin.find.any"), ANY)
    return Choose(Say(f"walkin.find.{name}"), name, (every, *options), ANY)


def _filter(pressed: buttons.ShowWalkIns) -> Filter:
    try:
        day = date.fromisoformat(pressed.day)
    except ValueError:
        day = None
    return Filter(pressed.coach or None, pressed.location or None, day)
