"""The questions that one message may hold, by its signs and words. Pure."""

import re
from collections.abc import Iterator, Sequence

from bot.knowledge.follow_up import contents, refers_back
from bot.knowledge.normalise import words

MOST = 3
"""Questions of one message; who sends more wrote a letter, which is read as one."""

_ANNOUNCED = re.compile(
    r"^(?:[\w',!. ]{0,40}?\b)?(?:2|3|twee|drie|two|three|paar|few)\s+"
    r"(?:vragen|vraagjes|dingen|dingetjes|questions|things)\b[\s:.,!;-]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:^|\s)(?:vraag\s*|question\s*)?([1-9])\s*[.):]+\s+", re.IGNORECASE)
_MAY_HOLD_MORE = re.compile(r"[?!.]\s|[^\S \t]|1|\s(?:en|and)\s", re.IGNORECASE)
"""What every message of several questions has: an end of a sentence or line, an 'en', or a 1."""
_SENTENCE = re.compile(r"(?<=[?!.])\s|\n")
_BULLET = re.compile(r"^\s*[-*•]\s*")
_ASKS = (
    r"(?:hoe|wat|waar|waarom|waarmee|wanneer|wie|welke?|hoeveel|how|what|where|why|when|who|which"
    r"|(?:kan|kun|mag|moet|zal|can|may|should|do|does|is|are|zijn|heb|hebben) "
    r"(?:ik|je|jij|we|wij|er|iemand|studenten|i|you|we|there|students))\b"
)
_QUESTION = re.compile(_ASKS, re.IGNORECASE)
_AND = re.compile(r"\s(?:en|and)\s", re.IGNORECASE)
_JOINT = re.compile(
    rf"\s?[,;]?\s(?:en|and)\s(?:ook\s|daarnaast\s|verder\s|dan\s|also\s)*(?={_ASKS})",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:en|ook|verder|daarnaast|nog iets|tot slot|ten eerste|ten tweede|ten derde"
    r"|and|also|furthermore|besides)\b[\s,:]*)+",
    re.IGNORECASE,
)


def ways(text: str) -> Iterator[tuple[str, ...]]:
    """Yield each way to read a message as two or three questions, the likeliest first.

    Every part is a question that says itself what it is about.
    """
    if not _MAY_HOLD_MORE.search(text):
        return
    # Blanks are made one first: a search through thousands of them would take a minute.
    lines = (" ".join(line.split()) for line in text.splitlines())
    body = _ANNOUNCED.sub("", "\n".join(filter(None, lines)), count=1)
    sentences = _sentences(body)
    clauses = _joined(body) if len(sentences) == 1 else ()
    for parts in (_numbered(body), sentences, clauses):
        told = tuple(_LEAD.sub("", part).strip() for part in parts)
        if 1 < len(told) <= MOST and all(map(_of_its_own, told)):
            yield told


def _of_its_own(part: str) -> bool:
    return bool(contents(words(part))) and not refers_back(part)


def _numbered(body: str) -> Sequence[str]:
    if "1" not in body:  # which is how they begin
        return ()
    before, *rest = _NUMBER.split(body)
    numbers, parts = rest[::2], rest[1::2]
    in_order = numbers == [str(number) for number in range(1, len(numbers) + 1)]
    return parts if in_order and not contents(words(before)) else ()


def _sentences(body: str) -> Sequence[str]:
    """Return a part a question; what is told goes with the question after it, or the last."""
    sentences = [one for one in _SENTENCE.split(body) if one.strip()]
    if len(sentences) == 1:
        return sentences
    parts, told = list[str](), list[str]()
    for sentence in sentences:
        told.append(_BULLET.sub("", sentence))
        if _asks(told[-1]):
            parts.append(" ".join(told))
            told = []
    return [*parts[:-1], " ".join([*parts[-1:], *told])]


def _joined(body: str) -> Sequence[str]:
    """Return the clauses of one sentence: 'hoe … en hoe …'."""
    if not _AND.search(body):
        return ()
    clauses = _JOINT.split(body)
    return clauses if all(_asks(clause) for clause in clauses) else ()


def _asks(part: str) -> bool:
    return part.rstrip().endswith("?") or bool(_QUESTION.match(_LEAD.sub("", part.strip())))
