"""Who reads what in a report, against the real PyTorch: no tensor's way is lost, and none is made up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from calc.model_catalogue import models
from calc.report import Report, Wire
from calc.tracing import trace
from site_tests.parity.real_wires import Reads, constant, real_wires, reported_wires
from site_tests.parity.test_trace import NAMES, NETWORKS, expected
from site_tests.parity.wired_sources import WIRED


@pytest.mark.parametrize("name", models())
def test_networks_at_hand(name: str) -> None:
    """Every module of the catalogue's networks reads what it reads in PyTorch."""
    model = models()[name]
    report = trace(model.source, *model.inputs, entry=model.entry)

    assert reported_wires(report) == real_wires(model.source, model.entry, model.inputs)


@pytest.mark.parametrize("name", [name for name in NAMES if expected(name)["error"] is None])
def test_networks_of_others(name: str) -> None:
    """And so do those that were written elsewhere."""
    source = (NETWORKS / name / "model.py").read_text(encoding="utf-8")
    entry, inputs = expected(name)["entry"], expected(name)["inputs"]

    assert reported_wires(trace(source, *inputs, entry=entry)) == real_wires(source, entry, tuple(inputs), "cpu")


@pytest.mark.parametrize("name", WIRED)
def test_ways_that_are_easily_lost(name: str) -> None:
    """Assignments in place, pieces, states, dictionaries, modules that are called twice, constants."""
    source, inputs = WIRED[name]
    report = trace(source, *inputs, entry="Net()")

    assert reported_wires(report) == real_wires(source, "Net()", inputs, "cpu")


def without(report: Report, at: int) -> Reads:
    """A report's wires, one of them cut."""
    return reported_wires(replace(report, wires=report.wires[:at] + report.wires[at + 1 :]))


@pytest.mark.parametrize("name", ["U-Net", "ResNet-18", "GoogLeNet", "ViT-B/16", "LSTM from sequence to sequence"])
def test_a_cut_wire_is_found(name: str) -> None:
    """Whichever wire is taken away, the comparison fails; but for those that bring constants alone."""
    model = models()[name]
    report = trace(model.source, *model.inputs, entry=model.entry)
    real = real_wires(model.source, model.entry, model.inputs)
    missed = {report.wires[at].source for at in range(len(report.wires)) if without(report, at) == real}

    assert reported_wires(report) == real
    assert missed <= constant(report)


def test_a_wire_too_many_is_found() -> None:
    """One that goes to a module from any row but those that it reads already."""
    model = models()["LeNet-5"]
    report = trace(model.source, *model.inputs, entry=model.entry)
    real = real_wires(model.source, model.entry, model.inputs)
    for target in range(2, len(report.rows)):
        more = replace(report, wires=(*report.wires, Wire(target - 2, target, ())))

        assert reported_wires(more) != real
