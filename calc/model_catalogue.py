"""The networks that are at hand as ordinary PyTorch source, in the folder `models`, with what is published of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "models"


@dataclass(frozen=True)
class Model:
    """A network: its file, the expression that makes it, inputs for it, and its published parameter count.

    `says` is how the publication puts it, `why` what explains a difference.
    """

    name: str
    file: str
    entry: str
    inputs: tuple[str, ...]
    published: int | None = None
    says: str = ""
    why: str = ""

    @property
    def source(self) -> str:
        """The PyTorch source."""
        return (FOLDER / f"{self.file}.py").read_text(encoding="utf-8")


IMAGE = ("1, 3, 224, 224",)
TORCHVISION = "torchvision's table of weights"


def _vgg(depth: int, plain: int, normed: int) -> tuple[Model, Model]:
    return (
        Model(f"VGG-{depth}", "vgg", f"VGG({depth})", IMAGE, plain, TORCHVISION),
        Model(f"VGG-{depth} with batch norm", "vgg", f"VGG({depth}, batch_norm=True)", IMAGE, normed, TORCHVISION),
    )


@cache
def models() -> dict[str, Model]:
    """Every network under its name."""
    listed = (
        Model(
            "LeNet-5", "lenet", "LeNet()", ("1, 1, 28, 28",), 60_000, "LeCun et al. 1998: 60,000",
            "the paper's second convolution reads some of the six maps only, and its pools learn a factor",
        ),
        Model("LeNet of Caffe", "lenet_caffe", "CaffeLeNet()", ("1, 1, 28, 28",), 431_080, "431,080 in Caffe's log"),
        Model(
            "AlexNet", "alexnet", "AlexNet()", ("1, 3, 227, 227",), 60_965_224, "Krizhevsky et al. 2012: 60 million",
        ),
        Model(
            "AlexNet without groups", "alexnet", "AlexNet(groups=1)", ("1, 3, 227, 227",), 62_378_344, "",
            "torchvision's AlexNet has 61,100,840: it is another network, with 64 filters in its first layer",
        ),
        Model("AlexNet of a course", "alexnet", "SmallAlexNet()", ("1, 1, 224, 224",), 29_983_434),
        *_vgg(11, 132_863_336, 132_868_840),
        *_vgg(13, 133_047_848, 133_053_736),
        *_vgg(16, 138_357_544, 138_365_992),
        *_vgg(19, 143_667_240, 143_678_248),
        Model("NiN", "nin", "NiN()", ("1, 1, 224, 224",), 1_992_166),
        Model(
            "GoogLeNet", "googlenet", "GoogLeNet()", IMAGE, 6_998_552, "Szegedy et al. 2015: about 7 million",
            "torchvision's has 6,624,904: batch norm, and 3 x 3 where the paper has 5 x 5",
        ),
        *(
            Model(f"ResNet-{depth}", "resnet", f"ResNet({depth})", IMAGE, count, TORCHVISION)
            for depth, count in (
                (18, 11_689_512), (34, 21_797_672), (50, 25_557_032), (101, 44_549_160), (152, 60_192_808),
            )
        ),
        Model("DenseNet-121", "densenet", "DenseNet()", IMAGE, 7_978_856, TORCHVISION),
        Model("MobileNetV2", "mobilenet_v2", "MobileNetV2()", IMAGE, 3_504_872, TORCHVISION),
        Model("EfficientNet-B0", "efficientnet_b0", "EfficientNetB0()", IMAGE, 5_288_548, TORCHVISION),
        Model("ConvNeXt-T", "convnext_tiny", "ConvNeXt()", IMAGE, 28_589_128, TORCHVISION),
        Model("ViT-B/16", "vit_b16", "VisionTransformer()", IMAGE, 86_567_656, TORCHVISION),
        Model("U-Net, half as wide", "unet", "UNet()", ("1, 1, 256, 256",), 7_765_442),
        Model("U-Net", "unet", "UNet(width=64, batch_norm=False)", ("1, 1, 256, 256",), None,
              "", "the paper prints no count; its convolutions are not padded, which changes sizes and no parameter"),
        Model("LSTM from sequence to sequence", "seq2seq", "Seq2Seq()", ("int64[4, 12]", "int64[4, 9]")),
        Model(
            "Transformer base", "transformer", "Transformer()", ("int64[1, 32]", "int64[1, 32]"), 65_000_000,
            "Vaswani et al. 2017: 65 million",
            "the figure does not follow from the architecture: with one shared matrix of 37,000 words it is 63,082,496",
        ),
        Model(
            "Transformer big", "transformer", "Transformer(d_model=1024, heads=16, hidden=4096)",
            ("int64[1, 32]", "int64[1, 32]"), 213_000_000, "Vaswani et al. 2017: 213 million",
            "worked out it is 214,245,376",
        ),
        Model(
            "BERT-base", "bert_base", "Bert()", ("int64[1, 128]", "int64[1, 128]"), 110_000_000,
            "Devlin et al. 2018: 110 million", "with the heads of its pre-training it is 110,106,428",
        ),
        Model(
            "GPT-2", "gpt2", "GPT2()", ("int64[1, 1024]",), 124_439_808, "OpenAI's README: 124 million",
            "the 117 million of the paper were a slip, as OpenAI's README says",
        ),
        Model("GAN", "gan", "GAN()", ("4, 100, 1, 1",)),
        Model("Autoencoder", "autoencoder", "Autoencoder()", ("1, 1, 28, 28",)),
    )  # fmt: skip
    return {model.name: model for model in listed}
