"""One person's Teams client, seen and touched as that person does.

What the client (Playground 0.2.28) does, found by trying:

- An `Action.Execute` sends an `adaptiveCard/action` invoke; a fallback `Action.Submit` is not used.
  Without a `verb` it is not sent ("Unable to reach app").
  The card in the answer replaces the card. A text in the answer, or an error's message, shows
  in a bar under the card, which stays; a card gets "Your response was sent to the app" there, which
  goes away after some seconds in Teams, so the driver dismisses it. An `Action.Submit` sends a
  message with a value, and nothing changes in the client.
- An update (PUT) changes the message where it stands, without a mark that it was edited.
- Typing shows as three dots above the editor, for three seconds.
- Nothing shows when the bot answers 500, nor when an empty text is entered: it is not sent at all.
- A compact `Input.ChoiceSet` is a box that opens a list over the page; its options are in the page
  only while it is open. At 390 pixels the list is as wide as the box, long options wrap, and a long
  list covers the card.
- An action with `associatedInputs` sends what stands in the card's inputs with its data; what was
  left empty is not in it. It is not sent, and an error shows, while a needed one is empty.
- The client is made for a desktop: it never gets narrower than 600 pixels. Below that the driver
  takes away its bars and its widest margins, so that a card is as wide as on a telephone.
- A channel or a group chat is one person's own; its posts are made of other elements than those
  here, and opening it sends a `conversationUpdate` of its own. This driver knows the 1:1 chat only.
- `locale` is always en-US, whatever the browser says; `serviceUrl` is http://localhost:PORT/_connector.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Locator, Page

from tests.story import best

SENT = "Your response was sent to the app"
SEND_BUTTONS = ("OK", "Verder", "Kies", "Continue", "Choose")
QUIET = 0.6  # seconds without a change after which an answer is taken to be complete
RELAY = 2.0  # the same, for what the bot sends by itself: it looks twice a second what is due
GLANCE = 0.1  # seconds between two looks
# A container that can be tapped is no <button>, but says that it is one.
BUTTONS = ".ac-adaptiveCard button:visible, .ac-adaptiveCard [role=button]:visible"
EDITOR = "[data-lexical-editor=true]"
MESSAGES = """sent =>
[...document.querySelectorAll('[aria-label="Message header"]')].map(header => {
    const bar = header.parentElement.querySelector('[aria-label="Display Invoked Message"]')
    const acknowledged = bar !== null && bar.innerText.trim() === sent
    const text = header.nextElementSibling.innerText.replaceAll('\\u00a0', ' ').trim()
    return {bot: header.querySelector('[aria-label="Message author"]') !== null, acknowledged,
            text: acknowledged ? text.slice(0, text.lastIndexOf(sent)).trim() : text}
})"""
TELEPHONE = f"""
    div:has({EDITOR}) {{ min-width: 0 !important; }}
    div:has(> h1), div:has(> div > h1) {{ display: none !important; }}
    div:has(> [aria-label="Message header"]) {{ margin-right: 8px !important; min-width: 0; }}
    .fai-OutputCard {{ min-width: 0 !important; }}
    .fai-OutputCard div:has(.ac-container) {{ width: auto !important; }}
"""
NARROW = 600  # pixels: what the client takes at least


@dataclass(frozen=True)
class Message:
    """A message as it shows: a card's texts and buttons are its text."""

    bot: bool
    text: str
    acknowledged: bool


