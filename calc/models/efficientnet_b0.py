"""EfficientNet-B0: MobileNetV2's blocks with larger kernels and squeeze-and-excitation.

M. Tan, Q. Le, "EfficientNet: rethinking model scaling for convolutional neural networks", ICML 2019.
"""

import torch
from torch import nn


def convolution(
    in_channels: int, out_channels: int, kernel_size: int, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    """Convolution, batch norm, SiLU."""
    padding = kernel_size // 2
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, groups=groups, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.SiLU(),
    )


class SqueezeExcitation(nn.Module):
    """A weight for each channel, from the means of all of them."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.down = nn.Conv2d(channels, squeezed, 1)
        self.up = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weights = self.up(nn.functional.silu(self.down(self.pool(x))))
        return x * torch.sigmoid(weights)


class MBConv(nn.Module):
    """Widen, filter each channel, weigh, narrow."""

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int, stride: int, expand: int) -> None:
        super().__init__()
        inner = in_channels * expand
        widen = [convolution(in_channels, inner, 1)] if expand > 1 else []
        self.block = nn.Sequential(
            *widen,
            convolution(inner, inner, kernel_size, stride, groups=inner),
            SqueezeExcitation(inner, max(1, in_channels // 4)),
            nn.Conv2d(inner, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.adds = stride == 1 and in_channels == out_channels

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.block(x) if self.adds else self.block(x)


STAGES = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)
"""For each stage: expansion, kernel, stride of the first, channels, blocks."""


class EfficientNetB0(nn.Module):
    """Images of 224 x 224 in, a score for each class out."""

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        layers: list[nn.Module] = [convolution(3, 32, 3, stride=2)]
        channels = 32
        for expand, kernel_size, stride, out_channels, count in STAGES:
            for place in range(count):
                first = stride if place == 0 else 1
                layers.append(MBConv(channels, out_channels, kernel_size, first, expand))
                channels = out_channels
        self.features = nn.Sequential(*layers, convolution(channels, 1280, 1))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, num_classes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(torch.flatten(self.pool(self.features(x)), 1))
