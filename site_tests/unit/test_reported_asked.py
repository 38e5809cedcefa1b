"""What a form asks of a model: its inputs, another batch, another format, and who is blamed."""

from __future__ import annotations

import pytest

from calc.errors import CalcError
from calc.reported.asked import report_for, shapes_in
from calc.spec import FieldErrors, Spec

NET = """
from torch import nn

net = nn.Sequential(nn.Flatten(), nn.Linear(3 * 8 * 8, 10))
net(torch.randn(4, 3, 8, 8))
"""
FIELDS = {
    "source": f"import torch\n{NET}",
    "input": "",
    "entry": "",
    "framework": "torch",
    "batch_size": "",
    "dtype": "float32",
    "optimizer": "Adam",
}


def test_another_batch_of_an_input_that_is_found() -> None:
    """The first axis is replaced, and where the input was found is still said."""
    plain = report_for(FIELDS["source"], None, None, "torch", None, "float32")
    larger = report_for(FIELDS["source"], None, None, "torch", 32, "float32")

    assert plain.inputs == ("4, 3, 8, 8",)
    assert larger.inputs == ("32, 3, 8, 8",)
    assert larger.output_shape == (32, 10)
    assert larger.macs == 8 * plain.macs
    assert larger.notes == plain.notes != ()


def test_another_batch_of_inputs_that_are_typed() -> None:
    """Each input has its first axis replaced, whole numbers too."""
    source = "from torch import nn\nclass M(nn.Module):\n    def forward(self, a, b):\n        return a, b\n"
    report = report_for(source, "2, 5; int64[2, 7]", "M()", "torch", 3, "float16")

    assert report.inputs == ("3, 5", "int64[3, 7]")
    assert report.dtype == "float16"


def test_inputs_are_set_apart_by_semicolons_or_lines() -> None:
    """Blanks around them, and an empty one at the end, are nothing."""
    assert shapes_in(" 1, 3 ;int64[1, 2];\n(4, 5)\n") == ["1, 3", "int64[1, 2]", "(4, 5)"]
    assert shapes_in("") == []


@pytest.mark.parametrize(
    ("changed", "field", "text", "line"),
    [
        ({"input": "4, 3, 9, 9"}, "source", "set in_features=243", 5),
        ({"input": "float99[2, 2]"}, "input", "must name a kind of numbers; write int64[12, 4]", 0),
        ({"entry": "Nett()"}, "entry", "", 0),
        ({"batch_size": "0"}, "batch_size", "must be at least 1; try 1", 0),
        ({"source": "x ="}, "source", "the source is not valid Python: invalid syntax (line 1)", 1),
        ({"source": " "}, "source", "is empty; paste the code of a model", 0),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_the_field_at_fault(changed: dict[str, str], field: str, text: str, line: int) -> None:
    """The field, the text beside it, and the line of the source."""
    with pytest.raises(FieldErrors) as found:
        Spec("Model", "model", {**FIELDS, **changed}).build()

    assert set(found.value.messages) == {field}
    assert text in found.value.messages[field]
    assert found.value.line == line


def test_a_format_that_is_none() -> None:
    """In a script, too."""
    with pytest.raises(
        CalcError, match=r"dtype \(='int4'\) must be one of 'float32', 'float16', 'bfloat16', 'float64'"
    ):
        report_for(FIELDS["source"], None, None, "torch", None, "int4")
