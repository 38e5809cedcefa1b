"""AlexNet, VGG, Network in Network and GoogLeNet: the figures of courses, papers and libraries, and of the pages."""

from __future__ import annotations

from typing import Any

import pytest

import calc
from calc.layer_base import Shape
from calc.units import BINARY, bytes_of, fitting
from site_tests.unit.wired import layers, network, page, rows

IMAGE = (1, 3, 224, 224)
COURSE: dict[str, Any] = {"in_channels": 1, "num_classes": 10, "image_size": 224, "hidden_layers": 1}

COUNTS = [
    # (network, arguments, input, output, parameters, MACs, the page that says so)
    ("AlexNet", COURSE, (1, 1, 224, 224), (1, 10), 29_983_434, 921_368_960, "nin"),  # a course's
    ("AlexNet", {**COURSE, "hidden_layers": 2}, (1, 1, 224, 224), (1, 10), 46_764_746, 938_146_176, "nin"),
    ("AlexNet", {}, (1, 3, 227, 227), (1, 1000), 62_378_344, 1_135_256_096, "alexnet"),
    ("AlexNet", {"groups": 2}, (1, 3, 227, 227), (1, 1000), 60_965_224, 724_406_816, "alexnet"),  # the paper's
    # torchvision's eight counts
    ("VGG", {"depth": 11}, IMAGE, (1, 1000), 132_863_336, 7_609_090_048, "vgg"),
    ("VGG", {"depth": 13}, IMAGE, (1, 1000), 133_047_848, 11_308_466_176, "vgg"),
    ("VGG", {"depth": 16}, IMAGE, (1, 1000), 138_357_544, 15_470_264_320, "vgg"),
    ("VGG", {"depth": 19}, IMAGE, (1, 1000), 143_667_240, 19_632_062_464, "vgg"),
    ("VGG", {"depth": 11, "batch_norm": True}, IMAGE, (1, 1000), 132_868_840, 7_609_090_048, "vgg"),
    ("VGG", {"depth": 13, "batch_norm": True}, IMAGE, (1, 1000), 133_053_736, 11_308_466_176, "vgg"),
    ("VGG", {"depth": 16, "batch_norm": True}, IMAGE, (1, 1000), 138_365_992, 15_470_264_320, "vgg"),
    ("VGG", {"depth": 19, "batch_norm": True}, IMAGE, (1, 1000), 143_678_248, 19_632_062_464, "vgg"),
    ("NiN", {}, (1, 1, 224, 224), (1, 10), 1_992_166, 762_297_352, "nin"),  # Dive into Deep Learning's
    ("GoogLeNet", {}, IMAGE, (1, 1000), 6_998_552, None, "googlenet"),
    # a course's, without and with batch norm; the paper's width; a well-known implementation
    ("UNet", {"base_channels": 32}, (1, 1, 256, 256), (1, 2, 256, 256), 7_759_554, None, "unet"),
    ("UNet", {"base_channels": 32, "batch_norm": True}, (1, 1, 64, 64), (1, 2, 64, 64), 7_765_442, None, "unet"),
    ("UNet", {}, (1, 1, 256, 256), (1, 2, 256, 256), 31_030_658, None, "unet"),
    (
        "UNet",
        {"in_channels": 3, "batch_norm": True, "bias": False},
        (1, 3, 256, 256),
        (1, 2, 256, 256),
        31_037_698,
        None,
        "unet",
    ),
    (
        "BasicBlock",
        {"in_channels": 256, "out_channels": 256},
        (1, 256, 14, 14),
        (1, 256, 14, 14),
        1_180_672,
        None,
        "blocks",
    ),
    ("Bottleneck", {"in_channels": 256, "width": 64}, (1, 256, 56, 56), (1, 256, 56, 56), 70_400, None, "blocks"),
    ("Bottleneck", {"in_channels": 64, "width": 64}, (1, 64, 56, 56), (1, 256, 56, 56), 75_008, None, "blocks"),
]


@pytest.mark.parametrize(("name", "arguments", "shape", "out", "params", "macs", "where"), COUNTS)
def test_counts(
    name: str, arguments: dict[str, Any], shape: Shape, out: Shape, params: int, macs: int | None, where: str
) -> None:
    """Output, parameters and multiply-adds are those that are published, and the page says so."""
    made = network(name, **arguments)

    assert (out, params) == (made(shape), made.params)
    assert f"{params:,}" in page(where)
    if macs is not None:
        assert macs == made.macs(shape)
        assert f"{macs:,}" in page(where)


SIZES = [
    # (network, arguments, input, which rows, the sides of what they put out)
    (
        "AlexNet",
        COURSE,
        (1, 1, 224, 224),
        ("conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5"),
        [54, 26, 26, 12, 12, 12, 12, 5],
    ),
    ("VGG", {}, IMAGE, ("block1", "block2", "block3", "block4", "block5"), [112, 56, 28, 14, 7]),
    ("NiN", {}, (1, 1, 224, 224), ("block1", "block2", "block3", "block4"), [54, 26, 12, 5]),
    ("GoogLeNet", {}, IMAGE, ("conv1", "pool1", "pool2", "pool3", "pool4"), [112, 56, 28, 14, 7]),
]


