"""The command `complete` on twelve tables beside the imputers that people use: which fills the holes best.

    python tools/peers/python/imputation.py development        # the six tables for development
    python tools/peers/python/imputation.py all                # all twelve
    python tools/peers/python/imputation.py wine               # one of them

Each run puts its rows into docs/imputation.json.

Tables, holes and scores were fixed before the first measurement. Holes are drawn with seeds 1, 2 and 3, at 10 % and at 30 % of the
cells. The score of numbers is the mean over columns of the RMSE at the holes over the standard deviation of the column. The score
of categories is the mean error rate. Constant columns and row numbers are not scored, but a constant must be filled exactly. The
bar is 1.02 times the best baseline, which is chosen by its score on the holes, separately for numbers and for categories.
Linnerud is no table of the twelve: a tenth of its 20 rows are twelve holes, so its score is chance.

Baselines get standardised columns, categories as indicators, and no column of row numbers.
"""

import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import datasets
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer, KNNImputer

warnings.filterwarnings("ignore")
root = Path(__file__).resolve().parents[3]
FRACTIONS, SEEDS, BAR = (0.1, 0.3), (1, 2, 3), 1.02


def of_sklearn(load, target=None):
    found = load(as_frame=True)
    frame = found.data.copy()
    if target is not None:
        frame[target] = [str(found.target_names[k]) for k in found.target]
    return frame


def factors(seed, rows, columns, rank, noise):
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(rows, rank)) @ draw.normal(size=(rank, columns))
    return x + noise * draw.normal(size=x.shape), draw


def low_rank():
    x, _ = factors(11, 200, 15, 3, 0.3)
    return pd.DataFrame(x, columns=[f"c{j}" for j in range(15)])


def units():
    x, draw = factors(12, 200, 12, 3, 0.4)
    scale = 10.0 ** np.linspace(-3, 5, 12)
    return pd.DataFrame(x * scale + 5 * scale * draw.normal(size=12), columns=[f"u{j}" for j in range(12)])


def monotone():
    x, _ = factors(13, 300, 8, 2, 0.3)
    z = x / x.std(axis=0)
    shapes = [np.exp, lambda v: v**3, lambda v: 1 / (1 + np.exp(-3 * v)), lambda v: np.exp(1.5 * v), np.arctan, np.sinh, lambda v: v, lambda v: np.log1p(np.exp(2 * v))]
    return pd.DataFrame({f"m{j}": shape(z[:, j]) for j, shape in enumerate(shapes)})


def gaussian():
    draw = np.random.default_rng(14)
    places = np.arange(6)
    covariance = 0.8 ** np.abs(places[:, None] - places[None, :])
    x = draw.multivariate_normal(np.zeros(6), covariance, size=250)
    frame = pd.DataFrame({"id": np.arange(1000, 1250)})
    for j, (name, mean, deviation) in enumerate(
        [("height_m", 1.7, 0.1), ("salary", 45e3, 12e3), ("age", 40, 11), ("pressure", 120, 15), ("rate", 0.03, 0.01), ("distance", 4e8, 1e8)]
    ):
        frame[name] = mean + deviation * x[:, j]
    frame["batch"] = 7.0
    return frame


def ratings():
    draw = np.random.default_rng(15)
    rows, columns, rank = 300, 200, 4
    places = draw.choice(rows * columns, size=6000, replace=False)
    i, j = places // columns, places % columns
    b, c = 0.5 * draw.normal(size=rows), 0.5 * draw.normal(size=columns)
    u, v = draw.normal(size=(rows, rank)), 0.25 * draw.normal(size=(columns, rank))
    values = 3.5 + b[i] + c[j] + (u[i] * v[j]).sum(axis=1) + 0.7 * draw.normal(size=6000)
    table = np.full((rows, columns), np.nan)
    table[i, j] = np.clip(np.floor(values + 0.5), 1, 5)
    return pd.DataFrame(table, index=[f"u{k}" for k in range(rows)], columns=[f"i{k}" for k in range(columns)])


