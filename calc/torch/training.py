"""What scripts have round a model: data, schedules, saving. Nothing of it decides about shapes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from calc.absent import Absent, AbsentError
from calc.torch import words
from calc.torch.tensor import Tensor


class Dataset:
    """A base class for the reader's own data."""

    def __class_getitem__(cls, item: Any) -> Any:
        return cls


class TensorDataset(Dataset):
    """Rows of tensors."""

    def __init__(self, *tensors: Tensor) -> None:
        self.tensors = tensors

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getitem__(self, at: Any) -> tuple[Tensor, ...]:
        return tuple(each[at] for each in self.tensors)  # type: ignore[index]


class DataLoader:
    """Batches of data, which are not at hand here."""

    def __init__(self, dataset: Any, *args: Any, **kwargs: Any) -> None:
        if isinstance(dataset, Absent):
            dataset._refuse()
        self.dataset = dataset

    def __iter__(self) -> Iterator[Any]:
        raise AbsentError("the data of a DataLoader is not at hand here", cause="the data is not at hand here")

    def __len__(self) -> NoReturn:
        raise AbsentError("the length of a DataLoader is not known here", cause="the data is not at hand here")


class Idle:
    """An optimiser, a schedule, a scaler: made beside the model, and of no use here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.param_groups = [{"lr": 0.001}]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: args[0] if name == "scale" and args else None


class Function:
    """A base class for functions with a gradient of their own."""

    @classmethod
    def apply(cls, *args: Any) -> Any:
        """What it computes."""
        return cls.forward(_Context(), *args)  # type: ignore[attr-defined]


class _Context:
    saved_tensors: tuple[Any, ...] = ()

    def save_for_backward(self, *tensors: Any) -> None:
        """Nothing to do: nothing goes backward here."""

    mark_non_differentiable = mark_dirty = set_materialize_grads = save_for_backward


def nothing(*args: Any, **kwargs: Any) -> None:
    """What changes nothing that is worked out here."""


def variable(data: Any, *args: Any, **kwargs: Any) -> Any:
    """The tensor itself, as `torch.autograd.Variable` has been since 0.4."""
    return data


OPTIMISERS = words(
    "Optimizer SGD Adam AdamW Adagrad Adadelta Adamax NAdam RAdam RMSprop LBFGS Rprop SparseAdam ASGD Adafactor"
)

SCHEDULES = words(
    "LRScheduler _LRScheduler StepLR MultiStepLR ExponentialLR CosineAnnealingLR LambdaLR ReduceLROnPlateau OneCycleLR "
    "CosineAnnealingWarmRestarts CyclicLR LinearLR ConstantLR PolynomialLR SequentialLR ChainedScheduler "
    "MultiplicativeLR"
)

DATA = {
    "Dataset": Dataset, "IterableDataset": Dataset, "TensorDataset": TensorDataset, "DataLoader": DataLoader,
    **dict.fromkeys(words("Sampler RandomSampler SequentialSampler SubsetRandomSampler WeightedRandomSampler"), Idle),
}  # fmt: skip
