from math import sqrt

from peers import find, keeping

modules, missing = find(["numpy", "numba"])


def trajectory(count, x, y):
    for _ in range(count):
        gx, gy = x * y * y, x * y * x
        length = sqrt(gx * gx + gy * gy)
        px, py = x + 0.1 * gx / length, y + 0.1 * gy / length
        x, y = x - 0.01 * (px * py * py), y - 0.01 * (px * py * px)
    return x, y


def each(descend, parameters):
    """One run after the other."""
    count, starts = parameters["count"], [(2.0 + r / 8, 3.0) for r in range(parameters.get("runs", 1))]
    if len(starts) == 1:
        return keeping(lambda: descend(count, *starts[0]))
    return keeping(lambda: [descend(count, x, y) for x, y in starts])


def python(parameters):
    return each(trajectory, parameters)


def numpy(parameters):
    np = modules["numpy"]

    def steps(count, x, y):
        w = np.array([x, y])
        for _ in range(count):
            g = (w[0] * w[1]) * w[::-1]
            p = w + 0.1 * g / np.linalg.norm(g)
            w = w - 0.01 * ((p[0] * p[1]) * p[::-1])
        return w

    return each(steps, parameters)


implementations = {"Python floats": python}
if "numpy" in modules:
    implementations["numpy"] = numpy
if "numba" in modules:
    compiled = modules["numba"].njit(trajectory)
    implementations["numba"] = lambda parameters: each(compiled, parameters)
