"""Tensors of the Open Inference Protocol as JSON carries them. Source: Open Inference Protocol V2, "Tensor Data"."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

ANY: Final = -1

_INTEGERS: Final = {f"{sign}INT{bits}": (int,) for sign in ("", "U") for bits in (8, 16, 32, 64)}
_FLOATS: Final = dict.fromkeys(("FP16", "BF16", "FP32", "FP64"), (int, float))
DATATYPES: Final[Mapping[str, tuple[type, ...]]] = {"BOOL": (bool,), **_INTEGERS, **_FLOATS, "BYTES": (str,)}
"""Each datatype with the Python types of its elements; the protocol lets JSON carry BYTES as text."""


class InvalidTensor(ValueError):
    """A tensor of a request is malformed, or not what the model takes."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """What a model takes or gives under one name; `ANY` in the shape stands for any size."""

    name: str
    datatype: str
    shape: tuple[int, ...]

    def to_json(self) -> dict[str, object]:
        """Write it as model metadata does."""
        return {"name": self.name, "datatype": self.datatype, "shape": list(self.shape)}


@dataclass(frozen=True, slots=True)
class Tensor:
    """Typed elements in row-major order. Shapes: data [prod(shape)]."""

    name: str
    datatype: str
    shape: tuple[int, ...]
    data: Sequence[object]

    def to_json(self) -> dict[str, object]:
        """Write it as an inference response does."""
        return {"name": self.name, "datatype": self.datatype, "shape": list(self.shape), "data": list(self.data)}


def read_tensor(value: object) -> Tensor:
    """Read one tensor whose data is flat or nested. Raises: InvalidTensor."""
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
        raise InvalidTensor("A tensor is an object with 'name', 'datatype', 'shape' and 'data'.")
    name, datatype, shape, data = (value.get(key) for key in ("name", "datatype", "shape", "data"))
    if not isinstance(datatype, str) or datatype not in DATATYPES:
        raise InvalidTensor(f"Tensor '{name}' has the unknown datatype '{datatype}'; known are {', '.join(DATATYPES)}.")
    if not isinstance(shape, list) or not all(type(size) is int and size >= 0 for size in shape):
        raise InvalidTensor(f"Tensor '{name}' needs a 'shape' of sizes, such as [1].")
    if not isinstance(data, list):
        raise InvalidTensor(f"Tensor '{name}' needs 'data' as a list; binary data is not taken here.")
    elements = list(_flatten(data))
    if len(elements) != prod(shape):
        raise InvalidTensor(f"Tensor '{name}' has {len(elements)} elements, but its shape {shape} holds {prod(shape)}.")
    wrong = [one for one in elements if type(one) not in DATATYPES[datatype]]
    if wrong:
        raise InvalidTensor(f"Tensor '{name}' holds {wrong[0]!r:.40}, which is no {datatype}.")
    return Tensor(str(name), datatype, tuple(shape), elements)


def check(tensors: Sequence[Tensor], specs: Sequence[TensorSpec]) -> dict[str, Tensor]:
    """Prove that the tensors are exactly what a model takes; answer them by name. Raises: InvalidTensor."""
    given = {tensor.name: tensor for tensor in tensors}
    expected = {spec.name: spec for spec in specs}
    if len(given) != len(tensors) or given.keys() != expected.keys():
        names = ", ".join(f"'{tensor.name}'" for tensor in tensors) or "none"
        raise InvalidTensor(f"The inputs must be {', '.join(map(repr, expected))}, each once; given: {names}.")
    for name, spec in expected.items():
        _check_one(given[name], spec)
    return given


def _check_one(tensor: Tensor, spec: TensorSpec) -> None:
    fits = len(tensor.shape) == len(spec.shape) and all(
        wanted in {ANY, size} for size, wanted in zip(tensor.shape, spec.shape, strict=True)
    )
    if tensor.datatype != spec.datatype or not fits:
        raise InvalidTensor(
            f"Input '{spec.name}' must be {spec.datatype} {list(spec.shape)},"
            f" not {tensor.datatype} {list(tensor.shape)}."
        )


def _flatten(data: list[object]) -> Iterator[object]:
    for one in data:
        if isinstance(one, list):
            yield from _flatten(one)
        else:
            yield one
