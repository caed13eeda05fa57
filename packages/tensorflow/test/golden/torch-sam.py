"""Writes torch-sam.json: steps of SAM in PyTorch on the network of test/Torch.test.ts.

The step is that of Foret et al. 2021 as davda54/sam writes it, without the additive 1e-12 and restored from a copy: ascend by
radius g / |g| over all parameters together, take the gradient there, go back, and let torch.optim.SGD step (with momentum) or
torch.optim.Adam. Inputs and weights are sines, so that both sides can make them without a file.

Run with Python 3.11, torch 2.15.0: python torch-sam.py > torch-sam.json
"""

import json
import math

import torch

torch.set_default_dtype(torch.float32)


def sines(count, frequency):
    return [math.sin(frequency * (i + 1)) for i in range(count)]


def network():
    shapes = [(4, 5), (5,), (5, 3), (3,)]
    return [
        torch.tensor(sines(math.prod(shape), 0.7 + k)).reshape(shape).requires_grad_()
        for k, shape in enumerate(shapes)
    ]


def loss_of(weights, inputs, labels):
    hidden = torch.tanh(inputs @ weights[0] + weights[1])
    return torch.nn.functional.cross_entropy(hidden @ weights[2] + weights[3], labels)


def run(make, radius, steps):
    weights = network()
    inputs = torch.tensor(sines(12 * 4, 1.3)).reshape(12, 4)
    labels = torch.arange(12) % 3
    optimizer = make(weights)
    rows = []
    for _ in range(steps):
        loss = loss_of(weights, inputs, labels)
        gradients = torch.autograd.grad(loss, weights)
        norm = torch.sqrt(sum((g.double() ** 2).sum() for g in gradients))
        before = [w.detach().clone() for w in weights]
        with torch.no_grad():
            for w, g in zip(weights, gradients):
                w.copy_((w.double() + radius * g.double() / norm).float())
        perturbed = loss_of(weights, inputs, labels)
        optimizer.zero_grad()
        perturbed.backward()
        with torch.no_grad():
            for w, b in zip(weights, before):
                w.copy_(b)
        optimizer.step()
        rows.append(
            {
                "loss": loss.item(),
                "lossAtPerturbed": perturbed.item(),
                "weights": [v for w in weights for v in w.detach().flatten().tolist()],
            }
        )
    return rows


print(
    json.dumps(
        {
            "source": f"torch-sam.py with torch {torch.__version__}",
            "radius": 0.1,
            "sgd 0.2": run(lambda w: torch.optim.SGD(w, lr=0.2), 0.1, 8),
            "momentum 0.1, 0.9": run(lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9), 0.1, 8),
            "adam 0.01": run(lambda w: torch.optim.Adam(w, lr=0.01, eps=1e-7), 0.1, 8),
        },
        indent=1,
    )
)