class Window:
    """A person's client. What waits gives up after `patience` seconds."""

    def __init__(self, page: Page, address: str, conversation: str, patience: float) -> None:
        self.page, self.address, self.conversation = page, address, conversation
        self.patience = patience
        self.read: list[Message] = []
        """What was there when this person last did or read something."""

    async def load(self, *, greeted: bool) -> None:
        await self.page.goto(self.address)
        await self.page.locator(EDITOR).first.wait_for()
        await self.page.get_by_title("Toggle Log Panel").evaluate("button => button.click()")
        if (self.page.viewport_size or {"width": NARROW})["width"] < NARROW:
            await self.page.add_style_tag(content=TELEPHONE)
        if greeted:
            await self._settle(lambda now: any(message.bot for message in now))

    async def messages(self) -> list[Message]:
        return [Message(**found) for found in await self.page.evaluate(MESSAGES, SENT)]

    async def count_messages(self) -> int:
        """Count the messages of both, in the open conversation."""
        return len(await self.messages())

    async def text_of_last(self) -> str:
        """Return what the bot's last message says now."""
        return [message.text for message in await self.messages() if message.bot][-1]

    async def sees(self, text: str) -> None:
        await self._settle(lambda now: any(text in message.text for message in now), text, quiet=0)

    async def not_sees(self, text: str) -> None:
        shown = "\n".join(message.text for message in await self._settle(lambda _: True))
        assert text not in shown, f"there is '{text}' in:\n{shown}"

    async def types(self) -> bool:
        """Tell whether the dots show that the bot is typing."""
        return await self.page.locator(f"div:has(> div {EDITOR}) > div > .fui-Avatar").count() > 0

    async def say(self, text: str) -> None:
        if not text.strip():
            # Teams sends a message without text for a picture alone; this client does not.
            return await self.post({"type": "message", "text": text})
        await self.page.locator(EDITOR).first.click()
        for number, line in enumerate(text.splitlines()):
            if number:
                await self.page.keyboard.press("Shift+Enter")
            await self.page.keyboard.insert_text(line)
        await self.page.keyboard.press("Enter")
        return None

    async def press(self, label: str) -> None:
        """Press the last button whose title starts so; else choose such an option, and send it."""
        buttons = self.page.locator(BUTTONS)
        titles = await buttons.all_inner_texts()
        which = best(label, titles)
        if which is not None:
            await buttons.nth(which).click()
        elif not await self._choose_and_send(label):
            raise AssertionError(f"no button or option '{label}'; the buttons are {titles}")

    async def choose(self, label: str, option: str) -> None:
        """Choose from the last drop-down of that label; does not send it."""
        box = await self._last("combobox", label)
        assert box, f"no list '{label}'"
        assert await self._pick(box, option), f"no option '{option}' in '{label}'"

    async def fill(self, label: str, value: str) -> None:
        """Type into the last box of that label, or choose from such a drop-down; sends nothing."""
        box = await self._last("textbox", label)
        if box:
            await box.fill(value)
        else:
            await self.choose(label, value)

    async def post(self, activity: dict[str, Any]) -> None:
        """Send the bot any activity in this person's name; what it lacks is filled in."""
        custom = f"{self.address}/_internal/v1/customActivities"
        asked = f"{custom}/template?conversationId={self.conversation}"
        template = await (await self.page.request.get(asked)).json()
        answer = await self.page.request.post(custom, data={**template, **activity})
        assert answer.ok, await answer.text()

    async def shot(self, path: Path) -> None:
        await self._tidy()
        await self.page.screenshot(path=path)

    async def answer_to(self, act: Awaitable[None], patience: float = 0) -> str:
        """Do it, wait for the bot, and return what is new or changed.

        A press that changes nothing but is acknowledged was answered too. Raises TimeoutError when
        the bot stays silent, for the window's own patience or a longer one.
        """
        await self._tidy()
        before = await self.messages()
        await act
        after = await self._settle(lambda now: bool(_new(before, now)), patience=patience)
        await self._tidy()
        return self._read(before, after)

    async def look(self) -> str:
        """Return what came or changed since this person last did or read something.

        What is on its way is waited for; nothing is not an error.
        """
        await self._tidy()
        with suppress(TimeoutError):
            await self._settle(lambda now: bool(_new(self.read, now)), quiet=RELAY)
        return self._read(self.read, await self.messages())

    async def catch_up(self) -> None:
        """Read all that is there."""
        self.read = await self.messages()

    def _read(self, before: list[Message], after: list[Message]) -> str:
        self.read = after
        return "\n".join(message.text for message in _new(before, after))

    async def _settle(
        self,
        done: Callable[[list[Message]], bool],
        sought: str = "an answer",
        quiet: float = QUIET,
        patience: float = 0,
    ) -> list[Message]:
        patience = max(patience, self.patience)
        until, changed = time.monotonic() + patience, time.monotonic()
        before: list[Message] = []
        while True:
            now, moment = await self.messages(), time.monotonic()
            changed = changed if now == before else moment
            if done(now) and moment - changed >= quiet:
                return now
            if moment > until:
                shown = "\n".join(message.text for message in now)
                raise TimeoutError(f"not seen in {patience} s: {sought}\n{shown}")
            before = now
            await asyncio.sleep(GLANCE)

    async def _tidy(self) -> None:
        bars = self.page.get_by_label("Display Invoked Message").filter(has_text=SENT)
        while await bars.count():
            await bars.first.get_by_label("Dismiss Invoke Message").click()

    async def _last(self, role: Literal["textbox", "combobox"], label: str) -> Locator | None:
        # What is wrong with it stands after the label of a box that was not filled in well.
        for end in ("$", " "):
            boxes = self.page.get_by_role(role, name=re.compile(f"^{re.escape(label)}{end}"))
            if await boxes.count():
                return boxes.last
        return None

    async def _choose_and_send(self, option: str) -> bool:
        cards = self.page.locator(".ac-adaptiveCard")
        for card in reversed(await cards.all()):
            radio = card.get_by_role("radio", name=option)
            if await radio.count():
                await radio.first.check()
            elif not await self._pick_any(card, option):
                continue
            return await _send(card)
        return False

    async def _pick_any(self, card: Locator, option: str) -> bool:
        for box in await card.get_by_role("combobox").all():
            if await self._pick(box, option):
                return True
        return False

    async def _pick(self, box: Locator, option: str) -> bool:
        await box.click()
        options = self.page.get_by_role("option")
        await options.first.wait_for()
        which = best(option, await options.all_inner_texts())
        if which is None:
            await self.page.keyboard.press("Escape")
            return False
        await options.nth(which).click()
        return True


async def _send(card: Locator) -> bool:
    buttons = card.locator("button:visible")
    titles = [title.strip() for title in await buttons.all_inner_texts()]
    which = [number for number, title in enumerate(titles) if title in SEND_BUTTONS]
    assert len(which) == 1, f"no one button sends the choice: {titles}"
    await buttons.nth(which[0]).click()
    return True


def _new(before: list[Message], after: list[Message]) -> list[Message]:
    known = [*before, *[None] * len(after)]
    return [now for now, then in zip(after, known, strict=False) if now.bot and now != then]
