"""Label-noise descent on deep factorisations by NumPy and Numba, and a nuclear-norm completion by NumPy."""

from math import sqrt

from peers import find, keeping, numbers

modules, missing = find(["numpy", "numba"])

RATE = 1e-3


def spread(count, salt, deviation):
    return numbers(count, salt) * (sqrt(12) * deviation)


def problem(np, parameters):
    d, layers, n, steps = (parameters[key] for key in ("d", "layers", "n", "steps"))
    batch = parameters.get("batch", 0)
    a = spread(n * d * d, 1, 1).reshape(n, d * d)
    b = spread(n, 2, 1)
    start = spread(layers * d * d, 3, 0.5 / sqrt(d)).reshape(layers, d, d)
    indices = np.floor((numbers(steps * batch, 4) + 0.5) * n).astype(np.int64).reshape(steps, batch)
    noise = spread(steps * batch, 5, 0.5).reshape(steps, batch)
    return a, b, start, indices, noise, steps


def tiny(np, parameters):
    d, hidden, n, runs = (parameters[key] for key in ("d", "hidden", "n", "runs"))
    a = spread(n * d * d, 1, 1).reshape(n, d, d)
    starts = [spread(2 * d * hidden, 10 + r, 0.5) for r in range(runs)]
    w1 = np.array([s[: d * hidden].reshape(hidden, d) for s in starts])
    w2 = np.array([s[d * hidden :].reshape(d, hidden) for s in starts])
    return a, spread(n, 2, 1), w1, w2


def numpy_tiny(parameters):
    """All runs at once, along the first axis."""
    np = modules["numpy"]
    if "runs" not in parameters:
        return None
    a, b, first, second = tiny(np, parameters)
    runs = len(first)

    def compute():
        w1, w2 = first, second
        for _ in range(parameters["steps"]):
            r = np.einsum("kij,rij->rk", a, w2 @ w1) - b
            e = (2 / len(b)) * np.einsum("rk,kij->rij", r, a)
            w1, w2 = (
                w1 - RATE * (w2.transpose(0, 2, 1) @ e),
                w2 - RATE * (e @ w1.transpose(0, 2, 1)),
            )
        return np.concatenate((w1.reshape(runs, -1), w2.reshape(runs, -1)), axis=1).ravel()

    return keeping(compute)


def tiny_loops(a, b, first, second, steps):
    """The same in scalar loops, for a compiler, run after run."""
    runs, hidden, d = first.shape
    w1s, w2s = first.copy(), second.copy()
    for r in range(runs):
        w1, w2 = w1s[r], w2s[r]
        m, g1, g2 = np_empty((d, d)), w1.copy(), w2.copy()
        e = m.copy()
        for _ in range(steps):
            for i in range(d):
                for j in range(d):
                    total = 0.0
                    for k in range(hidden):
                        total += w2[i, k] * w1[k, j]
                    m[i, j] = total
                    e[i, j] = 0.0
            for q in range(len(b)):
                residual = -b[q]
                for i in range(d):
                    for j in range(d):
                        residual += a[q, i, j] * m[i, j]
                residual *= 2.0 / len(b)
                for i in range(d):
                    for j in range(d):
                        e[i, j] += residual * a[q, i, j]
            for k in range(hidden):
                for j in range(d):
                    total = 0.0
                    other = 0.0
                    for i in range(d):
                        total += w2[i, k] * e[i, j]
                        other += e[j, i] * w1[k, i]
                    g1[k, j] = total
                    g2[j, k] = other
            for k in range(hidden):
                for j in range(d):
                    w1[k, j] -= 1e-3 * g1[k, j]
                    w2[j, k] -= 1e-3 * g2[j, k]
    return w1s, w2s


def numba_tiny(parameters):
    np = modules["numpy"]
    if "runs" not in parameters:
        return None
    data = tiny(np, parameters)

    def compute():
        w1, w2 = compiled_tiny(*data, parameters["steps"])
        runs = len(w1)
        return np.concatenate((w1.reshape(runs, -1), w2.reshape(runs, -1)), axis=1).ravel()

    return keeping(compute)


def numpy(parameters):
    np = modules["numpy"]
    if "d" not in parameters or "runs" in parameters:
        return None
    a, b, start, indices, noise, steps = problem(np, parameters)
    d = parameters["d"]
    three = len(start) == 3

    def gradient_matrix(product, k):
        if "batch" in parameters:
            rows = a[indices[k]]
            r = rows @ product.ravel() - (b[indices[k]] + noise[k])
            return (2 / len(r)) * (r @ rows).reshape(d, d)
        r = a @ product.ravel() - b
        return (2 / len(r)) * (r @ a).reshape(d, d)

    def compute():
        w1, w2, w3 = (w.copy() for w in start)
        for k in range(steps):
            p2 = w2 @ w1
            e = gradient_matrix(w3 @ p2, k)
            x = w3.T @ e
            g1, g2, g3 = w2.T @ x, x @ w1.T, e @ p2.T
            w1 -= RATE * g1
            w2 -= RATE * g2
            w3 -= RATE * g3
        return np.concatenate((w1.ravel(), w2.ravel(), w3.ravel()))

    return keeping(compute) if three else None


