"""Lists from counts by implicit's ALS, with its defaults and with the best of twelve settings on held-out cells, and by popularity."""

from peers import find, keeping, numbers

modules, missing = find(["numpy", "implicit.als", "scipy.sparse"])
np = modules["numpy"]

TOPICS, TOP = 12, 10


def counts(parameters):
    """As in recommend.ts: rows, columns and counts of the cells that are seen, and of those that are held out."""
    rows, columns, events = parameters["rows"], parameters["columns"], parameters["events"]
    who, kind, which = (numbers(events, salt) + 0.5 for salt in (1, 2, 3))
    topics_of = np.floor(TOPICS * (numbers(3 * rows, 4) + 0.5)).astype(np.int64)
    row = np.floor(rows * who * who).astype(np.int64)
    place = np.floor(columns * (which * which * which)).astype(np.int64)
    choice = np.floor(6 * kind).astype(np.int64)
    topic = np.where(choice < 1, 0, 1 + topics_of[3 * row + np.where(choice < 4, 0, choice - 3)])
    at = row * columns + (place * (2 * topic + 1) + 61 * topic * topic) % columns
    cells, first, values = np.unique(at, return_index=True, return_counts=True)
    order = np.argsort(first)
    cells, values = cells[order], values[order].astype(np.float64)
    held = np.arange(len(cells)) % 5 == 0
    return [(cells[part] // columns, cells[part] % columns, values[part]) for part in (~held, held)]


def sparse(part, shape):
    i, j, values = part
    return modules["scipy.sparse"].csr_matrix((values, (i, j)), shape=shape)


def quality(held, lists):
    """NDCG and precision of lists over the rows that have a held-out cell."""
    discount = 1 / np.log2(np.arange(TOP) + 2)
    ndcg, precision = [], []
    for row in np.flatnonzero(np.diff(held.indptr)):
        own = held.indices[held.indptr[row] : held.indptr[row + 1]]
        hits = np.isin(lists[row], own)
        ndcg.append((hits * discount).sum() / discount[: len(own)].sum())
        precision.append(hits.sum() / TOP)
    return [float(np.mean(ndcg)), float(np.mean(precision))]


def fitted(table, factors, regularization, alpha):
    model = modules["implicit.als"].AlternatingLeastSquares(
        factors=factors, regularization=regularization, alpha=alpha, num_threads=1, random_state=1
    )
    model.fit(table, show_progress=False)
    lists, _ = model.recommend(np.arange(table.shape[0]), table, N=TOP, filter_already_liked_items=True)
    return lists


def prepared(parameters):
    shape = (parameters["rows"], parameters["columns"])
    seen, held = counts(parameters)
    return seen, sparse(seen, shape), sparse(held, shape), shape


def defaults(parameters):
    _, table, held, _ = prepared(parameters)
    return keeping(lambda: quality(held, fitted(table, 100, 0.01, 1.0)) + [100])


SETTINGS = [(factors, regularization, alpha) for factors in (16, 64) for regularization in (1, 10, 100) for alpha in (1, 10)]


def chosen(parameters):
    seen, table, held, shape = prepared(parameters)

    def compute():
        fifth = np.arange(len(seen[0])) % 5 == 0
        training, judging = (sparse([each[part] for each in seen], shape) for part in (~fifth, fifth))
        best = max(SETTINGS, key=lambda setting: quality(judging, fitted(training, *setting))[0])
        return quality(held, fitted(table, *best)) + [best[0]]

    return keeping(compute)


def popular(parameters):
    _, table, held, shape = prepared(parameters)

    def compute():
        order = np.argsort(-np.bincount(table.indices, minlength=shape[1]), kind="stable")
        lists = []
        for row in range(shape[0]):
            own = table.indices[table.indptr[row] : table.indptr[row + 1]]
            first = order[: TOP + len(own)]
            lists.append(first[~np.isin(first, own)][:TOP])
        return quality(held, lists) + [0]

    return keeping(compute)


implementations = {"most popular, numpy": popular}
if "implicit.als" in modules:
    implementations["implicit ALS, its defaults"] = defaults
    implementations["implicit ALS, best of 12 settings"] = chosen
