"""The same steps in NumPy as one writes them, in NumPy with buffers that are used again, with BLAS's symmetric product, and in Numba."""

from peers import find, numbers

modules, missing = find(["numpy", "scipy.linalg.blas", "numba"])


def keeping(compute):
    held = {}

    def run():
        held["values"] = compute()

    return run, (lambda: held["values"])


def quadratic(np, n):
    b = numbers(n * n, 1).reshape(n, n)
    return np.ascontiguousarray(b @ b.T / n), numbers(n, 2) + 0.001


def game(np, n):
    return numbers(n * n, 1).reshape(n, n) / np.sqrt(n), numbers(2 * n, 3)


def plain(parameters):
    """One product a step for Figure 1, four for Figure 2."""
    np = modules["numpy"]
    n, count = parameters["d"], parameters["count"]

    def descend():
        x = np.zeros(n)
        for _ in range(count):
            x = x - 0.5 * (h @ x - offset)
        return x

    def ball(z):
        length = np.linalg.norm(z)
        return z if length <= 1.0 else z / length

    def look():
        x, y = ball(start[:n]), ball(start[n:])
        for _ in range(count):
            u, v = ball(x - 0.1 * (a @ y)), ball(y + 0.1 * (a.T @ x))
            x, y = ball(x - 0.1 * (a @ v)), ball(y + 0.1 * (a.T @ u))
        return np.concatenate((x, y))

    if parameters["figure"] == 1:
        h, offset = quadratic(np, n)
        return keeping(descend)
    a, start = game(np, n)
    return keeping(look)


def in_place(parameters):
    np = modules["numpy"]
    n, count = parameters["d"], parameters["count"]

    def descend():
        x, g = np.zeros(n), np.empty(n)
        for _ in range(count):
            np.dot(h, x, out=g)
            g -= offset
            g *= 0.5
            x -= g
        return x

    def ball(z):
        length = np.sqrt(z @ z)
        if length > 1.0:
            z /= length

    def look():
        x, y = start[:n].copy(), start[n:].copy()
        ball(x)
        ball(y)
        gx, gy = np.empty(n), np.empty(n)
        for _ in range(count):
            np.dot(a, y, out=gx)
            np.dot(at, x, out=gy)
            u, v = x - 0.1 * gx, y + 0.1 * gy
            ball(u)
            ball(v)
            np.dot(a, v, out=gx)
            np.dot(at, u, out=gy)
            x -= 0.1 * gx
            y += 0.1 * gy
            ball(x)
            ball(y)
        return np.concatenate((x, y))

    if parameters["figure"] == 1:
        h, offset = quadratic(np, n)
        return keeping(descend)
    a, start = game(np, n)
    at = a.T
    return keeping(look)


def symmetric(parameters):
    """Figure 1 with `dsymv`, which reads one triangle as ours does; the step is in the call."""
    if parameters["figure"] != 1:
        return None
    np = modules["numpy"]
    dsymv = modules["scipy.linalg.blas"].dsymv
    n, count = parameters["d"], parameters["count"]
    h, offset = quadratic(np, n)
    h, shift = np.asfortranarray(h), 0.5 * offset

    def descend():
        x = np.zeros(n)
        for _ in range(count):
            x = dsymv(-0.5, h, x, 1.0, x + shift, overwrite_y=1)
        return x

    return keeping(descend)


def loops(h, offset, count):
    n = len(offset)
    x, g = offset * 0.0, offset * 0.0
    for _ in range(count):
        for i in range(n):
            total = 0.0
            for j in range(n):
                total += h[i, j] * x[j]
            g[i] = total - offset[i]
        for i in range(n):
            x[i] -= 0.5 * g[i]
    return x


def numba(parameters):
    if parameters["figure"] != 1:
        return None
    h, offset = quadratic(modules["numpy"], parameters["d"])
    return keeping(lambda: compiled(h, offset, parameters["count"]))


implementations = {"numpy": plain, "numpy, in place": in_place}
if "scipy.linalg.blas" in modules:
    implementations["scipy, symmetric"] = symmetric
if "numba" in modules:
    compiled = modules["numba"].njit(fastmath=True)(loops)
    implementations["numba"] = numba
