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

import datetime
from decimal import Decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

# One table in every type, with a hole in most columns; the readers must find the same in every file that has it.
utc = datetime.timezone.utc
typed = pa.table(
    {
        "int8": pa.array([-128, None, 127], pa.int8()),
        "uint32": pa.array([0, None, 2**32 - 1], pa.uint32()),
        "int64": pa.array([-(2**53) + 1, None, 2**53 - 1], pa.int64()),
        "uint64": pa.array([0, 1, None], pa.uint64()),
        "half": pa.array(np.array([0.5, -2.0, 65504.0], np.float16)),
        "float": pa.array([0.5, None, 1.5], pa.float32()),
        "double": pa.array([0.1, None, 1e308], pa.float64()),
        "bool": pa.array([True, None, False]),
        "text": pa.array(["a", None, "naïve 😀"]),
        "code": pa.array(["01", "1", "02"]),
        "category": pa.array(["low", None, "high"]).dictionary_encode(),
        "decimal": pa.array([Decimal("-0.05"), None, Decimal("12345678901234.50")], pa.decimal128(20, 2)),
        "date": pa.array([datetime.date(2026, 11, 27), None, datetime.date(1969, 12, 31)]),
        "moment": pa.array([datetime.datetime(2026, 11, 27, 10, 0, 0, 5), None, datetime.datetime(1969, 12, 31, 23, 59, 59)], pa.timestamp("us")),
        "utc": pa.array([datetime.datetime(2026, 11, 27, tzinfo=utc), None, None], pa.timestamp("ns", tz="UTC")),
        "time": pa.array([datetime.time(1, 2, 3), None, datetime.time(23, 59, 59, 500000)], pa.time64("us")),
    }
)
for codec in ["none", "snappy", "gzip", "zstd", "lz4", "brotli"]:
    pq.write_table(typed, folder / f"typed-{codec}.parquet", compression=codec)
pq.write_table(typed, folder / "typed-v2.parquet", data_page_version="2.0", use_dictionary=False, row_group_size=2)
for codec in ["uncompressed", "lz4", "zstd"]:
    feather.write_feather(typed, str(folder / f"typed-{codec}.feather"), compression=codec)
with ipc.new_stream(folder / "typed.arrows", typed.schema) as stream:
    for batch in typed.to_batches(max_chunksize=2):
        stream.write_batch(batch)

# A table long enough that compression has several blocks, which refer to each other.
long = pa.table({"x": pa.array([k % 1000 / 8 for k in range(20000)]), "word": pa.array([f"w{k % 7}" for k in range(20000)])})
feather.write_feather(long, str(folder / "long-lz4.feather"), compression="lz4")
feather.write_feather(long, str(folder / "long-zstd.feather"), compression="zstd")

# What pandas and polars write of a table with holes, and of one with names of its rows.
ratings = {"user": ["ada", "ada", "bob", "bob", "cleo"], "item": ["film", "book", "film", "play", "book"], "rating": [4, 2, 5, 1, 3]}
pd.DataFrame(ratings).to_parquet(folder / "ratings-pandas.parquet")
pl.DataFrame(ratings).write_parquet(folder / "ratings-polars.parquet")
pl.DataFrame(ratings).write_ipc(folder / "ratings-polars.arrow", compression="lz4")
pd.DataFrame(ratings).to_feather(folder / "ratings-pandas.feather")
holes = pd.DataFrame({"a": [1.0, 2.0, None, 4.0], "b": [2.0, 4.0, 6.0, 8.0], "c": [3.0, None, 9.0, 12.0]}, index=["r1", "r2", "r3", "r4"])
holes.to_parquet(folder / "holes-pandas.parquet")
holes.rename_axis("row").to_parquet(folder / "holes-named.parquet")
pl.DataFrame({"a": [1.0, 2.0, None, 4.0], "b": [2.0, 4.0, float("nan"), 8.0]}).write_parquet(folder / "nan-polars.parquet")
np.savez(folder / "holes.npz", table=holes.to_numpy())
np.savez(folder / "xy.npz", X=np.arange(12.0).reshape(6, 2), y=np.arange(6) % 2)
np.savez(folder / "sparse.npz", indices=np.arange(3), indptr=np.arange(4), data=np.arange(3.0), shape=np.array([3, 3]))

# Refused by the name of a column.
pq.write_table(pa.table({"a": [1], "tags": [["x", "y"]]}), folder / "nested.parquet")
feather.write_feather(pa.table({"a": [1], "point": [{"x": 1, "y": 2}]}), str(folder / "nested.feather"))
pq.write_table(pa.table({"a": pa.array([b"\xff"], pa.binary())}), folder / "bytes.parquet")
pq.write_table(pa.table({"a": [2**53 + 1, 1]}), folder / "large.parquet")
feather.write_feather(pa.table({"a": [2**53 + 1, 1]}), str(folder / "large.feather"))

# Small files of very many rows.
whole = {"max_rows_per_page": 2**31 - 1, "write_batch_size": 2**27, "row_group_size": 2**30}
pq.write_table(pa.table({"a": pa.nulls(150_000_000, pa.bool_())}), folder / "many.parquet", compression="zstd", use_dictionary=False, **whole)
feather.write_feather(pa.table({"a": pa.nulls(1_000_000_000)}), str(folder / "many.feather"), compression="uncompressed", chunksize=2**30)
