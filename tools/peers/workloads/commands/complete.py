"""Ratings predicted by biases with a ridge, by these with ALS of rank 6 (both NumPy), by implicit's ALS and by fancyimpute's SoftImpute."""

import sys
from math import sqrt

from peers import find, numbers

modules, missing = find(["numpy", "fancyimpute", "implicit.als", "scipy.sparse"])
np = modules["numpy"]

RANK = 6


def spread(count, salt, deviation):
    return numbers(count, salt) * sqrt(12) * deviation


def ratings(parameters):
    """As in complete.ts: rows, columns and values of the ratings that are seen, and of those that are held out."""
    rows, columns, count = parameters["rows"], parameters["columns"], parameters["count"]
    rank, strength = parameters["rank"], parameters["strength"]
    drawn = [
        np.floor(length * (numbers(3 * count, salt) + 0.5) ** 2).astype(np.int64)
        for length, salt in ((rows, 1), (columns, 2))
    ]
    places = drawn[0] * columns + drawn[1]
    places = places[np.sort(np.unique(places, return_index=True)[1])][:count]
    i, j = places // columns, places % columns
    b, c = spread(rows, 3, 0.4), spread(columns, 4, 0.5)
    u = spread(rows * rank, 5, 1).reshape(rows, rank)
    v = spread(columns * rank, 6, strength / sqrt(rank)).reshape(columns, rank)
    noise = sum(spread(len(places), 7 + k, 0.85 / 2) for k in range(4))
    values = 3.5 + b[i] + c[j] + noise + (u[i] * v[j]).sum(axis=1)
    values = np.clip(np.floor(values + 0.5), 1, 5)
    held = np.arange(len(places)) % 6 == 0
    return [(i[part], j[part], values[part]) for part in (~held, held)]


def rmse(predicted, values):
    return float(np.sqrt(np.mean((np.clip(predicted, 1, 5) - values) ** 2)))


def biases(i, j, t, shape, ridge, sweeps=20):
    b, c = np.zeros(shape[0]), np.zeros(shape[1])
    ni, nj = np.bincount(i, minlength=shape[0]), np.bincount(j, minlength=shape[1])
    for _ in range(sweeps):
        b = np.bincount(i, t - c[j], shape[0]) / (ni + ridge)
        c = np.bincount(j, t - b[i], shape[1]) / (nj + ridge)
    return b, c


def solve_side(index, other, t, size, penalty):
    """Least squares with a ridge for every row, the entries being sorted by row."""
    out = np.zeros((size, other.shape[1]))
    starts = np.searchsorted(index, np.arange(size + 1))
    eye = penalty * np.eye(other.shape[1])
    for k in range(size):
        part = slice(starts[k], starts[k + 1])
        if starts[k] < starts[k + 1]:
            x = other[part]
            out[k] = np.linalg.solve(x.T @ x + eye, x.T @ t[part])
    return out


def als(i, j, t, shape, penalty, sweeps=15):
    """Rank 6 on what biases leave."""
    by_row, by_column = np.argsort(i, kind="stable"), np.argsort(j, kind="stable")
    v = np.random.default_rng(0).normal(size=(shape[1], RANK)) * 0.1
    for _ in range(sweeps):
        u = solve_side(i[by_row], v[j[by_row]], t[by_row], shape[0], penalty)
        v = solve_side(j[by_column], u[i[by_column]], t[by_column], shape[1], penalty)
    return u, v


def keeping(compute):
    held = {}

    def run():
        held["values"] = compute()

    return run, (lambda: np.array(held["values"]))


def prepared(parameters):
    seen, held = ratings(parameters)
    return seen, held, (parameters["rows"], parameters["columns"])


def ridge(parameters):
    (i, j, t), (hi, hj, ht), shape = prepared(parameters)

    def compute():
        mean = t.mean()
        b, c = biases(i, j, t - mean, shape, 5)
        return [rmse(mean + b[hi] + c[hj], ht), np.nan, 0]

    return keeping(compute)


def als_biased(parameters):
    """The penalty of three that is best on a tenth of the ratings, then all of them."""
    (i, j, t), (hi, hj, ht), shape = prepared(parameters)

    def fitted(part, penalty):
        mean = t[part].mean()
        b, c = biases(i[part], j[part], t[part] - mean, shape, 5)
        left = t[part] - mean - b[i[part]] - c[j[part]]
        u, v = als(i[part], j[part], left, shape, penalty)
        return lambda x, y: mean + b[x] + c[y] + (u[x] * v[y]).sum(axis=1)

    def compute():
        tenth = np.arange(len(t)) % 10 == 0
        errors = {}
        for penalty in (5, 10, 20):
            predict = fitted(~tenth, penalty)
            errors[penalty] = rmse(predict(i[tenth], j[tenth]), t[tenth])
        best = min(errors, key=errors.get)
        predict = fitted(np.ones(len(t), bool), best)
        return [rmse(predict(hi, hj), ht), errors[best], RANK]

    return keeping(compute)


def als_implicit(parameters):
    """
    ALS of rank 6 and 15 sweeps as people have it at hand: it learns who would look at what, the ratings being how sure that is, so
    that biases and a line through its scores make ratings of them.
    """
    (i, j, t), (hi, hj, ht), shape = prepared(parameters)
    table = modules["scipy.sparse"].csr_matrix((t, (i, j)), shape=shape)

    def compute():
        mean = t.mean()
        b, c = biases(i, j, t - mean, shape, 5)
        model = modules["implicit.als"].AlternatingLeastSquares(
            factors=RANK, iterations=15, num_threads=1, random_state=1, dtype=np.float64
        )
        model.fit(table, show_progress=False)
        u, v = model.user_factors, model.item_factors
        score = lambda x, y: (u[x] * v[y]).sum(axis=1)
        line = np.polyfit(score(i, j), t - mean - b[i] - c[j], 1)
        return [rmse(mean + b[hi] + c[hj] + np.polyval(line, score(hi, hj)), ht), np.nan, RANK]

    return keeping(compute)


def soft_impute(parameters):
    """With its defaults on the dense table; 943 x 1,682 takes it minutes."""
    if parameters["rows"] * parameters["columns"] > 200_000:
        return None
    (i, j, t), (hi, hj, ht), shape = prepared(parameters)

    def compute():
        table = np.full(shape, np.nan)
        table[i, j] = t
        # a column without a rating is dropped: its mean is that of all
        seen = ~np.isnan(table).all(axis=0)
        filled = np.full(shape, t.mean())
        filled[:, seen] = modules["fancyimpute"].SoftImpute(verbose=False).fit_transform(table[:, seen])
        return [rmse(filled[hi, hj], ht), np.nan, np.nan]

    return keeping(compute)


implementations = {
    "biases with a ridge, numpy": ridge,
    "biases and ALS of rank 6, numpy": als_biased,
}
if "implicit.als" in modules:
    implementations["implicit ALS of rank 6"] = als_implicit
if "fancyimpute" in modules:
    import sklearn.utils

    def check_array(x, force_all_finite=True, **options):
        """The name that scikit-learn has since given to this argument."""
        return sklearn.utils.check_array(x, ensure_all_finite=force_all_finite, **options)

    for name in ("solver", "soft_impute"):
        sys.modules[f"fancyimpute.{name}"].check_array = check_array
    implementations["fancyimpute SoftImpute"] = soft_impute
