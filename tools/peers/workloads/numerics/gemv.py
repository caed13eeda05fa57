from peers import find, numbers

modules, missing = find(["numpy"])
np = modules["numpy"]


def numpy(parameters):
    n, kind = parameters["n"], parameters["kind"]
    a = numbers(n * n, 1).reshape(n, n)
    x, u = numbers(n, 2), numbers(n, 3)
    ax, atu = np.empty(n), np.empty(n)
    if kind == 2:

        def both():
            np.dot(a, x, out=ax)
            np.dot(a.T, u, out=atu)

        return both, (lambda: np.concatenate([ax, atu]))
    m = a if kind == 0 else a.T
    return (lambda: np.dot(m, x, out=ax)), (lambda: ax)


implementations = {"numpy": numpy}
