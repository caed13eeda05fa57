"""The sharpness-aware run of E1 by NumPy and Numba, and the trace of the Hessian by PyTorch's double backward and by curvlinops."""

from math import cos, log, pi, sin, sqrt

from peers import find, keeping, numbers

modules, missing = find(["numpy", "numba", "torch", "curvlinops"])


def mulberry32(state):
    mask = 0xFFFFFFFF
    while True:
        state = (state + 0x6D2B79F5) & mask
        t = ((state ^ (state >> 15)) * (state | 1)) & mask
        t = (t ^ ((t + (((t ^ (t >> 7)) * (t | 61)) & mask)) & mask)) & mask
        yield ((t ^ (t >> 14)) & mask) / 4294967296


def recovery(np):
    """A, y and a point near the dense minimum to start from: at it the signs of the residuals are rounding errors."""
    uniform = mulberry32(31)

    def normals(pairs):
        for _ in range(pairs):
            radius, angle = sqrt(-2 * log(next(uniform))), 2 * pi * next(uniform)
            yield from (radius * cos(angle), radius * sin(angle))

    a = np.array(list(normals(25))).reshape(5, 10)
    y = a[:, 2] * 1.5
    x = np.array([0.6 + 0.4 * next(uniform) for _ in range(20)])
    while True:
        g = slope(np, a, a @ (x[:10] ** 2 - x[10:] ** 2) - y, x)
        if np.linalg.norm(g) <= 1e-3:
            return a, y, x
        x = x - 0.01 * g


def slope(np, a, residual, x):
    s = (2 / len(residual)) * (a.T @ residual)
    return np.concatenate((s * x[:10], -s * x[10:]))


def draws(np, parameters):
    """Sample and sign of each step, a row for each run."""
    indices, signs = [], []
    for run in range(parameters.get("runs", 1)):
        uniform = mulberry32(5 + run)
        pairs = [(int(next(uniform) * 5), 1.0 if next(uniform) < 0.5 else -1.0) for _ in range(parameters["count"])]
        indices.append([i for i, _ in pairs])
        signs.append([s for _, s in pairs])
    return np.array(indices), np.array(signs)


def numpy(parameters):
    np = modules["numpy"]
    if "count" not in parameters:
        return None
    a, y, start = recovery(np)
    drawn = draws(np, parameters)
    turn = np.concatenate((np.ones(10), -np.ones(10)))
    rows = 2 * np.concatenate((a, a), axis=1) * turn

    def steps(indices, signs):
        x, used = start, 0
        for _ in range(len(indices)):
            r = a @ (x[:10] ** 2 - x[10:] ** 2) - y
            g = (r @ rows) * x / 5
            square = g @ g
            if square > 0.25:
                x = x - 0.01 * g
                continue
            i, sign = indices[used], signs[used]
            used += 1
            u = rows[i] * x
            u *= 0.1 * sign * (-1.0 if r[i] < 0 else 1.0) / sqrt(u @ u)
            p = x + u
            v = (a[i] @ (p[:10] ** 2 - p[10:] ** 2) - y[i]) * rows[i] * p - g
            if square > 1e-24 * (v @ v):
                v = v - (v @ g) / square * g
            x = x - 0.01 * (g + v)
        return x

    return keeping(lambda: np.concatenate([steps(indices, signs) for indices, signs in zip(*drawn)]))


def loops(a, y, start, indices, signs):
    """The same in scalar loops, for a compiler."""
    n, k = a.shape
    x = start.copy()
    g, v, u, p = x.copy(), x.copy(), x.copy(), x.copy()
    w, s, r = a[0].copy(), a[0].copy(), y.copy()
    used = 0
    for _ in range(len(indices)):
        for j in range(k):
            w[j] = x[j] * x[j] - x[k + j] * x[k + j]
            s[j] = 0.0
        for i in range(n):
            r[i] = -y[i]
            for j in range(k):
                r[i] += a[i, j] * w[j]
            for j in range(k):
                s[j] += r[i] * a[i, j]
        square = 0.0
        for j in range(k):
            g[j] = 2.0 / n * s[j] * x[j]
            g[k + j] = -2.0 / n * s[j] * x[k + j]
            square += g[j] * g[j] + g[k + j] * g[k + j]
        if square > 0.25:
            for j in range(2 * k):
                x[j] -= 0.01 * g[j]
            continue
        i = indices[used]
        length = 0.0
        for j in range(k):
            u[j] = 2.0 * a[i, j] * x[j]
            u[k + j] = -2.0 * a[i, j] * x[k + j]
            length += u[j] * u[j] + u[k + j] * u[k + j]
        scale = 0.1 * signs[used] / sqrt(length)
        if r[i] < 0.0:
            scale = -scale
        used += 1
        at = -y[i]
        for j in range(k):
            p[j] = x[j] + scale * u[j]
            p[k + j] = x[k + j] + scale * u[k + j]
            at += a[i, j] * (p[j] * p[j] - p[k + j] * p[k + j])
        along = 0.0
        for j in range(k):
            v[j] = 2.0 * at * a[i, j] * p[j] - g[j]
            v[k + j] = -2.0 * at * a[i, j] * p[k + j] - g[k + j]
            along += v[j] * g[j] + v[k + j] * g[k + j]
        along = along / square if square > 1e-300 else 0.0
        for j in range(2 * k):
            x[j] -= 0.01 * (g[j] + v[j] - along * g[j])
    return x


