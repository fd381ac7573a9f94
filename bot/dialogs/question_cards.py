"""The cards that follow a question. Pure: a case and a reader in, a view out."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from bot.core.reply import Reply, Say
from bot.dialogs import asker_cards, coach_cards, coordinator_cards
from bot.dialogs.card_parts import (
    ANSWERED,
    CHANNEL,
    MINE,
    OPEN,
    OPEN_CHANNEL,
    WORK,
)
from bot.dialogs.case import Case
from bot.people.model import Person

FOLLOWED = (MINE, ANSWERED, WORK, CHANNEL, OPEN, OPEN_CHANNEL)


def card(
    view: str, case: Case, reader: Person | None, zone: ZoneInfo, reasons: Say | None = None
) -> Reply:
    """Return one of the cards that follow a question, for who reads it (None: a channel)."""
    views: Mapping[str, Callable[[], Reply]] = {
        MINE: lambda: asker_cards.mine(case, zone),
        ANSWERED: lambda: asker_cards.answered(case),
        WORK: lambda: coach_cards.work(case, reader.id if reader else None, reasons),
        CHANNEL: lambda: coach_cards.channel(case),
        OPEN: lambda: coordinator_cards.coordinators(case, zone),
        OPEN_CHANNEL: lambda: coordinator_cards.coordinators_channel(case, zone),
    }
    return views[view]()


def needed(view: str, case: Case, reader: Person | None) -> bool:
    """Tell whether a card that was not sent yet is worth sending still."""
    question = case.question
    if view in (WORK, CHANNEL):
        return question.unclaimed or holds(case, reader)
    return view not in (OPEN, OPEN_CHANNEL) or question.unclaimed


def holds(case: Case, reader: Person | None) -> bool:
    """Tell whether a question is with somebody now."""
    return case.question.held and reader is not None and case.question.holder == reader.id
