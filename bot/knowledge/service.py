"""Use cases of the FAQ: asking, rating, picking, and storing what the program ships."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.core.ids import AskedId, EntryId, PersonId
from bot.knowledge import rules
from bot.knowledge.follow_up import WINDOW, goes_on
from bot.knowledge.load import EntryFile
from bot.knowledge.match import Asker
from bot.knowledge.model import (
    Answer,
    Choices,
    Entry,
    Faq,
    NoAnswer,
    NotOurs,
    Outcome,
    SeedPlan,
    Shipped,
    SmallTalk,
)
from bot.knowledge.ports import KnowledgeWork
from bot.knowledge.understanding import Reader


@dataclass(frozen=True)
class Found:
    """What a question met, and the row it was stored under (0: small talk is not stored).

    `text` is what was stored of it, `follows` the question before it that it was read with.
    """

    asked: AskedId
    outcome: Outcome
    text: str = ""
    follows: str = ""


async def ask(  # noqa: PLR0913 (each is a plain value that the caller has at hand)
    work: KnowledgeWork,
    reader: Reader,
    *,
    person: PersonId,
    text: str,
    now: datetime,
    conversation: str = "",
) -> tuple[Found, ...]:
    """Match a message and store each question of it; `text` is redacted already.

    One that goes on about the asker's question before it in the same conversation is read so.
    """
    previous = ""
    if conversation and goes_on(text):
        last = await work.knowledge.last_asked(person, conversation, now - WINDOW)
        previous = last.text if last else ""
    found = list[Found]()
    for read in reader.read(text, previous):
        asked = AskedId(0)
        if not isinstance(read.outcome, SmallTalk):
            kind, entry, score = _summary(read.outcome)
            asked = await work.knowledge.record(
                person, read.text, kind, entry, score, now, conversation
            )
        found.append(Found(asked, read.outcome, read.text, read.follows))
    return tuple(found)


def _summary(outcome: Answer | Choices | NotOurs | NoAnswer) -> tuple[str, EntryId | None, float]:
    match outcome:
        case Answer(hit=hit, probability=chance):
            return "answer", hit.entry.id, chance
        case Choices(hits=hits, probability=chance):
            return "choices", hits[0].entry.id, chance
        case NotOurs(score=score):
            return "not_ours", None, score
        case NoAnswer(probability=chance):
            return "refused", None, chance
        case _:
            assert_never(outcome)


async def rate(  # noqa: PLR0913 (each is a plain value that the caller has at hand)
    work: KnowledgeWork,
    person: PersonId,
    asked: AskedId,
    entry: EntryId,
    *,
    helped: bool,
    now: datetime,
) -> Entry | None:
    """Store whether an answer helped; returns None when the entry is gone or was not theirs."""
    question = await work.knowledge.asked(asked)
    found = await work.knowledge.entry(entry)
    if not found or not question or question.person != person:
        return None
    await work.knowledge.rate(person, entry, asked, helped=helped, at=now)
    return found


async def pick(
    work: KnowledgeWork, person: PersonId, asked: AskedId, entry: EntryId
) -> Entry | None:
    """Store which choice the asker meant; None when it is gone, or the question not theirs."""
    question = await work.knowledge.asked(asked)
    if not question or question.person != person:
        return None
    await work.knowledge.choose(asked, entry)
    return await work.knowledge.entry(entry)


async def choose_none(work: KnowledgeWork, person: PersonId, asked: AskedId) -> bool:
    """Store that the asker meant none of the choices; False when the question is not theirs."""
    question = await work.knowledge.asked(asked)
    if not question or question.person != person:
        return False
    await work.knowledge.choose(asked, None)
    return True


async def seed(work: KnowledgeWork, faq: Faq, now: datetime) -> SeedPlan:
    """Bring the stored entries to what the program ships; what the college edited stays."""
    shipped = [
        Shipped(entry, rules.digest(entry.domain + EntryFile.of(entry).model_dump_json()))
        for entry in faq.entries
    ]
    plan = rules.plan_seed(shipped, await work.knowledge.stored())
    if not plan.empty:
        await work.knowledge.seed(plan, now)
    return plan


@dataclass(frozen=True)
class CollegeFields:
    """What fills the sentences of answers: the college's, then a location's, then a sector's."""

    college: Mapping[str, str]
    locations: Mapping[str, Mapping[str, str]]
    sectors: Mapping[str, Mapping[str, str]]

    def of(self, asker: Asker) -> Mapping[str, str]:
        """Return the fields for someone there; with several sectors only the college's count."""
        sector = next(iter(asker.sectors)) if len(asker.sectors) == 1 else ""
        return {
            **self.college,
            **self.locations.get(asker.location, {}),
            **self.sectors.get(sector, {}),
        }