@pytest.mark.parametrize(("name", "arguments", "shape", "which", "sides"), SIZES)
def test_sides_of_the_maps(name: str, arguments: Any, shape: Shape, which: tuple[str, ...], sides: list[int]) -> None:
    """Square maps whose sides the pages list, joined by arrows."""
    outs = {row.name: row.out for row in network(name, **arguments).rows(shape)}

    assert [outs[row][2:] for row in which] == [(side, side) for side in sides]
    assert " → ".join(map(str, sides)) in page(name.lower()) or name == "NiN"


def test_alexnet_by_hand() -> None:
    """Each layer of the course's version; the flattened map has 6,400 numbers."""
    found = rows(network("AlexNet", **COURSE), (1, 1, 224, 224))

    assert list(found.values()) == [11_712, 614_656, 885_120, 1_327_488, 884_992, 26_218_496, 40_970]
    assert sum(found.values()) == 29_983_434
    assert all(f"{params:,}" in page("alexnet") for params in found.values())


def test_alexnets_parameters_are_in_its_dense_layers_and_its_work_is_not() -> None:
    """94.0 % of the parameters, 5.2 % of the MACs; 2.8 % of the course's."""
    whole = network("AlexNet")
    dense = [row for row in whole.rows((1, 3, 227, 227)) if row.name.startswith("fc")]
    params, macs = sum(row.params for row in dense), sum(row.macs for row in dense)
    course = network("AlexNet", **COURSE)
    less = sum(row.macs for row in course.rows((1, 1, 224, 224)) if row.name.startswith("fc"))

    assert (params, macs) == (58_631_144, 58_621_952)
    assert f"{params:,} of 62,378,344 parameters, {params / whole.params:.1%}".replace("%", " %") in page("alexnet")
    assert f"{macs:,}, {macs / whole.macs((1, 3, 227, 227)):.1%}".replace("%", " %") in page("alexnet")
    assert f"{less / course.macs((1, 1, 224, 224)):.1%}" == "2.8%"
    assert "2.8 % of its work" in page("nin")


def test_torchvisions_alexnet_is_another_one() -> None:
    """64, 192, 384, 256 and 256 channels: 61,100,840 parameters."""
    found = layers(
        ("Conv2d", (3, 64, 11)),
        ("Conv2d", (64, 192, 5)),
        ("Conv2d", (192, 384, 3)),
        ("Conv2d", (384, 256, 3)),
        ("Conv2d", (256, 256, 3)),
        ("Linear", (256 * 6 * 6, 4096)),
        ("Linear", (4096, 4096)),
        ("Linear", (4096, 1000)),
    )

    assert found == 61_100_840
    assert "| 61,100,840 |" in page("alexnet")


def test_vgg_by_hand() -> None:
    """Each block of VGG-16, and the dense layers with 89.4 % of the parameters and 0.8 % of the work."""
    vgg = network("VGG")
    found = {row.name: row for row in vgg.rows(IMAGE) if row.params}
    dense = [found[name] for name in ("fc1", "fc2", "fc3")]

    blocks = [found[f"block{number}"].params for number in range(1, 6)]
    assert blocks == [38_720, 221_440, 1_475_328, 5_899_776, 7_079_424]
    assert [row.params for row in dense] == [102_764_544, 16_781_312, 4_097_000]
    assert all(f"| {row.params:,} |" in page("vgg") or f"= {row.params:,} |" in page("vgg") for row in found.values())
    assert f"{found['fc1'].params / vgg.params:.1%}" == "74.3%"
    assert f"{sum(row.params for row in dense) / vgg.params:.1%}" == "89.4%"
    assert f"{sum(row.macs for row in dense) / vgg.macs(IMAGE):.1%}" == "0.8%"
    assert all(share in page("vgg") for share in ("74.3 %", "89.4 %", "0.8 %"))


SEEN = [("11", 150), ("13", 156), ("16", 212), ("19", 268)]


@pytest.mark.parametrize(("depth", "field"), SEEN)
def test_what_a_place_of_vggs_last_map_sees(depth: str, field: int) -> None:
    """The views of the four depths."""
    last = next(row for row in network("VGG", depth=int(depth)).rows(IMAGE) if row.name == "block5")

    assert last.receptive_field == (field, field)
    assert any(f"VGG-{depth} " in line and f"| {field} × {field} |" in line for line in page("vgg").splitlines())


def test_a_larger_image_makes_vggs_first_dense_layer_larger() -> None:
    """134,221,824 parameters on 256 × 256."""
    found = rows(network("VGG", image_size=256), (1, 3, 256, 256))

    assert found["fc1"] == 134_221_824
    assert "134,221,824" in page("vgg")


