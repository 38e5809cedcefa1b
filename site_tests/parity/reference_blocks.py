"""The blocks as people write them in PyTorch, by hand and apart from the package.

Names follow torchvision and common code, so that weights can be handed over by name.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def vgg_block(num_convs: int, in_channels: int, out_channels: int, batch_norm: bool = False) -> nn.Module:
    """`num_convs` times a convolution (and a batch norm) and a ReLU, then the pool."""
    layers: list[tuple[str, nn.Module]] = []
    for number in range(1, num_convs + 1):
        layers.append((f"conv{number}", nn.Conv2d(in_channels, out_channels, 3, padding=1)))
        layers += [(f"bn{number}", nn.BatchNorm2d(out_channels))] if batch_norm else []
        layers.append((f"relu{number}", nn.ReLU()))
        in_channels = out_channels
    return nn.Sequential(OrderedDict([*layers, ("pool", nn.MaxPool2d(2, 2))]))


class NiNBlock(nn.Module):
    """A convolution, then two of 1×1."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any = 1, padding: Any = 0
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 1)
        self.conv3 = nn.Conv2d(out_channels, out_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv3(F.relu(self.conv2(F.relu(self.conv1(x))))))


class Inception(nn.Module):
    """Four branches, as in "Dive into Deep Learning"."""

    def __init__(self, in_channels: int, c1: int, c2: tuple[int, int], c3: tuple[int, int], c4: int) -> None:
        super().__init__()
        self.b1_1 = nn.Conv2d(in_channels, c1, kernel_size=1)
        self.b2_1 = nn.Conv2d(in_channels, c2[0], kernel_size=1)
        self.b2_2 = nn.Conv2d(c2[0], c2[1], kernel_size=3, padding=1)
        self.b3_1 = nn.Conv2d(in_channels, c3[0], kernel_size=1)
        self.b3_2 = nn.Conv2d(c3[0], c3[1], kernel_size=5, padding=2)
        self.b4_1 = nn.MaxPool2d(kernel_size=3, stride=1, padding=1)
        self.b4_2 = nn.Conv2d(in_channels, c4, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        b1 = F.relu(self.b1_1(x))
        b2 = F.relu(self.b2_2(F.relu(self.b2_1(x))))
        b3 = F.relu(self.b3_2(F.relu(self.b3_1(x))))
        b4 = F.relu(self.b4_2(self.b4_1(x)))
        return torch.cat((b1, b2, b3, b4), dim=1)


class Residual(nn.Module):
    """The forward pass of torchvision's two residual blocks."""

    path: list[str]
    downsample: nn.Module | None

    def shortcut(self, in_channels: int, out_channels: int, stride: int) -> None:
        """A convolution where the input does not have the output's shape."""
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, x: Tensor) -> Tensor:
        identity = x if self.downsample is None else self.downsample(x)
        out = x
        for place, number in enumerate(self.path):
            out = getattr(self, f"bn{number}")(getattr(self, f"conv{number}")(out))
            out = F.relu(out) if place < len(self.path) - 1 else out
        return F.relu(out + identity)


class BasicBlock(Residual):
    """Two 3×3 convolutions."""

    path = ["1", "2"]

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut(in_channels, out_channels, stride)


class Bottleneck(Residual):
    """1×1, 3×3, 1×1; the stride is the 3×3's, or in the paper the first 1×1's."""

    path = ["1", "2", "3"]

    def __init__(self, in_channels: int, width: int, stride: int = 1, stride_first: bool = False) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, 1, stride if stride_first else 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1 if stride_first else stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.shortcut(in_channels, 4 * width, stride)


def separable(
    in_channels: int,
    out_channels: int,
    kernel_size: Any = 3,
    stride: Any = 1,
    padding: Any = 1,
    batch_norm: bool = False,
) -> nn.Module:
    """A convolution in as many groups as channels, then one of 1×1."""
    bias = not batch_norm
    depthwise = nn.Conv2d(in_channels, in_channels, kernel_size, stride, padding, groups=in_channels, bias=bias)
    pointwise = nn.Conv2d(in_channels, out_channels, 1, bias=bias)
    if not batch_norm:
        return nn.Sequential(OrderedDict(depthwise=depthwise, pointwise=pointwise))
    first = OrderedDict(depthwise=depthwise, bn1=nn.BatchNorm2d(in_channels), relu1=nn.ReLU())
    second = OrderedDict(pointwise=pointwise, bn2=nn.BatchNorm2d(out_channels), relu2=nn.ReLU())
    return nn.Sequential(first | second)


class SqueezeExcitation(nn.Module):
    """As in torchvision.ops."""

    def __init__(self, in_channels: int, squeeze_channels: int) -> None:
        super().__init__()
        self.fc1 = nn.Conv2d(in_channels, squeeze_channels, 1)
        self.fc2 = nn.Conv2d(squeeze_channels, in_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        scale = F.adaptive_avg_pool2d(x, 1)
        return torch.sigmoid(self.fc2(F.relu(self.fc1(scale)))) * x


def double_conv(in_channels: int, out_channels: int, batch_norm: bool = False, bias: bool = True) -> nn.Module:
    """Twice a 3×3 convolution (and a batch norm) and a ReLU."""
    layers: list[tuple[str, nn.Module]] = []
    for number in (1, 2):
        layers.append((f"conv{number}", nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=bias)))
        layers += [(f"bn{number}", nn.BatchNorm2d(out_channels))] if batch_norm else []
        layers.append((f"relu{number}", nn.ReLU()))
        in_channels = out_channels
    return nn.Sequential(OrderedDict(layers))


class UpBlock(nn.Module):
    """Up-convolution, concatenation, double convolution."""

    def __init__(self, in_channels: int, out_channels: int, batch_norm: bool = False, bias: bool = True) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, out_channels, 2, 2)
        self.conv = double_conv(2 * out_channels, out_channels, batch_norm, bias)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        return self.conv(torch.cat([skip, self.up(x)], dim=1))  # type: ignore[no-any-return]


class UNet(nn.Module):
    """Four levels down and up."""

    def __init__(self, in_channels: int = 1, num_classes: int = 2, base_channels: int = 64, **options: bool) -> None:
        super().__init__()
        c = base_channels
        widths = [in_channels, c, 2 * c, 4 * c, 8 * c]
        for level in range(1, 5):
            self.add_module(f"enc{level}", double_conv(widths[level - 1], widths[level], **options))
        self.bottom = double_conv(8 * c, 16 * c, **options)
        for level in (4, 3, 2, 1):
            self.add_module(f"up{level}", UpBlock(2 * widths[level], widths[level], **options))
        self.head = nn.Conv2d(c, num_classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        kept = []
        for level in range(1, 5):
            x = getattr(self, f"enc{level}")(x)
            kept.append(x)
            x = F.max_pool2d(x, 2)
        x = self.bottom(x)
        for level in (4, 3, 2, 1):
            x = getattr(self, f"up{level}")(x, kept[level - 1])
        return self.head(x)  # type: ignore[no-any-return]


REFERENCE: dict[str, Any] = {
    "VGGBlock": vgg_block,
    "NiNBlock": NiNBlock,
    "Inception": Inception,
    "BasicBlock": BasicBlock,
    "Bottleneck": Bottleneck,
    "DepthwiseSeparable": separable,
    "SqueezeExcitation": SqueezeExcitation,
    "DoubleConv": double_conv,
    "UpBlock": UpBlock,
    "UNet": UNet,
}
"""Each block by hand, with the same arguments."""
