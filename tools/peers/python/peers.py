"""Numbers that both sides of a comparison make alike, and the protocol of a server: one JSON object a line."""

import importlib
import importlib.util
import json
import platform
import sys
import time
from importlib import metadata

import numpy as np


def numbers(count, salt):
    """`count` numbers in [-0.5, 0.5), the same bits as `numbers` in src/Numbers.ts."""
    h = (np.arange(1, count + 1, dtype=np.uint64) + np.uint64(salt * 7919)) & np.uint64(0xFFFFFFFF)
    h = (h * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    h ^= h >> np.uint64(15)
    h = (h * np.uint64(2246822519)) & np.uint64(0xFFFFFFFF)
    h ^= h >> np.uint64(13)
    return h.astype(np.float64) / 4294967296.0 - 0.5


def symmetric(n, salt):
    """A symmetric n x n matrix of such numbers."""
    a = numbers(n * n, salt).reshape(n, n)
    low = np.tril(a)
    return low + np.tril(a, -1).T


def find(names):
    """The modules that import, by name, and why the others do not."""
    found, missing = {}, {}
    for name in names:
        try:
            found[name] = importlib.import_module(name)
        except Exception as error:  # noqa: BLE001: a broken peer is a missing peer
            missing[name] = str(error)
    return found, missing


def keeping(compute):
    """What runs `compute`, and what gives the values of its last run."""
    held = {}

    def run():
        held["values"] = compute()

    return run, (lambda: held["values"])


def sample(values):
    values = np.asarray(values, dtype=np.float64).ravel()
    step = max(1, -(-values.size // 1000))
    # JSON has no word for what is no number
    return [value if np.isfinite(value) else None for value in values[::step].tolist()]


# what pip calls a module
packages = {
    name: name
    for name in ("numpy", "scipy", "numba", "llvmlite", "highspy", "fancyimpute", "implicit", "diffprivlib")
} | {
    "sklearn": "scikit-learn",
    "torch": "torch",
    "curvlinops": "curvlinops-for-pytorch",
    "pyhessian": "pyhessian",
    "jax": "jax",
    "PEPit": "pepit",
}


def versions():
    found = {"python": platform.python_version()}
    for name in packages:
        if name in sys.modules:
            try:
                found[name] = metadata.version(packages[name])
            except metadata.PackageNotFoundError:
                found[name] = getattr(sys.modules[name], "__version__", "unknown")
    try:
        import threadpoolctl

        for pool in threadpoolctl.threadpool_info():
            if pool.get("internal_api") == "openblas":
                found["openblas"] = f"{pool['version']} {pool['architecture']}"
                found["threads"] = str(pool["num_threads"])
    except ImportError:
        pass
    return found


def serve(path):
    specification = importlib.util.spec_from_file_location("theirs", path)
    theirs = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(theirs)
    greedy = getattr(theirs, "greedy", ())
    answer(
        {
            "implementations": [
                {"name": name, "own": False} | ({"threads": "all"} if name in greedy else {})
                for name in theirs.implementations
            ],
            "missing": getattr(theirs, "missing", {}),
            "versions": versions(),
        }
    )
    # The work prepared for the case at hand, by implementation.
    work, parameters = {}, None
    for line in sys.stdin:
        request = json.loads(line)
        if request["kind"] == "prepare":
            if request["parameters"] != parameters:
                work, parameters = {}, request["parameters"]
            prepared = theirs.implementations[request["implementation"]](parameters)
            if prepared is None:
                answer({"applies": False})
                continue
            work[request["implementation"]] = prepared
            run, result = prepared
            run()
            answer({"applies": True, "values": sample(result())})
        else:
            run, _ = work[request["implementation"]]
            answer({"seconds": timed(run, request["least"])})


def timed(run, least):
    """Seconds of one run, from enough of them to fill `least` seconds."""
    count = 1
    while True:
        start = time.perf_counter()
        for _ in range(count):
            run()
        elapsed = time.perf_counter() - start
        if elapsed >= least:
            return elapsed / count
        count = max(count + 1, int(count * min(100.0, 1.2 * least / max(elapsed, 1e-9))))


def answer(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.path.insert(0, __file__.rsplit("/", 1)[0])
    serve(sys.argv[1])