def loops(a, b, start, indices, noise, steps):
    """The same for a compiler, which calls the BLAS that NumPy has through SciPy."""
    layers, d, _ = start.shape
    w1, w2, w3 = start[0].copy(), start[1].copy(), start[2].copy()
    batch = indices.shape[1]
    rows = np_empty((batch, d * d))
    r = np_empty(batch)
    for k in range(steps):
        for i in range(batch):
            rows[i] = a[indices[k, i]]
        p2 = w2 @ w1
        r[:] = rows @ (w3 @ p2).reshape(d * d)
        for i in range(batch):
            r[i] -= b[indices[k, i]] + noise[k, i]
        e = (2.0 / batch) * (r @ rows).reshape(d, d)
        x = w3.T @ e
        g1, g2, g3 = w2.T @ x, x @ w1.T, e @ p2.T
        w1 -= 1e-3 * g1
        w2 -= 1e-3 * g2
        w3 -= 1e-3 * g3
    return w1, w2, w3


def numba(parameters):
    np = modules["numpy"]
    if "batch" not in parameters:
        return None
    a, b, start, indices, noise, steps = problem(np, parameters)
    compiled(a, b, start, indices[:2], noise[:2], 2)

    def compute():
        return np.concatenate([w.ravel() for w in compiled(a, b, start, indices, noise, steps)])

    return keeping(compute)


def scalar(a, b, start, indices, noise, steps):
    """The same in scalar loops, the middle index outermost but one so that a compiler vectorises the last."""
    layers, d, _ = start.shape
    w1, w2, w3 = start[0].copy(), start[1].copy(), start[2].copy()
    p2, m, e, x = w1.copy(), w1.copy(), w1.copy(), w1.copy()
    g1, g2, g3 = w1.copy(), w1.copy(), w1.copy()
    batch = indices.shape[1]
    for k in range(steps):
        product(w2, w1, p2)
        product(w3, p2, m)
        e[:] = 0.0
        flat_m, flat_e = m.reshape(d * d), e.reshape(d * d)
        for i in range(batch):
            row = a[indices[k, i]]
            r = -b[indices[k, i]] - noise[k, i]
            for j in range(d * d):
                r += row[j] * flat_m[j]
            r *= 2.0 / batch
            for j in range(d * d):
                flat_e[j] += r * row[j]
        product_left(w3, e, x)
        product_left(w2, x, g1)
        product_right(x, w1, g2)
        product_right(e, p2, g3)
        for i in range(d):
            for j in range(d):
                w1[i, j] -= 1e-3 * g1[i, j]
                w2[i, j] -= 1e-3 * g2[i, j]
                w3[i, j] -= 1e-3 * g3[i, j]
    return w1, w2, w3


def product(a, b, c):
    for i in range(len(a)):
        c[i] = 0.0
        for k in range(len(b)):
            s = a[i, k]
            for j in range(len(b)):
                c[i, j] += s * b[k, j]


def product_left(a, b, c):
    """c = a' b"""
    c[:] = 0.0
    for k in range(len(a)):
        for i in range(len(a)):
            s = a[k, i]
            for j in range(len(b)):
                c[i, j] += s * b[k, j]


def product_right(a, b, c):
    """c = a b'"""
    for i in range(len(a)):
        for j in range(len(b)):
            s = 0.0
            for k in range(len(b)):
                s += a[i, k] * b[j, k]
            c[i, j] = s


def numba_loops(parameters):
    np = modules["numpy"]
    if "batch" not in parameters:
        return None
    a, b, start, indices, noise, steps = problem(np, parameters)
    compiled_scalar(a, b, start, indices[:2], noise[:2], 2)

    def compute():
        parts = compiled_scalar(a, b, start, indices, noise, steps)
        return np.concatenate([w.ravel() for w in parts])

    return keeping(compute)


def completion(parameters):
    """Douglas-Rachford splitting with full singular value decompositions, to the same relative gap."""
    np = modules["numpy"]
    if "observed" not in parameters:
        return None
    size, rank = parameters["size"], parameters["rank"]
    u, v = (spread(size * rank, salt, 1).reshape(size, rank) for salt in (1, 2))
    truth = u @ v.T
    seen = numbers(size * size, 3).reshape(size, size) + 0.5 < parameters["observed"]

    def compute():
        z = np.where(seen, truth, 0.0)
        gamma = np.linalg.norm(z, 2) / 2
        for k in range(20_000):
            x = np.where(seen, truth, z)
            if k % 10 == 9:
                y = (x - z) / gamma
                y /= max(1.0, np.linalg.norm(y, 2))
                nuclear = np.linalg.norm(x, "nuc")
                if nuclear - (y * x).sum() <= 1e-8 * nuclear:
                    break
            left, s, right = np.linalg.svd(2 * x - z)
            z = z + 1.6 * ((left * np.maximum(s - gamma, 0)) @ right - x)
        return x.ravel()

    return keeping(compute)


implementations = {}
if "numpy" in modules:
    implementations["numpy"] = numpy
    implementations["numpy, whole runs"] = numpy_tiny
    implementations["numpy, nuclear norm"] = completion
if "numba" in modules:
    njit = modules["numba"].njit
    np_empty = modules["numpy"].empty
    product, product_left, product_right = (njit(f) for f in (product, product_left, product_right))
    compiled_scalar = njit(fastmath=True)(scalar)
    implementations["numba, loops"] = numba_loops
    compiled_tiny = njit(fastmath=True)(tiny_loops)
    implementations["numba, whole runs"] = numba_tiny
    try:
        compiled = njit(loops)
        import scipy.linalg.cython_blas  # noqa: F401: what numba's @ needs

        implementations["numba"] = numba
    except ImportError as error:
        missing["numba with BLAS"] = str(error)
