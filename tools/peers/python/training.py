"""The command `train` with nothing but its file named, beside the networks of scikit-learn at their defaults, on eleven sets.

    python tools/peers/python/training.py              # every set
    python tools/peers/python/training.py iris wine    # some of them

Each split is put into docs/training.json when it is measured, and is not measured again: an interruption keeps what is there, and
to measure anew, delete the file.

Sets, splits and scores were fixed before the first measurement, and nothing was tuned on them. The candidates of `train` and the rule
that chooses were tried on nine other sets, which were drawn: make_classification, make_gaussian_quantiles, make_hastie_10_2,
make_circles and make_sparse_uncorrelated of scikit-learn, a quadratic function with little noise, a sum of sines, a linear function
with much noise, and steps.

Seed k of `train` divides the rows, and scikit-learn gets the same. Its inputs are standardised, as its guide says. A regression is
also made with the target standardised, which `train` does itself. Scores are the accuracy, or the explained share of the variance.
"""

import json
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import datasets
from sklearn.compose import TransformedTargetRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
root = Path(__file__).resolve().parents[3]
kept = root / "docs/training.json"
SEEDS, TEST_FRACTION = range(1, 11), 0.2


def california():
    """Prices of 1,000 districts, in the likeness of the California set: skewed columns, a place, a cap."""
    draw = np.random.default_rng(21)
    n = 1000
    income, age = draw.lognormal(1.2, 0.45, n), draw.integers(1, 53, n)
    rooms, people = 3 + draw.gamma(4, 0.7, n), draw.lognormal(7, 0.7, n)
    latitude, longitude = draw.uniform(32.5, 42, n), draw.uniform(-124, -114, n)
    coast = np.exp(-((longitude + 124 - 0.8 * (42 - latitude)) ** 2) / 4)
    price = 0.45 * income + 1.5 * coast + 0.004 * age + 0.08 * np.log(rooms) - 0.1 * np.log(people / 1000) + 0.35 * draw.normal(size=n)
    frame = pd.DataFrame({"income": income, "age": age, "rooms": rooms, "people": people, "latitude": latitude, "longitude": longitude})
    return frame, np.minimum(price, 5)


def of(found, classes):
    x, y = found
    return pd.DataFrame(x, columns=[f"x{j}" for j in range(np.shape(x)[1])]), (y.astype(int) if classes else y)


SETS = {
    "iris": (True, lambda: of(datasets.load_iris(return_X_y=True), True)),
    "wine": (True, lambda: of(datasets.load_wine(return_X_y=True), True)),
    "digits": (True, lambda: of(datasets.load_digits(return_X_y=True), True)),
    "breast cancer": (True, lambda: of(datasets.load_breast_cancer(return_X_y=True), True)),
    "moons": (True, lambda: of(datasets.make_moons(400, noise=0.3, random_state=21), True)),
    "diabetes": (False, lambda: of(datasets.load_diabetes(return_X_y=True), False)),
    "california, drawn": (False, california),
    "friedman 1": (False, lambda: of(datasets.make_friedman1(500, noise=1, random_state=21), False)),
    "friedman 2": (False, lambda: of(datasets.make_friedman2(500, noise=50, random_state=21), False)),
    "friedman 3": (False, lambda: of(datasets.make_friedman3(500, noise=0.1, random_state=21), False)),
    "linear, little noise": (False, lambda: of(datasets.make_regression(300, 20, n_informative=10, noise=1, random_state=21), False)),
}


def node(*args, given=None):
    done = subprocess.run(["node", "--conditions=source", *map(str, args)], input=given, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def score(quality):
    return quality["accuracy"] if quality["_tag"] == "Accuracy" else quality["explained"]


def ours(file, seed, test_rows, folder):
    """The score of `train`, that of two methods which are named, and a check that both programs test on the same rows."""
    command = root / "apps/lab/src/main.ts"
    train = lambda *more: node(command, "train", file, "--target", "target", "--seed", seed, "--json", "--quiet", *more)
    save = folder / "net.json"
    begun = time.perf_counter()
    found = train("--save", save)
    seconds = time.perf_counter() - begun
    test = folder / "test.csv"
    test_rows.to_csv(test, index=False)
    known = node(command, "predict", save, test, "--json", "--quiet")["known"]
    kind = "accuracy" if found["test"]["_tag"] == "Accuracy" else "rootMeanSquare"
    if abs(known[kind] - found["test"][kind]) > 1e-9 * (1 + known[kind]):
        raise RuntimeError(f"{file} {seed}: the rows of the test differ")
    return {
        "train": score(found["test"]),
        "method": "plain" if found["radius"] == 0 else f"sam {found['radius']}",
        "plain": score(train("--method", "plain")["test"]),
        "sam 0.3": score(train("--method", "sam", "--radius", "0.3")["test"]),
        "seconds": round(seconds, 2),
    }


def theirs(is_classes, x, y, test, seed):
    chosen = np.setdiff1d(np.arange(len(y)), test)
    network = (MLPClassifier if is_classes else MLPRegressor)(random_state=seed)
    models = {"scikit-learn": network}
    if not is_classes:
        models["scikit-learn, target scaled"] = TransformedTargetRegressor(network, transformer=StandardScaler())
    fitted = {name: make_pipeline(StandardScaler(), model).fit(x[chosen], y[chosen]) for name, model in models.items()}
    return {name: float(model.score(x[test], y[test])) for name, model in fitted.items()}


def main():
    asked = sys.argv[1:] or list(SETS)
    rows = json.loads(kept.read_text()) if kept.exists() else []
    done = {(row["set"], row["seed"]) for row in rows}
    for name in asked:
        is_classes, make = SETS[name]
        frame, y = make()
        whole = frame.assign(target=[f"class {k}" for k in y] if is_classes else y)
        classes = sorted(set(whole["target"])) if is_classes else None
        target = [classes.index(word) for word in whole["target"]] if is_classes else [float(v) for v in y]
        given = {"target": target, "classes": classes, "testFraction": TEST_FRACTION, "seeds": list(SEEDS)}
        tests = node(root / "tools/peers/src/testRows.ts", given=json.dumps(given))
        for seed, test in zip(SEEDS, tests):
            if (name, seed) in done:
                continue
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "set.csv"
                whole.to_csv(file, index=False)
                row = {"set": name, "rows": len(y), "classes": is_classes, "seed": seed}
                row |= ours(file, seed, whole.iloc[test], Path(folder))
                row |= theirs(is_classes, frame.to_numpy(float), np.asarray(y, float), test, seed)
            rows.append(row)
            # a file that is whole takes the place of the one before
            partial = kept.with_suffix(".partial")
            partial.write_text(json.dumps(rows, indent=2) + "\n")
            partial.replace(kept)
            print(row, flush=True)


main()
