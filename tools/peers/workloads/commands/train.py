"""The networks of scikit-learn at their defaults, on the same rows, scaled and encoded as its guide says; and with a scaled target."""

import gzip
from pathlib import Path

from peers import find, numbers

modules, missing = find(["numpy", "sklearn", "sklearn.neural_network", "sklearn.pipeline"])

SEEDS = 24
SHIPPED = Path(__file__).parents[4] / "packages/datasets/data/scikit-learn"


def from_csv(name, is_classes):
    np = modules["numpy"]
    cells = np.loadtxt(SHIPPED / f"{name}.csv", delimiter=",", skiprows=1, dtype=str)
    target = cells[:, -1] if is_classes else cells[:, -1].astype(float)
    return cells[:, :-1].astype(float).astype(object), [], target


def digits():
    np = modules["numpy"]
    with gzip.open(SHIPPED / "digits-images-idx3-ubyte.gz") as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 64)
    with gzip.open(SHIPPED / "digits-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    return images.astype(float).astype(object), [], labels.astype(float)


def patients():
    np = modules["numpy"]
    n = 600
    third = lambda u: np.floor(3 * (u + 0.5)).astype(int)
    age, dose = 50 + 40 * numbers(n, 11), 10 * numbers(n, 14)
    ward, stage = third(numbers(n, 12)), third(numbers(n, 13))
    risk = (age - 50) / 12 + np.where(ward == 0, 1.2, -0.6) + 0.8 * (stage - 1)
    risk = risk + np.where(stage == 2, -0.2, 0.1) * dose + 2 * (numbers(n, 17) + numbers(n, 18))
    columns = np.empty((n, 4), dtype=object)
    columns[:, 0] = np.where(numbers(n, 15) > 0.4, np.nan, age)
    columns[:, 1] = np.where(numbers(n, 16) > 0.45, None, np.array(["north", "south", "west"])[ward])
    columns[:, 2] = np.array(["low", "mid", "high"])[stage]
    columns[:, 3] = dose
    return columns, [1, 2], (risk > 0).astype(float)


def friedman():
    np = modules["numpy"]
    n = 500
    x = np.stack([numbers(n, 31 + j) + 0.5 for j in range(10)], axis=1)
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    return x.astype(object), [], y + np.sqrt(12) * numbers(n, 41)


SETS = [
    (lambda: from_csv("breast-cancer", True), True),
    (digits, True),
    (lambda: from_csv("diabetes", False), False),
    (patients, True),
    (friedman, False),
]


def network(scaled_target):
    def prepare(parameters):
        np = modules["numpy"]
        make, is_classes = SETS[parameters["set"]]
        if is_classes and scaled_target:
            return None
        from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
        from sklearn.impute import SimpleImputer
        from sklearn.neural_network import MLPClassifier, MLPRegressor
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler

        rows, words, target = make()
        numeric = [j for j in range(rows.shape[1]) if j not in words]

        def score(seed):
            order = np.argsort(numbers(len(target), 1000 + seed), kind="stable")
            held = len(target) // 5
            test, chosen = order[:held], order[held:]
            encode = ColumnTransformer(
                [
                    ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numeric),
                    (
                        "words",
                        make_pipeline(
                            SimpleImputer(missing_values=None, strategy="most_frequent"),
                            OneHotEncoder(handle_unknown="ignore"),
                        ),
                        words,
                    ),
                ]
            )
            if is_classes:
                model = MLPClassifier(random_state=seed)
            else:
                model = MLPRegressor(random_state=seed)
                if scaled_target:
                    model = TransformedTargetRegressor(model, transformer=StandardScaler())
            return make_pipeline(encode, model).fit(rows[chosen], target[chosen]).score(rows[test], target[test])

        def result():
            import warnings

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                scores = np.array([score(seed) for seed in range(SEEDS)])
            error = scores.std(ddof=1) * np.sqrt(1 / SEEDS + 0.2 / 0.8)
            return [scores.mean(), error, 0, 0, 0, *scores]

        return (lambda: score(0)), result

    return prepare


implementations = {}
if not missing:
    implementations["scikit-learn"] = network(False)
    implementations["scikit-learn, target scaled"] = network(True)
