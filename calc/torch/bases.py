"""Base classes of packages that models are built on: PyTorch Lightning, and the helper package of a well-known book.

What they do for shapes is here; training is not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from calc.errors import CalcError
from calc.torch import tape
from calc.torch.modules import Module


def _arguments_of_caller(besides: tuple[str, ...]) -> dict[str, Any]:
    """The arguments of the `__init__` that asks for them to be kept."""
    frame = sys._getframe(2)
    code = frame.f_code
    names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    return {name: frame.f_locals[name] for name in names if name in frame.f_locals and name not in besides}


class LightningModule(Module):
    """`nn.Module` with what training needs around it."""

    example_input_array: Any = None

    def save_hyperparameters(self, *args: Any, **kwargs: Any) -> None:
        """Keep the arguments as `self.hparams`."""
        self.__dict__["hparams"] = SimpleNamespace(**_arguments_of_caller(tuple(kwargs.get("ignore", ()))))

    def log(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to do: nothing is trained here."""

    log_dict = print = freeze = log

    @property
    def device(self) -> str:
        """Where the model would be."""
        return "cpu"


LIGHTNING: dict[str, Any] = {"LightningModule": LightningModule, "seed_everything": lambda *args, **options: None}


class BookModule(Module):
    """A model of the book: `net` is what it calls, where it does not say otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def save_hyperparameters(self, ignore: Any = ()) -> None:
        """Keep the arguments as attributes."""
        for name, value in _arguments_of_caller(tuple(ignore)).items():
            setattr(self, name, value)

    def forward(self, *args: Any) -> Any:
        if "net" not in self._modules:
            raise CalcError(f"{type(self).__name__} has no net", hint="assign self.net, or define forward")
        return self._modules["net"](*args)

    def layer_summary(self, X_shape: Any) -> None:
        """The shapes behind each layer are asked for: this is the input that the model is for."""
        tape.current.describe(self, tuple(X_shape), batched=True)

    def apply_init(self, inputs: Any, init: Any = None) -> None:
        """A first call, so that layers that wait for their input have their weights."""
        self.forward(*inputs)

    def plot(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to do."""


class Coder(BookModule):
    """The interface of an encoder or a decoder."""

    def forward(self, *args: Any) -> Any:
        raise CalcError(f"{type(self).__name__} has no forward", hint="define forward(self, X)")


class EncoderDecoder(BookModule):
    """An encoder whose output starts the state of a decoder."""

    def __init__(self, encoder: Module, decoder: Module, *args: Any) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def forward(self, *args: Any) -> Any:
        enc_X, dec_X, *args = args  # type: ignore[assignment]
        state = self.decoder.init_state(self.encoder(enc_X, *args), *args)
        return self.decoder(dec_X, state)


def _add_to_class(kind: type) -> Callable[[Any], Any]:
    """A method for a class of the reader's own; those here stay as they are."""

    def add(function: Any) -> Any:
        if kind.__module__ == "model":
            setattr(kind, function.__name__, function)

    return add


BOOK: dict[str, Any] = {
    **dict.fromkeys(("Module", "Classifier", "LinearRegression"), BookModule),
    **dict.fromkeys(("Encoder", "Decoder", "AttentionDecoder"), Coder),
    "EncoderDecoder": EncoderDecoder,
    "HyperParameters": type("HyperParameters", (), {"save_hyperparameters": BookModule.save_hyperparameters}),
    "add_to_class": _add_to_class,
    "try_gpu": lambda *args: "cpu",
    "try_all_gpus": lambda: ["cpu"],
    "cpu": lambda: "cpu",
    "init_cnn": lambda module: None,
    "init_seq2seq": lambda module: None,
    "use_svg_display": lambda: None,
    "set_figsize": lambda *args: None,
    "check_shape": lambda tensor, shape: None,
}
"""What a model of the book can be made of; its data, plots and training are placeholders."""
