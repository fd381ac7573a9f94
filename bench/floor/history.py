"""A year in which a college asked a hundred thousand questions, as it is stored."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import create_async_engine

from bot.core.ids import PersonId
from bot.routing.model import Act, Source
from bot.store.tables import AskedRow, QuestionEventRow, QuestionRow, table_of
from bot.store.work import database_url

WEEKS = 52
ROUTED = 0.4
"""Share of the questions that a coach gets."""
URGENT = 0.03
"""Share of those of which a class is waiting."""
_AT_ONCE = 2_000
_OUTCOMES = ("answer",) * 5 + ("choices",) * 2 + ("not_ours",) + ("refused",) * 4
_LEVELS = ("operationeel",) * 6 + ("tactisch",) * 3 + ("strategisch",)
_ROLES = ("trainer", "coach", "adviseur", "onderwijskundige", "veranderkundige", "technovator")
_ACTS = (Act.SEND, Act.CLAIM, Act.ANSWER, Act.CLOSE, Act.RATE)
_ASKED, _ROUTED, _EVENTS = table_of(AskedRow), table_of(QuestionRow), table_of(QuestionEventRow)
Rows = list[dict[str, Any]]


async def fill(
    url: str, askers: Sequence[PersonId], coaches: Sequence[PersonId], many: int, until: datetime
) -> None:
    """Store so many questions of the year before `until`, where there are none yet."""
    engine = create_async_engine(database_url(url))
    try:
        async with engine.begin() as connection:
            for part in _parts(askers, coaches, many, until):
                for table, rows in zip((_ASKED, _ROUTED, _EVENTS), part, strict=True):
                    if rows:
                        await connection.execute(insert(table), rows)
    finally:
        await engine.dispose()


async def read_all(url: str) -> int:
    """Read all of it once, with no more done than counting: the floor under every figure."""
    engine = create_async_engine(database_url(url))
    try:
        async with engine.connect() as connection:
            found = [
                (await connection.execute(select(func.count(), func.max(moment)))).one()[0]
                for moment in (_ASKED.c.score, _ROUTED.c.proximity, _EVENTS.c.who)
            ]
    finally:
        await engine.dispose()
    return sum(found)


def _parts(
    askers: Sequence[PersonId], coaches: Sequence[PersonId], many: int, until: datetime
) -> Iterator[tuple[Rows, Rows, Rows]]:
    chance, routed = random.Random(100_000), 0
    start, step = until - timedelta(weeks=WEEKS), timedelta(weeks=WEEKS) / many
    for first in range(1, many + 1, _AT_ONCE):
        asked, questions, events = Rows(), Rows(), Rows()
        for number in range(first, min(first + _AT_ONCE, many + 1)):
            at, person = start + step * (number - 1), chance.choice(askers)
            asked.append(_asked(number, person, at, chance))
            if chance.random() < ROUTED:
                routed += 1
                helper = chance.choice(coaches)
                asks = {"id": routed, "asked": number, "asker": person, "holder": helper}
                questions.append({**asks, **_question(routed, at, chance)})
                events += _events(routed, person, helper, at, questions[-1]["felt"])
        yield asked, questions, events


def _asked(number: int, person: PersonId, at: datetime, chance: random.Random) -> dict[str, Any]:
    outcome = chance.choice(_OUTCOMES)
    return {
        "id": number,
        "person": person,
        "text": None,
        "outcome": outcome,
        "entry": None,
        "choice": "",
        "score": chance.random(),
        "at": at,
        "conversation": None,
    }


def _question(number: int, at: datetime, chance: random.Random) -> dict[str, Any]:
    hour = timedelta(hours=1)
    return {
        "key": f"history-{number}",
        "text": None,
        "note": None,
        "source": chance.choice(list(Source)).value,
        "language": "nl",
        "topic": chance.choice(("toetsen", "video", "privacy", "")),
        "level": chance.choice(_LEVELS),
        "role": chance.choice(_ROLES),
        "wanted": None,
        "urgent": chance.random() < URGENT,
        "state": "closed",
        "version": len(_ACTS),
        "ring": chance.choice((1, 1, 1, 2, 3)),
        "round": 1,
        "due": None,
        "created": at,
        "claimed": at + hour,
        "answered": at + 2 * hour,
        "closed": at + 3 * hour,
        "answer": None,
        "solved": True,
        "felt": chance.randint(1, 5),
        "proximity": chance.random(),
        "claim_minutes": 30.0,
        "ending": None,
    }


def _events(question: int, asker: PersonId, helper: PersonId, at: datetime, felt: int) -> Rows:
    return [
        {
            "question": question,
            "act": act.value,
            "at": at + timedelta(hours=place),
            "who": asker if act in (Act.SEND, Act.RATE) else helper,
            "other": None,
            "text": None,
            "ending": None,
            "felt": felt if act is Act.RATE else None,
            "coach": helper if act is Act.RATE else None,
        }
        for place, act in enumerate(_ACTS)
    ]
