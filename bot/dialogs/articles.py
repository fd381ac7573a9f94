"""Articles of the FAQ that a coach can answer with: like the question, and not yet in vain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.ids import EntryId
from bot.dialogs.case import Article, Case
from bot.dialogs.ports import TurnWork
from bot.knowledge.live import FaqIndex
from bot.knowledge.match import Asker
from bot.knowledge.model import Entry
from bot.knowledge.rules import fill, title_of
from bot.knowledge.service import CollegeFields
from bot.people.model import Person
from bot.routing.model import Act, State


@dataclass(frozen=True)
class Articles:
    """Finds them, as the teacher who asks would read them."""

    index: FaqIndex
    fields: CollegeFields

    def beside(self, case: Case, reader: Person | None) -> Case:
        """Return the case with the articles that stand on its card, for who has yet to answer."""
        question = case.question
        if reader is None or question.holder != reader.id or question.state is not State.CLAIMED:
            return case
        return replace(case, articles=self._near(case, reader))

    def _near(self, case: Case, reader: Person) -> Sequence[Article]:
        asker = _works(case)
        fields = self.fields.of(asker)
        matcher = self.index.matcher
        hits = matcher.related(case.question.draft.text, asker)
        shown = matcher.related(case.none_of, asker) if case.none_of else ()
        no_use = {*case.in_vain, *(one.entry.id for one in shown)}
        return [
            Article(one.entry.id, fill(title_of(one.entry, reader.language), fields))
            for one in hits
            if one.entry.id not in no_use and not self._sent(case, one.entry)
        ]

    def _sent(self, case: Case, entry: Entry) -> bool:
        """Tell whether an entry was sent as an answer to this question: it is open, so in vain."""
        title = fill(title_of(entry, case.asker.language), self.fields.of(_works(case)))
        answers = [one.text for one in case.said if one.act is Act.ANSWER]
        return any(text.startswith(f"{title}\n") for text in answers)

    async def text(self, work: TurnWork, case: Case, which: EntryId) -> str | None:
        """Return an article in the asker's language, if it is written in that; None: it is gone."""
        entry = await work.knowledge.entry(which)
        if entry is None:
            return None
        language = case.asker.language
        english = entry.english if language == "en" else None
        said = f"{title_of(entry, language)}\n{english.answer if english else entry.answer}"
        return fill(said, self.fields.of(_works(case)))


def _works(case: Case) -> Asker:
    return Asker(case.works.sectors, case.works.location)
