"""The table of forced catapults by eager PyTorch."""

from math import pi

from peers import find, numbers

modules, missing = find(["numpy", "torch"])

TEST = 2000


def normals(count, salt):
    np = modules["numpy"]
    u, v = numbers(count, salt), numbers(count, salt + 1000)
    return np.sqrt(-2 * np.log(u + 0.5 + 2.0**-33)) * np.cos(2 * pi * v)


def keeping(compute):
    held = {}

    def run():
        held["values"] = compute()

    return run, (lambda: held["values"])


def forced(torch, parameters, raises, seed):
    """Gradient descent by autograd; the kernel in closed form, as ours is."""
    d, m, n = (parameters[name] for name in ("inputs", "width", "samples"))
    x = torch.from_numpy(normals(n * d, 10 * seed + 1)).reshape(n, d)
    test = torch.from_numpy(normals(TEST * d, 10 * seed + 2)).reshape(TEST, d)
    theta = torch.from_numpy(normals((d + 1) * m, 10 * seed + 3))
    w = theta[: d * m].reshape(m, d).clone().requires_grad_(True)
    a = theta[d * m :].clone().requires_grad_(True)
    y = x[:, 0] * x[:, 1]
    gram = x @ x.T / d

    def model(points):
        return torch.relu(points @ w.T / d**0.5) @ a / m**0.5

    def critical():
        with torch.no_grad():
            z = x @ w.T / d**0.5
            h, gated = torch.relu(z), (z > 0) * a
            kernel = (h @ h.T + (gated @ gated.T) * gram) / m
            return n / torch.linalg.eigvalsh(kernel)[-1].item()

    rate, done, due, raised_at, lowest, step = 0.0, 0, 60, 0, float("inf"), 0
    while True:
        loss = torch.mean((model(x) - y) ** 2)
        value = loss.item()
        above = value > lowest
        lowest = min(lowest, value)
        if rate == 0:
            rate = 0.9 * critical()
        if done < raises and step >= due and not above:
            rate = max(rate, 1.3 * critical())
            done, due, raised_at = done + 1, step + 60, step
        settled = done >= raises and (done == 0 or step > raised_at + 60)
        if (settled and not above and value < 1e-3) or step >= 6000:
            break
        gw, ga = torch.autograd.grad(loss, (w, a))
        with torch.no_grad():
            w.sub_(rate * gw)
            a.sub_(rate * ga)
        step += 1
    points = test.clone().requires_grad_(True)
    f = model(points)
    (slopes,) = torch.autograd.grad(f.sum(), points)
    agop = slopes.T @ slopes / TEST
    error = torch.mean((f - test[:, 0] * test[:, 1]) ** 2).item()
    alignment = (agop[0, 0] + agop[1, 1]) / (torch.linalg.norm(agop) * 2**0.5)
    return [error, alignment.item()]


def torch_table(parameters):
    if "seeds" not in parameters:
        return None
    torch = modules["torch"]
    torch.set_num_threads(1)

    def compute():
        rows = []
        for seed in range(int(parameters["seeds"])):
            for raises in range(4):
                rows += forced(torch, parameters, raises, seed)
        return rows

    return keeping(compute)


implementations = {"torch": torch_table} if "torch" in modules else {}
