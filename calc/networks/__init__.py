"""Whole networks under their names. A new network is one class in its file and its name here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calc.registry import Families, Registry

if TYPE_CHECKING:
    from calc.layer_base import Layer

FAMILIES: Families = {
    "networks": {
        "lenet": "LeNet5 LeNet5Caffe",
        "alexnet": "AlexNet",
        "vgg": "VGG",
        "nin": "NiN",
        "googlenet": "GoogLeNet",
        "resnet": "ResNet",
        "unet": "UNet",
        "transformer_base": "TransformerBase",
    },
}
"""The networks: modules, and the names of their classes."""

KERAS: Families = {"networks": {"keras_cnn": "SmallCNN"}}
"""The networks that are made of Keras's layers."""

NETWORKS: Registry[Layer] = Registry("calc.networks", FAMILIES) | Registry("calc.networks", KERAS, "keras.")
"""Every network under its name."""
