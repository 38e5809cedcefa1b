"""A report as text, JSON, CSV, Markdown and LaTeX, with what is awkward in each."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from calc.model_catalogue import models
from calc.report import Report
from calc.report_forms import FORMS, LATEX
from calc.tracing import trace

AWKWARD = """
import torch
from torch import nn

class A_B(nn.Module):
    def __init__(self):
        super().__init__()
        self.very = nn.ModuleDict({"long_$_path": nn.Sequential(nn.Linear(8, 4), nn.Dropout(0.1))})
        self.embed = nn.Embedding(9, 8)
    def forward(self, x, ids):
        y = self.very["long_$_path"](x)
        return {"a|b": y[:, :2], 3: (self.embed(ids), None), "~^": [y.flatten()]}
"""


@pytest.fixture
def report() -> Report:
    return trace(AWKWARD, (2, 8), "int64[2, 3]")


def test_json_holds_everything(report: Report) -> None:
    """It parses; shapes are lists, names are words, and nothing that is known is left out."""
    found = json.loads(report.to("json"))

    assert found["inputs"] == ["2, 8", "int64[2, 3]"]
    assert found["dtype"] == "float32"
    assert found["output_shape"] == {"a|b": [2, 2], "3": [[2, 3, 8], None], "~^": [[8]]}
    assert found["modules"]["very.long_$_path.0"] == "Linear"
    assert found["modules"][""] == "A_B"
    assert found["notes"] == list(report.notes)
    assert found["parameters"] == {
        "very.long_$_path.0.weight": [4, 8], "very.long_$_path.0.bias": [4], "embed.weight": [9, 8],
    }  # fmt: skip
    assert [(each["source"], each["target"], tuple(each["shape"])) for each in found["wires"]] == [
        (each.source, each.target, each.shape) for each in report.wires
    ]
    assert [row["new_bytes"] for row in found["rows"]] == [32, 0, 0, 192, 0]
    assert [row["new_bytes_in_training"] for row in found["rows"]] == [32, 32, 0, 192, 0]
    assert found["new_bytes"] == 224
    assert found["input_bytes"] == 4 * 16 + 8 * 6


def test_views_are_not_counted_twice(report: Report) -> None:
    """The bytes of the rows add up to those of the last line, in which each storage is once."""
    table = list(csv.DictReader(io.StringIO(report.to("csv"))))

    assert [int(row["Bytes"]) for row in table] == [32, 0, 0, 192, 0]
    assert [row["Output"] for row in table][:2] == ["(2, 4)", "(2, 4)"]
    assert report.to("text").splitlines()[-1].endswith(" 224")


def test_a_spreadsheet_gets_one_line_for_each_row(report: Report) -> None:
    """Shapes are text in one cell."""
    table = list(csv.reader(io.StringIO(report.to("csv"))))

    assert {len(row) for row in table} == {8}
    assert len(table) == 1 + len(report.rows)
    assert table[4] == ["embed", "Embedding", "(2, 3)", "(2, 3, 8)", "72", "0", "", "192"]


def test_text_in_columns(report: Report) -> None:
    """Every line ends where the numbers do; inputs and outputs of the whole stand in the last one."""
    lines = report.to("text").splitlines()

    assert len({len(line) for line in lines}) == 1
    assert lines[-1].split("  ")[0] == "total"
    assert "(2, 8), int64 (2, 3)" in lines[-1]
    assert "{a|b: (2, 2), 3: ((2, 3, 8), None), ~^: ((8,),)}" in lines[-1]


def test_markdown_escapes_its_own_signs(report: Report) -> None:
    """No cell ends early, and double underscores are not bold."""
    lines = report.to("markdown").splitlines()

    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {9}
    assert r"Tensor.\_\_getitem\_\_" in report.to("markdown")
    assert r"{a\|b: (2, 2)" in lines[-1]


def test_latex_escapes_its_own_signs(report: Report) -> None:
    """No special character stands unescaped in a cell, and each line has as many cells as the table columns."""
    lines = report.to("latex").splitlines()
    body = [line for line in lines if line.endswith(r"\\")]

    assert lines[0] == r"\begin{tabular}{llllrrlr}"
    for line in body:
        bare = line.removesuffix(r" \\")
        assert len(re.findall(r"(?<!\\)&", bare)) == 7
        for sign in LATEX.values():
            bare = bare.replace(sign, "")
        assert not set(bare) & set("\\~^<>_%#${}"), bare
    assert r"very.long\_\$\_path.0" in report.to("latex")
    assert r"\textasciitilde{}\textasciicircum{}" in body[-1]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["LeNet-5", "GPT-2", "Transformer base"])
def test_every_form_of_a_network(name: str, form: str) -> None:
    """A line for each row, and the totals of the report."""
    model = models()[name]
    made = trace(model.source, *model.inputs, entry=model.entry)
    text = made.to(form)

    assert text.count("\n") >= len(made.rows)
    if form != "csv":
        assert (f"{made.params:,}" if form != "json" else str(made.params)) in text


def test_a_keras_model_without_a_batch() -> None:
    """Unknown sizes are None in text and null in JSON."""
    source = "import keras\nfrom keras import layers\nmodel = keras.Sequential([keras.Input((4,)), layers.Dense(3)])\n"
    made = trace(source, framework="keras")

    assert "(None, 3)" in made.to("text")
    assert json.loads(made.to("json"))["output_shape"] == [None, 3]
    assert "dense (Dense)" in json.loads(made.to("json"))["summary"]
