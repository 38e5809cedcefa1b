"""LeNet as the Caffe examples train it: wider, with max pooling and one hidden dense layer.

From `examples/mnist/lenet.prototxt` of Caffe.
"""

import torch
from torch import nn


class CaffeLeNet(nn.Module):
    """Digits of 28 x 28 without padding."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 20, kernel_size=5),
            nn.MaxPool2d(2),
            nn.Conv2d(20, 50, kernel_size=5),
            nn.MaxPool2d(2),
        )
        self.hidden = nn.Linear(50 * 4 * 4, 500)
        self.relu = nn.ReLU()
        self.classifier = nn.Linear(500, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.features(x).flatten(1)
        return self.classifier(self.relu(self.hidden(x)))
