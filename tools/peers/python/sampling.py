"""The sampler `tpe` of `sweep --command` beside the sampler of Optuna, both at their defaults, on twelve functions.

    python tools/peers/python/sampling.py              # every function
    python tools/peers/python/sampling.py ackley mixed # some of them

For each function and seed, both try 60 configurations one after another (`--batch 1`), and so does random search. It prints the
medians of the least values over 20 seeds, and the p value of the Mann-Whitney test of tpe against Optuna. Functions, their ranges,
seeds and the number of trials were fixed before the first measurement. With `--trial NAME FILE` this file is the program of a trial.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from math import cos, e, exp, log2, log10, pi, prod, sin, sqrt
from pathlib import Path

A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
P = [
    [1312, 1696, 5569, 124, 8283, 5886],
    [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381],
]
SEEDS, TRIALS = range(1, 21), 60


def box(count, low, high):
    return {f"x{k}": (low, high) for k in range(count)}


def vector(function):
    """A function of the settings in their order."""
    return lambda settings: function([value for name, value in settings.items() if name != "seed"])


def ackley(x):
    v = [each - 2 for each in x]
    return -20 * exp(-0.2 * sqrt(sum(a * a for a in v) / len(v))) - exp(sum(cos(2 * pi * a) for a in v) / len(v)) + 20 + e


def branin(x):
    a, b = x
    return (b - 5.1 / (4 * pi**2) * a * a + 5 / pi * a - 6) ** 2 + 10 * (1 - 1 / (8 * pi)) * cos(a) + 10


def camel(x):
    a, b = x
    return (4 - 2.1 * a * a + a**4 / 3) * a * a + a * b + (-4 + 4 * b * b) * b * b


def griewank(x):
    v = [each - 7 for each in x]
    return 1 + sum(a * a for a in v) / 4000 - prod(cos(a / sqrt(k + 1)) for k, a in enumerate(v))


def hartmann(x):
    alpha = [1, 1.2, 3, 3.2]
    return -sum(alpha[i] * exp(-sum(A[i][j] * (x[j] - P[i][j] * 1e-4) ** 2 for j in range(6))) for i in range(4))


def levy(x):
    w = [1 + (each - 1) / 4 for each in x]
    inner = sum((a - 1) ** 2 * (1 + 10 * sin(pi * a + 1) ** 2) for a in w[:-1])
    return sin(pi * w[0]) ** 2 + inner + (w[-1] - 1) ** 2 * (1 + sin(2 * pi * w[-1]) ** 2)


def training(s):
    at, floor = {"sgd": (-1.2, 0.1), "adam": (-3, 0.05), "sam": (-1, 0)}[s["method"]]
    rate, width, decay = log10(s["lr"]) - at, log2(s["width"]) - 6.5, log10(s["decay"]) + 3.5
    return floor + 0.08 * rate**2 + 0.0125 * width**2 + 0.02 * decay**2


def mixed(s):
    centre = 0.8 if s["a"] == "r" else 0.2
    return (s["a"] != "r") + abs(log2(s["b"]) - 2) / 2 + abs(s["n"] - 13) / 10 + 4 * (s["x"] - centre) ** 2


# ranges are pairs, with "log" or "integer" behind them; lists have their values
FUNCTIONS = {
    "sphere": (box(3, -5, 5), vector(lambda x: sum((a - 1) ** 2 for a in x))),
    "rosenbrock": (box(2, -2, 2), vector(lambda x: 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2)),
    "rastrigin": (box(3, -5.12, 5.12), vector(lambda x: sum((a - 0.7) ** 2 - 10 * cos(2 * pi * (a - 0.7)) + 10 for a in x))),
    "ackley": (box(5, -10, 10), vector(ackley)),
    "branin": ({"x0": (-5, 10), "x1": (0, 15)}, vector(branin)),
    "hartmann": (box(6, 0, 1), vector(hartmann)),
    "levy": (box(4, -10, 10), vector(levy)),
    "griewank": (box(4, -60, 60), vector(griewank)),
    "styblinski": (box(5, -5, 5), vector(lambda x: sum((a**4 - 16 * a * a + 5 * a) / 2 for a in x))),
    "camel": ({"x0": (-3, 3), "x1": (-2, 2)}, vector(camel)),
    "training": (
        {"lr": (1e-5, 1, "log"), "width": (8, 256, "log", "integer"), "method": ["sgd", "adam", "sam"], "decay": (1e-6, 0.1, "log")},
        training,
    ),
    "mixed": ({"a": ["p", "q", "r", "s"], "b": [1, 2, 4, 8], "n": (1, 20, "integer"), "x": (0, 1)}, mixed),
}


def flags(space):
    for name, values in space.items():
        if isinstance(values, list):
            yield from ("--grid", f"{name}={','.join(map(str, values))}")
        else:
            low, high, *how = values
            yield from ("--range", ":".join([f"{name}={low}..{high}", *how]))


def ours(name, space, sampler, seed, folder):
    file = json.dumps(str(Path(__file__).resolve()))
    more = ["--batch", "1"] if sampler == "tpe" else []
    done = subprocess.run(
        ["npm", "run", "--silent", "lab", "--", "sweep", "--command", f"{json.dumps(sys.executable)} {file} --trial {name} {{settings}}"]
        + [*flags(space), "--sampler", sampler, "--trials", str(TRIALS), "--sampler-seed", str(seed), *more]
        + ["--metric", "last(loss)", "--least", "--no-store", "--json", "--quiet"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[3],
    )
    return json.loads(done.stdout)["candidates"][0]["mean"]


def theirs(space, function, seed):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def value(trial):
        settings = {}
        for name, values in space.items():
            if isinstance(values, list):
                settings[name] = trial.suggest_categorical(name, values)
            else:
                low, high, *how = values
                suggest = trial.suggest_int if "integer" in how else trial.suggest_float
                settings[name] = suggest(name, low, high, log="log" in how)
        return function(settings)

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(value, n_trials=TRIALS)
    return study.best_value


def mann_whitney(a, b):
    """p value by the normal approximation, with the correction for ties."""
    both = sorted(a + b)
    rank = {value: both.index(value) + (both.count(value) + 1) / 2 for value in set(both)}
    n, m = len(a), len(b)
    ties = sum(both.count(value) ** 3 - both.count(value) for value in set(both))
    spread = sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    z = (sum(rank[value] for value in a) - n * (n + m + 1) / 2) / spread
    return statistics.NormalDist().cdf(-abs(z)) * 2


def main(names):
    print(f"{'':12}{'random':>12}{'tpe':>12}{'Optuna':>12}{'p':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            space, function = FUNCTIONS[name]
            random = [ours(name, space, "random", seed, folder) for seed in SEEDS]
            tpe = [ours(name, space, "tpe", seed, folder) for seed in SEEDS]
            optuna = [theirs(space, function, seed) for seed in SEEDS]
            middles = "".join(f"{statistics.median(each):12.4g}" for each in (random, tpe, optuna))
            print(f"{name:12}{middles}{mann_whitney(tpe, optuna):9.3f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--trial"]:
        name, file = sys.argv[2:]
        print(json.dumps({"loss": FUNCTIONS[name][1](json.loads(Path(file).read_text()))}))
    else:
        main(sys.argv[1:] or FUNCTIONS)
