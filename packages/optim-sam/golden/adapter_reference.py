"""An adapter of test_sam.py, and what it asks of one: SAM, USAM, ASAM and m-SAM in a few lines of PyTorch. Put your implementation in its place."""

import torch


def base_of(parameters, base):
    if base["name"] == "adamw":
        return torch.optim.AdamW(parameters, lr=base["learningRate"], weight_decay=base["weightDecay"])
    if base["momentum"] != 0 and base["weightDecay"] != 0:
        raise NotImplementedError("torch.optim.SGD puts the weight decay into the momentum")
    return torch.optim.SGD(parameters, lr=base["learningRate"], momentum=base["momentum"], weight_decay=base["weightDecay"])


def perturbation(method, points, gradients):
    widths = [p.abs() + method["offset"] if method["name"] == "asam" else torch.ones_like(p) for p in points]
    norm = torch.cat([(w * g).flatten() for w, g in zip(widths, gradients)]).norm()
    if method["name"] == "usam":
        return [method["radius"] * g for g in gradients]
    # where the gradient is zero, so is the perturbation
    return [method["radius"] * w * w * g / norm if norm > 0 else torch.zeros_like(g) for w, g in zip(widths, gradients)]


def make_grouped(parameters, method, base):
    optimizer = base_of(parameters, base)

    def step(closures):
        points = [p.detach().clone() for p in parameters]
        means = [torch.zeros_like(p) for p in parameters]
        for closure in closures:
            closure()
            moves = perturbation(method, points, [p.grad for p in parameters])
            with torch.no_grad():
                for p, move in zip(parameters, moves):
                    p.add_(move)
            closure()
            with torch.no_grad():
                for p, point, mean in zip(parameters, points, means):
                    p.copy_(point)
                    mean.add_(p.grad)  # a closure weights its gradient by its samples
        for p, mean in zip(parameters, means):
            p.grad = mean
        optimizer.step()

    return step


def make(parameters, method, base):
    step = make_grouped(parameters, method, base)
    return lambda closure: step([closure])
