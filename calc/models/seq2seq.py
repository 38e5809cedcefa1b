"""Sequence to sequence: one LSTM reads a sentence into its state, another writes from it.

I. Sutskever, O. Vinyals, Q. Le, "Sequence to sequence learning with neural networks", NIPS 2014.
"""

import torch
from torch import nn


class Seq2Seq(nn.Module):
    """Token numbers (batch, length) in, scores for every word of the target (batch, length, words) out."""

    def __init__(
        self,
        source_words: int = 10000,
        target_words: int = 10000,
        width: int = 256,
        hidden: int = 512,
        layers: int = 2,
    ) -> None:
        super().__init__()
        self.source = nn.Embedding(source_words, width)
        self.target = nn.Embedding(target_words, width)
        self.encoder = nn.LSTM(width, hidden, num_layers=layers, batch_first=True)
        self.decoder = nn.LSTM(width, hidden, num_layers=layers, batch_first=True)
        self.head = nn.Linear(hidden, target_words)

    def forward(self, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        _, state = self.encoder(self.source(source))
        out, _ = self.decoder(self.target(target), state)
        return self.head(out)
