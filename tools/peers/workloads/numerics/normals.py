from peers import find

modules, missing = find(["numpy"])
np = modules["numpy"]


def numpy(parameters):
    out = np.empty(parameters["n"])
    generator = np.random.default_rng(1)

    def moments():
        square = out * out
        return [1, square.mean(), (square * square).mean() / 3]

    return (lambda: generator.standard_normal(out=out)), moments


implementations = {"numpy": numpy}
