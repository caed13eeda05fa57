"""The flattest network with the outputs of a given one: by SciPy with constraints, and by label-noise SGD in NumPy."""

from peers import find, numbers

modules, missing = find(["numpy", "scipy.optimize"])
np = modules["numpy"]

SLOPE = 1.0
STEPS = 200_000


def make(parameters):
    rows, dimension, neurons = (parameters[k] for k in ("rows", "dimension", "neurons"))
    x = np.sqrt(12 / dimension) * numbers(rows * dimension, 1).reshape(rows, dimension)
    theta = 2 * numbers(neurons * dimension, 2).reshape(neurons, dimension)
    return x, theta


def outputs(x, theta):
    z = x @ theta.T
    return (z**3 + SLOPE * z).sum(axis=1)


def jacobian(x, theta):
    """rows x neurons x dimension."""
    p = 3 * (x @ theta.T) ** 2 + SLOPE
    return p[:, :, None] * x[:, None, :]


def sharpness(x, theta):
    p = 3 * (x @ theta.T) ** 2 + SLOPE
    return ((x**2).sum(axis=1)[:, None] * p**2).sum()


def sharpness_gradient(x, theta):
    z = x @ theta.T
    p = 3 * z**2 + SLOPE
    return (2 * (x**2).sum(axis=1)[:, None] * p * 6 * z).T @ x


def keeping(x, theta, compute):
    held = {}
    f = outputs(x, theta)

    def run():
        held["theta"] = compute(f)

    def result():
        end = held["theta"]
        return [sharpness(x, end), np.abs(outputs(x, end) - f).max()]

    return run, result


def by_scipy(method, options):
    def prepare(parameters):
        x, theta = make(parameters)
        shape = theta.shape

        def compute(f):
            found = modules["scipy.optimize"].minimize(
                lambda t: sharpness(x, t.reshape(shape)),
                theta.ravel(),
                jac=lambda t: sharpness_gradient(x, t.reshape(shape)).ravel(),
                method=method,
                constraints={
                    "type": "eq",
                    "fun": lambda t: outputs(x, t.reshape(shape)) - f,
                    "jac": lambda t: jacobian(x, t.reshape(shape)).reshape(len(f), -1),
                },
                options=options,
            )
            return found.x.reshape(shape)

        return keeping(x, theta, compute)

    return prepare


def by_label_noise(parameters):
    """SGD on one row a step with noise on its target, then descent without noise back to the targets."""
    x, theta = make(parameters)
    tangent = jacobian(x, theta).reshape(len(x), -1)
    top = np.linalg.eigvalsh(tangent @ tangent.T)[-1]
    rate = 0.1 / top
    draw = np.random.default_rng(1)

    def compute(f):
        t = theta.copy()
        chosen = draw.integers(len(x), size=STEPS)
        noise = draw.choice([-1.0, 1.0], STEPS)
        for i, sign in zip(chosen, noise):
            row = x[i]
            z = t @ row
            error = (z**3 + SLOPE * z).sum() - f[i] - sign
            t -= rate * error * np.outer(3 * z**2 + SLOPE, row)
        for _ in range(20_000):
            gap = outputs(x, t) - f
            if np.abs(gap).max() < 1e-9:
                break
            t -= 5 * rate * np.einsum("i,ijk->jk", gap, jacobian(x, t))
        return t

    return keeping(x, theta, compute)


implementations = {f"NumPy, {STEPS} steps of label noise": by_label_noise}
if "scipy.optimize" in modules:
    implementations["SciPy SLSQP"] = by_scipy("SLSQP", {"maxiter": 500, "ftol": 1e-12})
