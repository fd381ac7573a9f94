"""Checks the FAQ's files: what would confuse the matcher, or a teacher."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.core.errors import at
from bot.core.reply import Say
from bot.knowledge.model import Entry, Faq
from bot.knowledge.normalise import content, words
from bot.knowledge.rules import fields_of, fill

LEAST_VARIANTS = 12
LONGEST_ANSWER = 900
LONGEST_TITLE = 100
NEAR = 90
"""The token_sort_ratio from which two wordings are near-duplicates; 0 to 100."""
NEAR_FROM = 3  # words: two of the same two words are no copy of a message
ALWAYS_FILLED = {"coach_title": "coach"}
KNOWN_FIELDS = frozenset(
    [
        "coach_title",
        "college",
        "servicedesk_phone",
        "servicedesk_email",
        "servicedesk_place",
        "servicedesk_url",
        "lms",
        "lms_url",
        "student_system",
        "wifi_name",
        "password_url",
        "remote_access",
        "privacy_name",
        "privacy_email",
        "privacy_phone",
        "tools_url",
        "device_booking",
        "print_name",
        "print_url",
        "training_url",
        "training_email",
        "portfolio_tool",
        "plagiarism_tool",
        "bpv_tool",
        "quiz_tool",
        "video_tool",
        "ai_tool",
        "ai_policy_url",
        "library_email",
        "pd_hours",
        "walkin_times",
        "coach_email",
        "coach_page",
        "hr_portal",
        "hr_email",
        "roster_portal",
        "facilities_phone",
        "facilities_email",
        "student_admin_email",
        "exam_office_email",
    ]
)


@dataclass(frozen=True)
class Findings:
    """`problems` must be mended; `notes` should be known."""

    problems: tuple[Say, ...]
    notes: tuple[Say, ...]


def check(faq: Faq, fields: Mapping[str, str]) -> Findings:
    """Check all entries and topics; `fields` are the ones that the college filled in."""
    used = _fields_used(faq)
    problems = [
        *broken(faq),
        *_twice("title", [entry.title for entry in faq.entries]),
        *_near_across(faq.entries),
        *(at(entry.id, one) for entry in faq.entries for one in _weak(entry)),
        *(
            at(topic.id, Say("faq_check.where_left"))
            for topic in faq.topics
            if topic.where and not fill(topic.where, ALWAYS_FILLED)
        ),
    ]
    return Findings(tuple(problems), tuple(_missing(used, fields)))


def broken(faq: Faq) -> list[Say]:
    """Find what no entry may have, not even one that a coach proposed and a curator approved.

    Such an entry has few wordings and no tags, and may be as long as the form takes.
    """
    return [
        *_twice("id", [entry.id for entry in faq.entries]),
        *(at(entry.id, one) for entry in faq.entries for one in _broken(entry)),
        *(
            at(name, Say("faq_check.no_field", {"field": field}))
            for name, of_name in _fields_used(faq).items()
            for field in sorted(of_name - KNOWN_FIELDS)
        ),
    ]


def _fields_used(faq: Faq) -> dict[str, set[str]]:
    texts = {str(entry.id): _texts(entry) for entry in faq.entries}
    texts |= {topic.id: [topic.title, topic.where] for topic in faq.topics}
    return {
        name: {field for text in said for field in fields_of(text)} for name, said in texts.items()
    }


def _missing(used: Mapping[str, set[str]], fields: Mapping[str, str]) -> Iterator[Say]:
    for field in sorted(field for field in KNOWN_FIELDS if not fields.get(field)):
        if names := [name for name, of_name in used.items() if field in of_name]:
            yield Say("faq_check.empty_field", {"field": field, "names": ", ".join(names)})


def _texts(entry: Entry) -> list[str]:
    english = [entry.english.title, entry.english.answer] if entry.english else []
    return [entry.title, entry.answer, *english]


def _twice(what: str, values: Sequence[str]) -> Iterator[Say]:
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield Say("faq_check.twice", {"what": what, "value": value})


def _weak(entry: Entry) -> Iterator[Say]:
    different = len({content(variant) for variant in entry.variants} - {frozenset()})
    if different < LEAST_VARIANTS:
        yield Say("faq_check.variants", {"count": different, "least": LEAST_VARIANTS})
    for answer in _answers(entry):
        if len(answer) > LONGEST_ANSWER:
            yield Say("faq_check.long", {"count": len(answer), "most": LONGEST_ANSWER})
        left = _left(answer)
        if "{" in left or "}" in left:
            yield Say("faq_check.brace")
    if len(entry.title) > LONGEST_TITLE:
        yield Say("faq_check.title", {"count": len(entry.title), "most": LONGEST_TITLE})
    if not entry.tags:
        yield Say("faq_check.tagless")


def _broken(entry: Entry) -> Iterator[Say]:
    for answer in _answers(entry):
        if not answer.strip():
            yield Say("faq_check.empty")
        elif not _left(answer):
            yield Say("faq_check.left")
    if not entry.reviewed_on or not entry.review_after:
        yield Say("faq_check.undated")
    elif entry.review_after <= entry.reviewed_on:
        yield Say("faq_check.backwards")


def _answers(entry: Entry) -> list[str]:
    return [entry.answer, *([entry.english.answer] if entry.english else [])]


def _left(answer: str) -> str:
    """Return what is left of an answer when no field is filled in; doubled braces are none."""
    return fill(answer.replace("{{", "").replace("}}", ""), ALWAYS_FILLED)


def _near_across(entries: Sequence[Entry]) -> Iterator[Say]:
    """Find wordings of two entries that are nearly the same: the matcher could only guess."""
    said = [
        (entry.id, text, _in_order(text))
        for entry in entries
        for text in (entry.title, *entry.variants)
    ]
    plain = [normal for _, _, normal in said]
    for place, (one, text, normal) in enumerate(said):
        near = process.extract(
            normal, plain[place + 1 :], scorer=fuzz.ratio, score_cutoff=NEAR, limit=None
        )
        for _, _, step in near:
            other, other_text, _ = said[place + 1 + step]
            if other != one:
                data = {"text": text, "id": one, "other_text": other_text, "other": other}
                yield Say("faq_check.near", data)


def _in_order(text: str) -> str:
    # The ratio of such texts is the token_sort_ratio, without sorting for each comparison.
    return " ".join(sorted(words(text)))


def check_against(faq: Faq, messages: Sequence[str]) -> list[Say]:
    """Find wordings of three or more words that are copies of a measuring message."""
    plain = [_in_order(message) for message in messages]
    found = []
    for entry in faq.entries:
        for text in entry.variants:
            if len(words(text)) < NEAR_FROM:
                continue
            near = process.extractOne(_in_order(text), plain, scorer=fuzz.ratio, score_cutoff=NEAR)
            if near:
                data = {"text": text, "message": messages[near[2]]}
                found.append(at(entry.id, Say("faq_check.copy", data)))
    return found
