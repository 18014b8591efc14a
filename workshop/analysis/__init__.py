"""The mathematics: pure functions of values. docs/method.md has every formula and its source."""

from __future__ import annotations

# Called by their module, `follow_up.verdict(…)`: `gap`, `stage` or `needed` alone say too little,
# and the function `agreement` would hide its module.
from workshop.analysis import agreement, calibration, follow_up, outcome, relationship
from workshop.analysis.belief import chance_of_success, probable
from workshop.analysis.conversion import (
    expected_conversion,
    jeffreys_interval,
    leak,
    posterior,
    rate_interval,
    rates,
    revenue,
    share_of_entered,
    squared_variation_of_product,
    squared_variations,
)
from workshop.analysis.gains import attribution, gain, gains_alone, improved_rate, joint_gain
from workshop.analysis.information import WorthKnowing, worth_knowing
from workshop.analysis.maturity import FollowUp, Truth, expected_before, truth
from workshop.analysis.mixture import Reversal, reversal
from workshop.analysis.overlap import Overlap, overlaps
from workshop.analysis.sensitivity import first_order, lenses, total_order
from workshop.analysis.uncertainty import (
    alone,
    chance_of_top,
    rank,
    shrink,
    simulate,
    simulate_together,
)

__all__ = [
    "FollowUp",
    "Overlap",
    "Reversal",
    "Truth",
    "WorthKnowing",
    "agreement",
    "alone",
    "attribution",
    "calibration",
    "chance_of_success",
    "chance_of_top",
    "expected_before",
    "expected_conversion",
    "first_order",
    "follow_up",
    "gain",
    "gains_alone",
    "improved_rate",
    "jeffreys_interval",
    "joint_gain",
    "leak",
    "lenses",
    "outcome",
    "overlaps",
    "posterior",
    "probable",
    "rank",
    "rate_interval",
    "rates",
    "relationship",
    "revenue",
    "reversal",
    "share_of_entered",
    "shrink",
    "simulate",
    "simulate_together",
    "squared_variation_of_product",
    "squared_variations",
    "total_order",
    "truth",
    "worth_knowing",
]