def counts():
    draw = np.random.default_rng(16)
    rate = 0.6 * draw.normal(size=(300, 2)) @ draw.normal(size=(2, 20)) + 0.5 * draw.normal(size=(300, 1)) + draw.normal(size=20) + 1
    return pd.DataFrame(draw.poisson(np.exp(rate)).astype(float), columns=[f"word{j}" for j in range(20)])


def categories():
    draw = np.random.default_rng(17)
    kind = draw.integers(4, size=400)
    pick = lambda words, table: [words[draw.choice(len(words), p=table[k])] for k in kind]
    frame = pd.DataFrame(
        {
            "city": pick(["Ulm", "Bonn", "Kiel"], [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.4, 0.3, 0.3]]),
            "rooms": np.round(2 + np.array([0, 1, 2, 3])[kind] + 0.6 * draw.normal(size=400)),
            "heating": pick(["gas", "oil", "pump", "none"], [[0.7, 0.1, 0.1, 0.1], [0.1, 0.7, 0.1, 0.1], [0.1, 0.2, 0.6, 0.1], [0.2, 0.1, 0.1, 0.6]]),
            "lift": pick(["yes", "no"], [[0.9, 0.1], [0.2, 0.8], [0.5, 0.5], [0.1, 0.9]]),
        }
    )
    frame["area"] = 25 * frame["rooms"] + 10 * draw.normal(size=400)
    frame["price"] = np.exp(12 + 0.008 * frame["area"] + np.array([0.3, 0, -0.3, 0.1])[kind] + 0.1 * draw.normal(size=400))
    return frame


def series():
    draw = np.random.default_rng(18)
    t = np.arange(300)
    common = np.cumsum(draw.normal(size=(300, 2)), axis=0)
    season = np.sin(2 * np.pi * t / 24)
    frame = pd.DataFrame({"t": t})
    for j, scale in enumerate([1, 100, 0.01, 5, 2000, 30]):
        own = np.cumsum(0.5 * draw.normal(size=300))
        frame[f"s{j}"] = scale * (common @ draw.normal(size=2) + own + 2 * draw.normal() * season + 0.3 * draw.normal(size=300))
    return frame


DEVELOPMENT = {
    "diabetes": lambda: of_sklearn(datasets.load_diabetes),
    "iris": lambda: of_sklearn(datasets.load_iris, "species"),
    "units": units,
    "gaussian": gaussian,
    "ratings": ratings,
    "series": series,
}
OTHERS = {
    "wine": lambda: of_sklearn(datasets.load_wine),
    "breast cancer": lambda: of_sklearn(datasets.load_breast_cancer),
    "low rank": low_rank,
    "monotone": monotone,
    "counts": counts,
    "categories": categories,
}
KEYS = {"gaussian": ["id"], "series": ["t"]}
CONSTANTS = {"gaussian": ["batch"]}


def words(frame):
    return [name for name in frame if frame[name].map(lambda cell: isinstance(cell, str)).any()]


def punch(name, frame, fraction, seed):
    """The table with holes, and the mask of the holes: of a sparse table among its values."""
    draw = np.random.default_rng([seed, int(100 * fraction), sum(name.encode())])
    mask = (draw.random(frame.shape) < fraction) & frame.notna().to_numpy()
    for key in KEYS.get(name, []):
        mask[:, frame.columns.get_loc(key)] = False
    return frame.astype(object).mask(mask), mask


