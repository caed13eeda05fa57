"""Compares a PyTorch implementation of sharpness-aware minimisation with traces.json, vector by vector: python test_sam.py [adapter.py]

An adapter defines `make(parameters, method, base)`, which returns `step(closure)`: one step, for which `closure()` clears the gradients, computes the loss
and its gradients, and returns the loss. It raises NotImplementedError for what it does not have. `method` and `base` are those of a trace, such as
{"name": "asam", "radius": 0.5, "offset": 0.01} and {"name": "sgd", "learningRate": 0.1, "momentum": 0.9, "weightDecay": 0}; the weight decay is
decoupled. Where it defines `make_grouped` with the same arguments, `step(closures)` of it gets a closure for each group of m-SAM, weighted by its samples.
Nothing but the calls of closures is looked at: the first sees the point, the second the perturbed one.
"""

import importlib.util
import json
import pathlib
import sys

import torch

tolerance = 1e-9  # relative to the length of each vector and 1e-3 at least; in float64


def loss_of(problem, x, samples):
    if "A" in problem:
        return x @ torch.tensor(problem["A"], dtype=x.dtype) @ x / 2
    a = torch.tensor(problem["features"], dtype=x.dtype)[samples]
    y = torch.tensor(problem["labels"])[samples]
    if "ridge" in problem:
        return torch.nn.functional.softplus(-y * (a @ x)).mean() + problem["ridge"] * (x @ x) / 2
    n, h, m = problem["widths"]
    w1, b1, w2, b2 = x.split([h * n, h, m * h, m])
    hidden = torch.tanh(a @ w1.view(h, n).T + b1)
    return torch.nn.functional.cross_entropy(hidden @ w2.view(m, h).T + b2, y)


def off(found, expected):
    found, expected = (torch.as_tensor(v, dtype=torch.float64) for v in (found, expected))
    return float((found - expected).norm() / max(float(expected.norm()), 1e-3))


def compare(trace, problem, adapter):
    """Yields, for each step, how far each vector is off; every step starts from where the implementation is."""
    x = torch.nn.Parameter(torch.tensor(trace["steps"][0]["point"], dtype=torch.float64))
    groups = [group["samples"] for group in trace["steps"][0]["groups"]]
    total = sum(map(len, groups))
    calls = [[] for _ in groups]

    def closure_of(g):
        def closure():
            x.grad = None
            loss = loss_of(problem, x, groups[g])
            (loss * len(groups[g]) / total).backward()
            calls[g].append((x.detach().clone(), x.grad.clone() * total / len(groups[g])))
            return loss

        return closure

    closures = [closure_of(g) for g in range(len(groups))]
    make = adapter.make if len(groups) == 1 else adapter.make_grouped
    step = make([x], trace["method"], trace["base"])
    for expected in trace["steps"]:
        before = x.detach().clone()
        for seen in calls:
            seen.clear()
        step(closures[0] if len(groups) == 1 else closures)
        errors = {"step": off(x.detach() - before, expected["step"])}
        for group, seen in zip(expected["groups"], calls):
            if len(seen) != 2:
                raise AssertionError(f"{len(seen)} gradients of a group in a step, and not 2")
            (at, gradient), (perturbed, perturbed_gradient) = seen
            found = [("gradient", gradient), ("perturbation", perturbed - at), ("perturbedGradient", perturbed_gradient)]
            for name, vector in found:
                errors[name] = max(errors.get(name, 0.0), off(vector, group[name]))
        yield errors


def main(adapter):
    traces = json.loads(pathlib.Path(__file__).with_name("traces.json").read_text())
    results = {"equal": 0, "differs": 0, "skipped": 0}
    for trace in traces["traces"]:
        try:
            errors = list(compare(trace, traces["problems"][trace["problem"]], adapter))
            # the first vector that is off is the cause of what follows; NaN is off too
            order = ["gradient", "perturbation", "perturbedGradient", "step"]
            wrong = [(k, name, e[name]) for k, e in enumerate(errors) for name in order if not e[name] <= tolerance]
            result = f"differs at step {wrong[0][0]}: {wrong[0][1]} is off by {wrong[0][2]:.2g}" if wrong else "equal"
        except (NotImplementedError, AttributeError) as error:
            result = f"skipped: {error or 'the adapter does not have it'}"
        results[result.split(" ")[0].rstrip(":")] += 1
        print(f"{trace['id']:36} {result}")
    print(", ".join(f"{count} {word}" for word, count in results.items()))
    return 1 if results["differs"] else 0


if __name__ == "__main__":
    path = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).with_name("adapter_reference.py")
    spec = importlib.util.spec_from_file_location("adapter", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.exit(main(module))
