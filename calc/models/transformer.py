"""The Transformer of 2017, base and big: one embedding matrix for both sides and for the scores.

A. Vaswani and others, "Attention is all you need", NIPS 2017.
"""

import math

import torch
from torch import nn


class Encoder(nn.Module):
    """Self-attention, then a dense network at each position; each is added to its input and normalised."""

    def __init__(self, d_model: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(d_model, heads, batch_first=True)
        self.feed_forward = nn.Sequential(nn.Linear(d_model, hidden), nn.ReLU(), nn.Linear(hidden, d_model))
        self.norms = nn.ModuleList(nn.LayerNorm(d_model) for _ in range(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norms[0](x + self.attention(x, x, x, need_weights=False)[0])
        return self.norms[1](x + self.feed_forward(x))


class Decoder(nn.Module):
    """The same with attention to the encoder's output in between."""

    def __init__(self, d_model: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(d_model, heads, batch_first=True)
        self.cross = nn.MultiheadAttention(d_model, heads, batch_first=True)
        self.feed_forward = nn.Sequential(nn.Linear(d_model, hidden), nn.ReLU(), nn.Linear(hidden, d_model))
        self.norms = nn.ModuleList(nn.LayerNorm(d_model) for _ in range(3))

    def forward(self, x: torch.Tensor, memory: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        x = self.norms[0](x + self.attention(x, x, x, attn_mask=mask, need_weights=False)[0])
        x = self.norms[1](x + self.cross(x, memory, memory, need_weights=False)[0])
        return self.norms[2](x + self.feed_forward(x))


class Transformer(nn.Module):
    """Token numbers (batch, length) of source and target in, scores (batch, length, words) out."""

    def __init__(
        self,
        words: int = 37000,
        d_model: int = 512,
        heads: int = 8,
        hidden: int = 2048,
        layers: int = 6,
        max_length: int = 512,
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(words, d_model)
        self.encoder = nn.ModuleList(Encoder(d_model, heads, hidden) for _ in range(layers))
        self.decoder = nn.ModuleList(Decoder(d_model, heads, hidden) for _ in range(layers))
        self.head = nn.Linear(d_model, words, bias=False)
        self.head.weight = self.embedding.weight
        places = torch.arange(max_length).unsqueeze(1)
        rates = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        positions = torch.zeros(max_length, d_model)
        positions[:, 0::2] = torch.sin(places * rates)
        positions[:, 1::2] = torch.cos(places * rates)
        self.register_buffer("positions", positions)

    def embed(self, tokens: torch.Tensor) -> torch.Tensor:
        """Embeddings, scaled, with the positions added."""
        return self.embedding(tokens) * math.sqrt(self.embedding.embedding_dim) + self.positions[: tokens.shape[1]]

    def forward(self, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        memory = self.embed(source)
        for layer in self.encoder:
            memory = layer(memory)
        length = target.shape[1]
        mask = torch.triu(torch.ones(length, length, dtype=torch.bool), diagonal=1)
        x = self.embed(target)
        for layer in self.decoder:
            x = layer(x, memory, mask)
        return self.head(x)
