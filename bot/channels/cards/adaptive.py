"""A `Reply` as an Adaptive Card, by the card rules: short, four buttons, no markup.

All text stands in text runs, which know no markup: what people wrote can neither mention anyone nor
hide a link. Addresses that begin with https become links that show where they go.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Any, Literal, assert_never

from microsoft_teams.cards import (
    ActionSet,
    AdaptiveCard,
    CardElement,
    Container,
    ExecuteAction,
    OpenUrlAction,
    RichTextBlock,
    SubmitAction,
    TextRun,
)
from pydantic import BaseModel

from bot.channels.cards.charts import bars
from bot.channels.cards.inputs import drop_down, text_box
from bot.channels.cards.plain import write
from bot.core.reply import Block, Button, Chart, Choose, Field, Reply, Say, Select, Words
from bot.i18n.text import Texts

Inputs = Literal["auto", "none"]
VERSION = "1.5"
MOST_BUTTONS = 4
MOST_BYTES = 24_000
"""Of a card as it is sent; by the card rules it stays under 25 KB."""
SHORT_ENOUGH = 3_000
"""Signs of all texts together that fit whatever they are."""
CUTS: Sequence[tuple[bool, int]] = ((True, 300), (False, 1_500), (False, 500))
"""What is cut until a card fits: quoted texts first (small print), then the others; to how much."""
MOST_PARAGRAPHS = 20
"""Lines of a text that each get a paragraph; more stand as lines in a single one."""
MOST_LINKS = 10
SUMMARY = 120
"""Signs of what a phone's notification shows."""
_LINK = re.compile(r"https://[^\s<>\"')]+[^\s<>\"').,;:?!]")
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"size": "Medium", "weight": "Bolder"},
    "subtle": {"size": "Small", "is_subtle": True},
    "body": {},
}


def render(texts: Texts, reply: Reply) -> dict[str, Any]:
    """Return the card as JSON, with what people wrote cut short if else it were too large."""
    card = _rendered(texts, reply)
    if sum(map(_length, reply.blocks)) <= SHORT_ENOUGH:
        return card
    for quoted, most in CUTS:
        if len(json.dumps(card, ensure_ascii=False).encode("utf-8", "replace")) <= MOST_BYTES:
            break
        blocks = tuple(_cut(block, most, quoted=quoted) for block in reply.blocks)
        reply = replace(reply, blocks=blocks)
        card = _rendered(texts, reply)
    return card


def _length(block: Block) -> int:
    match block:
        case Words(text=text) | Field(value=text):
            return len(text)
        case Say(data=data):
            return sum(len(one) for one in data.values() if isinstance(one, str))
        case _:
            return 0


def _cut(block: Block, most: int, *, quoted: bool) -> Block:
    """Return a text cut short; what stands in a field stays whole, as it comes back from there."""
    if not isinstance(block, Say | Words) or (quoted and block.style != "subtle"):
        return block
    if isinstance(block, Words):
        return replace(block, text=_shorter(block.text, most))
    short = {
        name: _shorter(one, most) if isinstance(one, str) else one
        for name, one in block.data.items()
    }
    return replace(block, data=short)


