"""What the bot can do, said to who asks and to who has just installed it."""

from dataclasses import dataclass

from bot.core import buttons
from bot.core.reply import Button, Reply, Say
from bot.dialogs.turn import Turn
from bot.people.model import Role

_HELPED = (Role.COACH, Role.COORDINATOR, Role.CURATOR)
"""Who has commands of their own."""


@dataclass(frozen=True)
class Help:
    """Names what works here; `calendars`: people can have their hours in their own calendar."""

    calendars: bool

    def card(self, turn: Turn) -> Reply:
        """Say what the bot can do, with the other language one tap away."""
        own = [one for one in _HELPED if turn.incoming.personal and turn.person.acts_as(one)]
        if Role.COORDINATOR in own and Role.CURATOR in own:  # whose line names the same
            own.remove(Role.CURATOR)
        lines = ["commands", "walkin", *(["calendar"] if self.calendars else [])]
        lines += [*own, *(["walkin_coach"] if Role.COACH in own else [])]
        more = (Say(f"help.{line}", style="subtle") for line in lines)
        ask = Button(Say("coach.ask"), buttons.AskCoach().encode())
        said = (Say("help.text"), Say("help.examples"), *more)
        return Reply("help", said, (ask, language_button(turn)))

    def welcome(self, turn: Turn) -> Reply:
        """Say hello after the installation: what the bot is for, and how to begin."""
        key = "welcome.personal" if turn.incoming.personal else "welcome.channel"
        hello = Say(key, {"name": turn.person.name}, "title")
        card = self.card(turn)
        presses = card.buttons if turn.incoming.personal else ()
        return Reply("welcome", (hello, *card.blocks), presses)


def language_button(turn: Turn) -> Button:
    """Offer the other language, in that language."""
    if turn.person.language == "en":
        return Button(Say("help.dutch"), buttons.SetLanguage(language="nl").encode())
    return Button(Say("help.english"), buttons.SetLanguage(language="en").encode())
