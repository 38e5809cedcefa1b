"""Cells of TensorFlow 1 (tf.nn.rnn_cell). A new layer is one class in its family's file and one line here."""

from __future__ import annotations

from calc.layer import Layer
from calc.tf1.recurrent import BasicLSTMCell, BasicRNNCell, GRUCell, LSTMCell

FAMILIES: dict[str, tuple[type[Layer], ...]] = {
    "recurrent": (BasicRNNCell, BasicLSTMCell, LSTMCell, GRUCell),
}
"""The layers, family by family."""

LAYERS: dict[str, type[Layer]] = {kind.title(): kind for family in FAMILIES.values() for kind in family}
"""Every cell of TensorFlow 1 under its name: tf1.GRUCell."""
