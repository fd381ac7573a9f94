"""The parts of an Adaptive Card that are filled in: text boxes and drop-downs."""

from collections.abc import Iterable

from microsoft_teams.cards import Choice, ChoiceSetInput, TextInput

from bot.channels.cards.plain import write
from bot.core.reply import Choose, Field, Language, Option, Select
from bot.i18n.text import Texts


def text_box(texts: Texts, language: Language, field: Field) -> TextInput:
    """Return the box; more signs than the field takes cannot be typed in it."""
    box = TextInput(
        id=field.name,
        label=write(texts, language, field.label),
        value=field.value or None,
        is_multiline=field.lines or None,
    )
    # Set apart from the others, it stays the whole number that it is: readers may refuse 1000.0.
    box.max_length = field.most
    if field.needed:
        box.is_required = True
        box.error_message = texts.write(language, "form.needed", {})
    return box


def drop_down(texts: Texts, language: Language, one: Select | Choose) -> ChoiceSetInput:
    """Return the list; one that stands on its own (a `Select`) must be chosen from."""
    label = write(texts, language, one.label)
    many = isinstance(one, Choose) and one.many
    box = ChoiceSetInput(
        id=one.field if isinstance(one, Select) else one.name,
        label=label,
        # Of many, all are there to be tapped: it comes back with a comma between the values.
        style="expanded" if many else "compact",
        is_multi_select=many or None,
        choices=_choices(texts, language, one.options),
        placeholder=texts.write(language, "select.placeholder", {}),
    )
    if isinstance(one, Select):
        box.is_required = True
        box.error_message = label
    else:
        box.value = one.value or None
    return box


def _choices(texts: Texts, language: Language, options: Iterable[Option]) -> list[Choice]:
    return [Choice(title=write(texts, language, one.label), value=one.value) for one in options]
