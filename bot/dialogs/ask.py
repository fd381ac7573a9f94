"""A question: the answer, choices, another place to go, or honestly nothing; then the rating."""

import re
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.core import buttons
from bot.core.ids import AskedId, EntryId
from bot.core.redaction import redact
from bot.core.reply import Block, Button, Day, Reply, Say, Value, Words
from bot.core.walkin_buttons import ShowWalkIns
from bot.dialogs.coach import CoachCard
from bot.dialogs.compose import Compose, Guess, guess_of
from bot.dialogs.help import Help
from bot.dialogs.turn import Turn
from bot.knowledge import service as knowledge
from bot.knowledge.calibration import Thresholds
from bot.knowledge.live import FaqIndex
from bot.knowledge.match import Asker, applies
from bot.knowledge.model import Answer, Choices, Entry, NoAnswer, NotOurs, SmallTalk, Topic
from bot.knowledge.normalise import MAX_LENGTH
from bot.knowledge.rules import fill, title_of
from bot.knowledge.service import CollegeFields, Found
from bot.knowledge.understanding import Reader
from bot.routing.model import Source

WALK_IN, TIMES = EntryId("icoach-inloopuur"), ("walkin_times", "coach_page")
"""The answer about walk-in hours, and what it says of when they are while no hours are kept."""
IN_SHORT = 80
"""Signs of a question that are enough to know it again by: a line or two on a phone."""


