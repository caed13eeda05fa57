"""An epoch of ResNet-8 in PyTorch, by SGD or SAM."""

from peers import find, keeping, numbers

modules, missing = find(["torch"])


def epoch(parameters):
    torch = modules.get("torch")
    if torch is None:
        return None
    from torch.nn import functional

    import networks

    count, batch, rate, radius = 5000, 100, 0.01, parameters["radius"]
    network = networks.Network("resNet8", parameters["channels"], True)
    start = networks.start(network).numpy()
    images = torch.tensor(numbers(count * 784, 99), dtype=torch.float32).reshape(count, 1, 28, 28)
    labels = torch.arange(count) % 10
    weights = list(network.parameters())
    optimiser = torch.optim.SGD(weights, lr=rate)

    def backward(x, y):
        optimiser.zero_grad()
        loss = functional.cross_entropy(network(x), y)
        loss.backward()
        return loss.item()

    def step(x, y):
        loss = backward(x, y)
        if radius > 0:
            with torch.no_grad():
                before = [w.clone() for w in weights]
                scale = radius / torch.linalg.vector_norm(torch.stack([w.grad.norm() for w in weights]))
                torch._foreach_add_(weights, torch._foreach_mul([w.grad for w in weights], scale))
            backward(x, y)
            with torch.no_grad():
                torch._foreach_copy_(weights, before)
        optimiser.step()
        return loss

    def run():
        networks.load(network, start)
        return [step(images[k : k + batch], labels[k : k + batch]) for k in range(0, count, batch)]

    return keeping(run)


implementations = {"torch": epoch}
