"""The networks at hand: they run, and their counts are those published, or it is said why not."""

from __future__ import annotations

import pytest

from calc.model_catalogue import FOLDER, models
from calc.tracing import trace


@pytest.mark.parametrize("name", models())
def test_the_published_count_is_met_or_explained(name: str) -> None:
    """A difference has its reason."""
    model = models()[name]
    report = trace(model.source, *model.inputs, entry=model.entry)

    assert report.params > 0
    assert report.macs > 0
    assert model.published in (None, report.params) or model.why


def test_every_file_is_listed() -> None:
    """No source lies about that no name leads to."""
    assert {path.stem for path in FOLDER.glob("*.py")} == {model.file for model in models().values()}


def test_the_counts_of_the_notes() -> None:
    """LeNet in two versions, AlexNet and NiN of a course, U-Net with and without batch norm."""
    counts = {name: trace(model.source, *model.inputs, entry=model.entry).params for name, model in models().items()}

    assert counts["LeNet-5"] == 61_706
    assert counts["LeNet of Caffe"] == 431_080
    assert counts["AlexNet of a course"] == 29_983_434
    assert counts["U-Net, half as wide"] == 7_765_442
    assert counts["Transformer base"] == 63_082_496
