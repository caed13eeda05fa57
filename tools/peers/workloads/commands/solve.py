"""Matrix games as linear programs: the row player's strategy and value; the column player's are the prices."""

import os
import sys

from peers import find, numbers

# HiGHS greets on standard output, where the answers to the other side go
sys.stdout = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

modules, missing = find(["numpy", "scipy.sparse", "highspy"])


def payoffs(n, kind):
    np = modules["numpy"]
    if kind == 0:
        a, b, c, d = (numbers(n * n, salt) for salt in (1, 2, 3, 4))
        return (a + b + (c + d)).reshape(n, n)
    if kind == 1:
        return numbers(n * n, 5).reshape(n, n)
    if kind == 2:
        return np.floor(11 * (numbers(n * n, 6) + 0.5)).reshape(n, n) - 5
    x = (np.arange(n) + 1) / n
    first, second = x[:, None], x[None, :]
    low = np.arange(n)[:, None] < np.arange(n)[None, :]
    duel = first - second + np.where(low, first * second, -(first * second))
    np.fill_diagonal(duel, 0)
    return duel


def figures(a, x, y):
    """The middle of what both players are sure of, and how far that is apart."""
    np = modules["numpy"]
    x, y = np.maximum(x, 0), np.maximum(y, 0)
    least, most = (a.T @ (x / x.sum())).min(), (a @ (y / y.sum())).max()
    return [(least + most) / 2, (most - least) / (a.max() - a.min())]


def highs(solver):
    def prepare(parameters):
        np, highspy = modules["numpy"], modules["highspy"]
        n = parameters["n"]
        a = payoffs(n, parameters["kind"])
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = n + 1, n + 1
        lp.col_cost_ = np.r_[np.zeros(n), -1.0]
        lp.col_lower_ = np.r_[np.zeros(n), -highspy.kHighsInf]
        lp.col_upper_ = np.full(n + 1, highspy.kHighsInf)
        # x pays v at least against every column, and its probabilities add up to 1
        lp.row_lower_ = np.r_[np.zeros(n), 1.0]
        lp.row_upper_ = np.r_[np.full(n, highspy.kHighsInf), 1.0]
        rows = np.vstack([np.hstack([a.T, -np.ones((n, 1))]), np.r_[np.ones(n), 0.0]])
        sparse = modules["scipy.sparse"].csc_matrix(rows)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = sparse.indptr, sparse.indices
        lp.a_matrix_.value_ = sparse.data
        held = {}

        def run():
            model = highspy.Highs()
            model.setOptionValue("output_flag", False)
            model.setOptionValue("threads", 1)
            model.setOptionValue("solver", solver)
            model.passModel(lp)
            model.run()
            found = model.getSolution()
            held["x"] = np.array(found.col_value)[:n]
            held["y"] = np.array(found.row_dual)[:n]

        return run, (lambda: figures(a, held["x"], held["y"] * np.sign(held["y"].sum())))

    return prepare


implementations = (
    {"HiGHS simplex": highs("simplex"), "HiGHS interior point": highs("ipm")} if not missing else {}
)
