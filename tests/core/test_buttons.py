"""Payloads come back as they went, or not at all."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import buttons
from bot.core.errors import UnknownButtonError
from bot.core.ids import AskedId, EntryId, LocationId, TeamId

EXAMPLES: list[buttons.Payload] = [
    buttons.Rate(asked=AskedId(7), entry=EntryId("teams-scherm-delen"), helped=True),
    buttons.Pick(asked=AskedId(7), entry=EntryId("teams-scherm-delen")),
    buttons.NoneOfThese(asked=AskedId(7)),
    buttons.AskCoach(),
    buttons.PickLocation(location=LocationId(3)),
    buttons.PickTeam(location=LocationId(3), team=TeamId(4)),
    buttons.SetLanguage(language="en"),
    buttons.Help(),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize("payload", EXAMPLES, ids=lambda one: one.kind)
def test_a_payload_comes_back_as_it_went(payload: buttons.Payload) -> None:
    assert buttons.decode(payload.encode()) == payload


def test_every_kind_of_button_has_an_example_here() -> None:
    assert {type(one) for one in EXAMPLES} == set(buttons.type_of_kind.values())


@given(st.dictionaries(st.sampled_from(["kind", "v", "asked", "entry"]) | st.text(), JSON))
def test_whatever_comes_back_is_a_payload_or_refused(data: dict[str, Any]) -> None:
    with suppress(UnknownButtonError):
        assert isinstance(buttons.decode(data), buttons.Payload)


def test_a_card_with_four_buttons_stays_small() -> None:
    assert all(len(str(one.encode())) < 300 for one in EXAMPLES)


def test_no_button_bears_a_field_that_the_web_client_cannot_press() -> None:
    named = {name for kind in buttons.type_of_kind.values() for name in kind.model_fields}
    assert named.isdisjoint({"key", "kind", "v"})
