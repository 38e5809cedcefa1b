"""BERT-base: an encoder that reads in both directions, with learned positions and a pooled first token.

J. Devlin, M.-W. Chang, K. Lee, K. Toutanova, "BERT: pre-training of deep bidirectional transformers for language
understanding", NAACL 2019.
"""

import torch
from torch import nn


class Embeddings(nn.Module):
    """Word, position and sentence, added up."""

    def __init__(self, words: int, width: int, positions: int) -> None:
        super().__init__()
        self.word = nn.Embedding(words, width)
        self.position = nn.Embedding(positions, width)
        self.sentence = nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(0.1)

    def forward(self, tokens: torch.Tensor, sentences: torch.Tensor) -> torch.Tensor:
        places = torch.arange(tokens.shape[1])
        return self.dropout(self.norm(self.word(tokens) + self.position(places) + self.sentence(sentences)))


class Bert(nn.Module):
    """Token and sentence numbers (batch, length) in; a vector for each token and one for the whole out."""

    def __init__(
        self, words: int = 30522, width: int = 768, layers: int = 12, heads: int = 12, hidden: int = 3072
    ) -> None:
        super().__init__()
        self.embeddings = Embeddings(words, width, positions=512)
        layer = nn.TransformerEncoderLayer(
            width, heads, hidden, activation="gelu", layer_norm_eps=1e-12, batch_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.pooler = nn.Linear(width, width)

    def forward(self, tokens: torch.Tensor, sentences: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = self.encoder(self.embeddings(tokens, sentences))
        return x, torch.tanh(self.pooler(x[:, 0]))