class Coded:
    """Standardised numbers, and categories as indicators."""

    def __init__(self, holed, texts, keys):
        self.frame, self.parts, blocks = holed, {}, []
        width = 0
        for name in holed:
            if name in keys and name != "t":
                continue
            if name in texts:
                labels = sorted(set(holed[name].dropna()))
                block = np.array([[np.nan] * len(labels) if not isinstance(cell, str) else [float(cell == label) for label in labels] for cell in holed[name]])
            else:
                labels, block = None, holed[name].astype(float).to_numpy()[:, None]
            mean, deviation = np.nanmean(block, axis=0), np.nanstd(block, axis=0)
            mean = np.where(np.isnan(mean), 0, mean)
            deviation = np.where((deviation > 0) & ~np.isnan(deviation), deviation, 1)
            self.parts[name] = (slice(width, width + block.shape[1]), labels, mean, deviation)
            width += block.shape[1]
            blocks.append((block - mean) / deviation)
        self.x = np.hstack(blocks)

    def back(self, filled):
        out = self.frame.copy()
        for name, (part, labels, mean, deviation) in self.parts.items():
            block = filled[:, part] * deviation + mean
            new = block[:, 0] if labels is None else np.array(labels, dtype=object)[block.argmax(axis=1)]
            out[name] = self.frame[name].where(self.frame[name].notna(), pd.Series(new, index=out.index))
        return out


def soft(x, seen, penalty, sweeps=200):
    filled = np.where(seen, x, 0)
    for _ in range(sweeps):
        u, s, v = np.linalg.svd(filled, full_matrices=False)
        new = np.where(seen, x, (u * np.maximum(s - penalty, 0)) @ v)
        moved = np.linalg.norm(new - filled) / max(1e-12, np.linalg.norm(filled))
        filled = new
        if moved < 1e-4:
            break
    return (lambda u, s, v: (u * np.maximum(s - penalty, 0)) @ v)(*np.linalg.svd(filled, full_matrices=False))


def als(x, seen, rank, penalty, sweeps=30):
    """Biases with a ridge, and alternating least squares on what they leave."""
    y, mean = np.where(seen, x, 0), x[seen].mean()
    b, c = np.zeros(x.shape[0]), np.zeros(x.shape[1])
    for _ in range(20):
        b = (np.where(seen, y - mean - c, 0)).sum(1) / (seen.sum(1) + 1)
        c = (np.where(seen, y - mean - b[:, None], 0)).sum(0) / (seen.sum(0) + 1)
    left = np.where(seen, y - mean - b[:, None] - c, 0)
    v = 0.1 * np.random.default_rng(0).normal(size=(x.shape[1], rank))
    u = np.zeros((x.shape[0], rank))
    eye = penalty * np.eye(rank)
    for _ in range(sweeps if rank else 0):
        for i in range(len(u)):
            w = v[seen[i]]
            u[i] = np.linalg.solve(w.T @ w + eye, w.T @ left[i, seen[i]])
        for j in range(len(v)):
            w = u[seen[:, j]]
            v[j] = np.linalg.solve(w.T @ w + eye, w.T @ left[seen[:, j], j])
    return mean + b[:, None] + c + u @ v.T


def chosen(x, models):
    """The model that is best on a tenth of what is seen, fitted to all of it."""
    seen = ~np.isnan(x)
    held = seen & (np.random.default_rng(0).random(x.shape) < 0.1)
    errors = [np.mean((model(x, seen & ~held)[held] - x[held]) ** 2) for model in models]
    return models[int(np.argmin(errors))](x, seen)


def baselines(x):
    seen = ~np.isnan(x)
    top = np.linalg.norm(np.where(seen, x, 0), 2)
    softs = [lambda x, seen, p=p: soft(x, seen, p) for p in top * np.logspace(-2.5, -0.1, 10)]
    alses = [lambda x, seen, r=r, p=p: als(x, seen, r, p) for r in (0, 1, 2, 4, 8) if r < min(x.shape) for p in (1, 5)]
    return {
        "means": lambda: np.where(seen, x, 0),
        "KNN 5": lambda: KNNImputer(n_neighbors=5, keep_empty_features=True).fit_transform(x),
        "KNN 15, by distance": lambda: KNNImputer(n_neighbors=15, weights="distance", keep_empty_features=True).fit_transform(x),
        "iterative": lambda: IterativeImputer(max_iter=20, random_state=0, keep_empty_features=True, n_nearest_features=None if x.shape[1] < 100 else 30).fit_transform(x),
        "soft-impute": lambda: chosen(x, softs),
        "biases and ALS": lambda: chosen(x, alses),
    }


