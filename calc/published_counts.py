"""Parameter counts as they are published of the networks in the folder `models`, each with its source.

What a paper prints is seldom the number of its architecture: it is rounded, cut off, counts a head that others
leave out, or belongs to another network of the same name. Each difference that is more than rounding has its reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

UNITS = {"": 1, "K": 1_000, "M": 1_000_000, " million": 1_000_000}


@dataclass(frozen=True)
class Published:
    """A count as somebody prints it, such as "60,000", "5.3M" or "65 million".

    `why` explains a difference that is more than rounding.
    """

    printed: str
    by: str
    url: str
    why: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\d,]+(\.\d+)?(K|M| million)?", self.printed):
            raise ValueError(f"printed (={self.printed!r}) must be a number, with K, M or million behind it if need be")

    @property
    def place(self) -> int:
        """What its last digit stands for: 100,000 in "5.3M"."""
        digits, unit = self._parts
        return UNITS[unit] // int(10 ** len(digits.partition(".")[2]))

    @property
    def count(self) -> int:
        """The number itself: 5,300,000 for "5.3M".

        Examples:
            >>> each = Published("5.3M", "", "")
            >>> each.count, each.place, each.agrees(5_288_548), each.agrees(5_240_000)
            (5300000, 100000, True, False)
        """
        return int(self._parts[0].replace(".", "")) * self.place

    def agrees(self, counted: int) -> bool:
        """Whether a count, rounded as this one is, is the same."""
        return (counted + self.place // 2) // self.place * self.place == self.count

    @property
    def _parts(self) -> tuple[str, str]:
        digits = re.match(r"[\d.]+", self.printed.replace(",", ""))
        assert digits
        return digits.group(), self.printed.replace(",", "")[digits.end() :]


def _torchvision(name: str, count: int, why: str = "") -> Published:
    url = f"https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.{name}.html"
    return Published(f"{count:,}", f"torchvision, {name}", url, why)


def _arxiv(printed: str, by: str, number: str, why: str = "") -> Published:
    return Published(printed, by, f"https://arxiv.org/abs/{number}", why)


def _vgg(depth: int, plain: int, normed: int, printed: str) -> dict[str, tuple[Published, ...]]:
    paper = _arxiv(printed, "Simonyan, Zisserman 2015, table 2", "1409.1556")
    return {
        f"VGG-{depth}": (_torchvision(f"vgg{depth}", plain), paper),
        f"VGG-{depth} with batch norm": (_torchvision(f"vgg{depth}_bn", normed),),
    }


PUBLISHED: Mapping[str, tuple[Published, ...]] = {
    "LeNet-5": (
        Published(
            "60,000", "LeCun and others 1998, section II.B", "https://doi.org/10.1109/5.726791",
            "The paper's second convolution reads some of the six maps only, its pools learn a factor and an offset "
            "for each map, and its last layer learns nothing.",
        ),
    ),
    "LeNet of Caffe": (_arxiv("431K", "Han and others 2015, table 1", "1506.02626"),),
    "AlexNet": (
        Published(
            "60 million", "Krizhevsky, Sutskever, Hinton 2012, abstract",
            "https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html",
            "A round number; the layers that the paper describes have nearly 61 million.",
        ),
        _arxiv("61M", "Han and others 2015, table 1", "1506.02626"),
    ),
    "AlexNet of 2014": (_torchvision("alexnet", 61_100_840),),
    **_vgg(11, 132_863_336, 132_868_840, "133 million"),
    **_vgg(13, 133_047_848, 133_053_736, "133 million"),
    **_vgg(16, 138_357_544, 138_365_992, "138 million"),
    **_vgg(19, 143_667_240, 143_678_248, "144 million"),
    "GoogLeNet": (
        _arxiv(
            "5 million", "Szegedy and others 2016, section 1", "1512.00567",
            "AlexNet's 60 million, divided by the twelve of the paper of 2015, whose own table gives nearly 7 million.",
        ),
        _torchvision(
            "googlenet", 6_624_904,
            "Batch norm in place of biases, and windows of 3 × 3 where the paper has 5 × 5: it was ported from code "
            "that had them so.",
        ),
    ),
    **{
        f"ResNet-{depth}": (_torchvision(f"resnet{depth}", count),)
        for depth, count in (
            (18, 11_689_512), (34, 21_797_672), (50, 25_557_032), (101, 44_549_160), (152, 60_192_808),
        )
    },
    "DenseNet-121": (
        _torchvision("densenet121", 7_978_856),
        Published(
            "8.1M", "Keras Applications", "https://keras.io/api/applications/",
            "Keras counts the running means and variances of batch norm too, 83,648 numbers: 8,062,504.",
        ),
    ),
    "MobileNetV2": (
        _torchvision("mobilenet_v2", 3_504_872),
        _arxiv(
            "3.4M", "Sandler and others 2018, table 4", "1801.04381",
            "The paper does not say how it counts. The weights alone, without batch norm and the last bias, are "
            "3,469,760, which cut off after one decimal is 3.4 million.",
        ),
    ),
    "EfficientNet-B0": (
        _torchvision("efficientnet_b0", 5_288_548), _arxiv("5.3M", "Tan, Le 2019, table 2", "1905.11946"),
    ),
    "ConvNeXt-T": (
        _torchvision("convnext_tiny", 28_589_128),
        Published(
            "28M", "Liu and others 2022, README of their code", "https://github.com/facebookresearch/ConvNeXt",
            "Cut off instead of rounded.",
        ),
    ),
    "ViT-B/16": (
        _torchvision("vit_b_16", 86_567_656),
        _arxiv(
            "86M", "Dosovitskiy and others 2021, table 1", "2010.11929",
            "Without the dense layer for 1000 classes it is 85,798,656.",
        ),
    ),
    "U-Net, half as wide": (
        _arxiv(
            "7.76M", "Zhou and others 2018, table of results", "1807.10165",
            "Without batch norm it is 7,759,554.",
        ),
    ),
    "LSTM of 2014": (_arxiv("384M", "Sutskever, Vinyals, Le 2014, section 3.4", "1409.3215"),),
    "Transformer base": (
        _arxiv(
            "65 million", "Vaswani and others 2017, table 3", "1706.03762",
            "It does not follow from the sizes in the paper, which give the number counted here.",
        ),
    ),
    "Transformer big": (
        _arxiv(
            "213 million", "Vaswani and others 2017, table 3", "1706.03762",
            "It does not follow from the sizes in the paper either.",
        ),
    ),
    "BERT-base": (
        _arxiv(
            "110M", "Devlin and others 2019, section 3", "1810.04805",
            "With the two heads of its pre-training it is 110,106,428.",
        ),
    ),
    "GPT-2": (
        Published("124M", "OpenAI, README of its code", "https://github.com/openai/gpt-2"),
        Published(
            "117M", "Radford and others 2019, table 2",
            "https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf",
            "Wrong, as OpenAI's README says of the counts in its paper.",
        ),
    ),
}  # fmt: skip
"""What is published of each network, under its name in `calc.model_catalogue`; of the others nothing is."""
