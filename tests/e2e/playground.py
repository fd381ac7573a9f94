"""Starts Microsoft's own local Teams client (the Microsoft 365 Agents Playground), for stories.

    async with playground(endpoint, [User("Docent 001", "docent001@kern.example")]) as college:
        window = await college.open(college.users[0])
        seen = await window.answer_to(window.say("hoe deel ik mijn scherm?"))
        await window.press("Ja, opgelost")
        await window.sees("Fijn")

One process is one signed-in person; it starts when that person first opens the client, which
installs the bot for them (`installationUpdate` and `conversationUpdate` are sent together, to a
bot that already listens). Nothing but loopback is reached.
`tests/e2e/window.py` says what the client does with what a bot sends.
"""

import asyncio
import json
import os
import re
import shutil
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5

from playwright.async_api import Browser, Route, ViewportSize, async_playwright

from tests.e2e.window import Window

HERE = Path(__file__).parent / "playground"
TENANT = "00000000-0000-0000-0000-000000000001"
BOT = {"id": "00000000-0000-0000-0000-000000000011", "name": "Vraagbaak"}
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # Its page asks a network for fonts; neither it nor the browser itself gets to look up a name.
    *("--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
)
START = 60  # seconds: a fresh machine reads its 5 MB of script from a cold disk
HEIGHT = 950  # pixels
HALF_A_YEAR = 90  # seconds: all that is due in a step of the clock happens before it is answered


@dataclass(frozen=True)
class User:
    """A person who signs in, as the bot gets to know them from Teams."""

    name: str
    email: str = ""
    entra_id: str = ""

    @property
    def id(self) -> str:
        """The person's part in every id; real ones are `29:` and many letters, as opaque."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower())

    def account(self) -> dict[str, str]:
        """Return the person in the Playground's own words."""
        first, _, last = self.name.partition(" ")
        email = self.email or f"{self.id}@kern.example"
        return {
            "id": self.id,
            "name": self.name,
            "givenName": first,
            "surname": last or first,
            "email": email,
            "userPrincipleName": email,  # so it is spelt in its schema
            "aadObjectId": self.entra_id or str(uuid5(NAMESPACE_DNS, email)),
        }


@dataclass(frozen=True)
class Tools:
    """What must be on the machine."""

    node: str
    command: str
    chromium: str


def find_tools(folder: Path = HERE, environment: Mapping[str, str] = os.environ) -> Tools:
    """Find node, the Playground and Chromium; raises FileNotFoundError that says what to run."""
    path = environment.get("PATH", "")
    command = folder / "node_modules/@microsoft/m365agentsplayground/cli.js"
    chromium = environment.get("CHROMIUM") or shutil.which("chromium", path=path)
    node = shutil.which("node", path=path)
    if not node:
        raise FileNotFoundError("node is not installed: the Playground needs Node.js 20 or newer")
    if not command.is_file():
        raise FileNotFoundError(f"the Playground is not installed: run `npm ci` in {folder}")
    if not chromium or not Path(chromium).is_file():
        raise FileNotFoundError(
            "Chromium is not installed: run `apt-get install -y chromium`,"
            " or name its program in the variable CHROMIUM"
        )
    return Tools(node, str(command), chromium)


def _config(me: User, others: Iterable[User]) -> str:
    # It refuses unknown keys, and wants five others. What JSON is, is YAML.
    five = [*others, *(User(f"Collega {number}") for number in range(1, 6))][:5]
    channel = {"id": "channel-announcements-id", "name": "Announcements"}
    return json.dumps(
        {
            "version": "0.1.1",
            "tenantId": TENANT,
            "bot": BOT,
            "currentUser": me.account(),
            "users": [user.account() for user in five],
            "personalChat": {"id": f"personal-{me.id}"},
            "groupChat": {"id": f"group-{me.id}", "name": "Groepschat"},
            "team": {
                "id": "team-id",
                "name": "i-coaches",
                "channels": [channel],
                "aadGroupId": "00000000-0000-0000-0000-000000000031",
            },
        }
    )


