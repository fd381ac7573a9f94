"""A form that is filled in a terminal: its fields are asked in turn, a line each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.cards.plain import Line, filled, options, write
from bot.channels.console.shown import Pressable
from bot.core.reply import Choose, Field
from bot.i18n.text import Texts


@dataclass
class Form:
    """A button was pressed that takes along what is asked here."""

    texts: Texts
    pressed: Pressable
    _given: list[str] = field(default_factory=list)

    @property
    def payload(self) -> Mapping[str, Any] | None:
        """What the button sends, with all answers; None while one is missing."""
        fields = self.pressed.press.fields
        if len(self._given) < len(fields):
            return None
        answers = {one.name: value for one, value in zip(fields, self._given, strict=True)}
        return {**self.pressed.press.payload, **answers}

    def question(self) -> Iterator[Line]:
        """Write out what is asked now: the label, what stands there, and what can be chosen."""
        asked, language = self._asked, self.pressed.press.language
        label = write(self.texts, language, asked.label)
        present = filled(self.texts, language, asked)
        yield Line(f"? {label} [{present}]" if present else f"? {label}")
        if isinstance(asked, Choose):
            yield from options(self.texts, language, asked.options)

    def answer(self, line: str) -> str:
        """Take the answer to what is asked; returns the key of what is wrong with it, or nothing.

        An empty line keeps what stands there. What is chosen may be named by number or by label;
        of many, with a comma between.
        """
        asked = self._asked
        value = self._read(asked, line.strip())
        if value is None:
            return "console.form.not_listed"
        if isinstance(asked, Field) and asked.needed and not value:
            return "form.needed"
        self._given.append(value)
        return ""

    @property
    def _asked(self) -> Field | Choose:
        return self.pressed.press.fields[len(self._given)]

    def _read(self, asked: Field | Choose, text: str) -> str | None:
        if not text:
            return asked.value
        if isinstance(asked, Field):
            return text
        language = self.pressed.press.language
        numbered = {str(number): one.value for number, one in enumerate(asked.options, start=1)}
        labelled = {
            write(self.texts, language, one.label).casefold(): one.value for one in asked.options
        }
        named = numbered | labelled
        if not asked.many:
            return numbered.get(text, labelled.get(text.casefold()))
        chosen = {named.get(one.strip().casefold()) for one in text.split(",") if one.strip()}
        # In the order of the list, whatever order they are named in.
        in_order = (one.value for one in asked.options if one.value in chosen)
        return None if None in chosen else ",".join(in_order)
