"""Making a configuration odd: an argument from a table of odd values, or an input of another shape."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from calc.knob import Flag, knobs
from calc.layers import LAYERS
from site_tests.parity.configs.case import Case
from site_tests.parity.configs.window import odd_shape


def by_table(odd: Mapping[str, Sequence[Any]]) -> Callable[[random.Random, Case], Case]:
    """A way to spoil one or two things: `odd` has the values that an argument of that name may get."""

    def spoilt(rng: random.Random, case: Case) -> Case:
        known = [each for each in knobs(LAYERS[case.layer]) if each.name in odd or isinstance(each.kind, Flag)]
        for _ in range(rng.choice([1, 1, 1, 2])):
            target = rng.choice([*known, *known, None, None])
            if target is None:
                case = replace(case, input=odd_shape(rng, case.input))
            else:
                value = rng.choice([True, False] if isinstance(target.kind, Flag) else odd[target.name])
                case = replace(case, arguments={**case.arguments, target.name: value})
        return case

    return spoilt
