"""Every figure by name, with its section and its unit. Names are stored and exported: they stay."""

from collections.abc import Mapping

from bot.summary.report import Part, Unit

SOURCES = ("refused", "not_ours", "not_helped", "none_of_these", "direct", "walk_in")
"""How a question came to be sent to a coach."""
OUTCOMES: Mapping[str, str] = {
    "answer": "certain",
    "choices": "choices",
    "not_ours": "not_ours",
    "refused": "refused",
}
"""What a question met, as it is stored, and the figure that counts it."""
RINGS = (0, 1, 2, 3, 4)
LEVELS = ("operationeel", "tactisch", "strategisch")
ROLES = ("trainer", "coach", "adviseur", "onderwijskundige", "veranderkundige", "technovator")

_ANSWERS: Mapping[str, Unit] = {
    "messages": Unit.COUNT,
    "questions": Unit.COUNT,
    "small_talk": Unit.COUNT,
    "commands": Unit.COUNT,
    **dict.fromkeys(OUTCOMES.values(), Unit.COUNT),
    "picked": Unit.COUNT,
    "from_faq": Unit.SHARE,
    "helped": Unit.COUNT,
    "not_helped": Unit.COUNT,
    "helped_share": Unit.SHARE,
    "stale": Unit.COUNT,
}
_ROUTING: Mapping[str, Unit] = {
    "routed": Unit.COUNT,
    **{f"routed_{source}": Unit.COUNT for source in SOURCES},
    "urgent": Unit.COUNT,
    "open_start": Unit.COUNT,
    "reopened": Unit.COUNT,
    "closed": Unit.COUNT,
    "withdrawn": Unit.COUNT,
    "open_end": Unit.COUNT,
    "old": Unit.COUNT,
    "hand_overs": Unit.COUNT,
    **{f"ring_{ring}": Unit.COUNT for ring in RINGS},
    "claim_median": Unit.MINUTES,
    "claim_p90": Unit.MINUTES,
    "answer_median": Unit.MINUTES,
    "answer_p90": Unit.MINUTES,
}
_NEARNESS: Mapping[str, Unit] = {
    "ratings": Unit.COUNT,
    "felt": Unit.POINTS,
    "computed": Unit.NEARNESS,
    "rank": Unit.RANK,
}
_LOAD: Mapping[str, Unit] = {"got": Unit.COUNT, "fte": Unit.RATIO, "load": Unit.RATIO}
_WALKIN: Mapping[str, Unit] = {
    "seats": Unit.COUNT,
    "booked": Unit.COUNT,
    "walked_in": Unit.COUNT,
    "no_show": Unit.COUNT,
    "wait_median": Unit.MINUTES,
    "visits_helped": Unit.COUNT,
    "visits_per_fte": Unit.RATIO,
}
_MIX: Mapping[str, Unit] = {
    **{f"level_{level}": Unit.COUNT for level in LEVELS},
    **{f"role_{role}": Unit.COUNT for role in ROLES},
    "shift": Unit.CHANGE,
}
PARTS: Mapping[Part, Mapping[str, Unit]] = {
    Part.ANSWERS: _ANSWERS,
    Part.ROUTING: _ROUTING,
    Part.NEARNESS: _NEARNESS,
    Part.LOAD: _LOAD,
    Part.WALKIN: _WALKIN,
    Part.MIX: _MIX,
}
"""The figures of each section, in order. Those of polls have names of their own: their rounds."""
UNITS: Mapping[str, Unit] = {
    name: unit for figures in PARTS.values() for name, unit in figures.items()
}
OF_COACH = (
    "got",
    "fte",
    "load",
    "seats",
    "booked",
    "walked_in",
    "no_show",
    "visits_helped",
    "visits_per_fte",
    "ratings",
    "felt",
)
OF_TEAM = ("ratings", "felt")
OF_LOCATION = ("questions", "routed", "open_end", "ratings", "felt")
HEADLINES = ("questions", "from_faq", "claim_median")
COACH_HEADLINES = ("questions", "got", "claim_median")
