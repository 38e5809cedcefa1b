"""VGG: blocks of 3 x 3 convolutions, each block half the size and twice the channels of the one before.

K. Simonyan, A. Zisserman, "Very deep convolutional networks for large-scale image recognition", ICLR 2015.
"""

import torch
from torch import nn

DEPTHS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


def block(in_channels: int, out_channels: int, convolutions: int, batch_norm: bool) -> nn.Sequential:
    """Convolutions that keep the size, then a pool that halves it."""
    layers: list[nn.Module] = []
    for _ in range(convolutions):
        layers.append(nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(out_channels))
        layers.append(nn.ReLU(inplace=True))
        in_channels = out_channels
    return nn.Sequential(*layers, nn.MaxPool2d(2))


class VGG(nn.Module):
    """VGG-11, 13, 16 or 19 for images of 224 x 224."""

    def __init__(self, depth: int = 16, batch_norm: bool = False, num_classes: int = 1000) -> None:
        super().__init__()
        channels = (3, 64, 128, 256, 512, 512)
        self.features = nn.Sequential(
            *(block(channels[at], channels[at + 1], count, batch_norm) for at, count in enumerate(DEPTHS[depth]))
        )
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(),
            nn.Linear(4096, num_classes),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.features(x).flatten(1))
