"""A question on the point of being sent: who gets it first and why, and one tap to send it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from bot.core import buttons
from bot.core.ids import AskedId, PersonId, QuestionId
from bot.core.reply import Block, Button, Choose, Clauses, Field, Option, Reply, Say, Words
from bot.core.when import when
from bot.dialogs.coach import walkin_button
from bot.dialogs.nearby import Around, Near, Nearby
from bot.dialogs.proposal_cards import domain_label
from bot.dialogs.turn import Turn
from bot.knowledge.live import FaqIndex
from bot.knowledge.match import Asker
from bot.knowledge.model import CoachRole, Entry, Hit, Level
from bot.knowledge.service import CollegeFields
from bot.proximity.model import Part, Ranked
from bot.proximity.reasons import back
from bot.routing.model import (
    Draft,
    Question,
    RingTimes,
    Source,
    State,
    draft_key,
    draft_subject,
)
from bot.routing.rules import LONGEST, LONGEST_NOTE

MOST_REASONS = 3
NEAREST_ENTRIES = 3
"""Entries that a question's topic and level are guessed from, and a coach can answer with."""


@dataclass(frozen=True)
class Guess:
    """What a question is about, by the entries nearest to it."""

    topic: str = ""
    level: str = ""
    role: str = ""


@dataclass(frozen=True)
class Compose:
    """Shows the card from which a question is sent."""

    index: FaqIndex
    fields: CollegeFields
    nearby: Nearby
    times: RingTimes

    async def card(
        self,
        turn: Turn,
        asked: AskedId,
        source: Source,
        times: int = 0,
        *,
        coach: PersonId = PersonId(0),  # noqa: B008 (a plain number)
    ) -> Reply:
        """Return the card of a question that was asked, or the one on which it is yet typed.

        `times`: how often it was sent and taken back before. `coach`: who is asked by name.
        """
        known = await turn.work.knowledge.asked(asked) if asked else None
        text = known.text if known and known.person == turn.me else ""
        draft = buttons.SendQuestion(
            asked=asked if text else AskedId(0),
            draft=asked_key(asked, times) if text else f"card:{uuid4().hex}",
            source=source.value if text else Source.DIRECT.value,
            coach=coach,
        )
        blocks, pressed = await self.parts(turn, draft, text)
        title = Say("compose.title" if text else "compose.type", style="title")
        about = draft_subject(draft_key(turn.me, draft.draft))
        # Without a coach there is nothing to send, so nothing is asked for either.
        shown = (title, *blocks) if pressed else blocks
        return Reply("compose", shown, pressed, personal=True, subject=about)

    async def below(
        self, turn: Turn, asked: AskedId, source: Source, text: str, guess: Guess | None = None
    ) -> tuple[tuple[Block, ...], tuple[Button, ...]]:
        """Return what stands under an answer that did not help: the question is known there."""
        draft = buttons.SendQuestion(asked=asked, draft=asked_key(asked), source=source.value)
        return await self.parts(turn, draft, text, guess, shown=True)

    async def parts(
        self,
        turn: Turn,
        draft: buttons.SendQuestion,
        text: str,
        guess: Guess | None = None,
        *,
        shown: bool = False,
    ) -> tuple[tuple[Block, ...], tuple[Button, ...]]:
        """Return the lines and the buttons of a draft; `shown`: its text stands there already."""
        around = await self.around(turn, text, draft, guess)
        near = around.at(turn.now)
        blocks: list[Block] = []
        if text and not shown:
            blocks.append(Words(text))
        blocks += self.who(turn, near, draft.coach, self._word(turn, around))
        if not near.ranking.ranked:
            blocks += await self.desk(turn)
        if not near.but(turn.me):
            return tuple(blocks), ()
        if not text:
            blocks.append(Field(Say("compose.text"), "text", lines=True, needed=True, most=LONGEST))
        else:
            blocks.append(Field(Say("compose.note"), "note", value=draft.note, most=LONGEST_NOTE))
        pressed = self._buttons(near, draft, turn.now)
        if shown:  # under an answer it need not be said that nothing is to be sent
            pressed = pressed[:-1]
        if around.walkins.any_from(turn.now):
            pressed = (*pressed, walkin_button())  # one can walk in as well
        return tuple(blocks), pressed

    def _word(self, turn: Turn, around: Around) -> datetime | None:
        """Return by when there is word of a question that is sent now."""
        draft = Draft("", turn.me, "", Source.DIRECT, "nl", wanted=around.wanted)
        sent = Question(QuestionId(0), draft, State.OPEN, turn.now)
        return around.by_when(sent, (), self.times, turn.now)

    async def around(
        self, turn: Turn, text: str, draft: buttons.SendQuestion, guess: Guess | None = None
    ) -> Around:
        """Return the coaches for a draft, to be ranked with the one asked by name first."""
        guess = guess or self.guess(await turn.asker(), text)
        return await self.nearby.around(
            turn.work,
            turn.person,
            turn.now,
            topic=draft.topic or guess.topic,
            role=guess.role,
            wanted=draft.coach or None,
        )

    def hits(self, asker: Asker, text: str) -> Sequence[Hit]:
        """Return the entries nearest to a text, however far they are."""
        return self.index.matcher.rank(text, asker).hits[:NEAREST_ENTRIES] if text else ()

    def guess(self, asker: Asker, text: str) -> Guess:
        hit = next(iter(self.hits(asker, text)), None)
        return guess_of(hit.entry if hit else None)

    def who(self, turn: Turn, near: Near, wanted: PersonId, word: datetime | None) -> Iterator[Say]:
        """Yield who sees the question first, why, and by when there is word."""
        found = near.asked_first(wanted or None, turn.now)
        if found is None:
            yield Say("compose.nobody" if near.but(turn.me) else "coach.none")
            return
        coach, ranked = found
        yield Say("compose.who", {"name": coach.person.name})
        reasons = (near.against,) if wanted and near.against else _reasons(ranked, turn.now)
        if reasons:
            yield Say("coach.near", {"name": coach.person.name, "reasons": Clauses(reasons)})
        if word:
            zone = self.nearby.college.zone
            yield Say("compose.word", {"when": when(word, turn.now, zone, "before")})
        nearest, best = near.all[0]
        if not wanted and nearest != coach:
            # Nearer, but not at work: one's own coach can still be asked by name.
            again = Clauses((back(best.coach.available, turn.now),))
            yield Say("compose.own", {"name": nearest.person.name, "again": again}, "subtle")

    async def desk(self, turn: Turn) -> list[Say]:
        """Return the service desk's number, for who cannot wait."""
        return self.desk_of(await turn.asker())

    def desk_of(self, asker: Asker) -> list[Say]:
        phone = self.fields.of(asker).get("servicedesk_phone")
        return [Say("coach.servicedesk", {"phone": phone}, "subtle")] if phone else []

    def _buttons(
        self, near: Near, draft: buttons.SendQuestion, now: datetime
    ) -> tuple[Button, ...]:
        found = near.asked_first(draft.coach or None, now)
        to = Say("compose.send", {"name": found[0].person.name}) if found else None
        same = draft.model_dump(exclude={"urgent", "instead"})
        pressed = [
            Button(to or Say("compose.send_now"), draft.encode(), form=True),
            Button(
                Say("compose.urgent"),
                draft.model_copy(update={"urgent": True}).encode(),
                form=True,
            ),
        ]
        if draft.asked:
            adjust = buttons.AdjustQuestion.model_validate(same).encode()
            pressed.append(Button(Say("compose.adjust"), adjust, form=True))
            pressed.append(Button(Say("compose.drop"), buttons.DropDraft().encode()))
        return tuple(pressed)

    async def adjust(self, turn: Turn, draft: buttons.AdjustQuestion) -> Reply:
        """Show all that can be changed before a question is sent."""
        known = await turn.work.knowledge.asked(draft.asked) if draft.asked else None
        text = draft.text or (known.text if known and known.person == turn.me else "")
        guess = self.guess(await turn.asker(), text)
        # What stands in the fields comes back from them.
        send = buttons.SendQuestion.model_validate(draft.model_dump(exclude={"text", "note"}))
        near = (await self.around(turn, text, send)).at(turn.now)
        blocks: tuple[Block, ...] = (
            Say("compose.adjust_title", style="title"),
            Field(Say("compose.text"), "text", text, lines=True, needed=True, most=LONGEST),
            Field(Say("compose.note"), "note", draft.note, most=LONGEST_NOTE),
            Choose(Say("compose.to"), "coach", _coaches(near, turn.me), str(draft.coach)),
            Choose(Say("compose.topic"), "topic", self._topics(), draft.topic or guess.topic),
            Choose(Say("compose.level"), "level", _levels(), draft.level or guess.level),
        )
        pressed = (
            Button(Say("compose.send_now"), send.encode(), form=True),
            Button(Say("compose.drop"), buttons.DropDraft().encode()),
        )
        about = draft_subject(draft_key(turn.me, draft.draft))
        return Reply("compose", blocks, pressed, replaces=True, personal=True, subject=about)

    def _topics(self) -> tuple[Option, ...]:
        domains = sorted({entry.domain for entry in self.index.matcher.entries})
        return tuple(Option(domain_label(domain), domain) for domain in domains)


