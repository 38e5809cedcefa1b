"""From the text of each field to a layer, or to a sentence for each field at fault."""

from __future__ import annotations

from dataclasses import replace

import pytest

from calc.calculators import CALCULATORS
from calc.fence import SpecError, parse_fence
from calc.spec import FieldErrors, Spec, form_knobs

CONV = Spec(
    "Conv2d",
    "c",
    {
        "in_channels": "3",
        "out_channels": "8",
        "kernel_size": "3",
        "stride": "1",
        "padding": "0",
        "dilation": "1",
        "groups": "1",
        "bias": "True",
        "padding_mode": "zeros",
        "input": "1, 3, 8, 8",
    },
)


def typed_into(**typed: str) -> Spec:
    """The same calculator with a reader's text in some fields."""
    return replace(CONV, fields={**CONV.fields, **typed})


def test_fields_become_a_layer_and_a_shape() -> None:
    """The text of each field is read, and the layer is checked with its input."""
    layer, [shape] = typed_into(kernel_size="5", input="2, 3, 9, 9").build()

    assert layer(shape) == (2, 8, 5, 5)


WRONG = [
    # (field, typed, message)
    ("kernel_size", "", "kernel_size is empty; type a whole number such as 3, or one for each axis such as 3, 5."),
    ("kernel_size", "-1", "kernel_size (=-1) must be at least 1; try 1."),
    ("kernel_size", "0", "kernel_size (=0) must be at least 1; try 1."),
    (
        "kernel_size",
        "1000000000000",
        "kernel_size (=1000000000000) must be at most 1,000,000,000; "
        "no tensor has so long an axis, so check the digits.",
    ),
    ("kernel_size", "2.5", "kernel_size (=2.5) must be a whole number; type 2."),
    (
        "kernel_size",
        "abc",
        "kernel_size (=abc) must be a whole number; type a whole number such as 3, or one for each axis such as 3, 5.",
    ),
    ("kernel_size", "３", "kernel_size (=３) must be written with the digits 0 to 9; type 3."),
    (
        "kernel_size",
        "<b>5</b>",
        "kernel_size (=<b>5</b>) must be a whole number; "
        "type a whole number such as 3, or one for each axis such as 3, 5.",
    ),
    (
        "kernel_size",
        "3, 3, 3",
        "kernel_size (=(3, 3, 3)) must be one number or 2, one for each axis, and has 3; write 3 or (3, 3).",
    ),
    ("stride", "0", "stride (=0) must be at least 1; try 1."),
    ("padding", "-1", "padding (=-1) must be at least 0; try 0."),
    ("padding", "sam", "padding (=sam) must be a number or one of 'same', 'valid'; try same."),
    ("input", "", "input is empty; type the size of each axis such as 1, 3, 224, 224."),
    (
        "input",
        "3, 8",
        "input (=(3, 8)) must have 3 or 4 axes, and has 2; write it as (C, H, W) or (N, C, H, W).",
    ),
    (
        "input",
        "1, 4, 8, 8",
        "input (=(1, 4, 8, 8)) must have in_channels (=3) channels, and axis 1 is 4; "
        "set in_channels=4 or give the input 3 channels.",
    ),
    ("bias", "yes", "bias (=yes) must be True or False; type True or False."),
]


@pytest.mark.parametrize(("field", "typed", "message"), WRONG)
def test_a_wrong_field_gets_its_sentence(field: str, typed: str, message: str) -> None:
    """The sentence stands beside the field at fault, and beside no other."""
    with pytest.raises(FieldErrors) as caught:
        typed_into(**{field: typed}).build()

    assert {field: f"Conv2d: {message}"} == caught.value.messages


def test_every_wrong_field_gets_a_sentence_at_once() -> None:
    """A reader need not mend one field to hear of the next."""
    with pytest.raises(FieldErrors) as caught:
        typed_into(stride="x", input="y", bias="z").build()

    assert {"stride", "input", "bias"} == set(caught.value.messages)


def test_long_text_is_cut() -> None:
    """A pasted page does not fill the form with itself."""
    with pytest.raises(FieldErrors) as caught:
        typed_into(stride="<p>" * 1000).build()

    assert len(caught.value.messages["stride"]) < 200
    assert "…" in caught.value.messages["stride"]


def test_the_field_at_fault_may_be_another_than_the_one_typed_into() -> None:
    """With groups=2 it is the channels that do not divide; the sentence names both."""
    with pytest.raises(FieldErrors) as caught:
        typed_into(groups="2").build()

    expected = "Conv2d: in_channels (=3) must be divisible by groups (=2); set groups=1 or in_channels=4."
    assert {"in_channels": expected} == caught.value.messages


def test_a_field_that_only_some_inner_layers_have_may_stay_blank() -> None:
    """A step of Dense needs no filters; its units it needs."""
    spec = parse_fence("keras.TimeDistributed", 'layer = {class = "Dense", units = 3}\ninput = [1, 4, 5]')
    fields = {each.name: each for each in form_knobs(CALCULATORS["keras.TimeDistributed"])}

    layer, shapes = spec.build()
    assert layer(*shapes) == (1, 4, 3)
    assert not fields["layer.filters"].required
    with pytest.raises(SpecError, match=r"layer\.units is empty"):
        parse_fence("keras.TimeDistributed", 'layer = {class = "Dense"}\ninput = [1, 4, 5]')
