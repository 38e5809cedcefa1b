"""The Transformer of its paper as a whole: embeddings, positions, both stacks and the output layer.

Source: A. Vaswani et al., "Attention is all you need", 2017, section 3 and table 3.
Its stacks end as its figure has them, without the two norms that `nn.Transformer`
puts at their ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from calc.blocks.positions import SinusoidalPositions
from calc.blocks.tied import TiedLinear, TimesRootWidth
from calc.knob import Flag, Whole, knob
from calc.layer_base import Port, Shape
from calc.layers.dense import Linear
from calc.layers.dropout import Dropout
from calc.layers.embedding import Embedding
from calc.layers.transformer import TransformerDecoderLayer, TransformerEncoderLayer
from calc.layers.transformer_stack import TransformerDecoder, TransformerEncoder
from calc.network import Network, Value, Wires

CAUSAL = "tgt_mask=nn.Transformer.generate_square_subsequent_mask({0}.size(1)), tgt_is_causal=True"
"""Nobody sees what comes after."""


@dataclass(frozen=True)
class TransformerBase(Network):
    """A Transformer that translates: tokens of two languages in, a score for each possible next token out.

    Inputs `src` (N, S) and `tgt` (N, T), tokens by number; output (N, T, num_tokens).
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "rows", "picture", "torch")
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("src", "the sentence to translate, as numbers of tokens", dtype="int"),
        Port("tgt", "the translation so far, as numbers of tokens", dtype="int"),
    )
    made_for: ClassVar[str] = "give N, S and N, T, both with the same N and at most max_len tokens"

    num_tokens: int = knob(37000, symbol="V", kind=Whole(), about="tokens of the vocabulary that both languages share")
    d_model: int = knob(512, symbol="d", kind=Whole(), about="width of every token's embedding")
    nhead: int = knob(8, symbol="h", kind=Whole(), about="heads that each attention splits the width over")
    num_layers: int = knob(
        6, symbol="n_layers", kind=Whole(), about="layers of the encoder, and as many of the decoder"
    )
    dim_feedforward: int = knob(
        2048, symbol="d_ff", kind=Whole(), about="width between the two dense layers of a layer"
    )
    max_len: int = knob(5000, symbol="L_max", kind=Whole(), about="positions that the table of sines has a row for")
    tied: bool = knob(True, kind=Flag(), about="whether both embeddings and the output layer share one table")

    def check(self) -> None:
        super().check()
        self.encoder()  # refuses what its layers refuse

    def wire(self, wires: Wires, *inputs: Value) -> Value:
        src, tgt = inputs
        table, positions, drop = (
            Embedding(self.num_tokens, self.d_model),
            SinusoidalPositions(self.d_model, self.max_len),
            Dropout(0.1),
        )
        memory = wires("embedding", table, src)
        memory = wires("positions", positions, wires("scaled_src", TimesRootWidth(), memory))
        memory = wires("dropout", drop, memory)
        memory = wires("encoder", self.encoder(), memory)
        out = wires("tgt_embedding", table, tgt, again="embedding" if self.tied else "")
        out = wires("tgt_positions", positions, wires("scaled_tgt", TimesRootWidth(), out), again="positions")
        out = wires("tgt_dropout", drop, out, again="dropout")
        out = wires("decoder", self.decoder(), out, memory, options=CAUSAL)
        if self.tied:
            return wires("output", TiedLinear(tokens=self.num_tokens), out)
        return wires("output", Linear(self.d_model, self.num_tokens, bias=False), out)

    def encoder(self) -> TransformerEncoder:
        """The stack that reads the source."""
        layer = TransformerEncoderLayer(self.d_model, self.nhead, self.dim_feedforward, batch_first=True)
        return TransformerEncoder(layer, num_layers=self.num_layers)

    def decoder(self) -> TransformerDecoder:
        """The stack that writes the target."""
        layer = TransformerDecoderLayer(self.d_model, self.nhead, self.dim_feedforward, batch_first=True)
        return TransformerDecoder(layer, num_layers=self.num_layers)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return ("N", "S" if name == "src" else "T")[:rank] if rank < 3 else super().input_symbols(rank, name)

    def picture(self, *inputs: Shape) -> str:
        from calc.network_picture import picture

        caption = "Each box is a layer and what follows it at once; below, what it puts out, without the batch."
        return picture(self, inputs, caption) + super().picture(*inputs)
