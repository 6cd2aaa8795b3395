"""Tensors and signatures as GraphQL types. Source: Open Inference Protocol V2, "Tensor Data Types"."""

from enum import Enum

import strawberry
from strawberry.scalars import JSON

from subgraphs.kernel.federation import assumed_size
from subgraphs.models.records import Json


@strawberry.enum
class TensorDatatype(Enum):
    """The type of a tensor's elements."""

    BOOL = "BOOL"
    UINT8 = "UINT8"
    UINT16 = "UINT16"
    UINT32 = "UINT32"
    UINT64 = "UINT64"
    INT8 = "INT8"
    INT16 = "INT16"
    INT32 = "INT32"
    INT64 = "INT64"
    FP16 = "FP16"
    BF16 = "BF16"
    FP32 = "FP32"
    FP64 = "FP64"
    BYTES = "BYTES"


@strawberry.type
class TensorSpec:
    """A tensor that a model takes or gives; -1 in the shape stands for any size."""

    name: str
    datatype: TensorDatatype
    shape: list[int]


@strawberry.federation.type
class ModelSignature:
    """What a model takes and gives."""

    inputs: list[TensorSpec] = strawberry.field(directives=[assumed_size(5)])
    outputs: list[TensorSpec] = strawberry.field(directives=[assumed_size(5)])

    @classmethod
    def of(cls, stored: Json) -> "ModelSignature":
        """Read what the registry stores."""
        return cls(inputs=[_spec(one) for one in stored["inputs"]], outputs=[_spec(one) for one in stored["outputs"]])


@strawberry.input
class TensorSpecInput:
    """A tensor that a model takes or gives; -1 in the shape stands for any size."""

    name: str
    datatype: TensorDatatype
    shape: list[int]


@strawberry.input
class ModelSignatureInput:
    """What a model takes and gives."""

    inputs: list[TensorSpecInput]
    outputs: list[TensorSpecInput]

    def to_json(self) -> Json:
        """Write it as the registry stores it."""
        return {
            side: [{"name": one.name, "datatype": one.datatype.value, "shape": one.shape} for one in specs]
            for side, specs in (("inputs", self.inputs), ("outputs", self.outputs))
        }


@strawberry.input
class TensorInput:
    """A tensor for a model: `data` is flat or nested. INT64 and UINT64 beyond 2^53 lose digits in most JSON clients."""

    name: str
    datatype: TensorDatatype
    shape: list[int]
    data: JSON

    def to_json(self) -> Json:
        """Write it as the protocol sends it."""
        return {"name": self.name, "datatype": self.datatype.value, "shape": self.shape, "data": self.data}


@strawberry.type
class TensorOutput:
    """A tensor from a model: `data` is flat, in row-major order."""

    name: str
    datatype: TensorDatatype
    shape: list[int]
    data: JSON

    @classmethod
    def of(cls, tensor: Json) -> "TensorOutput":
        """Read what the protocol answers."""
        datatype = TensorDatatype(tensor["datatype"])
        return cls(name=tensor["name"], datatype=datatype, shape=tensor["shape"], data=JSON(tensor["data"]))


def _spec(stored: Json) -> TensorSpec:
    return TensorSpec(name=stored["name"], datatype=TensorDatatype(stored["datatype"]), shape=stored["shape"])
