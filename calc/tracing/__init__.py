"""From pasted source to a report: what it runs on, how its model and inputs are found, what is said when it fails."""

from calc.tracing.located import TraceError
from calc.tracing.tracer import tensor_of, trace

__all__ = ["TraceError", "tensor_of", "trace"]
