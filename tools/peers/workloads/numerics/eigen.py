from peers import find, numbers, symmetric

modules, missing = find(["numpy", "scipy.linalg", "scipy.sparse.linalg"])
np = modules["numpy"]
FULL, HERMITIAN, TOP = 0, 1, 2


def keeping(compute):
    held = {}

    def run():
        held["values"] = compute()

    return run, (lambda: held["values"])


def numpy(parameters):
    n, kind = parameters["n"], parameters["kind"]
    if kind == FULL:
        a = symmetric(n, 1)
        return keeping(lambda: np.linalg.eigh(a)[0])
    if kind == HERMITIAN:
        low = np.tril(numbers(n * n, 2).reshape(n, n), -1)
        a = symmetric(n, 1) + 1j * (low - low.T)
        return keeping(lambda: np.linalg.eigvalsh(a))
    return None


def eigsh(parameters):
    if parameters["kind"] != TOP:
        return None
    a = symmetric(parameters["n"], 1)
    solve = modules["scipy.sparse.linalg"].eigsh
    return keeping(lambda: np.sort(solve(a, k=10, which="LA")[0])[::-1])


def subset(parameters):
    if parameters["kind"] != TOP:
        return None
    n = parameters["n"]
    a = symmetric(n, 1)
    solve = modules["scipy.linalg"].eigh
    return keeping(lambda: solve(a, subset_by_index=[n - 10, n - 1])[0][::-1])


implementations = {"numpy": numpy}
if "scipy.sparse.linalg" in modules:
    implementations |= {"scipy eigsh": eigsh, "scipy eigh": subset}
