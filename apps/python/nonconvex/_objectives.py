"""Losses of PyTorch, JAX and plain functions, as the product oracle asks for them: docs/oracle.md."""

import array
import sys


class Objective:
    """A loss with its gradient and Hessian products, as bytes of little-endian numbers.

    `gradient(bytes)` returns the loss and the gradient there; `product(bytes)` the product of the Hessian at that point.
    """

    def __init__(self, width, dimension, point, gradient, product):
        self.width, self.dimension, self.point = width, dimension, point
        self.gradient, self.product = gradient, product


def of_functions(point, gradient, product):
    """From functions of lists of floats: `gradient(x)` returns the loss and its gradient, `product(x, v)` the Hessian at x times v."""
    at = [list(map(float, point))]

    def numbers(data):
        values = array.array("d", data)
        if sys.byteorder == "big":
            values.byteswap()
        return list(values)

    def packed(values):
        found = array.array("d", map(float, values))
        if len(found) != len(at[0]):
            raise ValueError(f"{len(found)} numbers, where the point has {len(at[0])}")
        if sys.byteorder == "big":
            found.byteswap()
        return found.tobytes()

    def ask_gradient(data):
        at[0] = numbers(data)
        loss, slope = gradient(at[0])
        return float(loss), packed(slope)

    return Objective(8, len(at[0]), packed(at[0]), ask_gradient, lambda data: packed(product(at[0], numbers(data))))


def of_torch(parameters, loss):
    """From the parameters of a model and a function of nothing that returns the loss as a tensor."""
    import torch

    parameters = [p for p in parameters if p.requires_grad]
    width = 8 if parameters[0].dtype == torch.float64 else 4
    number = {4: torch.float32, 8: torch.float64}[width]
    sizes = [p.numel() for p in parameters]
    slope = []

    def packed(parts):
        return torch.cat([p.detach().reshape(-1).to("cpu", number) for p in parts]).numpy().tobytes()

    def parts(data):
        flat = torch.frombuffer(bytearray(data), dtype=number)
        return [v.view_as(p).to(p.device, p.dtype) for v, p in zip(flat.split(sizes), parameters)]

    def derivative(of, **options):
        found = torch.autograd.grad(of, parameters, allow_unused=True, **options)
        return [torch.zeros_like(p) if g is None else g for g, p in zip(found, parameters)]

    def gradient(data):
        slope.clear()  # frees the graph of the last point
        with torch.no_grad():
            for p, new in zip(parameters, parts(data)):
                p.copy_(new)
        value = loss()
        slope.extend(derivative(value, create_graph=True))
        return value.item(), packed(slope)

    def product(data):
        connected = [(g, v) for g, v in zip(slope, parts(data)) if g.requires_grad]
        outputs, directions = zip(*connected) if connected else ([], [])
        return packed(derivative(outputs, grad_outputs=directions, retain_graph=True))

    return Objective(width, sum(sizes), packed(parameters), gradient, product)


def of_jax(parameters, loss):
    """From parameters as any pytree and a function of them that returns the loss."""
    import jax
    import numpy
    from jax.flatten_util import ravel_pytree

    start, shaped = ravel_pytree(parameters)
    number = numpy.dtype("<f8" if start.dtype == numpy.float64 else "<f4")
    at = [start]

    def value(flat):
        return loss(shaped(flat))

    both = jax.jit(jax.value_and_grad(value))
    times = jax.jit(lambda x, v: jax.jvp(jax.grad(value), (x,), (v,))[1])

    def packed(found):
        return numpy.asarray(found, number).tobytes()

    def gradient(data):
        at[0] = jax.numpy.asarray(numpy.frombuffer(data, number))
        found, slope = both(at[0])
        return float(found), packed(slope)

    def product(data):
        return packed(times(at[0], jax.numpy.asarray(numpy.frombuffer(data, number))))

    return Objective(number.itemsize, start.size, packed(start), gradient, product)
