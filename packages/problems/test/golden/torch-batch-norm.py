"""Writes torch-batch-norm.json: what torch computes in float64 of a residual network with batch normalisation, by automatic
differentiation alone: loss, gradient and Hessian-vector product of a batch, running statistics after four batches, and outputs with them.
Run with tools/peers/.venv/bin/python from this folder."""

import json
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def wave(count, f):
    return torch.tensor([f(i) for i in range(count)])


SAMPLES, SIDE, CHANNELS, CLASSES = 8, 3, 2, 3
images = wave(SAMPLES * SIDE * SIDE, lambda i: 1.3 * math.sin(2.3 * i + 0.4))
images = images.reshape(SAMPLES, SIDE, SIDE, 1).permute(0, 3, 1, 2)
labels = torch.tensor([(3 * i + i // 3) % CLASSES for i in range(SAMPLES)])

shapes = [
    ("weights", (CHANNELS, 3, 3, 1)), ("bias", (CHANNELS,)), ("scale", (CHANNELS,)), ("shift", (CHANNELS,)),
    ("weights", (CHANNELS, 3, 3, CHANNELS)), ("bias", (CHANNELS,)), ("scale", (CHANNELS,)), ("shift", (CHANNELS,)),
    ("weights", (CHANNELS, 3, 3, CHANNELS)), ("bias", (CHANNELS,)),
    ("dense", (CLASSES, SIDE * SIDE * CHANNELS)), ("bias", (CLASSES,)),
]
DIMENSION = sum(math.prod(shape) for _, shape in shapes)


def outputs(x, batch, statistics, training):
    """Ours are channels last: kernels are turned to torch's, and what is flattened is turned back."""
    parts, at = [], 0
    for kind, shape in shapes:
        part = x[at : at + math.prod(shape)].reshape(shape)
        at += math.prod(shape)
        parts.append(part.permute(0, 3, 1, 2) if kind == "weights" else part)
    w1, b1, g1, s1, w2, b2, g2, s2, w3, b3, wd, bd = parts
    normal = lambda a, k, g, s: F.batch_norm(a, *statistics[k], g, s, training, 0.1, 1e-3)
    a = torch.tanh(normal(F.conv2d(batch, w1, b1, padding=1), 0, g1, s1))
    branch = torch.tanh(normal(F.conv2d(a, w2, b2, padding=1), 1, g2, s2))
    a = torch.tanh(a + F.conv2d(branch, w3, b3, padding=1))
    return a.permute(0, 2, 3, 1).reshape(len(batch), -1) @ wd.T + bd


def fresh():
    return [(torch.zeros(CHANNELS), torch.ones(CHANNELS)) for _ in range(2)]


x = wave(DIMENSION, lambda i: 0.5 * math.sin(1.7 * (i + 1))).requires_grad_()
v = wave(DIMENSION, lambda i: math.cos(0.9 * (i + 1)))
loss = F.cross_entropy(outputs(x, images, fresh(), True), labels)
(gradient,) = torch.autograd.grad(loss, x, create_graph=True)
(product,) = torch.autograd.grad(gradient @ v, x)

running = fresh()
with torch.no_grad():
    for first in range(0, SAMPLES, 2):
        outputs(x, images[first : first + 2], running, True)
    evaluated = outputs(x, images, running, False)

golden = {
    "torch": torch.__version__,
    "loss": loss.item(),
    "gradient": gradient.tolist(),
    "product": product.tolist(),
    "running": [value for pair in running for part in pair for value in part.tolist()],
    "outputs": evaluated.flatten().tolist(),
}
with open("torch-batch-norm.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
