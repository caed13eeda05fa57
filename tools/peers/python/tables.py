"""Small tables and arrays as NumPy, pandas, polars and PyArrow write them: fixtures of the readers in packages/datasets.

    python -m venv venv && venv/bin/pip install -r tools/peers/requirements-interchange.txt
    venv/bin/python tools/peers/python/tables.py packages/datasets/test/fixtures/tables
"""

import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)

# Every kind of number, both orders of bytes, with its extreme values.
dtypes = ["?", "i1", "u1", "<i2", ">i2", "<u2", ">u4", "<i4", "<i8", ">u8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]
kinds = {}
for name in dtypes:
    dtype = np.dtype(name)
    if dtype.kind == "b":
        values = np.array([False, True, True])
    elif dtype.kind in "iu":
        info = np.iinfo(dtype)
        far = 2**53 - 1
        values = np.array([max(info.min, -far), 7, min(info.max, far)], dtype=dtype)
    else:
        info = np.finfo(dtype)
        values = np.array([info.tiny / 4, -1.5, info.max, np.inf, -np.inf, np.nan], dtype=dtype)
    kinds[dtype.str.replace("<", "little-").replace(">", "big-").replace("|", "")] = values
kinds["texts"] = np.array(["", "ü", "naïve 😀"])
kinds["texts-big"] = np.array(["", "ü", "naïve 😀"]).astype(">U7")
kinds["bytes"] = np.array([b"", b"abc"])
kinds["fortran"] = np.asfortranarray(np.arange(24.0).reshape(2, 3, 4))
kinds["scalar"] = np.array(2.5)
kinds["empty"] = np.zeros((0, 3))
np.savez_compressed(folder / "kinds.npz", **kinds)
np.savez(folder / "stored.npz", a=np.arange(3), b=np.arange(4.0).reshape(2, 2))
for version in [(1, 0), (2, 0), (3, 0)]:
    with open(folder / f"version-{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, np.arange(6, dtype="<f4").reshape(2, 3), version=version)

# Refused, each with its line of Python.
np.save(folder / "objects.npy", np.array([1, "a", None], dtype=object), allow_pickle=True)
np.save(folder / "records.npy", np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")]))
np.save(folder / "complex.npy", np.array([1j]))
np.save(folder / "times.npy", np.array(["2026-11-27"], dtype="datetime64[D]"))
np.save(folder / "large.npy", np.array([1, 2**53 + 1]))
