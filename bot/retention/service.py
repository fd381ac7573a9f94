"""The use case that forgets. It may run twice without harm."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.retention.ports import RetentionWork


@dataclass(frozen=True)
class Forgotten:
    """How many texts, handled messages and waiting conversations were dropped."""

    texts: int
    messages: int
    pending: int


@dataclass(frozen=True)
class Retention:
    """Drops texts after `texts`, and handled messages after `messages`."""

    texts: timedelta
    messages: timedelta

    async def forget(self, work: RetentionWork, now: datetime) -> Forgotten:
        """Forget what is over its time at `now`."""
        return Forgotten(
            texts=await work.knowledge.forget_texts(now - self.texts)
            + await work.proposals.forget_texts(now - self.texts)
            + await work.questions.forget_texts(now - self.texts)
            + await work.walkin.forget_texts(now - self.texts)
            + await work.polls.forget_texts(now - self.texts)
            + await work.outbox.forget_notices(now - self.texts),
            messages=await work.inbox.forget_texts(now - self.messages)
            + await work.outbox.forget_texts(now - self.messages)
            + await work.strangers.forget_texts(now - self.messages),
            pending=await work.pending.forget_texts(now),
        )
