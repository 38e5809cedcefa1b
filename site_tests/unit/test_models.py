"""The networks at hand: they run, and their counts are those published, or it is said why not."""

from __future__ import annotations

import pytest

from calc.model_catalogue import FOLDER, models
from calc.published_counts import PUBLISHED, Published
from calc.reported.published import published
from calc.tracing import trace


@pytest.mark.parametrize("name", models())
def test_a_published_count_is_met_or_explained(name: str) -> None:
    """What is more than rounding has its reason, and what agrees needs none."""
    model = models()[name]
    report = trace(model.source, *model.inputs, entry=model.entry)

    assert report.params > 0
    assert report.macs > 0
    for each in model.published:
        assert each.agrees(report.params) == (not each.why), each
        assert each.url.startswith("https://")
        assert each.by


def test_what_is_published_is_of_networks_that_are_there() -> None:
    """No count stands under a name that nobody has."""
    assert set(PUBLISHED) <= set(models())


def test_every_file_is_listed() -> None:
    """No source lies about that no name leads to."""
    assert {path.stem for path in FOLDER.glob("*.py")} == {model.file for model in models().values()}


def test_every_file_names_its_source() -> None:
    """What it is in one line, and behind it whose it is."""
    for path in FOLDER.glob("*.py"):
        what, _, whose = path.read_text(encoding="utf-8").partition('"""')[2].partition('"""')[0].partition("\n\n")

        assert what.endswith("."), path.stem
        assert whose.rstrip().endswith("."), path.stem


def test_the_counts_of_the_notes() -> None:
    """LeNet in two versions, AlexNet and NiN of a course, U-Net with and without batch norm."""
    counts = {name: trace(model.source, *model.inputs, entry=model.entry).params for name, model in models().items()}

    assert counts["LeNet-5"] == 61_706
    assert counts["LeNet of Caffe"] == 431_080
    assert counts["AlexNet of a course"] == 29_983_434
    assert counts["U-Net, half as wide"] == 7_765_442
    assert counts["Transformer base"] == 63_082_496


PRINTED = [
    # (as printed, the number, what its last digit stands for, a count that rounds to it, one that does not)
    ("61,706", 61_706, 1, 61_706, 61_705),
    ("431K", 431_000, 1_000, 431_499, 431_500),
    ("5.3M", 5_300_000, 100_000, 5_250_000, 5_249_999),
    ("7.76M", 7_760_000, 10_000, 7_759_554, 7_765_442),
    ("65 million", 65_000_000, 1_000_000, 65_499_999, 65_500_000),
]


@pytest.mark.parametrize(("printed", "count", "place", "rounds", "differs"), PRINTED)
def test_a_printed_count_is_as_exact_as_its_digits(
    printed: str, count: int, place: int, rounds: int, differs: int
) -> None:
    """5.3M is anything that rounds to it."""
    each = Published(printed, "somebody", "https://example.org")

    assert (each.count, each.place) == (count, place)
    assert each.agrees(rounds)
    assert not each.agrees(differs)


@pytest.mark.parametrize("printed", ["", "about 7", "5.3 M", "5.3B", "1e6"])
def test_what_is_no_count_is_refused(printed: str) -> None:
    """A slip in the list is not read as another number."""
    with pytest.raises(ValueError, match="must be a number, with K, M or million behind it if need be"):
        Published(printed, "somebody", "https://example.org")


def test_the_table_says_what_differs() -> None:
    """Ours, theirs with a link, how far apart they are, and why."""
    table = published("lenet")

    assert table.count("<tr>") == 2
    for cell in (
        ">61,706<",
        ">416,520<",
        "<td>60,000<br>",
        '<a href="https://doi.org/10.1109/5.726791">',
        "<td>−1,706. The ",
    ):
        assert cell in table
    assert "<td>none</td>" in published("resnet")
    assert "<td>none, rounded</td>" in published("lenet_caffe")
    assert '<td colspan="2">no count that we know of</td>' in published("gan")


def test_a_file_that_is_not_there() -> None:
    """The files that there are follow."""
    with pytest.raises(LookupError, match=r"no network has the file 'lenet5'; there are lenet, lenet_caffe, alexnet"):
        published("lenet5")
