"""Worst cases that PEPit's documented examples compute, with Clarabel: test/fixtures/pepit.json.

Run with PEPit 0.5.1 installed: python scripts/makeKnownAnswers.py
"""

import json
import math
from importlib.metadata import version
from pathlib import Path

from PEPit.examples.composite_convex_minimization import (
    accelerated_proximal_gradient_simplified,
    douglas_rachford_splitting,
    douglas_rachford_splitting_contraction,
    proximal_gradient,
)
from PEPit.examples.composite_convex_minimization import (
    three_operator_splitting as three_functions,
)
from PEPit.examples.fixed_point_problems import (
    halpern_iteration,
    krasnoselskii_mann_constant_step_sizes,
)
from PEPit.examples.monotone_inclusions_variational_inequalities import (
    accelerated_proximal_point,
    optimistic_gradient,
    past_extragradient,
    three_operator_splitting,
)
from PEPit.examples.monotone_inclusions_variational_inequalities import (
    douglas_rachford_splitting as douglas_rachford_operators,
)
from PEPit.examples.monotone_inclusions_variational_inequalities import (
    proximal_point as proximal_point_operators,
)
from PEPit.examples.nonconvex_optimization import (
    gradient_descent as gradient_descent_nonconvex,
)
from PEPit.examples.tutorials import gradient_descent_contraction
from PEPit.examples.unconstrained_convex_minimization import (
    accelerated_gradient_convex,
    accelerated_gradient_strongly_convex,
    gradient_descent,
    heavy_ball_momentum,
    inexact_gradient_descent,
    information_theoretic_exact_method,
    optimized_gradient,
    optimized_gradient_for_gradient,
    proximal_point,
    subgradient_method,
    triple_momentum,
)

cases = {
    "gradient descent 1": (gradient_descent.wc_gradient_descent, dict(L=1, gamma=1, n=1)),
    "gradient descent 4": (gradient_descent.wc_gradient_descent, dict(L=3, gamma=1 / 3, n=4)),
    "contraction": (
        gradient_descent_contraction.wc_gradient_descent_contraction,
        dict(L=1, mu=0.1, gamma=1, n=2),
    ),
    "accelerated gradient": (
        accelerated_gradient_convex.wc_accelerated_gradient_convex,
        dict(mu=0, L=1, n=4),
    ),
    "accelerated gradient, strongly convex": (
        accelerated_gradient_strongly_convex.wc_accelerated_gradient_strongly_convex,
        dict(mu=0.1, L=1, n=3),
    ),
    "heavy ball": (
        heavy_ball_momentum.wc_heavy_ball_momentum,
        dict(mu=0.1, L=1, alpha=0.5, beta=math.sqrt((1 - 0.5 * 0.1) * (1 - 1 * 0.5)), n=3),
    ),
    "inexact gradient": (
        inexact_gradient_descent.wc_inexact_gradient_descent,
        dict(L=1, mu=0.1, epsilon=0.1, n=2),
    ),
    "information-theoretic exact method": (
        information_theoretic_exact_method.wc_information_theoretic,
        dict(mu=0.001, L=1, n=5),
    ),
    "optimized gradient": (optimized_gradient.wc_optimized_gradient, dict(L=3, n=4)),
    "optimized gradient for the gradient": (
        optimized_gradient_for_gradient.wc_optimized_gradient_for_gradient,
        dict(L=3, n=4),
    ),
    "proximal point": (proximal_point.wc_proximal_point, dict(gamma=3, n=4)),
    "subgradient method": (
        subgradient_method.wc_subgradient_method,
        dict(M=2, n=6, gamma=1 / (2 * math.sqrt(7))),
    ),
    "triple momentum": (triple_momentum.wc_triple_momentum, dict(mu=0.1, L=1, n=4)),
    "nonconvex": (
        gradient_descent_nonconvex.wc_gradient_descent,
        dict(L=1, gamma=1, n=5),
    ),
    "accelerated proximal gradient": (
        accelerated_proximal_gradient_simplified.wc_accelerated_proximal_gradient_simplified,
        dict(mu=0, L=1, n=4),
    ),
    "Douglas-Rachford, gap": (
        douglas_rachford_splitting.wc_douglas_rachford_splitting,
        dict(L=1, alpha=1, theta=1, n=4),
    ),
    "Douglas-Rachford, contraction": (
        douglas_rachford_splitting_contraction.wc_douglas_rachford_splitting_contraction,
        dict(mu=0.1, L=1, alpha=3, theta=1, n=2),
    ),
    "Douglas-Rachford, operators": (
        douglas_rachford_operators.wc_douglas_rachford_splitting,
        dict(L=1, mu=0.1, alpha=1.3, theta=0.9),
    ),
    "proximal gradient": (
        proximal_gradient.wc_proximal_gradient,
        dict(L=1, mu=0.1, gamma=1, n=2),
    ),
    "three functions": (
        three_functions.wc_three_operator_splitting,
        dict(mu1=0.1, L1=10, L3=1, alpha=1, theta=1, n=2),
    ),
    "three operators": (
        three_operator_splitting.wc_three_operator_splitting,
        dict(L=1, mu=0.1, beta=1, alpha=0.9, theta=1.3),
    ),
    "Halpern": (halpern_iteration.wc_halpern_iteration, dict(n=6)),
    "Krasnoselskii-Mann": (
        krasnoselskii_mann_constant_step_sizes.wc_krasnoselskii_mann_constant_step_sizes,
        dict(n=3, gamma=3 / 4),
    ),
    "accelerated proximal point": (
        accelerated_proximal_point.wc_accelerated_proximal_point,
        dict(alpha=2, n=6),
    ),
    "proximal point, operators": (
        proximal_point_operators.wc_proximal_point,
        dict(alpha=2, n=6),
    ),
    "optimistic gradient": (
        optimistic_gradient.wc_optimistic_gradient,
        dict(n=3, gamma=1 / 4, L=1),
    ),
    "past extragradient": (
        past_extragradient.wc_past_extragradient,
        dict(n=3, gamma=1 / 4, L=1),
    ),
}

found = {}
for name, (example, parameters) in cases.items():
    value, theory = example(**parameters, wrapper="cvxpy", solver="CLARABEL", verbose=-1)
    found[name] = {
        "value": float(value),
        **({} if theory is None else {"theory": float(theory)}),
        "parameters": parameters,
    }
    print(name, found[name]["value"], theory, flush=True)

result = {
    "pepit": version("pepit"),
    "clarabel": version("clarabel"),
    "cases": found,
}
path = Path(__file__).parent / "../test/fixtures/pepit.json"
path.write_text(json.dumps(result, indent=2) + "\n")
