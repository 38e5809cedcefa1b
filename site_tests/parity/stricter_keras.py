"""Where `calc` refuses on purpose what Keras happens to accept, each with its reason; see `stricter`."""

from __future__ import annotations

from site_tests.parity.configs import Case
from site_tests.parity.stricter import GENERAL, Stricter


def stricter(case: Case) -> str:
    """The name of the difference that covers a configuration, or nothing."""
    return next((each.name for each in STRICTER if each.covers(case)), "")


STRICTER: list[Stricter] = [
    *GENERAL,
    Stricter(
        "activations with a rule of their own",
        "Keras builds layers with 'threshold', which no call can run, and 'glu', which halves real tensors but not those "
        "of a model.",
        lambda case: case.arguments.get("activation") in ("glu", "threshold"),
    ),
]
