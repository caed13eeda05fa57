"""Trace and top eigenvalues of the Hessian of the same network: PyHessian on torch, and products of our own in NumPy."""

from peers import find, numbers

modules, missing = find(["numpy", "scipy.sparse.linalg", "torch", "pyhessian"])
np = modules["numpy"]

TOP = 3


def make(parameters):
    """Features, labels and parameters as in certify.ts, layer after layer, weights before biases."""
    inputs, hidden, classes = parameters["inputs"], parameters["hidden"], parameters["classes"]
    features = 2 * numbers(parameters["samples"] * inputs, 1).reshape(-1, inputs)
    scores = np.abs(features[:, 0] + features[:, 1]) * classes * 0.999
    labels = np.floor(scores).astype(np.int64) % classes
    point = numbers(hidden * (inputs + 1) + classes * (hidden + 1), 2)
    relu = parameters["activation"] == 1
    return features, labels, point, (inputs, hidden, classes), relu


def split(point, shape):
    inputs, hidden, classes = shape
    ends = np.cumsum([hidden * inputs, hidden, classes * hidden, classes])
    w1, b1, w2, b2 = np.split(point, ends[:-1])
    return w1.reshape(hidden, inputs), b1, w2.reshape(classes, hidden), b2


def join(*parts):
    return np.concatenate([part.ravel() for part in parts])


def gradient(features, labels, point, shape, relu):
    w1, b1, w2, b2 = split(point, shape)
    z = features @ w1.T + b1
    a = np.maximum(z, 0) if relu else np.tanh(z)
    slope = (z > 0).astype(float) if relu else 1 - a * a
    logits = a @ w2.T + b2
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    d = p.copy()
    d[np.arange(len(labels)), labels] -= 1
    d /= len(labels)
    e = (d @ w2) * slope
    return join(e.T @ features, e.sum(axis=0), d.T @ a, d.sum(axis=0)), (z, a, slope, p, d, e)


def product(features, state, point, v, shape, relu):
    """H v by forward and backward differentiation by hand (Pearlmutter 1994)."""
    _, _, w2, _ = split(point, shape)
    v1, c1, v2, c2 = split(v, shape)
    _, a, slope, p, d, _ = state
    dz = features @ v1.T + c1
    da = slope * dz
    dlogits = da @ w2.T + a @ v2.T + c2
    dd = p * (dlogits - (p * dlogits).sum(axis=1, keepdims=True)) / len(p)
    de = (dd @ w2 + d @ v2) * slope
    if not relu:
        de += (d @ w2) * (-2 * a * da)
    return join(de.T @ features, de.sum(axis=0), dd.T @ a + d.T @ da, dd.sum(axis=0))


def trained(parameters):
    features, labels, point, shape, relu = make(parameters)
    for _ in range(200):
        g, _ = gradient(features, labels, point, shape, relu)
        point = point - 0.2 * g
    return features, labels, point, shape, relu


def keeping(compute):
    held = {}

    def run():
        held["values"] = compute()

    return run, (lambda: held["values"])


def by_numpy(parameters):
    """Hutchinson's estimate from 100 random signs, and ARPACK."""
    linalg = modules["scipy.sparse.linalg"]
    features, labels, point, shape, relu = trained(parameters)
    n = len(point)

    def compute():
        _, state = gradient(features, labels, point, shape, relu)
        multiply = lambda v: product(features, state, point, np.asarray(v).ravel(), shape, relu)
        draw = np.random.default_rng(1)
        samples = []
        for _ in range(100):
            z = draw.choice([-1.0, 1.0], n)
            samples.append(z @ multiply(z))
        operator = linalg.LinearOperator((n, n), matvec=multiply, dtype=float)
        values, vectors = linalg.eigsh(operator, k=TOP, which="LA", tol=1e-3)
        top = np.argmax(values)
        residual = np.linalg.norm(multiply(vectors[:, top]) - values[top] * vectors[:, top])
        return [
            np.mean(samples),
            np.std(samples, ddof=1) / 10,
            *sorted(values, reverse=True),
            residual,
        ]

    return keeping(compute)


def by_pyhessian(parameters):
    torch, pyhessian = modules["torch"], modules["pyhessian"]
    torch.set_num_threads(1)
    features, labels, point, shape, relu = trained(parameters)
    inputs, hidden, classes = shape
    bend = torch.nn.ReLU() if relu else torch.nn.Tanh()
    model = torch.nn.Sequential(
        torch.nn.Linear(inputs, hidden), bend, torch.nn.Linear(hidden, classes)
    ).double()
    with torch.no_grad():
        for own, values in zip(model.parameters(), split(point, shape)):
            own.copy_(torch.from_numpy(values))
    data = (torch.from_numpy(features), torch.from_numpy(labels))

    def compute():
        torch.manual_seed(1)
        # the default draws 100 vectors, or fewer where two running means agree to 1e-3
        of = pyhessian.hessian(model, torch.nn.CrossEntropyLoss(), data=data, cuda=False)
        samples = np.array(of.trace())
        values, _ = of.eigenvalues(top_n=TOP)
        error = samples.std(ddof=1) / np.sqrt(len(samples))
        return [samples.mean(), error, *values, float("nan")]

    return keeping(compute)


implementations = {"numpy and ARPACK": by_numpy} if "scipy.sparse.linalg" in modules else {}
if "torch" in modules and "pyhessian" in modules:
    implementations["PyHessian"] = by_pyhessian
