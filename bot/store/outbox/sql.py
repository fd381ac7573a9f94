"""The whole outbox of one unit of work."""

from bot.store.outbox.adding import Adding
from bot.store.outbox.changing import Changing
from bot.store.outbox.lanes import Lanes
from bot.store.outbox.leasing import Leasing
from bot.store.outbox.listing import Listing
from bot.store.outbox.outcomes import Outcomes


class SqlOutbox(Adding, Changing, Leasing, Lanes, Outcomes, Listing):
    """Fulfils `bot.outbox.ports.Outbox` and `bot.retention.ports.Forgetful`."""
