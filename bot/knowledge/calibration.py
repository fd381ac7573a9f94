"""Turns what is known of a match into a probability that it is right.

The figures stand in calibration.yaml and are made by `bench/calibrate.py`, which says from what.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from bot.core.yaml_text import read_yaml
from bot.knowledge.index import Floats


@dataclass(frozen=True)
class Thresholds:
    """Probabilities, 0 to 1.

    A wrong answer costs three times a 'dat weet ik niet', so an answer is worth its risk from
    3 / (3 + 1) = 0.75. Choices of which none is right cost half of what a right one saves, so they
    are worth it from 0.5 / (0.5 + 1) = 0.33.
    """

    answer: float = 0.75
    choices: float = 0.33


@dataclass(frozen=True)
class Calibration:
    """The weight of each part in the ranking, and of each feature in the probability."""

    parts: Mapping[str, float]
    features: Mapping[str, float]
    bias: float
    not_ours: float = 0.16
    """Share of the highest score below which a message has too little of a topic to be sent on."""
    near_equal: float = 0.5
    """What a choice has of the first one's score at least; less is only noise to choose from."""

    @staticmethod
    @cache
    def shipped(*, meaning: bool) -> "Calibration":
        """Return the calibration that comes with the program, for use with word vectors or not."""
        text = files("bot.knowledge").joinpath("calibration.yaml").read_text("utf-8")
        return Calibration(**read_yaml(text)["with" if meaning else "without"])

    def part_weights(self, names: Sequence[str]) -> Floats:
        return np.asarray([self.parts[name] for name in names], np.float32)

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the chance, 0 to 1, that the first entry is right."""
        logit = self.bias
        for name, weight in self.features.items():
            logit += weight * features[name]
        return 1 / (1 + math.exp(-max(min(logit, 30.0), -30.0)))