def every(a, y, starts, indices, signs):
    """One run after the other."""
    points = starts.copy()
    for run in range(len(indices)):
        points[run] = compiled_run(a, y, starts[run], indices[run], signs[run])
    return points.ravel()


def numba(parameters):
    if "count" not in parameters:
        return None
    np = modules["numpy"]
    a, y, start = recovery(np)
    indices, signs = draws(np, parameters)
    starts = np.tile(start, (len(indices), 1))
    return keeping(lambda: compiled(a, y, starts, indices, signs))


def network(np, hidden):
    features = numbers(256 * 64, 1).reshape(256, 64)
    labels = np.floor((numbers(256, 2) + 0.5) * 10).astype(np.int64)
    x = 0.5 * numbers(hidden * 65 + 10 * (hidden + 1), 3)
    return features, labels, x


def shapes(x):
    """W1, b1, W2, b2 as views of the flat parameters."""
    hidden = (len(x) - 10) // 75
    first, second = hidden * 64, hidden * 65
    third = second + 10 * hidden
    return x[:first].reshape(hidden, 64), x[first:second], x[second:third].reshape(10, hidden), x[third:]


def numpy_exact(parameters):
    """The theorem of ours in NumPy: not a peer, but the check that ours is the number it says."""
    if "trace" not in parameters:
        return None
    np = modules["numpy"]
    features, _, x = network(np, parameters["hidden"])
    w1, b1, w2, b2 = shapes(x)

    def compute():
        z = features @ w1.T + b1
        h = np.maximum(z, 0)
        logits = h @ w2.T + b2
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        factors = np.sqrt(p)[:, :, None] * (np.eye(10) - p[:, None, :])
        back = (factors @ w2) * (z > 0)[:, None, :]
        last = ((h * h).sum(axis=1) + 1) * (factors**2).sum(axis=(1, 2))
        first = ((features**2).sum(axis=1) + 1) * (back**2).sum(axis=(1, 2))
        return np.array([(first + last).mean()])

    return keeping(compute)


def signs_of(np, probes, size):
    return np.where(numbers(probes * size, 4) < 0, -1.0, 1.0).reshape(probes, -1)


def torch(parameters):
    if "probes" not in parameters:
        return None
    np, library = modules["numpy"], modules["torch"]
    features, labels, start = network(np, parameters["hidden"])
    features, labels = library.from_numpy(features), library.from_numpy(labels)
    x = library.from_numpy(start).requires_grad_(True)
    signs = library.from_numpy(signs_of(np, parameters["probes"], len(start)))

    def compute():
        w1, b1, w2, b2 = shapes(x)
        logits = library.relu(features @ w1.T + b1) @ w2.T + b2
        loss = library.nn.functional.cross_entropy(logits, labels)
        (gradient,) = library.autograd.grad(loss, x, create_graph=True)
        values = []
        for z in signs:
            (product,) = library.autograd.grad(gradient, x, z, retain_graph=True)
            values.append(float(z @ product))
        return np.array([np.mean(values)]) if "trace" in parameters else np.array(values)

    return keeping(compute)


def linear_operator(parameters):
    """The Hessian of curvlinops: its own estimate of the trace, and its product with all signs at once."""
    if "probes" not in parameters:
        return None
    np, library, curvlinops = modules["numpy"], modules["torch"], modules["curvlinops"]
    hidden, probes = parameters["hidden"], parameters["probes"]
    features, labels, start = network(np, hidden)
    nn = library.nn
    model = nn.Sequential(nn.Linear(64, hidden), nn.ReLU(), nn.Linear(hidden, 10)).double()
    with library.no_grad():
        for own, values in zip(model.parameters(), shapes(start)):
            own.copy_(library.from_numpy(values))
    data = [(library.from_numpy(features), library.from_numpy(labels))]
    weights = list(model.parameters())
    hessian = curvlinops.HessianLinearOperator(model, nn.CrossEntropyLoss(), weights, data)
    signs = library.from_numpy(signs_of(np, probes, len(start))).T.contiguous()

    def trace():
        library.manual_seed(1)
        return [float(curvlinops.hutchinson_trace(hessian, probes))]

    return keeping(trace if "trace" in parameters else lambda: (signs * (hessian @ signs)).sum(0).numpy())


implementations = {}
if "numpy" in modules:
    implementations["numpy"] = numpy
    implementations["numpy, exact"] = numpy_exact
if "numba" in modules:
    compiled_run = modules["numba"].njit(loops)
    compiled = modules["numba"].njit(every)
    implementations["numba"] = numba
if "torch" in modules:
    implementations["torch, 100 probes"] = torch
if "curvlinops" in modules:
    implementations["curvlinops, 100 probes"] = linear_operator