@dataclass
class College:
    """The people who can sign in, and the clients that they opened."""

    endpoint: str
    users: Sequence[User]
    size: ViewportSize
    patience: float
    tools: Tools
    folder: Path
    browser: Browser
    stack: AsyncExitStack
    windows: dict[User, Window] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list)

    def user(self, name: str) -> User:
        return next(user for user in self.users if user.name == name)

    async def open(self, user: User, *, greeted: bool = True) -> Window:
        """Open the person's client, or return the open one.

        A bot that is installed says something; with `greeted` this is waited for, so that the
        greeting is not taken for the answer to what is said first.
        """
        if user not in self.windows:
            page = await self.browser.new_page(
                viewport=self.size, locale="nl-NL", timezone_id="Europe/Amsterdam"
            )
            await page.route(re.compile(r"^https?://(?!127\.0\.0\.1[:/])"), _abort)
            port = await self._start(user)
            window = Window(page, f"http://127.0.0.1:{port}", f"personal-{user.id}", self.patience)
            await window.load(greeted=greeted)
            self.windows[user] = window
        return self.windows[user]

    async def _start(self, user: User) -> int:
        # Port 0: the system chooses a free one, and no other process can take it in between.
        (self.folder / f"{user.id}.yml").write_text(_config(user, set(self.users) - {user}))
        out, options = self.folder / f"{user.id}.out", f"-e {self.endpoint} -c msteams -p 0"
        with out.open("wb") as written:
            process = await asyncio.create_subprocess_exec(
                *(self.tools.node, self.tools.command, "start", *options.split()),
                "--disable-telemetry",
                cwd=self.folder,
                env=self._environment(user),
                stdin=DEVNULL,
                stdout=written,
                stderr=written,
            )
        self.stack.push_async_callback(_end, process)
        self.processes.append(process)
        return await _port(process, out)

    def _environment(self, user: User) -> dict[str, str]:
        # It would send what it says to the bot through the proxy of its environment.
        kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        return {
            **kept,
            "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(self.folder / f"{user.id}.yml"),
            "M365_AGENTS_PLAYGROUND_LOGFILE": str(self.folder / f"{user.id}.log"),
            "TEAMSAPPTESTER_BROWSER": "none",
        }


async def _port(process: Process, out: Path) -> int:
    try:
        async with asyncio.timeout(START):
            while not (said := re.search(r"Listening on (\d+)", _read(out))):
                if process.returncode is not None:
                    raise ChildProcessError(f"the Playground ended:\n{_read(out)}")
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise TimeoutError(f"the Playground did not start:\n{_read(out)}") from None
    return int(said[1])


def _read(path: Path) -> str:
    return path.read_text("utf-8")


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(5):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _abort(route: Route) -> None:
    await route.abort()


@asynccontextmanager
async def playground(
    endpoint: str, users: Sequence[User], width: int = 1400, *, patience: float = 15
) -> AsyncIterator[College]:
    """Open a browser of that width (pixels) for these people; `patience` is seconds to an answer.

    All that was started is ended. The clients' logs are kept, and named, only when this fails.
    """
    tools = find_tools()
    folder = Path(tempfile.mkdtemp(prefix="playground-"))
    try:
        async with AsyncExitStack() as stack:
            play = await stack.enter_async_context(async_playwright())
            browser = await play.chromium.launch(
                executable_path=tools.chromium, args=FLAGS, timeout=START * 1000
            )
            stack.push_async_callback(browser.close)
            size = ViewportSize(width=width, height=HEIGHT)
            yield College(endpoint, users, size, patience, tools, folder, browser, stack)
    except BaseException as failed:
        failed.add_note(f"The Playground's logs: {folder}")
        raise
    shutil.rmtree(folder)


class PlaygroundStage:
    """The Playground as a stage for stories: types, presses, and reads what is new.

    Each person has a client of their own, which stays open as long as the college.
    """

    def __init__(self, college: College) -> None:
        self.college = college
        self.speaker = college.users[0].name
        self._filled: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._begun = False

    async def say(self, person: str, text: str) -> str:
        window = await self._turn_to(person)
        return await window.answer_to(window.say(text))

    async def press(self, person: str, label: str) -> str:
        window = await self._turn_to(person)
        for name, value in self._filled.pop(person, {}).items():
            await window.fill(name, value)
        return await window.answer_to(window.press(label))

    async def look(self, person: str) -> str:
        return await (await self._turn_to(person)).look()

    async def fill(self, person: str, label: str, value: str) -> None:
        self._filled[person][label] = value

    async def move(self, step: str) -> str:
        window = await self._turn_to(self.speaker)
        # Whose turn it happens to be did nothing: they can still look at what came.
        read = window.read
        seen = await window.answer_to(window.say(f"/tijd {step}"), patience=HALF_A_YEAR)
        window.read = read
        return seen

    async def _turn_to(self, person: str) -> Window:
        if not self._begun:
            # What an earlier story left in a client is no news in this one.
            for window in self.college.windows.values():
                await window.catch_up()
        self._begun = True
        self.speaker = person
        return await self.college.open(self.college.user(person))
