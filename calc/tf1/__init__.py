"""Cells of TensorFlow 1 (tf.nn.rnn_cell). A new layer is one class in its family's file and its name here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calc.registry import Families, Registry

if TYPE_CHECKING:
    from calc.layer_base import Layer

FAMILIES: Families = {
    "recurrent": {"recurrent": "BasicRNNCell BasicLSTMCell LSTMCell GRUCell"},
}
"""The layers, family by family: modules, and the names of their classes."""

LAYERS: Registry[Layer] = Registry("calc.tf1", FAMILIES, "tf1.")
"""Every cell under its name: tf1.GRUCell."""
