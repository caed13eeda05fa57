from math import sqrt

from peers import find, keeping

modules, missing = find(["numpy", "numba"])


def trajectory(count):
    x, y = 2.0, 3.0
    for _ in range(count):
        gx, gy = x * y * y, x * y * x
        length = sqrt(gx * gx + gy * gy)
        px, py = x + 0.1 * gx / length, y + 0.1 * gy / length
        x, y = x - 0.01 * (px * py * py), y - 0.01 * (px * py * px)
    return x, y


def python(parameters):
    return keeping(lambda: trajectory(parameters["count"]))


def numpy(parameters):
    np = modules["numpy"]

    def steps():
        w = np.array([2.0, 3.0])
        for _ in range(parameters["count"]):
            g = (w[0] * w[1]) * w[::-1]
            p = w + 0.1 * g / np.linalg.norm(g)
            w = w - 0.01 * ((p[0] * p[1]) * p[::-1])
        return w

    return keeping(steps)


implementations = {"Python floats": python}
if "numpy" in modules:
    implementations["numpy"] = numpy
if "numba" in modules:
    compiled = modules["numba"].njit(trajectory)
    implementations["numba"] = lambda parameters: keeping(lambda: compiled(parameters["count"]))
