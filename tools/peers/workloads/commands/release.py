"""Private covariance as people make it: Gaussian noise in floating point on the upper triangle, by the exact and by the textbook scale; and the private PCA of diffprivlib."""

from peers import find, numbers

modules, missing = find(["numpy", "scipy.special", "scipy.optimize", "sklearn.tree._tree"])
if "sklearn.tree._tree" in modules:
    # names that scikit-learn has since given up, which the forests of diffprivlib ask for when its PCA is imported
    tree, np = modules["sklearn.tree._tree"], modules["numpy"]
    tree.DOUBLE, tree.DTYPE = np.float64, np.float32
more, absent = find(["diffprivlib.models"])
modules, missing = modules | more, missing | absent

D = 20
RANK = 3
REPEATS = 40
EPSILON = 1.0
DELTA = 1e-6
# the upper triangle of x x^T - y y^T has this length at most, for rows of norm 1
SENSITIVITY = 2.0**0.5


def rows_of(n):
    np = modules["numpy"]
    k, j = np.arange(D)[:, None], np.arange(D)[None, :]
    basis = np.sqrt(np.where(k == 0, 1, 2) / D) * np.cos(np.pi * (j + 0.5) * k / D)
    scores = 2 * 0.3 * 0.8 ** np.arange(D) * numbers(n * D, 1).reshape(n, D)
    rows = scores @ basis
    return rows * np.minimum(1, 1 / np.linalg.norm(rows, axis=1))[:, None]


def analytic():
    """Balle and Wang 2018: the smallest scale at sensitivity 1."""
    ndtr = modules["scipy.special"].ndtr
    np = modules["numpy"]

    def excess(sigma):
        a, b = 0.5 / sigma, EPSILON * sigma
        return ndtr(a - b) - np.exp(EPSILON) * ndtr(-a - b) - DELTA

    return modules["scipy.optimize"].brentq(excess, 1.0, 100.0, xtol=1e-12)


def textbook():
    np = modules["numpy"]
    return np.sqrt(2 * np.log(1.25 / DELTA)) / EPSILON


def gaussian(multiplier):
    def prepare(parameters):
        np = modules["numpy"]
        rows = rows_of(parameters["n"])
        generator = np.random.default_rng(1)
        scale = 0.0 if multiplier is None else SENSITIVITY * multiplier()
        exact = rows.T @ rows

        def released():
            norms = np.linalg.norm(rows, axis=1)
            clipped = rows * np.minimum(1, 1 / norms)[:, None]
            upper = np.triu(generator.normal(0, scale, (D, D)))
            return clipped.T @ clipped + upper + np.triu(upper, 1).T

        def top(matrix):
            return np.linalg.eigh(matrix)[1][:, -RANK:]

        def captured(vectors):
            return np.trace(vectors.T @ exact @ vectors)

        def figures():
            best = captured(top(exact))
            found = []
            for _ in range(REPEATS):
                noisy = released()
                values, vectors = np.linalg.eigh(noisy)
                # what is done: no negative variance
                clipped = (vectors * np.maximum(values, 0)) @ vectors.T
                relative = [np.linalg.norm(m - exact) / np.linalg.norm(exact) for m in (noisy, clipped)]
                found.append([*relative, captured(vectors[:, -RANK:]) / best])
            return np.mean(found, axis=0)

        return (lambda: top(released())), figures

    return prepare


def private_pca(parameters):
    """
    By the exponential mechanism with epsilon alone, which is a stronger promise; it has no matrix.

    It rejects what it draws until a draw fits, more often for larger sums of squares: at 3,000 rows for most of a minute a run.
    """
    if parameters["n"] > 1000:
        return None
    np = modules["numpy"]
    rows = rows_of(parameters["n"])
    exact = rows.T @ rows
    state = np.random.RandomState(1)
    best = np.linalg.eigvalsh(exact)[-RANK:].sum()

    def components():
        model = modules["diffprivlib.models"].PCA(
            RANK, epsilon=EPSILON, data_norm=1.0, centered=True, random_state=state
        )
        return model.fit(rows).components_

    def figures():
        captured = [np.trace(v @ exact @ v.T) / best for v in (components() for _ in range(REPEATS))]
        return [np.nan, np.nan, np.mean(captured)]

    return components, figures


implementations = {}
if {"numpy", "scipy.special", "scipy.optimize"} <= modules.keys():
    implementations |= {
        "NumPy, analytic Gaussian": gaussian(analytic),
        "NumPy, textbook Gaussian": gaussian(textbook),
        "NumPy, not private": gaussian(None),
    }
if "diffprivlib.models" in modules:
    implementations["diffprivlib PCA, epsilon alone"] = private_pca
