"""Steps and the tangent kernel of a wide network by NumPy and PyTorch."""

from peers import find, numbers

modules, missing = find(["numpy", "torch"])


def keeping(compute):
    held = {}

    def run():
        held["values"] = compute()

    return run, (lambda: held["values"])


def problem(parameters):
    d, m, n = (int(parameters[name]) for name in ("inputs", "width", "samples"))
    scale = 12**0.5
    x = (numbers(n * d, 1) * scale).reshape(n, d)
    theta = numbers((d + 1) * m, 2) * scale
    return x, theta[: d * m].reshape(m, d).copy(), theta[d * m :].copy(), numbers(n, 3) * scale


def numpy_steps(parameters):
    if "count" not in parameters or parameters["bits"] != 64:
        return None
    np = modules["numpy"]
    x, w, a, y = problem(parameters)
    n, d = x.shape
    m = len(a)
    state = {}

    def forward():
        z = x @ w.T
        z /= d**0.5
        h = np.maximum(z, 0)
        return z, h, h @ a / m**0.5

    def run():
        for _ in range(int(parameters["count"])):
            z, h, f = forward()
            q = (2 / n) * (f - y)
            gated = (z > 0) * a
            gated *= (q * (0.01 / (m * d) ** 0.5))[:, None]
            np.subtract(a, (0.01 / m**0.5) * (h.T @ q), out=a)
            np.subtract(w, gated.T @ x, out=w)
        state["f"] = None

    return run, (lambda: forward()[2])


def torch_steps(parameters):
    if "count" not in parameters:
        return None
    torch = modules["torch"]
    torch.set_num_threads(1)
    kind = torch.float64 if parameters["bits"] == 64 else torch.float32
    x, w, a, y = (torch.from_numpy(part).to(kind) for part in problem(parameters))
    n, d = x.shape
    m = len(a)
    w.requires_grad_(True)
    a.requires_grad_(True)

    def model():
        return torch.relu(x @ w.T / d**0.5) @ a / m**0.5

    def run():
        for _ in range(int(parameters["count"])):
            loss = torch.mean((model() - y) ** 2)
            gw, ga = torch.autograd.grad(loss, (w, a))
            with torch.no_grad():
                w.sub_(gw, alpha=0.01)
                a.sub_(ga, alpha=0.01)

    return run, (lambda: model().detach().to(torch.float64).numpy())


def numpy_kernel(parameters):
    if "kernel" not in parameters:
        return None
    np = modules["numpy"]
    x, w, a, _ = problem(parameters)
    n, d = x.shape
    m = len(a)

    def compute():
        z = x @ w.T / d**0.5
        h, gated = np.maximum(z, 0), (z > 0) * a
        kernel = (h @ h.T + (gated @ gated.T) * (x @ x.T / d)) / m
        return [np.linalg.eigvalsh(kernel)[-1]]

    return keeping(compute)


def torch_kernel(parameters):
    """The kernel as the tutorial of torch.func contracts it: the Jacobian of each parameter, written out."""
    if "kernel" not in parameters:
        return None
    torch = modules["torch"]
    torch.set_num_threads(1)
    x, w, a, _ = (torch.from_numpy(part) for part in problem(parameters))
    n, d = x.shape
    m = len(a)

    def single(parts, point):
        return torch.relu(parts[0] @ point / d**0.5) @ parts[1] / m**0.5

    def compute():
        jacobian = torch.func.vmap(torch.func.jacrev(single), (None, 0))((w, a), x)
        flat = [part.flatten(1) for part in jacobian]
        kernel = sum(torch.einsum("if,jf->ij", part, part) for part in flat)
        return [torch.linalg.eigvalsh(kernel)[-1].item()]

    return keeping(compute)


implementations = {}
if "numpy" in modules:
    implementations["numpy"] = lambda p: numpy_steps(p) or numpy_kernel(p)
if "torch" in modules:
    implementations["torch"] = torch_steps
    implementations["torch.func"] = torch_kernel
