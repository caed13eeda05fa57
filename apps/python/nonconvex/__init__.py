"""nonconvex in Python: certificates of flatness, causes of loss spikes, completion, private covariances, games, worst cases.

Each function runs a command of the command line `nonconvex` and returns what it prints as JSON, a dictionary. A keyword
is a flag of that command: `max_steps=3` is `--max-steps 3`. Errors are raised as NonconvexError, in one line.
"""

import json
import math
import tempfile
from collections import namedtuple
from pathlib import Path

from nonconvex import _objectives, _oracle, _tables
from nonconvex._command import NonconvexError, run

__all__ = ["Completion", "NonconvexError", "certify", "certify_functions", "complete", "diagnose", "release", "run", "solve", "worst_case"]

Completion = namedtuple("Completion", ["table", "report"])
Completion.__doc__ = "A filled table in the form of the given one, and the report with its held-out error."


def certify(model, loss, data=None, *, least=-math.inf, **flags):
    """Certifies that a model is at a flat minimum of its loss, or that it is not: `nonconvex certify --oracle`.

    model: a module of PyTorch, or the parameters of a JAX model as any pytree.
    loss: with PyTorch and `data = (inputs, targets)` a function of outputs and targets, such as F.cross_entropy; without
        `data` a function of nothing. With JAX a function of the parameters, or of the parameters and the items of `data`.
    least: a number that the loss is never below, such as 0.

    The loss must be the same at each call: all data or one fixed batch, and `model.eval()`. The parameters of a PyTorch
    model are as before at the end.

    >>> found = certify(model, torch.nn.functional.cross_entropy, (inputs, labels), least=0.0)  # doctest: +SKIP
    >>> found["certificate"]["verdict"]  # doctest: +SKIP
    'flat'
    """
    if hasattr(model, "parameters"):
        import torch

        whole = loss if data is None else lambda: loss(model(data[0]), *data[1:])
        parameters = [p for p in model.parameters() if p.requires_grad]
        if not parameters:
            raise NonconvexError("the model has no parameter that requires a gradient", 1)
        before = [p.detach().clone() for p in parameters]
        try:
            return _oracle.certify(_objectives.of_torch(parameters, whole), least, flags)
        finally:
            with torch.no_grad():
                for p, old in zip(parameters, before):
                    p.copy_(old)
    whole = loss if data is None else lambda parameters: loss(parameters, *data)
    return _oracle.certify(_objectives.of_jax(model, whole), least, flags)


def certify_functions(point, gradient, product, *, least=-math.inf, **flags):
    """The same for plain functions of lists of floats.

    gradient: a function of x that returns the loss and its gradient. product: a function of x and v that returns the
    Hessian at x times v.

    >>> half = lambda x: (sum(a * a for a in x) / 2, x)
    >>> found = certify_functions([0.0, 0.0], half, lambda x, v: v, least=0.0)
    >>> found["certificate"]["verdict"], found["certificate"]["trace"]["estimate"]
    ('flat', 2)
    """
    return _oracle.certify(_objectives.of_functions(point, gradient, product), least, flags)


def diagnose(log, **flags):
    """Finds the cause of each spike of a training: `nonconvex diagnose`.

    log: the path of a log or of a folder of runs, or a table with its columns, such as a pandas DataFrame with `step`,
    `loss` and `lr`, or a dictionary of lists.

    >>> losses = [2 * 0.9**step for step in range(50)]
    >>> diagnose({"step": list(range(50)), "loss": losses}, optimizer="sgd", batch="full")["events"]
    []
    """
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(log, dict):
            columns = {name: list(values) for name, values in log.items()}
            log = [list(columns), *map(list, zip(*columns.values()))]
        return run("diagnose", _tables.write(log, folder, "log"), **flags)


def complete(table, **flags):
    """Fills the missing entries of a table: `nonconvex complete`.

    table: a pandas DataFrame or a NumPy array with NaN, or a list of rows with None. Returns a Completion: the filled
    table in the same form, and the report.

    >>> rows = [[(i + 1) * (j + 1) if (i + j) % 4 else None for j in range(8)] for i in range(10)]
    >>> len(complete(rows, rank=1).table)
    10
    """
    with tempfile.TemporaryDirectory() as folder:
        filled = Path(folder) / "filled.csv"
        report = run("complete", _tables.write(table, folder), save=filled, **flags)
        return Completion(_tables.read(filled, table), report)


def release(data, *, ledger, dataset, epsilon, neighbours, **flags):
    """Releases statistics or a low-rank covariance of a table about people with differential privacy: `nonconvex release`.

    data: a path, a DataFrame, or a list of rows of which the first has the names. ledger: the file that counts what all
    releases of these data cost; `create_ledger=True` makes it, only if nothing of them was ever released. dataset: their
    public name in it. What is returned is private; the data are not.
    """
    given = {"ledger": ledger, "dataset": dataset, "epsilon": epsilon, "neighbours": neighbours}
    # readable by this user only, as temporary folders are
    with tempfile.TemporaryDirectory() as folder:
        return run("release", _tables.write(data, folder), **given, **flags)


def solve(problem, **flags):
    """Solves a game, a quadratic or a least-squares problem, to an answer that no machine changes: `nonconvex solve`.

    problem: a payoff matrix, paid to the row player, as an array or rows; [H | b] with `as_="quadratic"`, or [A | b]
    with `as_="least-squares"`.

    >>> solve([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], exact=True)["least"]["numerator"]
    '0'
    """
    with tempfile.TemporaryDirectory() as folder:
        return run("solve", _tables.write(problem, folder), **flags)


def worst_case(method, **flags):
    """Finds the exact worst case of a method with fixed steps: `nonconvex worst-case`.

    method: the path of its description, or the description as a dictionary.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = method
        if isinstance(method, dict):
            path = Path(folder) / "method.json"
            path.write_text(json.dumps(method), encoding="utf-8")
        return run("worst-case", path, **flags)
