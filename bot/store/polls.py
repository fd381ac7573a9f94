"""Keeps polls, their rounds, who is asked in them, and what is answered."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.ids import PersonId, PollId, RoundId
from bot.polls.model import (
    Answer,
    Audience,
    Form,
    Invitation,
    Kind,
    Poll,
    PollState,
    Round,
    RoundState,
    Schedule,
    Vote,
)
from bot.store.db import Repository
from bot.store.tables import (
    PollAnswerRow,
    PollDeclinedRow,
    PollInvitationRow,
    PollRoundRow,
    PollRow,
    table_of,
)

_POLL, _ROUND = table_of(PollRow), table_of(PollRoundRow)
_INVITED, _ANSWER = table_of(PollInvitationRow), table_of(PollAnswerRow)
_DECLINED = table_of(PollDeclinedRow)
_OPEN = _ROUND.c.state == RoundState.OPEN.value
_form: TypeAdapter[Form] = TypeAdapter(Form)
_audience: TypeAdapter[Audience] = TypeAdapter(Audience)
_schedule: TypeAdapter[Schedule] = TypeAdapter(Schedule)


class SqlPolls(Repository):
    """Fulfils `bot.polls.ports.Polls` and `bot.retention.ports.Forgetful`."""

    async def add(self, poll: Poll) -> Poll:
        made = await self._db.run(insert(_POLL).values(_poll_values(poll)).returning(_POLL))
        return _poll(made.mappings().one())

    async def save(self, poll: Poll, *, seen: int) -> bool:
        unchanged = update(_POLL).where(_POLL.c.id == poll.id, _POLL.c.version == seen)
        return bool((await self._db.run(unchanged.values(_poll_values(poll)))).rowcount)

    async def poll(self, which: PollId) -> Poll | None:
        found = await self._rows(select(_POLL).where(_POLL.c.id == which))
        return _poll(found[0]) if found else None

    async def polls(self) -> Sequence[Poll]:
        going = select(_POLL).where(_POLL.c.state != PollState.STOPPED.value)
        return [_poll(row) for row in await self._rows(going.order_by(_POLL.c.id))]

    async def stopped(self, most: int) -> Sequence[Poll]:
        was_held = exists().where(_ROUND.c.poll == _POLL.c.id)
        over = select(_POLL).where(_POLL.c.state == PollState.STOPPED.value, was_held)
        newest = over.order_by(_POLL.c.id.desc()).limit(most)
        return [_poll(row) for row in await self._rows(newest)]

    async def open_round(self, opened: Round, invitations: Collection[Invitation]) -> Round:
        made = await self._db.run(insert(_ROUND).values(_round_values(opened)).returning(_ROUND))
        new = _round(made.mappings().one())
        if invitations:
            rows = [
                {
                    "round": new.id,
                    "person": one.person,
                    "grp": one.group,
                    "answered": one.answered,
                }
                for one in invitations
            ]
            await self._db.run(insert(_INVITED), rows)
        return new

    async def round(self, which: RoundId) -> Round | None:
        found = await self._rows(select(_ROUND).where(_ROUND.c.id == which))
        return _round(found[0]) if found else None

    async def save_round(self, changed: Round) -> None:
        this = update(_ROUND).where(_ROUND.c.id == changed.id)
        await self._db.run(this.values(_round_values(changed)))

    async def open_rounds(self) -> Sequence[Round]:
        return await self._rounds(select(_ROUND).where(_OPEN))

    async def counted(self) -> Sequence[Round]:
        return await self._rounds(select(_ROUND).where(_ROUND.c.state == RoundState.COUNTED.value))

    async def rounds(self, since: datetime, until: datetime) -> Sequence[Round]:
        closed = select(_ROUND).where(~_OPEN, _ROUND.c.closes >= since, _ROUND.c.closes < until)
        return await self._rounds(closed)

    async def rounds_of(self, poll: PollId, most: int) -> Sequence[Round]:
        closed = select(_ROUND).where(_ROUND.c.poll == poll, ~_OPEN)
        newest = closed.order_by(_ROUND.c.closes.desc(), _ROUND.c.id.desc()).limit(most)
        return [_round(row) for row in reversed(await self._rows(newest))]

    async def lock_round(self, which: RoundId) -> Round | None:
        this = select(_ROUND).where(_ROUND.c.id == which)
        found = await self._rows(self._locked(this))
        return _round(found[0]) if found else None

    async def share_round(self, which: RoundId) -> Round | None:
        this = select(_ROUND).where(_ROUND.c.id == which)
        found = await self._rows(self._locked(this, shared=True))
        return _round(found[0]) if found else None

    async def lock_invitation(self, which: RoundId, person: PersonId) -> Invitation | None:
        this = select(_INVITED).where(*_theirs(which, person))
        found = await self._rows(self._locked(this))
        return _invitation(found[0]) if found else None

    def _locked(self, found: Select[Any], *, shared: bool = False) -> Select[Any]:
        # On SQLite whoever writes is alone.
        if self._db.dialect != "postgresql":
            return found
        return found.with_for_update(read=shared, key_share=not shared)

    async def invitations(self, which: RoundId) -> Sequence[Invitation]:
        asked = select(_INVITED).where(_INVITED.c.round == which).order_by(_INVITED.c.person)
        return [_invitation(row) for row in await self._rows(asked)]

    async def mark_answered(self, which: RoundId, person: PersonId) -> None:
        await self._db.run(update(_INVITED).where(*_theirs(which, person)).values(answered=True))

    async def mark_unanswered(self, which: RoundId) -> None:
        await self._db.run(update(_INVITED).where(_INVITED.c.round == which).values(answered=False))

    async def answers(self, which: RoundId) -> Sequence[Answer]:
        given = select(_ANSWER).where(_ANSWER.c.round == which)
        ordered = given.order_by(_ANSWER.c.question, _ANSWER.c.number)
        return [_answer(row) for row in await self._rows(ordered)]

    async def vote(self, which: RoundId, person: PersonId) -> Vote:
        theirs = select(_ANSWER).where(_ANSWER.c.round == which, _ANSWER.c.person == person)
        return {row["question"]: row["value"] for row in await self._rows(theirs)}

    async def answer(self, which: RoundId, invited: Invitation, vote: Vote) -> None:
        theirs = (_ANSWER.c.round == which, _ANSWER.c.person == invited.person)
        await self._db.run(delete(_ANSWER).where(*theirs))
        rows = [
            {
                "round": which,
                "question": question,
                "number": invited.person,
                "grp": invited.group,
                "value": value,
                "person": invited.person,
            }
            for question, value in vote.items()
        ]
        if rows:
            await self._db.run(insert(_ANSWER), rows)

    async def forget_texts(self, before: datetime) -> int:
        """Empty what was answered in words in rounds that closed before then; returns how many."""
        kept = exists().where(_ANSWER.c.round == _ROUND.c.id)
        old = select(_ROUND.c.id, _ROUND.c.form).where(~_OPEN, _ROUND.c.closes < before, kept)
        forgotten = 0
        for row in await self._rows(old):
            words = [
                number
                for number, asks in enumerate(_form.validate_json(row["form"]).questions)
                if asks.kind is Kind.OPEN
            ]
            theirs = (_ANSWER.c.round == row["id"], _ANSWER.c.question.in_(words))
            emptied = update(_ANSWER).where(*theirs, _ANSWER.c.value != "").values(value="")
            forgotten += int((await self._db.run(emptied)).rowcount) if words else 0
        return forgotten

    async def decline(self, person: PersonId, *, asked: bool) -> None:
        if asked:
            await self._db.run(delete(_DECLINED).where(_DECLINED.c.person == person))
        else:
            new = sqlite.insert if self._db.dialect == "sqlite" else postgresql.insert
            await self._db.run(new(_DECLINED).values(person=person).on_conflict_do_nothing())

    async def declined(self) -> Collection[PersonId]:
        return {PersonId(row["person"]) for row in await self._rows(select(_DECLINED))}

    async def _rounds(self, found: Select[Any]) -> Sequence[Round]:
        ordered = found.order_by(_ROUND.c.closes, _ROUND.c.id)
        return [_round(row) for row in await self._rows(ordered)]

    async def _rows(self, found: Select[Any]) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = (await self._db.run(found)).mappings().all()
        return rows


def _theirs(which: RoundId, person: PersonId) -> tuple[Any, ...]:
    return _INVITED.c.round == which, _INVITED.c.person == person


def _poll_values(poll: Poll) -> dict[str, Any]:
    return {
        "owner": poll.owner,
        "form": _form.dump_json(poll.form).decode(),
        "audience": _audience.dump_json(poll.audience).decode(),
        "schedule": _schedule.dump_json(poll.schedule).decode(),
        "state": poll.state.value,
        "version": poll.version,
    }


def _poll(row: Mapping[str, Any]) -> Poll:
    return Poll(
        id=PollId(row["id"]),
        owner=PersonId(row["owner"]),
        form=_form.validate_json(row["form"]),
        audience=_audience.validate_json(row["audience"]),
        schedule=_schedule.validate_json(row["schedule"]),
        state=PollState(row["state"]),
        version=row["version"],
    )


_SAME = ("opened", "closes", "reminds", "asked", "unreachable", "answered", "lost", "told")


def _round_values(one: Round) -> dict[str, Any]:
    return {
        "poll": one.poll,
        "local": one.local.isoformat(timespec="minutes"),
        "form": _form.dump_json(one.form).decode(),
        "state": one.state.value,
        **{name: getattr(one, name) for name in _SAME},
    }


def _round(row: Mapping[str, Any]) -> Round:
    return Round(
        id=RoundId(row["id"]),
        poll=PollId(row["poll"]),
        local=datetime.fromisoformat(row["local"]),
        form=_form.validate_json(row["form"]),
        state=RoundState(row["state"]),
        **{name: row[name] for name in _SAME},
    )


def _invitation(row: Mapping[str, Any]) -> Invitation:
    return Invitation(
        RoundId(row["round"]), PersonId(row["person"]), row["grp"], answered=row["answered"]
    )


def _answer(row: Mapping[str, Any]) -> Answer:
    person = None if row["person"] is None else PersonId(row["person"])
    return Answer(row["question"], row["grp"], row["value"], person)