def command(name, holed, folder):
    source, target = folder / "holed.csv", folder / "filled.csv"
    if name == "ratings":
        long = holed.reset_index(names="row").melt("row", var_name="column", value_name="value").dropna()
        long.to_csv(source, index=False)
    else:
        holed.to_csv(source, index=False)
    done = subprocess.run(
        ["node", "--conditions=source", str(root / "apps/lab/src/main.ts"), "complete", str(source), "--save", str(target)],
        capture_output=True, text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    # keep every category a word
    filled = pd.read_csv(target, index_col=0 if name == "ratings" else None, keep_default_na=False, na_values=[""])
    return filled.reindex(index=holed.index, columns=holed.columns) if name == "ratings" else filled, done.stdout


def scores(name, truth, filled, mask):
    """RMSE over the deviation of numbers, error rate of categories, and the largest error of a constant."""
    texts, found = words(truth), {"numbers": [], "categories": [], "constants": []}
    if name == "ratings":
        t, f = truth.to_numpy(float), filled.to_numpy(float)
        gap = np.where(np.isnan(f), np.nanmean(t), f)[mask] - t[mask]
        return {"numbers": float(np.sqrt(np.mean(gap**2)) / np.nanstd(t))}
    for j, column in enumerate(truth):
        holes = mask[:, j]
        if not holes.any():
            continue
        t, f = truth[column].to_numpy()[holes], filled[column].to_numpy()[holes]
        if column in texts:
            found["categories"].append(np.mean(t != f))
        elif column in CONSTANTS.get(name, []):
            found["constants"].append(np.abs(t.astype(float) - f.astype(float)).max())
        else:
            gap = t.astype(float) - f.astype(float)
            found["numbers"].append(np.sqrt(np.mean(gap**2)) / truth[column].to_numpy(float).std())
    return {kind: float(np.mean(each)) for kind, each in found.items() if each}


def main():
    which, cache = sys.argv[1], Path(tempfile.gettempdir()) / "imputation-baselines.json"
    tables = {"development": DEVELOPMENT, "all": {**DEVELOPMENT, **OTHERS}}.get(which) or {which: {**DEVELOPMENT, **OTHERS}[which]}
    known = json.loads(cache.read_text()) if cache.exists() else {}
    rows = []
    for name, make in tables.items():
        truth = make()
        for fraction in FRACTIONS:
            sums = {}
            for seed in SEEDS:
                holed, mask = punch(name, truth, fraction, seed)
                key = f"{name} {fraction} {seed}"
                if key not in known:
                    coded = Coded(holed, words(truth), KEYS.get(name, []))
                    known[key] = {other: scores(name, truth, coded.back(run()), mask) for other, run in baselines(coded.x).items()}
                    cache.write_text(json.dumps(known))
                with tempfile.TemporaryDirectory() as folder:
                    filled, _ = command(name, holed, Path(folder))
                    ours = scores(name, truth, filled, mask)
                for other, found in {**known[key], "complete": ours}.items():
                    for kind, score in found.items():
                        sums.setdefault(kind, {}).setdefault(other, []).append(score)
            for kind, found in sums.items():
                mean = {other: float(np.mean(each)) for other, each in found.items()}
                ours = mean.pop("complete")
                best = min(mean, key=mean.get)
                rows.append({"table": name, "holes": fraction, "of": kind, "complete": ours, "best": best, "score": mean[best], "all": mean})
                if kind == "constants":
                    verdict = "exact" if ours == 0 else "NOT EXACT"
                else:
                    verdict = f"{ours / mean[best]:.3f}" + ("" if ours <= BAR * mean[best] else "  MISSED")
                print(f"{name:14} {fraction:4} {kind:10} ours {ours:.4f}  {best:20} {mean[best]:.4f}  {verdict}", flush=True)
    path = root / "docs/imputation.json"
    kept = [row for row in (json.loads(path.read_text()) if path.exists() else []) if row["table"] not in tables]
    path.write_text(json.dumps(kept + rows, indent=2) + "\n")


main()
