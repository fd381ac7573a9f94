"""The conversations that these tests hold."""

import pytest

from tests.chat import chat
from tests.office import Office, make_office

__all__ = ["chat"]


@pytest.fixture
async def office() -> Office:
    return await make_office()
