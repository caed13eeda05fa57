"""Networks for small images in PyTorch, with the parameters of `resNet8` and `convolutionalNetwork` in their order; as a program it writes
`packages/problems/test/golden/torch-images.json`: losses, gradients and predictions for the tests there.

    python tools/peers/python/networks.py > packages/problems/test/golden/torch-images.json
"""

import base64
import json

import torch
from torch import nn
from torch.nn import functional

from peers import numbers


class Normalised(nn.Module):
    """A convolution, and the normalisation after it."""

    def __init__(self, inputs, outputs, size, stride, normalised):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=not normalised)
        self.normalisation = nn.BatchNorm2d(outputs) if normalised else nn.Identity()

    def forward(self, x):
        return self.normalisation(self.convolution(x))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride, normalised):
        super().__init__()
        self.first = Normalised(inputs, outputs, 3, stride, normalised)
        self.second = Normalised(outputs, outputs, 3, 1, normalised)
        self.shortcut = nn.Identity() if stride == 1 else Normalised(inputs, outputs, 1, stride, normalised)

    def forward(self, x):
        return functional.relu(self.second(functional.relu(self.first(x))) + self.shortcut(x))


class Plain(nn.Module):
    def __init__(self, inputs, outputs, stride, normalised):
        super().__init__()
        self.first = Normalised(inputs, outputs, 3, stride, normalised)

    def forward(self, x):
        return functional.relu(self.first(x))


class Network(nn.Module):
    def __init__(self, kind, channels, normalised):
        super().__init__()
        self.stem = Plain(1, channels, 1, normalised)
        block = Block if kind == "resNet8" else Plain
        stages = [(channels, 2 * channels, 2), (2 * channels, 4 * channels, 2)]
        if kind == "resNet8":
            stages = [(channels, channels, 1), *stages]
        self.blocks = nn.Sequential(*[block(*stage, normalised) for stage in stages])
        self.last = nn.Linear(4 * channels, 10)

    def forward(self, x):
        return self.last(self.blocks(self.stem(x)).mean((2, 3)))


def flat(tensor):
    """In the order of ours: of a convolution each output's window pixel by pixel, channel by channel."""
    return (tensor.permute(0, 2, 3, 1) if tensor.dim() == 4 else tensor).reshape(-1)


def load(network, values):
    """Puts all parameters of ours into those of the network."""
    at = 0
    with torch.no_grad():
        for parameter in network.parameters():
            part = torch.as_tensor(values[at : at + parameter.numel()], dtype=parameter.dtype)
            if parameter.dim() == 4:
                outputs, inputs, height, width = parameter.shape
                part = part.reshape(outputs, height, width, inputs).permute(0, 3, 1, 2)
            parameter.copy_(part.reshape(parameter.shape))
            at += parameter.numel()
    assert at == len(values)


def start(network):
    """Parameters that both sides make alike: numbers over the root of the window, scales 1 and shifts 0."""
    parts = []
    for salt, parameter in enumerate(network.parameters()):
        if parameter.dim() > 1:
            parts.append(torch.tensor(numbers(parameter.numel(), salt) * (24 / parameter[0].numel()) ** 0.5))
        else:
            is_scale = parameter.detach().abs().sum() == parameter.numel()
            parts.append(torch.full((parameter.numel(),), 1.0 if is_scale else 0.0, dtype=torch.float64))
    return torch.cat(parts)


def encoded(tensor):
    return base64.b64encode(tensor.detach().to(torch.float32).numpy().astype("<f4").tobytes()).decode()


def golden(kind, normalised, channels=4, batch=10):
    # the parameters and images of float32, and their arithmetic in float64: what both sides round
    network = Network(kind, channels, normalised)
    at = start(network)
    # biases, scales and shifts move too
    load(network, (at + 0.1 * torch.tensor(numbers(at.numel(), 77))).numpy())
    network = network.double()
    images = torch.tensor(numbers(batch * 784, 99), dtype=torch.float32).double().reshape(batch, 1, 28, 28)
    labels = torch.arange(batch) % 10
    loss = functional.cross_entropy(network(images), labels)
    loss.backward()
    gradient = torch.cat([flat(parameter.grad) for parameter in network.parameters()])
    # what has seen one batch predicts by 0.9 of (0, 1) and 0.1 of its statistics
    network.eval()
    return {
        "kind": kind,
        "batchNormalisation": normalised,
        "channels": channels,
        "batch": batch,
        "loss": loss.item(),
        "gradient": encoded(gradient),
        "outputs": encoded(network(images).reshape(-1)),
    }


if __name__ == "__main__":
    cases = [golden(kind, normalised) for kind in ("resNet8", "convolutionalNetwork") for normalised in (True, False)]
    print(json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}, indent=1))
