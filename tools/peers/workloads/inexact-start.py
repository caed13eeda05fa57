"""The same algorithm by NumPy, and by scalar loops for Numba."""

from math import log

from peers import find, keeping, numbers

modules, missing = find(["numpy", "numba"])


def asked(np, parameters):
    """Payoffs, strength of the regularisation, step, accuracy, and the steps that the theory asks for."""
    n, gap, delta = parameters["d"], parameters["gap"], parameters["delta"]
    squared = 2.0
    strength = gap / squared
    accuracy = gap * min(1.0, delta * delta / (8 * squared))
    smoothness = n + strength
    steps = 16 * smoothness / strength * log(15 * smoothness * squared / accuracy)
    a = 2 * numbers(n * n, 10).reshape(n, n)
    return a, strength, 0.5 / smoothness, accuracy, int(steps)


def numpy(parameters):
    np = modules["numpy"]
    a, strength, step, accuracy, steps = asked(np, parameters)
    n = len(a)
    counts = np.arange(1, n + 1)
    center = np.zeros(n)
    center[0] = 1

    def simplex(z):
        s = np.sort(z)[::-1]
        sums = np.cumsum(s) - 1
        kept = np.count_nonzero(s * counts > sums)
        return np.maximum(z - sums[kept - 1] / kept, 0)

    def answer(x, y):
        return a @ y + strength * (x - center), strength * (y - center) - x @ a

    def compute():
        x, y = center, center
        for _ in range(steps):
            g, h = answer(x, y)
            u, v = simplex(x - step * g), simplex(y - step * h)
            g, h = answer(u, v)
            if g @ u + h @ v - g.min() - h.min() <= accuracy:
                break
            x, y = simplex(x - step * g), simplex(y - step * h)
        return np.concatenate((u, v))

    return keeping(compute)


def into_simplex(z):
    """By repeated thresholds, as ours."""
    n = len(z)
    threshold, count = -1e300, n + 1
    while True:
        total, kept = 0.0, 0
        for i in range(n):
            if z[i] > threshold:
                total += z[i]
                kept += 1
        if kept == 0 or kept >= count:
            break
        count = kept
        threshold = (total - 1.0) / kept
    for i in range(n):
        z[i] = max(0.0, z[i] - threshold)


def answer_loops(a, strength, x, y, g, h):
    n = len(x)
    for j in range(n):
        h[j] = strength * y[j]
    for i in range(n):
        total = strength * x[i]
        for j in range(n):
            total += a[i, j] * y[j]
            h[j] -= a[i, j] * x[i]
        g[i] = total
    g[0] -= strength
    h[0] -= strength


def loops(a, strength, step, accuracy, steps):
    n = len(a)
    result = np_zeros(2 * n)
    x, y, g, h = np_zeros(n), np_zeros(n), np_zeros(n), np_zeros(n)
    x[0] = y[0] = 1.0
    u, v = result[:n], result[n:]
    for _ in range(steps):
        answer_loops(a, strength, x, y, g, h)
        for i in range(n):
            u[i] = x[i] - step * g[i]
            v[i] = y[i] - step * h[i]
        into_simplex(u)
        into_simplex(v)
        answer_loops(a, strength, u, v, g, h)
        product, least, lowest = 0.0, g[0], h[0]
        for i in range(n):
            product += g[i] * u[i] + h[i] * v[i]
            least = min(least, g[i])
            lowest = min(lowest, h[i])
        if product - least - lowest <= accuracy:
            break
        for i in range(n):
            x[i] -= step * g[i]
            y[i] -= step * h[i]
        into_simplex(x)
        into_simplex(y)
    return result


def numba(parameters):
    given = asked(modules["numpy"], parameters)
    return keeping(lambda: compiled(*given))


implementations = {}
if "numpy" in modules:
    implementations["numpy"] = numpy
if "numba" in modules:
    njit = modules["numba"].njit(fastmath=True)
    np_zeros = modules["numpy"].zeros
    into_simplex, answer_loops = njit(into_simplex), njit(answer_loops)
    compiled = njit(loops)
    implementations["numba"] = numba
