from peers import find

modules, missing = find(["numpy"])
np = modules["numpy"]


def numpy(parameters):
    kind = parameters["kind"]
    if kind in (0, 1):
        n = parameters["n"]
        a = np.ones((n, n), dtype=np.float64 if kind == 0 else np.float32)
        c = np.empty_like(a)
        return (lambda: np.dot(a, a, out=c)), (lambda: [1])
    if kind in (2, 5):
        # Not zeros: pages that nobody wrote are all one page of zeros.
        x = np.ones(parameters["n"])
        return (lambda: x.dot(x)), (lambda: [1])
    return None


implementations = {"numpy": numpy}