@dataclass(frozen=True)
class Ask:
    """The conversation that everything starts with."""

    index: FaqIndex
    thresholds: Thresholds
    fields: CollegeFields
    student_number: re.Pattern[str]
    zone: ZoneInfo
    coach: CoachCard
    compose: Compose
    help: Help

    async def ask(self, turn: Turn, text: str) -> tuple[Reply, ...]:
        """Answer the questions of a message, a reply each.

        The first begins with what was taken out of the message, if anything.
        """
        return tuple([reply for reply, _ in await self.asked(turn, text)])

    async def asked(self, turn: Turn, text: str) -> list[tuple[Reply, Found]]:
        """Answer a message; returns also what was found, and under which ids it was stored."""
        clean, notes = self.clean(text)
        asker = await turn.asker()
        found = await knowledge.ask(
            turn.work,
            Reader(self.index.matcher, asker, self.thresholds),
            person=turn.me,
            text=clean,
            now=turn.now,
            conversation=turn.incoming.where.conversation,
        )
        turn.met.questions += sum(bool(one.asked) for one in found)
        turn.met.small_talk |= any(isinstance(one.outcome, SmallTalk) for one in found)
        answers = list[tuple[Reply, Found]]()
        for number, one in enumerate(found, start=1):
            reply = await self._reply(turn, asker, one)
            above = [*(notes if number == 1 else ()), *_read_as(one, number, len(found))]
            reply = replace(reply, blocks=(*above, *reply.blocks)) if above else reply
            answers.append((reply, one))
        return answers

    def urgent(self, text: str) -> str:
        """Return the kind of danger that a message speaks of, or an empty string."""
        return self.index.matcher.urgent.kind(text)

    def says_nothing(self, text: str) -> bool:
        """Tell whether a message is small talk: a question that waits is worth more."""
        return bool(self.index.matcher.small_talk.kind(text))

    def clean(self, text: str) -> tuple[str, list[Say]]:
        """Return what may be stored of a message, and what the asker is told about that."""
        redacted = redact(text, self.student_number)
        notes = [Say(f"note.{secret}", style="subtle") for secret in sorted(redacted.found)]
        if len(text) > MAX_LENGTH:
            notes.append(Say("note.long", style="subtle"))
        return redacted.text[:MAX_LENGTH], notes

    async def _reply(self, turn: Turn, asker: Asker, found: Found) -> Reply:
        asked = found.asked
        match found.outcome:
            case Answer(hit=hit):
                return await self._answer(turn, asker, hit.entry, asked)
            case Choices(hits=hits):
                return self._choices(turn, asker, [hit.entry for hit in hits], asked)
            case NotOurs(topic=topic):
                return self._not_ours(asker, topic, asked)
            case NoAnswer(nearest=nearest):
                return await self._no_answer(turn, asked, found.text, guess_of(nearest))
            case SmallTalk(kind=kind):
                return self._small_talk(turn, kind)

    def _small_talk(self, turn: Turn, kind: str) -> Reply:
        """Answer small talk in one line; the first name is enough for a greeting."""
        if kind == "help":
            return self.help.card(turn)
        return Reply("small_talk", (Say(f"small_talk.{kind}", {"name": turn.person.name}),))

    async def _answer(
        self, turn: Turn, asker: Asker, entry: Entry, asked: AskedId, *, replaces: bool = False
    ) -> Reply:
        rate = {"asked": asked, "entry": entry.id}
        hours = Button(Say("walkin.waiting.other"), ShowWalkIns().encode())
        return Reply(
            "answer",
            (*await self._entry(turn, asker, entry), Say("answer.helped_question", style="subtle")),
            (
                Button(Say("answer.helped_yes"), buttons.Rate(**rate, helped=True).encode()),
                Button(Say("answer.helped_no"), buttons.Rate(**rate, helped=False).encode()),
                *((hours,) if await self._hours_tell(turn, entry) else ()),
                _ask_coach(asked),
            ),
            replaces,
            personal=entry.shows == "coach",
        )

    async def _entry(self, turn: Turn, asker: Asker, entry: Entry) -> list[Block]:
        """Return the title, the answer in the asker's language if there is one, and its source."""
        language, fields = turn.person.language, self.fields.of(asker)
        hours = await self._hours_tell(turn, entry)
        if hours:
            fields = {name: said for name, said in fields.items() if name not in TIMES}
        english = entry.english if language == "en" else None
        body = fill(english.answer if english else entry.answer, fields)
        blocks: list[Block] = [Words(fill(title_of(entry, language), fields), "title")]
        if language == "en" and not english:
            blocks.append(Say("answer.dutch_only", style="subtle"))
        if not applies(entry, asker):
            places = ", ".join((*entry.applies_to.sectors, *entry.applies_to.locations))
            blocks.append(Say("answer.elsewhere", {"places": places}, "subtle"))
        if hours:
            blocks.append(Say("answer.walkin_hours"))
        blocks.append(Words(body))
        if entry.shows == "coach":
            blocks += await self.coach.blocks(turn)
        return [*blocks, *self._source(entry, turn.now.astimezone(self.zone).date())]

    async def _hours_tell(self, turn: Turn, entry: Entry) -> bool:
        """Tell whether walk-in hours themselves say it better than what the college filled in."""
        if entry.id != WALK_IN:
            return False
        return bool(await turn.work.walkin.hours(turn.now.astimezone(self.zone).date()))

    def _source(self, entry: Entry, today: date) -> list[Say]:
        if not entry.reviewed_on or not entry.review_after:
            return []
        reviewed = {"reviewed_on": Day(entry.reviewed_on)}
        source = Say(f"answer.source.{entry.owner}", reviewed, "subtle")
        if today <= entry.review_after:
            return [source]
        return [source, Say("answer.overdue", {"review_after": Day(entry.review_after)}, "subtle")]

    def _choices(self, turn: Turn, asker: Asker, entries: list[Entry], asked: AskedId) -> Reply:
        fields = self.fields.of(asker)
        picks = [
            Button(
                Words(fill(title_of(entry, turn.person.language), fields)),
                buttons.Pick(asked=asked, entry=entry.id).encode(),
            )
            for entry in entries
        ]
        none = Button(Say("choices.none"), buttons.NoneOfThese(asked=asked).encode())
        key = "choices.question" if len(picks) > 1 else "choices.only_one"
        return Reply("choices", (Say(key, style="title"),), (*picks, none))

    def _not_ours(self, asker: Asker, topic: Topic, asked: AskedId) -> Reply:
        where = fill(topic.where, self.fields.of(asker))
        blocks = (Say("not_ours.text", {"topic": topic.title}), Words(where))
        return Reply("not_ours", blocks, (_ask_coach(asked),))

    async def _no_answer(self, turn: Turn, asked: AskedId, text: str, guess: Guess) -> Reply:
        blocks, pressed = await self.compose.below(turn, asked, Source.REFUSED, text, guess)
        said = Say("no_answer.text", style="title")
        return Reply("no_answer", (said, *blocks), pressed, personal=True)

    async def rate(self, turn: Turn, pressed: buttons.Rate) -> Reply:
        """Store whether the answer helped; the card changes, and can be changed back."""
        entry = await knowledge.rate(
            turn.work,
            turn.me,
            pressed.asked,
            pressed.entry,
            helped=pressed.helped,
            now=turn.now,
        )
        if not entry:
            return await self._gone(turn, pressed.asked)
        blocks = await self._entry(turn, await turn.asker(), entry)
        again = Say("answer.rated_no_after_all" if pressed.helped else "answer.rated_yes_after_all")
        other = pressed.model_copy(update={"helped": not pressed.helped})
        blocks.append(Say("answer.rated_yes" if pressed.helped else "answer.rated_no"))
        send: tuple[Button, ...] = ()
        if not pressed.helped:
            below, send = await self._send(turn, pressed.asked, Source.NOT_HELPED)
            blocks += below
        return Reply(
            "answer.rated",
            tuple(blocks),
            # Who pressed the wrong one need not look behind "more": a card shows four.
            (*send[:3], Button(again, other.encode()), *send[3:]),
            replaces=True,
            personal=not pressed.helped or entry.shows == "coach",
        )

    async def pick(self, turn: Turn, pressed: buttons.Pick) -> Reply:
        """Show the entry that the asker meant, in the place of the choices."""
        entry = await knowledge.pick(turn.work, turn.me, pressed.asked, pressed.entry)
        if not entry:
            return await self._gone(turn, pressed.asked)
        asker = await turn.asker()
        return await self._answer(turn, asker, entry, pressed.asked, replaces=True)

    async def none_of_these(self, turn: Turn, pressed: buttons.NoneOfThese) -> Reply:
        """Show who can help instead, in the place of the choices."""
        if not await knowledge.choose_none(turn.work, turn.me, pressed.asked):
            return await self._gone(turn, pressed.asked)
        blocks, send = await self._send(turn, pressed.asked, Source.NONE_OF_THESE)
        said = Say("choices.none_chosen", style="title")
        return Reply("no_answer", (said, *blocks), send, replaces=True, personal=True)

    async def _send(
        self, turn: Turn, asked: AskedId, source: Source
    ) -> tuple[tuple[Block, ...], tuple[Button, ...]]:
        known = await turn.work.knowledge.asked(asked)
        return await self.compose.below(turn, asked, source, known.text if known else "")

    async def _gone(self, turn: Turn, asked: AskedId) -> Reply:
        question = await turn.work.knowledge.asked(asked) if asked else None
        theirs = question is not None and question.person != turn.me
        return Reply("error", (Say("error.not_yours" if theirs else "error.entry_gone"),))


def _read_as(found: Found, number: int, count: int) -> list[Say]:
    """Say how a message was read, unless as the one question that it is: it may be wrong."""
    if count > 1:
        which: dict[str, Value] = {"number": number, "count": count}
        return [Say("reading.one_of", {**which, "question": _in_short(found.text)}, "subtle")]
    if found.follows:
        return [Say("reading.follows", {"question": _in_short(found.follows)}, "subtle")]
    return []


def _in_short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= IN_SHORT else f"{line[: IN_SHORT - 1].rstrip()}…"


def _ask_coach(asked: AskedId) -> Button:
    return Button(Say("coach.ask"), buttons.AskCoach(asked=asked).encode())
