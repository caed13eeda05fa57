"""The same worst cases by PEPit, with the solver that it takes where nobody names one."""

from peers import find

modules, missing = find(["PEPit"])


def descent(steps):
    from PEPit.functions import SmoothConvexFunction

    problem = modules["PEPit"].PEP()
    f = problem.declare_function(SmoothConvexFunction, L=1)
    optimum = f.stationary_point()
    x = problem.set_initial_point()
    problem.set_initial_condition((x - optimum) ** 2 <= 1)
    for _ in range(steps):
        x = x - f.gradient(x)
    problem.set_performance_metric(f(x) - f(optimum))
    return problem


def extragradient(steps):
    from PEPit.operators import LipschitzStronglyMonotoneOperatorCheap

    problem = modules["PEPit"].PEP()
    f = problem.declare_function(LipschitzStronglyMonotoneOperatorCheap, mu=0, L=1)
    optimum = f.stationary_point()
    x = problem.set_initial_point()
    problem.set_initial_condition((x - optimum) ** 2 <= 1)
    for _ in range(steps):
        y = x - 0.5 * f.gradient(x)
        x = x - 0.5 * f.gradient(y)
    problem.set_performance_metric(f.gradient(x) ** 2)
    return problem


def pepit(parameters):
    write = extragradient if parameters["extra"] == 1 else descent
    held = {}

    def run():
        held["bound"] = write(parameters["steps"]).solve(verbose=0)

    return run, (lambda: [held["bound"]])


implementations = {"PEPit": pepit} if "PEPit" in modules else {}
