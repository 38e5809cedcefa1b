"""Working configurations of every calculator: arguments and an input shape, or a dictionary of shapes.

The first of each is plain; the others turn on what changes the formulas (padding by
name, `ceil_mode`, groups, a tuple with different numbers, no batch axis).
"""

from __future__ import annotations

from site_tests.examples import (
    activation,
    attention,
    blocks,
    keras_core,
    keras_window,
    networks,
    normalization,
    other_pools,
    padding,
    patches,
    recurrent,
    upsampling,
    window,
)
from site_tests.examples.example import Example

EXAMPLES: dict[str, list[Example]] = {
    **window.EXAMPLES,
    **activation.EXAMPLES,
    **normalization.EXAMPLES,
    **padding.EXAMPLES,
    **upsampling.EXAMPLES,
    **other_pools.EXAMPLES,
    **patches.EXAMPLES,
    **recurrent.EXAMPLES,
    **attention.EXAMPLES,
    **keras_core.EXAMPLES,
    **keras_window.EXAMPLES,
    **blocks.EXAMPLES,
    **networks.EXAMPLES,
}
