"""`torch` as pasted source imports it: modules that hold what is known here and name what is not."""

from __future__ import annotations

import contextlib
import math
import types
from collections.abc import Callable
from functools import cache
from typing import Any

from calc.absent import Absent, AbsentError
from calc.errors import CalcError
from calc.layers import LAYERS
from calc.torch import containers, functional, methods, modules, tape, training, transformers, words
from calc.torch.dtypes import NAMED, Device, DType
from calc.torch.layers import layer_module
from calc.torch.lazy import WIDTHS, lazy_module
from calc.torch.legacy import TensorClass
from calc.torch.legacy import made as made_of
from calc.torch.tensor import Size, Tensor


class Stand(types.ModuleType):
    """A module that says by name what it does not know."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AbsentError(f"{self.__name__}.{name} is not known to this calculator yet")


class _Nothing(contextlib.ContextDecorator):
    """`torch.no_grad()` and its like: a context that changes nothing that is worked out here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __enter__(self) -> _Nothing:
        return self

    def __exit__(self, *args: object) -> None:
        pass

    def __call__(self, function: Callable[..., Any]) -> Any:
        return function


def _described(model: Any, given: Any) -> None:
    tape.current.describe(model, given, batched=True)


def _unchanged(function: Any = None, *args: Any, **kwargs: Any) -> Any:
    """A decorator or a compiler that leaves a function or a model as it is."""
    return function if function is not None else _unchanged


def _condition(condition: Any, message: str = "") -> None:
    if not condition:
        raise CalcError(message if isinstance(message, str) and message else "an assertion of the model failed")


def _loss(name: str) -> type[modules.Module]:
    compute = functional.loss(name)

    class Loss(modules.Module):
        """A loss: one number."""

        is_leaf = True

        def __init__(self, *args: Any, reduction: str = "mean", **options: Any) -> None:
            super().__init__()
            self.reduction = reduction

        def forward(self, input: Tensor, target: Tensor, *more: Any) -> Tensor:
            return compute(input, target, reduction=self.reduction)

    return Loss


LOSSES = {
    "CrossEntropyLoss": "cross_entropy",
    "NLLLoss": "nll_loss",
    "MSELoss": "mse_loss",
    "L1Loss": "l1_loss",
    "SmoothL1Loss": "smooth_l1_loss",
    "HuberLoss": "huber_loss",
    "BCELoss": "binary_cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy_with_logits",
    "KLDivLoss": "kl_div",
}

INITIALISERS = words(
    "uniform_ normal_ trunc_normal_ constant_ ones_ zeros_ eye_ dirac_ xavier_uniform_ "
    "xavier_normal_ kaiming_uniform_ kaiming_normal_ orthogonal_ sparse_"
)


