"""How a refusal is read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import calc


def refusal(call: Callable[[], object]) -> tuple[str, str]:
    """What is said when the call is refused, and the argument at fault."""
    with pytest.raises(calc.CalcError) as caught:
        call()
    return str(caught.value), caught.value.knob
