"""Where `calc` refuses on purpose what Keras happens to accept, each with its reason; see `stricter`."""

from __future__ import annotations

from site_tests.parity.configs import Case
from site_tests.parity.stricter import GENERAL, Stricter
from site_tests.parity.stricter_attention import no_heads, other_batch


def stricter(case: Case) -> str:
    """The name of the difference that covers a configuration, or nothing."""
    return next((each.name for each in STRICTER if each.covers(case)), "")


EMPTY = ("Conv", "Pooling", "UpSampling2D")
"""Parts of the names of layers for which an empty axis is no business of shapes alone."""


def _negative(value: object) -> bool:
    return isinstance(value, int) and value < 0


def _nothing_left(case: Case) -> bool:
    """Whether 'same' and an output_padding of 0 may leave nothing of an axis of one cell."""
    if "Transpose" not in case.layer or case.arguments.get("padding") != "same":
        return False
    extra = case.arguments.get("output_padding")
    return 1 in case.input and (0 in extra if isinstance(extra, (tuple, list)) else extra == 0)


def _elsewhere(case: Case) -> bool:
    """Whether RMSNormalization is to work along other axes than the last ones."""
    if case.layer != "keras.RMSNormalization" or not isinstance(case.input, tuple):
        return False
    named, rank = case.arguments.get("axis", -1), len(case.input)
    numbers = sorted(named) if isinstance(named, (tuple, list)) else [named]
    axes = [axis % rank for axis in numbers if isinstance(axis, int) and rank]
    return axes != list(range(rank - len(axes), rank))


STRICTER: list[Stricter] = [
    *GENERAL,
    Stricter(
        "capitals",
        "Keras reads some of its words in any case; here they are spelt as its documentation has them.",
        lambda case: any(isinstance(value, str) and value != value.lower() for value in case.arguments.values()),
    ),
    Stricter(
        "empty axis",
        "What comes out of an empty axis, or of an empty batch, depends on Keras's back end: some raise, TensorFlow's "
        "depthwise convolution returns another shape than the model's.",
        lambda case: any(part in case.layer for part in EMPTY) and 0 in case.input,
    ),
    Stricter(
        "nothing left",
        "With an even kernel and output_padding=0, 'same' makes no cell at all of a single one.",
        _nothing_left,
    ),
    Stricter(
        "negative padding",
        "Some back ends crop where ZeroPadding2D and 3D are given one negative number; pairs of them Keras refuses.",
        lambda case: "ZeroPadding" in case.layer and _negative(case.arguments.get("padding")),
    ),
    Stricter(
        "activations with a rule of their own",
        "Keras builds layers with 'threshold', which no call can run, and 'glu', which halves real tensors but not "
        "those of a model.",
        lambda case: case.arguments.get("activation") in ("glu", "threshold"),
    ),
    Stricter(
        "no axis to normalize",
        "A mean over no axes is the number itself; Keras's kernel for PyTorch refuses it, its other code does not.",
        lambda case: "Normalization" in case.layer and case.arguments.get("axis") == (),
    ),
    Stricter(
        "scale along other axes",
        "RMSNormalization lays its scale along the last axes whatever `axis` says: an error, unless sizes happen to "
        "fit, and then the wrong numbers or another shape.",
        _elsewhere,
    ),
    Stricter(
        "a single number",
        "A tensor without axes has nothing to share or to measure along; Keras does not look.",
        lambda case: case.layer in ("keras.Softmax", "keras.UnitNormalization") and case.input == (),
    ),
    Stricter(
        "an axis beyond",
        "PyTorch joins an empty vector to anything along any axis; Keras's other back ends do not.",
        lambda case: (
            case.layer == "keras.Concatenate" and isinstance(case.input, dict) and (0,) in case.input["inputs"]
        ),
    ),
    Stricter(
        "step of another rank",
        "TimeDistributed calls its layer without the check of axes that every other call makes; with an empty batch "
        "nothing else fails.",
        lambda case: (
            case.layer == "keras.TimeDistributed" and "'GRU'" in str(case.arguments["layer"]) and len(case.input) != 4
        ),
    ),
    Stricter(
        "attention across batches",
        "A batch of one, and on PyTorch any batch where one is empty, is repeated for the other tensors; which of them "
        "differs between Keras's back ends.",
        other_batch,
    ),
    Stricter(
        "heads that are not there",
        "GroupQueryAttention runs without heads, and finds out that a number of heads is negative when it is called.",
        no_heads,
    ),
]
