"""Whole networks under their names."""

from __future__ import annotations

from calc.network import Network
from calc.networks.lenet import LeNet5, LeNet5Caffe

NETWORKS: dict[str, type[Network]] = {kind.__name__: kind for kind in (LeNet5, LeNet5Caffe)}
