"""The networks that are at hand as ordinary PyTorch source, in the folder `models`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from calc.published_counts import PUBLISHED, Published

FOLDER = Path(__file__).parent / "models"


@dataclass(frozen=True)
class Model:
    """A network: its file, the expression that makes it, and inputs for it."""

    name: str
    file: str
    entry: str
    inputs: tuple[str, ...]

    @property
    def source(self) -> str:
        """The PyTorch source."""
        return (FOLDER / f"{self.file}.py").read_text(encoding="utf-8")

    @property
    def published(self) -> tuple[Published, ...]:
        """The counts that others give."""
        return PUBLISHED.get(self.name, ())


IMAGE = ("1, 3, 224, 224",)
DIGIT = ("1, 1, 28, 28",)
SENTENCES = ("int64[1, 32]", "int64[1, 32]")


@cache
def models() -> dict[str, Model]:
    """Every network under its name; of one file, the one that is asked for most comes first."""
    listed = (
        Model("LeNet-5", "lenet", "LeNet()", DIGIT),
        Model("LeNet of Caffe", "lenet_caffe", "CaffeLeNet()", DIGIT),
        Model("AlexNet", "alexnet", "AlexNet()", ("1, 3, 227, 227",)),
        Model("AlexNet without groups", "alexnet", "AlexNet(groups=1)", ("1, 3, 227, 227",)),
        Model("AlexNet of 2014", "alexnet", "LaterAlexNet()", IMAGE),
        Model("AlexNet of a course", "alexnet", "SmallAlexNet()", ("1, 1, 224, 224",)),
        *(Model(f"VGG-{depth}", "vgg", f"VGG({depth})", IMAGE) for depth in (16, 11, 13, 19)),
        *(
            Model(f"VGG-{depth} with batch norm", "vgg", f"VGG({depth}, batch_norm=True)", IMAGE)
            for depth in (16, 11, 13, 19)
        ),
        Model("NiN", "nin", "NiN()", ("1, 1, 224, 224",)),
        Model("GoogLeNet", "googlenet", "GoogLeNet()", IMAGE),
        *(Model(f"ResNet-{depth}", "resnet", f"ResNet({depth})", IMAGE) for depth in (50, 18, 34, 101, 152)),
        Model("DenseNet-121", "densenet", "DenseNet()", IMAGE),
        Model("MobileNetV2", "mobilenet_v2", "MobileNetV2()", IMAGE),
        Model("EfficientNet-B0", "efficientnet_b0", "EfficientNetB0()", IMAGE),
        Model("ConvNeXt-T", "convnext_tiny", "ConvNeXt()", IMAGE),
        Model("ViT-B/16", "vit_b16", "VisionTransformer()", IMAGE),
        Model("U-Net", "unet", "UNet(width=64, batch_norm=False)", ("1, 1, 256, 256",)),
        Model("U-Net, half as wide", "unet", "UNet()", ("1, 1, 256, 256",)),
        Model("LSTM from sequence to sequence", "seq2seq", "Seq2Seq()", ("int64[4, 12]", "int64[4, 9]")),
        Model(
            "LSTM of 2014",
            "seq2seq",
            "Seq2Seq(source_words=160_000, target_words=80_000, width=1000, hidden=1000, layers=4)",
            ("int64[4, 12]", "int64[4, 9]"),
        ),
        Model("Transformer base", "transformer", "Transformer()", SENTENCES),
        Model("Transformer big", "transformer", "Transformer(d_model=1024, heads=16, hidden=4096)", SENTENCES),
        Model("BERT-base", "bert_base", "Bert()", ("int64[1, 128]", "int64[1, 128]")),
        Model("GPT-2", "gpt2", "GPT2()", ("int64[1, 1024]",)),
        Model("GAN", "gan", "GAN()", ("4, 100, 1, 1",)),
        Model("Autoencoder", "autoencoder", "Autoencoder()", DIGIT),
    )
    return {model.name: model for model in listed}
