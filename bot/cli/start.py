"""What must be done once before the bot can answer: migrations, people, the FAQ."""

from datetime import datetime
from pathlib import Path

from bot.cli.walkin_hours import bring_in
from bot.knowledge import service as knowledge
from bot.knowledge.load import load_faq, shipped_folder
from bot.people import service as people
from bot.people.people_file import read_organisation
from bot.settings import Settings
from bot.store import schema
from bot.store.work import Store


async def prepare(settings: Settings, college: Path, now: datetime) -> None:
    """Upgrade the database, import the people of a folder, and store the shipped FAQ."""
    organisation = read_organisation(college)
    await schema.upgrade(settings.database)
    async with Store.open(settings.database) as store, store.begin() as work:
        plan = await people.plan_import(work, organisation)
        await bring_in(work, settings, college, plan, now)
        await knowledge.seed(work, load_faq(shipped_folder()), now)
