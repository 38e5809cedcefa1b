"""The one exception of this package."""

from __future__ import annotations


class CalcError(ValueError):
    """A configuration that the framework refuses too.

    The text is one sentence: the layer, the argument, its value, the rule and a
    way out. `knob` names the argument at fault, so that a form can mark the field.
    """

    def __init__(self, rule: str, *, knob: str = "", hint: str = "") -> None:
        self.rule = rule
        self.knob = knob
        self.hint = hint
        super().__init__(f"{rule}; {hint}." if hint else f"{rule}.")
