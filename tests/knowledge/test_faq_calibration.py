"""How sure a match is, and what that is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.calibration import Calibration, Thresholds
from bot.knowledge.match import PARTS

SHIPPED = (Calibration.shipped(meaning=True), Calibration.shipped(meaning=False))
NAMES = [*SHIPPED[0].features, *SHIPPED[1].features]
shares = st.floats(0, 1)
features = st.fixed_dictionaries(dict.fromkeys(NAMES, shares))


@pytest.mark.parametrize("shipped", SHIPPED)
@given(known=features)
def test_a_probability_is_between_0_and_1(shipped: Calibration, known: dict[str, float]) -> None:
    assert 0 < shipped.probability(known) < 1


@pytest.mark.parametrize("shipped", SHIPPED)
@given(known=features, more=shares)
def test_a_greater_margin_is_never_less_probable(
    shipped: Calibration, known: dict[str, float], more: float
) -> None:
    low, high = sorted([known["margin"], more])
    assert shipped.probability({**known, "margin": low}) <= shipped.probability(
        {**known, "margin": high}
    )


@pytest.mark.parametrize("shipped", SHIPPED)
@pytest.mark.parametrize("name", ["margin", "topic", "explained"])
def test_what_speaks_for_the_first_entry_makes_it_more_probable(
    shipped: Calibration, name: str
) -> None:
    middle = dict.fromkeys(NAMES, 0.5)
    assert shipped.probability({**middle, name: 0.9}) > shipped.probability({**middle, name: 0.1})


@pytest.mark.parametrize("shipped", SHIPPED)
def test_nothing_that_speaks_for_an_entry_counts_against_it(shipped: Calibration) -> None:
    assert min(shipped.parts.values()) >= 0
    assert min(shipped.features.values()) >= 0


def test_extreme_features_do_not_overflow() -> None:
    steep = Calibration({}, {"score": 1e9}, 0.0)
    assert steep.probability({"score": 1.0}) == pytest.approx(1.0)
    assert steep.probability({"score": -1.0}) == pytest.approx(0.0)


def test_the_bias_alone_is_the_chance_before_anything_is_known() -> None:
    assert Calibration({}, {}, 0.0).probability({}) == 0.5


@pytest.mark.parametrize(("shipped", "names"), [(SHIPPED[0], PARTS), (SHIPPED[1], PARTS[:-1])])
def test_each_part_has_a_weight_in_its_place(shipped: Calibration, names: tuple[str, ...]) -> None:
    assert tuple(shipped.parts) == names
    weights = shipped.part_weights(names)
    assert weights.tolist() == pytest.approx([shipped.parts[name] for name in names])
    assert weights.sum() > 0


def test_an_answer_is_worth_its_risk_when_wrong_costs_three_times_silence() -> None:
    chance = Thresholds().answer
    assert chance * 1 - (1 - chance) * 3 == 0
    assert 0 < Thresholds().choices < chance < 1
    assert all(0 < shipped.not_ours < 1 for shipped in SHIPPED)