def _gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor that keeps the size of a signal through an activation, as `nn.init.calculate_gain`."""
    slope = 0.01 if param is None else param
    gains = {"tanh": 5 / 3, "relu": math.sqrt(2), "leaky_relu": math.sqrt(2 / (1 + slope**2)), "selu": 0.75}
    return gains.get(nonlinearity, 1.0)


def _fans(tensor: Tensor) -> tuple[int, int]:
    inner = math.prod(tensor._shape[2:])
    return tensor._shape[1] * inner, tensor._shape[0] * inner


def _make(name: str, known: dict[str, Any]) -> Stand:
    module = Stand(name)
    module.__dict__.update(known)
    return module


@cache
def namespace() -> dict[str, types.ModuleType]:
    """Every module that can be imported, under its full name."""
    found: dict[str, types.ModuleType] = {}
    recorded = {name: methods.recorded(f"F.{name}", function) for name, function in functional.functions().items()}
    functions = _make("torch.nn.functional", recorded)
    initialisers = _make(
        "torch.nn.init",
        {
            **dict.fromkeys((*INITIALISERS, *(each.rstrip("_") for each in INITIALISERS)), methods.fill),
            "calculate_gain": _gain,
            "_calculate_fan_in_and_fan_out": _fans,
            "_calculate_correct_fan": lambda tensor, mode: _fans(tensor)[mode == "fan_out"],
        },
    )
    made: dict[str, Any] = {name: layer_module(name) for name in LAYERS}
    made |= {kind.__name__: kind for kind in _transformers()}
    made |= {f"Lazy{name}": lazy_module(name) for name in WIDTHS}
    containers = {kind.__name__: kind for kind in _containers()}
    utilities = _make(
        "torch.nn.utils", dict.fromkeys(("weight_norm", "spectral_norm", "remove_weight_norm"), _unchanged)
    )
    nn = _make(
        "torch.nn",
        {**made, **containers, **{name: _loss(function) for name, function in LOSSES.items()}}
        | {"functional": functions, "init": initialisers, "utils": utilities},
    )
    nn.__dict__.update(parameter=_make("torch.nn.parameter", {"Parameter": modules.Parameter}))
    shared = dict.fromkeys(("DataParallel", "DistributedDataParallel"), nn.DataParallel)
    attention = dict.fromkeys(("MATH", "FLASH_ATTENTION", "EFFICIENT_ATTENTION", "CUDNN_ATTENTION"), "attention")
    choice = types.SimpleNamespace(**attention)
    nn.__dict__.update(attention=_make("torch.nn.attention", {"sdpa_kernel": _Nothing, "SDPBackend": choice}))
    nn.__dict__.update(parallel=_make("torch.nn.parallel", shared))
    nn.__dict__.update(modules=_make("torch.nn.modules", {**nn.__dict__}))

    jit = _make(
        "torch.jit",
        {**dict.fromkeys(("script", "ignore", "unused", "export", "_overload_method", "script_if_tracing"), _unchanged)}
        | {"is_scripting": lambda: False, "is_tracing": lambda: False, "annotate": lambda kind, value: value}
        | {"Final": Any, "ScriptModule": modules.Module, "script_method": _unchanged},
    )
    checkpoint = _make("torch.utils.checkpoint", {"checkpoint": lambda function, *args, **options: function(*args)})
    kinds = {"Float": "float32", "Double": "float64", "Half": "float16", "Long": "int64", "Int": "int32"}
    kinds |= {"Byte": "uint8", "Bool": "bool", "Short": "int16"}
    tensors = {f"{name}Tensor": made_of(NAMED[kind]) for name, kind in kinds.items()}
    cuda = _make(
        "torch.cuda",
        {
            "is_available": lambda: False,
            "device_count": lambda: 0,
            "amp": _make("torch.cuda.amp", {"autocast": _Nothing, "GradScaler": training.Idle}),
            **dict.fromkeys(words("manual_seed manual_seed_all empty_cache synchronize set_device"), training.nothing),
            "current_device": lambda: 0,
            **tensors,
        },
    )
    backends = _make("torch.backends", {"mps": _make("torch.backends.mps", {"is_available": lambda: False})})
    backends.__dict__.update(cuda=_make("torch.backends.cuda", {"sdp_kernel": _Nothing, "matmul": training.Idle()}))
    backends.__dict__.update(cudnn=_make("torch.backends.cudnn", {"benchmark": False, "deterministic": False}))

    optim = _make("torch.optim", dict.fromkeys(training.OPTIMISERS, training.Idle))
    schedules = _make("torch.optim.lr_scheduler", dict.fromkeys(training.SCHEDULES, training.Idle))
    optim.__dict__.update(lr_scheduler=schedules)
    function = _make("torch.autograd.function", {"Function": training.Function})
    autograd = _make(
        "torch.autograd",
        {"Variable": training.variable, "Function": training.Function, "function": function, "no_grad": _Nothing}
        | {"grad": Absent("torch.autograd.grad")},
    )
    autograd.__dict__.update(variable=_make("torch.autograd.variable", {"Variable": training.variable}))
    torch = _make(
        "torch",
        {
            **{name: methods.recorded(f"torch.{name}", function) for name, function in methods.SHARED.items()},
            **{name: methods.recorded(f"torch.{name}", function) for name, function in methods.FREE.items()},
            **NAMED,
            "Tensor": TensorClass,
            **tensors,
            "Size": Size,
            "dtype": DType,
            "device": methods.device,
            "nn": nn,
            "jit": jit,
            "cuda": cuda,
            "backends": backends,
            "fx": _make("torch.fx", {"wrap": _unchanged}),
            "utils": _make("torch.utils", {"checkpoint": checkpoint, "data": _make("torch.utils.data", training.DATA)}),
            "optim": optim,
            "autograd": autograd,
            "amp": _make("torch.amp", {"autocast": _Nothing, "GradScaler": training.Idle}),
            "profiler": Absent("torch.profiler"),
            "distributed": Absent("torch.distributed"),
            "multiprocessing": Absent("torch.multiprocessing"),
            "onnx": _make("torch.onnx", {"export": lambda model, args, *rest, **options: _described(model, args)}),
            "save": training.nothing,
            "set_printoptions": training.nothing,
            "use_deterministic_algorithms": training.nothing,
            "set_num_threads": training.nothing,
            "set_float32_matmul_precision": training.nothing,
            "seed": training.nothing,
            "is_grad_enabled": lambda: True,
            "no_grad": _Nothing,
            "enable_grad": _Nothing,
            "inference_mode": _Nothing,
            "set_grad_enabled": _Nothing,
            "autocast": _Nothing,
            "compile": _unchanged,
            "manual_seed": lambda seed: None,
            "set_default_dtype": lambda dtype: None,
            "is_tensor": lambda each: isinstance(each, Tensor),
            "is_floating_point": lambda each: each.dtype.is_floating_point,
            "numel": lambda each: math.prod(each._shape),
            "_assert": _condition,
            "finfo": lambda dtype: types.SimpleNamespace(min=-3.4e38, max=3.4e38, eps=1.2e-7, tiny=1.2e-38),
            "pi": math.pi,
            "e": math.e,
            "inf": math.inf,
            "nan": math.nan,
            "strided": "strided",
            "relu": recorded["relu"],
            "conv1d": recorded["conv1d"],
            "conv2d": recorded["conv2d"],
            "conv3d": recorded["conv3d"],
            "pixel_shuffle": recorded["pixel_shuffle"],
            "cosine_similarity": recorded["cosine_similarity"],
            "__version__": "2.13.0",
        },
    )
    for module in (torch, nn, functions, initialisers, utilities, jit, checkpoint, cuda, backends):
        found[module.__name__] = module
    for holder, name in (
        (torch, "fx"),
        (torch, "optim"),
        (torch, "utils"),
        (torch, "autograd"),
        (torch, "amp"),
        (torch, "onnx"),
        (torch.utils, "data"),
        (optim, "lr_scheduler"),
        (autograd, "function"),
        (autograd, "variable"),
        (nn, "parameter"),
        (nn, "modules"),
        (nn, "parallel"),
        (nn, "attention"),
        (cuda, "amp"),
    ):
        inner = getattr(holder, name)
        found[inner.__name__] = inner
    # Typed by name in annotations alone.
    found["torch.types"] = _make("torch.types", {"Device": Device})
    found["torch.nn.modules.utils"] = _make(
        "torch.nn.modules.utils",
        {f"_{name}": _ntuple(count) for name, count in (("single", 1), ("pair", 2), ("triple", 3))},
    )
    return found


def _ntuple(count: int) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: tuple(value) if isinstance(value, (tuple, list)) else (value,) * count


def _transformers() -> tuple[type[modules.Module], ...]:
    return (
        transformers.Transformer,
        transformers.TransformerEncoder,
        transformers.TransformerEncoderLayer,
        transformers.TransformerDecoder,
        transformers.TransformerDecoderLayer,
    )


def _containers() -> tuple[type, ...]:
    return (
        modules.Module,
        modules.Parameter,
        modules.Buffer,
        containers.Sequential,
        containers.ModuleList,
        containers.ModuleDict,
        containers.ParameterList,
        containers.ParameterDict,
        containers.DataParallel,
    )
