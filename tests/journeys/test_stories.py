"""Every story, through the whole program on SQLite, in the console."""

from pathlib import Path

import pytest

from tests.channels.stage import console_stage
from tests.story import STORIES, play


@pytest.mark.parametrize("story", sorted(STORIES.glob("*.txt")), ids=lambda path: path.stem)
async def test_the_story_goes_as_written(story: Path, tmp_path: Path) -> None:
    async with console_stage(tmp_path) as stage:
        assert await play(story, stage) > 0
