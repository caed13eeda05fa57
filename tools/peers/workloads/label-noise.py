"""Steps of label-noise SGD by NumPy, in the parameters and in the pre-activations, and by Numba's compiled loop."""

from peers import find, keeping, numbers

modules, missing = find(["numpy", "numba"])

RATE = 0.01


def problem(np, parameters):
    """Data, labels and start, then data and noise of every step of every run."""
    n, d, m = (parameters[name] for name in ("size", "dimension", "neurons"))
    count, batch, runs = parameters["count"], parameters["batch"], parameters.get("runs", 1)
    shape = (runs, count, batch)
    x = numbers(n * d, 1).reshape(n, d)
    x = x / np.sqrt((x * x).sum(axis=1, keepdims=True))
    y = numbers(n, 2)
    theta = numbers(m * d, 3).reshape(m, d) / 4
    if batch == n:
        indices = np.broadcast_to(np.arange(n), shape).copy()
    else:
        indices = np.floor((numbers(runs * count * batch, 4) + 0.5) * n).astype(np.int64).reshape(shape)
    noise = numbers(runs * count * batch, 5).reshape(shape) / 10
    return x, y, theta, indices, noise


def each(descend, np, parameters):
    """One run after the other."""
    x, y, start, indices, noise = problem(np, parameters)
    runs = [descend(x, y, start, *drawn) for drawn in zip(indices, noise)]
    return keeping(lambda: np.concatenate([run() for run in runs]))


def in_parameters(x, y, start, indices, noise):
    """Products instead of powers, which would cost NumPy a factor of 5."""
    np = modules["numpy"]
    count, batch = indices.shape
    scale = RATE / batch

    def one():
        theta = start.copy()
        chosen = indices[:, 0].tolist()
        labels = (y[indices[:, 0]] + noise[:, 0]).tolist()
        rows = list(x)
        for k in range(count):
            row = rows[chosen[k]]
            z = theta @ row
            square = z * z
            r = float(z @ (square + 1.0)) - labels[k]
            square *= 3.0 * scale * r
            square += scale * r
            theta -= np.multiply.outer(square, row)
        return theta

    def all_data():
        theta = start.copy()
        square = np.empty((x.shape[0], theta.shape[0]))
        change = np.empty_like(theta)
        for k in range(count):
            z = x @ theta.T
            np.multiply(z, z, out=square)
            square += 1.0
            z *= square
            r = z.sum(axis=1)
            r -= y
            r -= noise[k]
            r *= scale
            square *= 3.0
            square -= 2.0
            square *= r[:, None]
            np.matmul(square.T, x, out=change)
            theta -= change
        return theta

    return one if batch == 1 else all_data


def in_preactivations(x, y, start, indices, noise):
    np = modules["numpy"]
    count, batch = indices.shape
    gram = x @ x.T
    scale = RATE / batch

    def one():
        z = np.ascontiguousarray(x @ start.T)
        coefficients = np.zeros_like(z)
        chosen = indices[:, 0].tolist()
        labels = (y[indices[:, 0]] + noise[:, 0]).tolist()
        rows, columns, kept = list(z), list(gram), list(coefficients)
        for k in range(count):
            i = chosen[k]
            row = rows[i]
            square = row * row
            r = float(row @ (square + 1.0)) - labels[k]
            square *= 3.0 * scale * r
            square += scale * r
            kept[i] += square
            z -= np.multiply.outer(columns[i], square)
        return start - coefficients.T @ x

    def all_data():
        z = np.ascontiguousarray(x @ start.T)
        coefficients = np.zeros_like(z)
        square, value, change = np.empty_like(z), np.empty_like(z), np.empty_like(z)
        for k in range(count):
            np.multiply(z, z, out=square)
            square += 1.0
            np.multiply(z, square, out=value)
            r = value.sum(axis=1)
            r -= y
            r -= noise[k]
            r *= scale
            square *= 3.0
            square -= 2.0
            square *= r[:, None]
            coefficients += square
            np.matmul(gram, square, out=change)
            z -= change
        return start - coefficients.T @ x

    return one if batch == 1 else all_data


def loops(x, y, start, indices, noise):
    """The parameter form in scalar loops, for a compiler."""
    n, d = x.shape
    count, batch = indices.shape
    theta = start.copy()
    m = theta.shape[0]
    slopes = start[:, 0].copy()
    for k in range(count):
        i = indices[k, 0]
        f = 0.0
        for j in range(m):
            z = 0.0
            for a in range(d):
                z += x[i, a] * theta[j, a]
            square = z * z
            f += z * (square + 1.0)
            slopes[j] = 3.0 * square + 1.0
        r = 0.01 * (f - y[i] - noise[k, 0])
        for j in range(m):
            weight = r * slopes[j]
            for a in range(d):
                theta[j, a] -= weight * x[i, a]
    return theta


def batch_loops(x, y, start, indices, noise):
    n, d = x.shape
    count, batch = indices.shape
    theta = start.copy()
    m = theta.shape[0]
    weights = start[:, 0].copy().repeat(batch).reshape(m, batch)
    residuals = y.copy()
    for k in range(count):
        for b in range(batch):
            residuals[b] = -y[indices[k, b]] - noise[k, b]
        for j in range(m):
            for b in range(batch):
                i = indices[k, b]
                z = 0.0
                for a in range(d):
                    z += x[i, a] * theta[j, a]
                square = z * z
                residuals[b] += z * (square + 1.0)
                weights[j, b] = 3.0 * square + 1.0
        for j in range(m):
            for b in range(batch):
                weight = 0.01 / batch * residuals[b] * weights[j, b]
                i = indices[k, b]
                for a in range(d):
                    theta[j, a] -= weight * x[i, a]
    return theta


def in_loops(*data):
    compute = compiled if data[-1].shape[1] == 1 else compiled_batch
    return lambda: compute(*data)


def implementation(descend):
    return lambda parameters: each(descend, modules["numpy"], parameters)


implementations = {}
if "numpy" in modules:
    implementations["numpy"] = implementation(in_parameters)
    implementations["numpy, in pre-activations"] = implementation(in_preactivations)
if "numba" in modules:
    compiled = modules["numba"].njit(fastmath=True)(loops)
    compiled_batch = modules["numba"].njit(fastmath=True)(batch_loops)
    implementations["numba"] = implementation(in_loops)
