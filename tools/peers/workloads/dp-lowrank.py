from peers import find, numbers

modules, missing = find(["numpy", "scipy.linalg", "scipy.sparse.linalg"])
np = modules["numpy"]
RELEASE, GAPS = 0, 1
RANK = 10


def spiked(d):
    spikes = numbers(RANK * d, 1).reshape(RANK, d)
    return (spikes.T * (1e3 * np.arange(1, RANK + 1))) @ spikes


def released(solve):
    def prepare(parameters):
        if parameters["kind"] != RELEASE:
            return None
        d, scale = parameters["d"], parameters["scale"]
        matrix = spiked(d)
        generator = np.random.default_rng(1)
        held = {}

        def run():
            noise = generator.standard_normal((d, d))
            noisy = matrix + (noise + noise.T) * (scale / 2)
            values, vectors = solve(noisy)
            held["values"], held["vectors"] = values, vectors

        return run, (lambda: np.sort(held["values"])[::-1])

    return prepare


def gaps(parameters):
    if parameters["kind"] != GAPS:
        return None
    d, count = parameters["d"], parameters["count"]
    generator = np.random.default_rng(1)
    held = {}

    def run():
        real = generator.standard_normal((count, d, d))
        imaginary = generator.standard_normal((count, d, d))
        w = real + 1j * imaginary
        values = np.linalg.eigvalsh(w + w.conj().transpose(0, 2, 1))
        held["mean"] = np.mean(np.diff(values, axis=1), axis=0)[::-1]

    return run, (lambda: held["mean"])


implementations = {"numpy": gaps}
if "scipy.linalg" in modules:
    solve = modules["scipy.linalg"].eigh
    implementations["numpy and scipy eigh"] = released(
        lambda a: solve(a, subset_by_index=[len(a) - RANK, len(a) - 1])
    )
if "scipy.sparse.linalg" in modules:
    solve_sparse = modules["scipy.sparse.linalg"].eigsh
    implementations["numpy and scipy eigsh"] = released(lambda a: solve_sparse(a, k=RANK, which="LA"))
