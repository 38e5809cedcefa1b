"""U-Net: down to a small map and up again, with what was seen on the way down laid beside.

O. Ronneberger, P. Fischer, T. Brox, "U-Net: convolutional networks for biomedical image segmentation", MICCAI 2015.
"""

import torch
from torch import nn


def double_conv(in_channels: int, out_channels: int, batch_norm: bool) -> nn.Sequential:
    """Two 3 x 3 convolutions that keep the size."""
    layers: list[nn.Module] = []
    for channels in (in_channels, out_channels):
        layers.append(nn.Conv2d(channels, out_channels, 3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(out_channels))
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """Maps whose sides are multiples of 16; `width` channels in the first stage, twice as many in each further one."""

    def __init__(
        self, in_channels: int = 1, num_classes: int = 2, width: int = 32, depth: int = 4, batch_norm: bool = True
    ) -> None:
        super().__init__()
        widths = [width * 2**stage for stage in range(depth + 1)]
        sources = [in_channels, *widths[:-1]]
        self.down = nn.ModuleList(double_conv(a, b, batch_norm) for a, b in zip(sources[:-1], widths[:-1]))
        self.pool = nn.MaxPool2d(2)
        self.bottom = double_conv(widths[-2], widths[-1], batch_norm)
        self.rise = nn.ModuleList(nn.ConvTranspose2d(2 * w, w, 2, stride=2) for w in reversed(widths[:-1]))
        self.up = nn.ModuleList(double_conv(2 * w, w, batch_norm) for w in reversed(widths[:-1]))
        self.head = nn.Conv2d(width, num_classes, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skips = []
        for stage in self.down:
            x = stage(x)
            skips.append(x)
            x = self.pool(x)
        x = self.bottom(x)
        for rise, stage, skip in zip(self.rise, self.up, reversed(skips)):
            x = stage(torch.cat([skip, rise(x)], dim=1))
        return self.head(x)