def test_nin_by_hand() -> None:
    """Each block; the convolution with the window and two of 1×1."""
    found = rows(network("NiN"), (1, 1, 224, 224))

    assert found == {"block1": 30_336, "block2": 746_240, "block3": 1_180_800, "block4": 34_790}
    assert all(f"= {params:,} |" in page("nin") for params in found.values())


def test_caffes_nin_has_a_wider_last_block() -> None:
    """7,595,176 parameters, 28.97 MiB."""
    blocks = rows(network("NiN", in_channels=3), (1, 3, 224, 224))
    head = layers(("Conv2d", (384, 1024, 3)), ("Conv2d", (1024, 1024, 1)), ("Conv2d", (1024, 1000, 1)))
    params = blocks["block1"] + blocks["block2"] + blocks["block3"] + head

    assert params == 7_595_176
    assert f"{params:,} parameters, {fitting(bytes_of(params), BINARY)} in float32" in page("nin")


def test_nin_needs_67_cells() -> None:
    """With one less the third pool has nothing left."""
    assert network("NiN")((1, 1, 67, 67)) == (1, 10)
    with pytest.raises(calc.CalcError):
        network("NiN")((1, 1, 66, 66))
    assert "67 × 67" in page("nin")


def test_googlenet_block_by_block() -> None:
    """The nine blocks as the page lists them, and what comes before and after."""
    found = {row.name: row for row in network("GoogLeNet").rows(IMAGE) if row.params}
    blocks = {name.removeprefix("inception"): row for name, row in found.items() if name.startswith("inception")}

    assert len(blocks) == 9
    for name, row in blocks.items():
        [line] = [line for line in page("googlenet").splitlines() if line.startswith(f"| {name} |")]
        block: Any = row.layer
        cells = [block.in_channels, block.c1, *map(_pair, (block.c2, block.c3)), block.c4, row.out[1], row.params]
        assert (
            line
            == "| " + " | ".join([name, *(f"{each:,}" if isinstance(each, int) else each for each in cells)]) + " |"
        )
    before = [found[name].params for name in ("conv1", "conv2", "conv3")]
    assert " + ".join(f"{params:,}" for params in before) in page("googlenet")


def _pair(widths: tuple[int, int]) -> str:
    return f"{widths[0]}, {widths[1]}"


def test_googlenets_auxiliary_classifiers() -> None:
    """A 1×1 convolution to 128 channels on 4 × 4, dense layers of 1024 and 1000: twice."""
    heads = [
        layers(("Conv2d", (channels, 128, 1)), ("Linear", (128 * 4 * 4, 1024)), ("Linear", (1024, 1000)))
        for channels in (512, 528)
    ]

    assert heads == [3_188_840, 3_190_888]
    assert sum(heads) + network("GoogLeNet").params == 13_378_280
    assert all(f"{number:,}" in page("googlenet") for number in (*heads, 13_378_280))


def test_googlenet_has_an_eighth_of_alexnets_parameters() -> None:
    """8.7 times fewer than the paper's, not twelve."""
    times = network("AlexNet", groups=2).params / network("GoogLeNet").params

    assert f"60,965,224 / 6,998,552 = {times:.1f} times" in page("googlenet")


TRANSFORMERS = [
    # (arguments, parameters): as in the paper, three tables in place of one, the big model
    ({}, 63_082_496),
    ({"tied": False}, 100_970_496),
    ({"d_model": 1024, "nhead": 16, "dim_feedforward": 4096}, 214_245_376),
]


@pytest.mark.parametrize(("arguments", "params"), TRANSFORMERS)
def test_the_transformer_of_the_paper(arguments: dict[str, Any], params: int) -> None:
    """A shared table is counted once."""
    made = network("TransformerBase", **arguments)

    assert (made((1, 128), (1, 100)), made.params) == ((1, 100, 37_000), params)
    assert f"{params:,}" in page("transformer-base")


def test_the_parts_of_the_transformer() -> None:
    """Both stacks have 44,138,496 parameters; nn.Transformer has two norms more; the output layer's share."""
    base = network("TransformerBase")
    found = {row.name: row for row in base.rows((1, 128), (1, 100))}
    stacks = found["encoder"].params + found["decoder"].params

    assert (found["encoder"].params, found["decoder"].params) == (18_914_304, 25_224_192)
    assert (stacks, calc.layer("Transformer").params) == (44_138_496, 44_138_496 + 2 * 2 * 512)
    assert (found["embedding"].params, found["tgt_embedding"].params, found["output"].params) == (18_944_000, 0, 0)
    assert (found["output"].macs, base.macs((1, 128), (1, 100))) == (1_894_400_000, 7_155_728_384)
    assert f"{found['output'].macs / base.macs((1, 128), (1, 100)):.1%}" == "26.5%"
    for text in ("18,914,304", "25,224,192", "44,138,496", "44,140,544", "1,894,400,000", "26.5 %", "7,155,728,384"):
        assert text in page("transformer-base")
