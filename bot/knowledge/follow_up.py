"""When a message goes on about the question before it, and what the two say together. Pure."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.knowledge.normalise import MAX_LENGTH, stop_words, words

WINDOW = timedelta(minutes=10)
"""How long a question can be gone on about."""
MOST_SUBJECTS = 4
"""Content words of a message that begins with 'en'; with more it says what it is about itself."""
MOST_OF_A_REFERENCE = 2
"""Content words beside a 'dat' or a 'daar' that stands for what was asked before."""

_PREFACE = frozenset(
    words(
        "ok oke okay ja nee yes no top prima fijn mooi super duidelijk bedankt dank je wel "
        "dankjewel dankje thanks thank you aha ah oh hm hmm eh ehm nou hoi hey hallo"
    )
)
"""Words of what was read before, said ahead of what is asked now."""
_OPENING = re.compile(
    r"(?:en|maar|of|ook|and|but|or|also|what about|how about|what if|wat als|stel dat"
    r"|hoe zit (?:het|dat) (?:dan )?(?:met|als|bij)|(?:geldt|werkt|kan|mag|lukt|is) (?:het|dat) ook"
    r"|(?:kan|mag) (?:ik|je|we) (?:het |dat )?ook"
    r"|(?:does|is|can) (?:it|that) also)\b"
)
_PLACE = frozenset(words("op in bij met zonder voor via vanaf on with without for from via"))
_NOUNLESS = frozenset(words("het dat die dit deze it that this these those"))
"""Pronouns, but for 'dat document', 'zorgen dat ik' and 'een student die'."""
_SAYINGS = frozenset({"het", "it"})
_CLAUSE = frozenset(
    words("ik je jij u we wij ze zij hij er jullie i you they he she de het een mijn")
)
_ARTICLE = frozenset(words("de een mijn onze jouw elke iedere welke"))
_ASKS_WHETHER = frozenset(words("kan mag moet lukt werkt is kost can may must does"))
"""Before a pronoun: 'kan dat vooraf' is not about a certain vooraf."""
_FRAGMENT_OF = re.compile(
    r"(?:(?:en|maar|of|ook|and|but|or|also) )+"
    r"(?:op|in|bij|met|zonder|voor|via|vanaf|van|als|on|with|without|for|from|via|if)\b"
)
_VERBS = {
    **dict.fromkeys(("zet", "zetten"), "zetten"),
    **dict.fromkeys(("schakel", "schakelen"), "schakelen"),
    **dict.fromkeys(("haal", "halen"), "halen"),
    **dict.fromkeys(("trek", "trekken"), "trekken"),
    **dict.fromkeys(("gooi", "gooien"), "gooien"),
    **dict.fromkeys(("doe", "doen"), "doen"),
    **dict.fromkeys(("werkt", "werken"), "werken"),
}
"""Verbs that by themselves say nothing of what is asked."""
_UNDOES = frozenset(
    words(
        "uitzetten afzetten stopzetten dichtzetten uitschakelen weghalen uithalen intrekken "
        "weggooien uitdoen wegdoen"
    )
)
_WHOLE = _UNDOES | frozenset(words("aanzetten terugzetten inschakelen terughalen aandoen"))
"""What such a verb says together with the word at the end: 'zet ik dat weer uit'."""
_STANDS_FOR = _NOUNLESS | frozenset(
    words(
        "daar daarmee daarvoor daarin daarbij hiermee hiervoor hierbij ermee ervoor erin erbij "
        "eraan ervan daarvan daarna there"
    )
)
_FRAGMENT = 4


def goes_on(text: str) -> bool:
    """Tell whether a message by its words goes on about the question before it."""
    said = _without_preface(words(text))
    subjects = len(set(contents(said)))
    plain = " ".join(said)
    if not said or subjects > MOST_SUBJECTS:
        return False
    if _OPENING.match(plain) or not subjects_of(text):
        return True
    if subjects > MOST_OF_A_REFERENCE:
        return False
    return refers_back(plain) or (
        said[0] in _PLACE and len(said) <= _FRAGMENT and subjects == 1 and text.rstrip()[-1] == "?"
    )


def refers_back(text: str) -> bool:
    """Tell whether a word stands for something that was said before."""
    said = words(text)
    return any(
        word in _STANDS_FOR and not (word in _NOUNLESS and _no_pronoun(said, place))
        for place, word in enumerate(said)
    )


def says_little(text: str) -> bool:
    """Tell whether what a message is about was said before: 'kan dat ook vooraf?' names nothing.

    Not 'de wifi doet het niet': a 'het' is as often part of a saying.
    """
    said = [word for word in words(text) if word not in _SAYINGS]
    return len(set(contents(said))) <= 1 and refers_back(" ".join(said))


def is_fragment(text: str) -> bool:
    """Tell whether a message goes on with a sentence that was begun before: 'en voor Word?'."""
    return bool(_FRAGMENT_OF.match(" ".join(_without_preface(words(text)))))


def names_nothing(text: str) -> bool:
    """Tell whether a message has a verb at most: 'hoe zet ik dat uit?', 'werkt niet', 'waarom?'."""
    return subjects_of(text) <= {whole_verb(words(text))}


def subjects_of(text: str) -> set[str]:
    """Return what a message is about: its contents, and a verb that stands in two places whole."""
    said = words(text)
    verb = whole_verb(said)
    about = contents([*said[:-1], verb] if verb else said)
    return {word for word in about if word not in _VERBS}


def whole_verb(said: Sequence[str]) -> str:
    """Return the verb of which the last word is one half, and a word before it the other."""
    whole = (said[-1] + _VERBS[word] for word in said if word in _VERBS)
    return next((verb for verb in whole if verb in _WHOLE), "")


def undoes(verb: str) -> bool:
    """Tell whether a verb takes back what an answer may tell how to do."""
    return verb in _UNDOES


def _no_pronoun(said: Sequence[str], place: int) -> bool:
    if place and said[place - 1] in _ASKS_WHETHER:
        return False
    after = said[place + 1] if place + 1 < len(said) else ""
    relative = said[place] == "die" and place > 1 and said[place - 2] in _ARTICLE
    return relative or _content(after) or after in _CLAUSE


def together(previous: str, text: str) -> str:
    """Return both questions as one; of two long ones the newer is kept whole."""
    room = max(MAX_LENGTH - len(text) - 1, 0)
    return f"{previous[:room].strip()}\n{text}".strip()


def contents(said: Sequence[str]) -> list[str]:
    """Return the words that say what something is about."""
    nothing = stop_words()
    return [word for word in said if word and word not in nothing]


def _content(word: str) -> bool:
    return bool(word) and word not in stop_words()


def _without_preface(said: Sequence[str]) -> Sequence[str]:
    for place, word in enumerate(said):
        if word not in _PREFACE:
            return said[place:]
    return ()
