"""Steps of label-noise SGD by NumPy, in the parameters and in the pre-activations, and by Numba's compiled loop."""

from peers import find, keeping, numbers

modules, missing = find(["numpy", "numba"])

RATE = 0.01


def problem(np, parameters):
    n, d, m = (parameters[name] for name in ("size", "dimension", "neurons"))
    count, batch = parameters["count"], parameters["batch"]
    x = numbers(n * d, 1).reshape(n, d)
    x = x / np.sqrt((x * x).sum(axis=1, keepdims=True))
    y = numbers(n, 2)
    theta = numbers(m * d, 3).reshape(m, d) / 4
    if batch == n:
        indices = np.tile(np.arange(n), (count, 1))
    else:
        indices = np.floor((numbers(count * batch, 4) + 0.5) * n).astype(np.int64).reshape(count, batch)
    noise = numbers(count * batch, 5).reshape(count, batch) / 10
    return x, y, theta, indices, noise


def numpy(parameters):
    """Products instead of powers, which would cost NumPy a factor of 5."""
    np = modules["numpy"]
    x, y, start, indices, noise = problem(np, parameters)
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

    return keeping(one if batch == 1 else all_data)


def numpy_preactivations(parameters):
    np = modules["numpy"]
    x, y, start, indices, noise = problem(np, parameters)
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

    return keeping(one if batch == 1 else all_data)


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


def numba(parameters):
    np = modules["numpy"]
    data = problem(np, parameters)
    compute = compiled if parameters["batch"] == 1 else compiled_batch
    return keeping(lambda: compute(*data))


implementations = {}
if "numpy" in modules:
    implementations["numpy"] = numpy
    implementations["numpy, in pre-activations"] = numpy_preactivations
if "numba" in modules:
    compiled = modules["numba"].njit(fastmath=True)(loops)
    compiled_batch = modules["numba"].njit(fastmath=True)(batch_loops)
    implementations["numba"] = numba
