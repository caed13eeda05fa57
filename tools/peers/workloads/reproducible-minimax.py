"""The same steps in NumPy as one writes them, in NumPy with buffers that are used again, with BLAS's symmetric product, and in Numba."""

from peers import find, keeping, numbers

modules, missing = find(["numpy", "scipy.linalg.blas", "numba"])


def small_games(np, parameters):
    """Payoffs of one game a run."""
    n, runs = parameters["d"], parameters["runs"]
    return np.array([2 * numbers(n * n, 10 + r).reshape(n, n) for r in range(runs)])


def in_games(parameters):
    """All runs at once: games along the first axis."""
    np = modules["numpy"]
    a = small_games(np, parameters)
    runs, n, _ = a.shape
    at = a.transpose(0, 2, 1).copy()
    center = np.zeros((runs, n))
    center[:, 0] = 1

    def simplex(z):
        s = -np.sort(-z, axis=1)
        sums = np.cumsum(s, axis=1) - 1
        kept = (s > sums / np.arange(1, n + 1)).sum(axis=1)
        threshold = sums[np.arange(runs), kept - 1] / kept
        return np.maximum(z - threshold[:, None], 0)

    def answer(x, y):
        return (
            np.einsum("rij,rj->ri", a, y) + 0.1 * (x - center),
            -np.einsum("rij,rj->ri", at, x) + 0.1 * (y - center),
        )

    def compute():
        x, y = center, center
        for _ in range(parameters["count"]):
            g, h = answer(x, y)
            if parameters["descent"]:
                x, y = simplex(x - 0.02 * g), simplex(y - 0.02 * h)
            else:
                g, h = answer(simplex(x - 0.2 * g), simplex(y - 0.2 * h))
                x, y = simplex(x - 0.2 * g), simplex(y - 0.2 * h)
        return np.concatenate((x, y), axis=1).ravel()

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


def game_loops(games, count, descent):
    """The same in scalar loops, for a compiler, run after run."""
    runs, n, _ = games.shape
    points = np_zeros((runs, 2 * n))
    for r in range(runs):
        a = games[r]
        x, y = np_zeros(n), np_zeros(n)
        x[0] = y[0] = 1.0
        u, v, g, h = x.copy(), y.copy(), x.copy(), y.copy()
        for _ in range(count):
            answer_loops(a, x, y, g, h)
            if descent:
                for i in range(n):
                    x[i] -= 0.02 * g[i]
                    y[i] -= 0.02 * h[i]
            else:
                for i in range(n):
                    u[i] = x[i] - 0.2 * g[i]
                    v[i] = y[i] - 0.2 * h[i]
                into_simplex(u)
                into_simplex(v)
                answer_loops(a, u, v, g, h)
                for i in range(n):
                    x[i] -= 0.2 * g[i]
                    y[i] -= 0.2 * h[i]
            into_simplex(x)
            into_simplex(y)
        points[r, :n] = x
        points[r, n:] = y
    return points


def answer_loops(a, x, y, g, h):
    n = len(x)
    for j in range(n):
        h[j] = 0.0
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += a[i, j] * y[j]
            h[j] -= a[i, j] * x[i]
        g[i] = total
    for i in range(n):
        g[i] += 0.1 * x[i]
        h[i] += 0.1 * y[i]
    g[0] -= 0.1
    h[0] -= 0.1


def quadratic(np, n):
    b = numbers(n * n, 1).reshape(n, n)
    return np.ascontiguousarray(b @ b.T / n), numbers(n, 2) + 0.001


def game(np, n):
    return numbers(n * n, 1).reshape(n, n) / np.sqrt(n), numbers(2 * n, 3)


def plain(parameters):
    """One product a step for Figure 1, four for Figure 2."""
    if "runs" in parameters:
        return in_games(parameters)
    np = modules["numpy"]
    n, count = parameters["d"], parameters["count"]

    def descend():
        x = np.zeros(n)
        for _ in range(count):
            x = x - 0.5 * (h @ x - offset)
        return x

    def accelerate():
        x = y = np.zeros(n)
        for t in range(count):
            moved = y - 0.25 * (h @ y - offset)
            x, y = moved, moved + t / (t + 3) * (moved - x)
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
        return keeping(accelerate if "ahead" in parameters else descend)
    a, start = game(np, n)
    return keeping(look)


def in_place(parameters):
    if "runs" in parameters:
        return None
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

    def accelerate():
        x, y, moved = np.zeros(n), np.zeros(n), np.empty(n)
        for t in range(count):
            np.dot(h, y, out=moved)
            moved -= offset
            moved *= -0.25
            moved += y
            np.subtract(moved, x, out=y)
            y *= t / (t + 3)
            y += moved
            x, moved = moved, x
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
        return keeping(accelerate if "ahead" in parameters else descend)
    a, start = game(np, n)
    at = a.T
    return keeping(look)


def symmetric(parameters):
    """Figure 1 with `dsymv`, which reads one triangle as ours does; the step is in the call."""
    if parameters.get("figure") != 1 or "ahead" in parameters:
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


def accelerated_loops(h, offset, count):
    n = len(offset)
    x, y, moved = offset * 0.0, offset * 0.0, offset * 0.0
    for t in range(count):
        for i in range(n):
            total = 0.0
            for j in range(n):
                total += h[i, j] * y[j]
            moved[i] = y[i] - 0.25 * (total - offset[i])
        momentum = t / (t + 3)
        for i in range(n):
            y[i] = moved[i] + momentum * (moved[i] - x[i])
            x[i] = moved[i]
    return x


def numba(parameters):
    if "runs" in parameters:
        games = small_games(modules["numpy"], parameters)
        descent = parameters["descent"] == 1
        return keeping(lambda: compiled_games(games, parameters["count"], descent).ravel())
    if parameters["figure"] != 1:
        return None
    h, offset = quadratic(modules["numpy"], parameters["d"])
    run = compiled_accelerated if "ahead" in parameters else compiled
    return keeping(lambda: run(h, offset, parameters["count"]))


implementations = {"numpy": plain, "numpy, in place": in_place}
if "scipy.linalg.blas" in modules:
    implementations["scipy, symmetric"] = symmetric
if "numba" in modules:
    njit = modules["numba"].njit(fastmath=True)
    np_zeros = modules["numpy"].zeros
    into_simplex, answer_loops = njit(into_simplex), njit(answer_loops)
    compiled, compiled_games = njit(loops), njit(game_loops)
    compiled_accelerated = njit(accelerated_loops)
    implementations["numba"] = numba
