"""ResNet: torchvision's figures, the paper's network, and the figures of the page."""

from __future__ import annotations

from typing import Any

import pytest

from site_tests.unit.wired import network, page, rows

IMAGE = (1, 3, 224, 224)

COUNTS = [
    # (depth, stride in the first 1×1 as in the paper, parameters, MACs, what a place of the last map sees)
    (18, False, 11_689_512, 1_814_073_344, 435),
    (34, False, 21_797_672, 3_663_761_408, 899),
    (50, False, 25_557_032, 4_089_184_256, 427),
    (50, True, 25_557_032, 3_857_973_248, 483),
    (101, False, 44_549_160, 7_801_405_440, 971),
    (101, True, 44_549_160, 7_570_194_432, 1027),
    (152, False, 60_192_808, 11_513_626_624, 1451),
    (152, True, 60_192_808, 11_282_415_616, 1507),
]


@pytest.mark.parametrize(("depth", "paper", "params", "macs", "field"), COUNTS)
def test_five_depths(depth: int, paper: bool, params: int, macs: int, field: int) -> None:
    """Parameters, multiply-adds and view, and the page's lines with them."""
    made = network("ResNet", depth=depth, stride_first=paper)
    last = next(row for row in made.rows(IMAGE) if row.name == "layer4")

    assert (made.params, made.macs(IMAGE), last.receptive_field) == (params, macs, (field, field))
    lines = [line for line in page("resnet").splitlines() if line.startswith(f"| ResNet-{depth} |")]
    assert any(f"{macs:,} |" in line and f"{field:,}" in line for line in lines)
    assert paper or any(f"| {params:,} |" in line for line in lines)


def test_resnet18_by_hand() -> None:
    """Each stage, block by block."""
    resnet = network("ResNet", depth=18)
    found = rows(resnet, IMAGE)
    blocks = [
        network("BasicBlock", in_channels=c, out_channels=made, stride=stride).params
        for c, made, stride in ((64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1))
    ]

    assert [found[f"layer{number}"] for number in (1, 2, 3, 4)] == [147_968, 525_568, 2_099_712, 8_393_728]
    assert (found["conv1"] + found["bn1"], found["fc"]) == (9_536, 513_000)
    for number in (*list(found.values())[2:], *blocks, 9_536, 3_673_088, 4_720_640):
        assert f"{number:,}" in page("resnet")


def test_blocks_of_all_stages_cost_the_same() -> None:
    """Half the sides, twice the channels."""
    costs = {
        network("BasicBlock", in_channels=c, out_channels=c).macs((1, c, side, side))
        for c, side in ((64, 56), (128, 28), (256, 14), (512, 7))
    }

    assert len(costs) == 1


def test_a_bottleneck_is_smaller_than_a_basic_block_of_its_inner_width() -> None:
    """4,462,592 parameters against 4,720,640."""
    bottleneck = network("Bottleneck", in_channels=2048, width=512).params
    basic = network("BasicBlock", in_channels=512, out_channels=512).params

    assert (bottleneck, basic) == (4_462_592, 4_720_640)
    assert all(f"{number:,}" in page("resnet") for number in (bottleneck, basic))


def test_keras_counts_statistics_and_biases_too() -> None:
    """25,557,032 parameters, 2·26,560 statistics and 26,560 biases make 25,636,712."""
    resnet: Any = network("ResNet")
    norms = [row for row in resnet.leaves(IMAGE) if type(row.layer).__name__ == "BatchNorm2d"]
    channels = sum(row.layer.num_features for row in norms)
    statistics = sum(each.size for each in resnet.buffers()) - len(norms)  # each keeps a counter beside them

    assert (channels, statistics) == (26_560, 53_120)
    assert resnet.params + statistics + channels == 25_636_712
    assert "25,557,032 + 53,120 + 26,560" in page("resnet")


def test_layers_are_called_as_in_torchvision() -> None:
    """The first and the last names of the state dictionary, and one in a shortcut."""
    names = [weight.name for weight in network("ResNet").weights()]

    assert names[:3] == ["conv1.weight", "bn1.weight", "bn1.bias"]
    assert "layer2.0.downsample.1.weight" in names
    assert names[-3:] == ["layer4.2.bn3.bias", "fc.weight", "fc.bias"]
    assert len(names) == 161


def test_an_unknown_depth_is_refused() -> None:
    """The nearest depth is the way out."""
    with pytest.raises(ValueError, match=r"^ResNet: depth \(=49\) must be 18, 34, 50, 101 or 152; try 50\.$"):
        network("ResNet", depth=49)
