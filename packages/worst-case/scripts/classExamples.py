"""Small problems of PEPit for classes and steps that its documented examples do not have."""

from PEPit import PEP
from PEPit.functions import (
    ConvexFunction,
    ConvexSupportFunction,
    SmoothConvexLipschitzFunction,
)
from PEPit.operators import (
    CocoerciveStronglyMonotoneOperatorCheap,
    NegativelyComonotoneOperator,
)
from PEPit.primitive_steps import inexact_proximal_step, proximal_step


def solved(problem, wrapper, solver, verbose):
    return problem.solve(wrapper=wrapper, solver=solver, verbose=max(verbose, 0)), None


def lipschitz_descent(L, M, gamma, n, **how):
    """Gap of gradient descent from within distance 1 of a minimum."""
    problem = PEP()
    f = problem.declare_function(SmoothConvexLipschitzFunction, L=L, M=M)
    xs = f.stationary_point()
    x = problem.set_initial_point()
    problem.set_initial_condition((x - xs) ** 2 <= 1)
    for _ in range(n):
        x = x - gamma * f.gradient(x)
    problem.set_performance_metric(f(x) - f(xs))
    return solved(problem, **how)


def cocoercive_contraction(beta, mu, gamma, n, **how):
    """Distance of two runs of x - gamma F(x) from starts within distance 1."""
    problem = PEP()
    F = problem.declare_function(CocoerciveStronglyMonotoneOperatorCheap, beta=beta, mu=mu)
    x, y = problem.set_initial_point(), problem.set_initial_point()
    problem.set_initial_condition((x - y) ** 2 <= 1)
    for _ in range(n):
        x, y = x - gamma * F.gradient(x), y - gamma * F.gradient(y)
    problem.set_performance_metric((x - y) ** 2)
    return solved(problem, **how)


def comonotone_proximal_point(rho, gamma, n, **how):
    """Last squared step of the proximal point method from within distance 1 of a solution."""
    problem = PEP()
    F = problem.declare_function(NegativelyComonotoneOperator, rho=rho)
    xs = F.stationary_point()
    x = problem.set_initial_point()
    problem.set_initial_condition((x - xs) ** 2 <= 1)
    for _ in range(n):
        before = x
        x, _, _ = proximal_step(x, F, gamma)
    problem.set_performance_metric((x - before) ** 2)
    return solved(problem, **how)


def support_function(M, gamma, n, **how):
    """Gap of subgradient steps on a support function and a proximal step on a convex one."""
    problem = PEP()
    f = problem.declare_function(ConvexSupportFunction, M=M)
    h = problem.declare_function(ConvexFunction)
    F = f + h
    xs = F.stationary_point()
    x = problem.set_initial_point()
    problem.set_initial_condition((x - xs) ** 2 <= 1)
    for _ in range(n):
        x = x - gamma * f.gradient(x)
        x, _, hx = proximal_step(x, h, gamma)
    problem.set_performance_metric(f(x) + hx - F(xs))
    return solved(problem, **how)


def displacement_proximal_point(gamma, sigma, n, **how):
    """Gap of inexact proximal steps of kind III, whose primal-dual gap is at most (sigma |step|)^2 / 2."""
    problem = PEP()
    f = problem.declare_function(ConvexFunction)
    xs = f.stationary_point()
    x = problem.set_initial_point()
    problem.set_initial_condition((x - xs) ** 2 <= 1)
    for _ in range(n):
        before = x
        x, _, fx, _, _, _, gap = inexact_proximal_step(x, f, gamma, opt="PD_gapIII")
        f.add_constraint(gap <= (sigma * (x - before)) ** 2 / 2)
    problem.set_performance_metric(fx - f(xs))
    return solved(problem, **how)
