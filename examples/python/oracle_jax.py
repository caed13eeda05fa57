"""The other side of `nonconvex certify --oracle` for JAX; the protocol is docs/oracle.md. Copy this file beside your model.

    serve(lambda parameters: loss(model(parameters, inputs), labels), parameters, least=0.0)
"""

import os
import struct
import sys

import jax
import jax.flatten_util
import numpy

answers = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)  # from here on, what the program prints goes to standard error


def serve(loss, parameters, least=float("-inf")):
    """Answers until the input ends. `loss` is a pure function of a tree such as `parameters`; it is never below `least`."""
    flat, tree = jax.flatten_util.ravel_pytree(parameters)
    kind = numpy.float64 if flat.dtype == numpy.float64 else numpy.float32
    width, count = kind().nbytes, flat.size
    value_and_gradient = jax.jit(jax.value_and_grad(lambda x: loss(tree(x))))

    @jax.jit
    def product(x, v):
        return jax.jvp(jax.grad(lambda y: loss(tree(y))), (x,), (v,))[1]

    def vector(numbers):
        return numpy.asarray(numbers, dtype=kind).tobytes()

    answers.write(struct.pack("<4sIIIQd", b"NCVX", 1, width, 0, count, least) + vector(flat))
    answers.flush()
    point = flat
    while len(request := sys.stdin.buffer.read(16 + width * count)) == 16 + width * count:
        word, numbers = request[:4], jax.numpy.asarray(numpy.frombuffer(request[16:], kind))
        try:
            if word == b"GRAD":
                point = numbers
                value, gradient = value_and_gradient(point)
                answer = struct.pack("<d", float(value)) + vector(gradient)
            else:
                answer = vector(product(point, numbers))
            answers.write(struct.pack("<4sIQ", word, 0, count) + answer)
        except Exception as error:
            text = f"{type(error).__name__}: {error}".encode()[:4096]
            answers.write(struct.pack("<4sIQ", b"FAIL", 0, len(text)) + text)
        answers.flush()
