from peers import find, numbers

modules, missing = find(["numpy"])
np = modules["numpy"]


def numpy(parameters):
    n, kind = parameters["n"], parameters["kind"]
    x, y = numbers(n, 1), numbers(n, 2)
    held = {}
    if kind < 2:

        def run():
            held["value"] = x.dot(y) if kind == 0 else np.linalg.norm(x)

        return run, (lambda: [held["value"]])
    state = {"sign": -1.0}

    def axpy():
        state["sign"] = -state["sign"]
        np.add(y, state["sign"] * x, out=y)

    return axpy, (lambda: y - x if state["sign"] > 0 else y)


implementations = {"numpy": numpy}
