"""How questions stand in rows: read as what the feature sees, and written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.core.ids import AskedId, PersonId, QuestionId
from bot.core.reply import Language
from bot.routing.model import Act, Away, Draft, Ending, Event, Offer, Question, Source, State


def new_values(draft: Draft, now: datetime) -> dict[str, Any]:
    """Return the row of a question that is sent."""
    return {
        "key": draft.key,
        "asker": draft.asker,
        "asked": draft.asked,
        "source": draft.source.value,
        "language": draft.language,
        "created": now,
        **_texts(draft, ""),
        "state": State.OPEN.value,
        "version": 1,
        "ring": 0,
        "round": 1,
        "due": now,
    }


def _texts(draft: Draft, answer: str) -> dict[str, Any]:
    return {
        "text": draft.text,
        "note": draft.note,
        "topic": draft.topic,
        "level": draft.level,
        "role": draft.role,
        "wanted": draft.wanted,
        "urgent": draft.urgent,
        "answer": answer,
    }


def values_of(question: Question) -> dict[str, Any]:
    """Return what of a question can change."""
    return {
        **_texts(question.draft, question.answer),
        "state": question.state.value,
        "version": question.version,
        "ring": question.ring,
        "round": question.round,
        "holder": question.holder,
        "due": question.due,
        "claimed": question.claimed,
        "answered": question.answered,
        "closed": question.closed,
        "solved": question.solved,
        "felt": question.felt,
        "proximity": question.proximity,
        "claim_minutes": question.claim_minutes,
        "ending": question.ending.value if question.ending else None,
    }


def question_of(row: Mapping[str, Any]) -> Question:
    """Return a question of its row."""
    same = ("version", "ring", "round", "due", "claimed", "answered", "closed", "created")
    figures = ("solved", "felt", "proximity", "claim_minutes")
    return Question(
        id=QuestionId(row["id"]),
        draft=_draft(row),
        state=State(row["state"]),
        holder=_person(row["holder"]),
        answer=row["answer"] or "",
        ending=_ending(row["ending"]),
        **{name: row[name] for name in (*same, *figures)},
    )


def _draft(row: Mapping[str, Any]) -> Draft:
    language: Language = "en" if row["language"] == "en" else "nl"
    return Draft(
        key=row["key"],
        asker=PersonId(row["asker"]),
        text=row["text"] or "",
        source=Source(row["source"]),
        language=language,
        asked=None if row["asked"] is None else AskedId(row["asked"]),
        note=row["note"] or "",
        wanted=_person(row["wanted"]),
        **{name: row[name] for name in ("topic", "level", "role", "urgent")},
    )


def _person(value: int | None) -> PersonId | None:
    return None if value is None else PersonId(value)


def _ending(value: str | None) -> Ending | None:
    return None if value is None else Ending(value)


def event_of(row: Mapping[str, Any]) -> Event:
    """Return what happened of its row."""
    return Event(
        QuestionId(row["question"]),
        Act(row["act"]),
        row["at"],
        _person(row["who"]),
        _person(row["other"]),
        row["text"] or "",
        _ending(row["ending"]),
        row["felt"],
    )


def offer_of(row: Mapping[str, Any]) -> Offer:
    """Return an offer of its row."""
    return Offer(
        question=QuestionId(row["question"]),
        coach=PersonId(row["coach"]),
        **{name: row[name] for name in ("round", "ring", "at", "near")},
    )


def away_of(row: Mapping[str, Any]) -> Away:
    """Return somebody's leave of its row."""
    return Away(PersonId(row["person"]), row["start"], row["until"], row["for_today"])