def _shorter(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _rendered(texts: Texts, reply: Reply) -> dict[str, Any]:
    """Return the card. Its parts are typed models, written out one by one."""
    body = [one for block in reply.blocks for one in _elements(texts, reply, block)]
    actions: list[dict[str, Any]] = []
    for button in reply.buttons:
        payload, inputs = _sent(reply, button)
        known = write(texts, reply.language, button.label), str(payload.get("kind", "")), inputs
        if button.line or isinstance(button.label, Words):
            row = _row(*known)
            body.append({**row, "selectAction": _sending(row["selectAction"], payload)})
        else:
            actions.append(_sending(_action(*known), payload))
    for link in reply.links:
        title = write(texts, reply.language, link.label)
        actions.append(_json(OpenUrlAction(title=title, url=link.url)))
    for action in actions[MOST_BUTTONS:]:
        action["mode"] = "secondary"  # Teams keeps these behind its own 'more' button
    return {**_EMPTY, "body": body, **({"actions": actions} if actions else {})}


@lru_cache(maxsize=1_000)  # only what it sends differs from card to card
def _action(title: str, kind: str, inputs: Inputs) -> Mapping[str, Any]:
    return _json(_execute(title, {"kind": kind}, inputs))


@lru_cache(maxsize=1_000)
def _row(title: str, kind: str, inputs: Inputs) -> Mapping[str, Any]:
    """Return a line to tap: what people wrote is too long for a button on a phone."""
    return _json(
        Container(
            items=[RichTextBlock(inlines=[TextRun(text=title, color="Accent")])],
            style="emphasis",
            spacing="Small",
            select_action=_execute(title, {"kind": kind}, inputs),
        )
    )


def _sending(action: Mapping[str, Any], payload: Mapping[str, Any]) -> dict[str, Any]:
    data = {"data": dict(payload)}
    return {**action, **data, "fallback": {**action["fallback"], **data}}


def _json(part: BaseModel) -> dict[str, Any]:
    return part.model_dump(by_alias=True, exclude_none=True)


_EMPTY = _json(AdaptiveCard(version=VERSION))


def summary(texts: Texts, reply: Reply) -> str:
    """Return what a phone's notification says: the loudest text of the card, cut to size."""
    said = [block for block in reply.blocks if isinstance(block, Say | Words)]
    first = next((block for block in said if block.style != "subtle"), said[0] if said else None)
    if first is None:
        labelled = (block for block in reply.blocks if not isinstance(block, Say | Words))
        block = next(labelled)
        first = block.title if isinstance(block, Chart) else block.label
    text = " ".join(write(texts, reply.language, first).split())
    return text if len(text) <= SUMMARY else f"{text[: SUMMARY - 1]}…"


def _elements(texts: Texts, reply: Reply, block: Block) -> Sequence[Mapping[str, Any]]:
    match block:
        case Select():
            return [_json(part) for part in _select(texts, reply, block)]
        case Field():
            return [_json(text_box(texts, reply.language, block))]
        case Choose():
            return [_json(drop_down(texts, reply.language, block))]
        case Say() | Words():
            return _paragraphs(write(texts, reply.language, block), block.style)
        case Chart():
            title = write(texts, reply.language, block.title)
            return [*_paragraphs(title, "body"), _json(bars(texts, reply.language, block))]
        case _:
            assert_never(block)


@lru_cache(maxsize=1_000)  # most of what is said was said before: titles, answers, short sentences
def _paragraphs(text: str, style: str) -> Sequence[Mapping[str, Any]]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_PARAGRAPHS:
        # Clients show a line break in a run as one; each paragraph costs a hundred bytes.
        lines = ["\n".join(lines)]
    return [
        _json(RichTextBlock(inlines=_runs(line, style), spacing="Small" if place else "Default"))
        for place, line in enumerate(lines)
    ]


def _runs(line: str, style: str) -> list[Any]:
    runs, end = [], 0
    for link in islice(_LINK.finditer(line), MOST_LINKS):
        if link.start() > end:
            runs.append(TextRun(text=line[end : link.start()], **_LOOKS[style]))
        opens = OpenUrlAction(url=link.group())
        runs.append(TextRun(text=link.group(), select_action=opens, **_LOOKS[style]))
        end = link.end()
    if end < len(line):
        runs.append(TextRun(text=line[end:], **_LOOKS[style]))
    return runs


def _select(texts: Texts, reply: Reply, select: Select) -> Sequence[CardElement]:
    send = texts.write(reply.language, "select.send", {})
    payload = _without(select.payload, [select.field])
    return [
        drop_down(texts, reply.language, select),
        ActionSet(actions=[_execute(send, payload, "auto")]),
    ]


def _sent(reply: Reply, button: Button) -> tuple[Mapping[str, Any], Inputs]:
    """Return what a button sends by itself, and whether the card's inputs come along."""
    if not button.form:
        return button.payload, "none"
    names = [block.name for block in reply.blocks if isinstance(block, Field | Choose)]
    return _without(button.payload, names), "auto"


def _without(payload: Mapping[str, Any], names: Collection[str]) -> Mapping[str, Any]:
    """Leave out what comes beside the payload from an input: they must not both bear it."""
    return {name: value for name, value in payload.items() if name not in names}


def _execute(title: str, payload: Mapping[str, Any], inputs: Inputs) -> ExecuteAction:
    """Return an action; one without inputs works whatever the form above it still lacks."""
    return ExecuteAction(
        title=title,
        verb=str(payload.get("kind", "")),
        data=dict(payload),
        associated_inputs=inputs,
        fallback=SubmitAction(title=title, data=dict(payload), associated_inputs=inputs),
    )
