"""The other side of `nonconvex certify --oracle` for PyTorch; the protocol is docs/oracle.md. Copy this file beside your model.

    serve(lambda: loss(model(inputs), labels), list(model.parameters()), least=0.0)
"""

import os
import struct
import sys

import torch

answers = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)  # from here on, what the program prints goes to standard error


def serve(loss, parameters, least=float("-inf")):
    """Answers until the input ends. `loss` is a function of nothing that returns a scalar tensor, the same each time; it is never below `least`."""
    width = 8 if parameters[0].dtype == torch.float64 else 4
    kind = {4: torch.float32, 8: torch.float64}[width]
    sizes = [p.numel() for p in parameters]
    count = sum(sizes)

    def vector(parts):
        return torch.cat([p.detach().reshape(-1).to("cpu", kind) for p in parts]).numpy().tobytes()

    def parts(data):
        flat = torch.frombuffer(bytearray(data), dtype=kind)
        return [v.view_as(p).to(p.device, p.dtype) for v, p in zip(flat.split(sizes), parameters)]

    def derivative(of, **options):
        found = torch.autograd.grad(of, parameters, allow_unused=True, **options)
        return [torch.zeros_like(p) if g is None else g for g, p in zip(found, parameters)]

    answers.write(struct.pack("<4sIIIQd", b"NCVX", 1, width, 0, count, least) + vector(parameters))
    answers.flush()
    gradient = None
    while len(request := sys.stdin.buffer.read(16 + width * count)) == 16 + width * count:
        word, data = request[:4], request[16:]
        try:
            if word == b"GRAD":
                gradient = None  # frees the graph of the last point
                with torch.no_grad():
                    for p, new in zip(parameters, parts(data)):
                        p.copy_(new)
                value = loss()
                gradient = derivative(value, create_graph=True)
                answer = struct.pack("<d", value.item()) + vector(gradient)
            else:
                connected = [(g, v) for g, v in zip(gradient, parts(data)) if g.requires_grad]
                outputs, directions = zip(*connected) if connected else ([], [])
                products = derivative(outputs, grad_outputs=directions, retain_graph=True)
                answer = vector(products)
            answers.write(struct.pack("<4sIQ", word, 0, count) + answer)
        except Exception as error:
            text = f"{type(error).__name__}: {error}".encode()[:4096]
            answers.write(struct.pack("<4sIQ", b"FAIL", 0, len(text)) + text)
        answers.flush()