def _coaches(near: Near, asker: PersonId) -> tuple[Option, ...]:
    """Return to whom a question can go: the nearest, somebody by name, who is passed over last."""
    nearest = Option(Say("compose.nearest"), "0")
    names = [Option(Words(one.person.name), str(one.person.id)) for one, _ in near.all]
    # Who is away or full is not asked, but can be: one's own coach is worth the waiting.
    passed = [
        Option(
            Say("compose.passed", {"name": one.person.name, "why": Clauses((why,))}),
            str(one.person.id),
        )
        for one, why in near.passed
        if one.person.id != asker
    ]
    return (nearest, *names, *passed)


def _levels() -> tuple[Option, ...]:
    return tuple(Option(Say(f"level.{level}"), level.value) for level in Level)


def asked_key(asked: AskedId, times: int = 0) -> str:
    """Return what makes two drafts of one asked question the same; one taken back is none."""
    return f"asked:{asked}:{times}" if times else f"asked:{asked}"


def guess_of(nearest: Entry | None) -> Guess:
    """Return what a question is about, by the entry nearest to it."""
    if nearest is None:
        return Guess()
    return Guess(nearest.domain, nearest.level.value, nearest.role.value)


def role_of(level: str, guess: Guess) -> str:
    """Return the coach's role that a question asks for: guessed, unless its level was changed."""
    by_level: Mapping[str, CoachRole] = {
        Level.TACTICAL: CoachRole.EDUCATIONALIST,
        Level.STRATEGIC: CoachRole.CHANGE_AGENT,
        Level.OPERATIONAL: CoachRole.TECHNOVATOR,
    }
    changed = level in set(Level) and level != guess.level
    return by_level[level].value if changed else guess.role


def _reasons(ranked: Ranked, now: datetime) -> tuple[Say, ...]:
    """Return the strongest reasons, and always when the coach works."""
    available = ranked.coach.available
    works = Say("near.until", {"time": f"{available.until:%H:%M}"}) if available.until else None
    last = works or back(available, now)
    others = [one for one in ranked.reasons if one != last]
    load = next((one for one in others if one.key.startswith("near.open_")), None)
    first = [one for one in others if one != load][: MOST_REASONS - 1]
    return tuple(filter(None, (*first, last, load if ranked.parts[Part.WORKING] else None)))
