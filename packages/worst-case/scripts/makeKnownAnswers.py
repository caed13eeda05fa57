"""Worst cases that PEPit's documented examples compute, with Clarabel: test/fixtures/pepit.json.

Run with PEPit 0.5.1 installed: python scripts/makeKnownAnswers.py
"""

import json
import math
from importlib.metadata import version
from pathlib import Path

import classExamples
from PEPit.examples.adaptive_methods import (
    polyak_steps_in_distance_to_optimum,
    polyak_steps_in_function_value,
)
from PEPit.examples.composite_convex_minimization import (
    accelerated_douglas_rachford_splitting,
    accelerated_proximal_gradient,
    accelerated_proximal_gradient_simplified,
    douglas_rachford_splitting,
    douglas_rachford_splitting_contraction,
    frank_wolfe,
    proximal_gradient,
)
from PEPit.examples.composite_convex_minimization import (
    three_operator_splitting as three_functions,
)
from PEPit.examples.continuous_time_models import gradient_flow_strongly_convex
from PEPit.examples.fixed_point_problems import (
    halpern_iteration,
    krasnoselskii_mann_constant_step_sizes,
    krasnoselskii_mann_increasing_step_sizes,
    optimal_contractive_halpern_iteration,
)
from PEPit.examples.inexact_proximal_methods import (
    accelerated_inexact_forward_backward,
    partially_inexact_douglas_rachford_splitting,
    relatively_inexact_proximal_point_algorithm,
)
from PEPit.examples.low_dimensional_worst_cases_scenarios import (
    alternate_projections,
    averaged_projections,
    dykstra,
)
from PEPit.examples.monotone_inclusions_variational_inequalities import (
    accelerated_proximal_point,
    douglas_rachford_splitting_2,
    optimal_strongly_monotone_proximal_point,
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
from PEPit.examples.nonconvex_optimization import (
    gradient_descent_quadratic_lojasiewicz_intermediate,
    gradient_descent_quadratic_lojasiewicz_naive,
)
from PEPit.examples.online_learning import online_gradient_descent
from PEPit.examples.potential_functions import (
    gradient_descent_lyapunov_1,
    gradient_descent_lyapunov_2,
)
from PEPit.examples.stochastic_and_randomized_convex_minimization import (
    sgd,
    sgd_overparametrized,
)
from PEPit.examples.tutorials import gradient_descent_contraction
from PEPit.examples.unconstrained_convex_minimization import (
    accelerated_gradient_convex,
    accelerated_gradient_convex_simplified,
    accelerated_gradient_strongly_convex,
    accelerated_proximal_point as accelerated_proximal_point_convex,
    cyclic_coordinate_descent,
    epsilon_subgradient_method,
    gradient_descent,
    gradient_descent_qg_convex,
    gradient_descent_silver_stepsize_convex,
    gradient_exact_line_search,
    heavy_ball_momentum,
    inexact_accelerated_gradient,
    inexact_gradient_descent,
    information_theoretic_exact_method,
    optimized_gradient,
    optimized_gradient_for_gradient,
    proximal_point,
    robust_momentum,
    subgradient_method,
    subgradient_method_rsi_eb,
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
    "accelerated gradient, simplified": (
        accelerated_gradient_convex_simplified.wc_accelerated_gradient_convex_simplified,
        dict(mu=0, L=1, n=4),
    ),
    "silver steps": (
        gradient_descent_silver_stepsize_convex.wc_gradient_descent_silver_stepsize_convex,
        dict(L=1, n=7),
    ),
    "robust momentum": (
        robust_momentum.wc_robust_momentum,
        dict(mu=0.1, L=1, lam=0.2),
    ),
    "accelerated proximal point, convex": (
        accelerated_proximal_point_convex.wc_accelerated_proximal_point,
        dict(A0=5, gammas=[1, 2, 3], n=3),
    ),
    "inexact accelerated gradient": (
        inexact_accelerated_gradient.wc_inexact_accelerated_gradient,
        dict(L=1, epsilon=0.1, n=4),
    ),
    "exact line search": (
        gradient_exact_line_search.wc_gradient_exact_line_search,
        dict(L=1, mu=0.1, n=2),
    ),
    "below a quadratic": (
        gradient_descent_qg_convex.wc_gradient_descent_qg_convex,
        dict(L=1, gamma=0.2, n=4),
    ),
    "restricted secant": (
        subgradient_method_rsi_eb.wc_subgradient_method_rsi_eb,
        dict(mu=0.1, L=1, gamma=0.1, n=4),
    ),
    "alternate projections": (
        alternate_projections.wc_alternate_projections,
        dict(n=3),
    ),
    "averaged projections": (
        averaged_projections.wc_averaged_projections,
        dict(n=2),
    ),
    "Dykstra": (dykstra.wc_dykstra, dict(n=3)),
    "Frank-Wolfe": (
        frank_wolfe.wc_frank_wolfe,
        dict(L=1, D=1, R=math.inf, center=None, n=4),
    ),
    "contractive Halpern": (
        optimal_contractive_halpern_iteration.wc_optimal_contractive_halpern_iteration,
        dict(n=4, gamma=1.1),
    ),
    "Krasnoselskii-Mann, longer steps": (
        krasnoselskii_mann_increasing_step_sizes.wc_krasnoselskii_mann_increasing_step_sizes,
        dict(n=3),
    ),
    "optimal proximal point": (
        optimal_strongly_monotone_proximal_point.wc_optimal_strongly_monotone_proximal_point,
        dict(n=4, mu=0.05),
    ),
    "Douglas-Rachford, cocoercive": (
        douglas_rachford_splitting_2.wc_douglas_rachford_splitting_2,
        dict(beta=1.2, mu=0.1, alpha=0.3, theta=1.5),
    ),
    "stochastic gradients": (
        sgd.wc_sgd,
        dict(L=1, mu=0.1, gamma=1, v=1, R=2, n=3),
    ),
    "stochastic gradients, one minimum": (
        sgd_overparametrized.wc_sgd_overparametrized,
        dict(L=1, mu=0.1, gamma=1, n=3),
    ),
    "potential 1": (
        gradient_descent_lyapunov_1.wc_gradient_descent_lyapunov_1,
        dict(L=1, gamma=1, n=10),
    ),
    "potential 2": (
        gradient_descent_lyapunov_2.wc_gradient_descent_lyapunov_2,
        dict(L=1, gamma=1, n=10),
    ),
    "gradient flow": (
        gradient_flow_strongly_convex.wc_gradient_flow_strongly_convex,
        dict(mu=0.1),
    ),
    "FISTA": (
        accelerated_proximal_gradient.wc_accelerated_proximal_gradient,
        dict(mu=0, L=1, n=3),
    ),
    "accelerated Douglas-Rachford": (
        accelerated_douglas_rachford_splitting.wc_accelerated_douglas_rachford_splitting,
        dict(mu=0.1, L=1, alpha=0.9, n=2),
    ),
    "Polyak steps, distance": (
        polyak_steps_in_distance_to_optimum.wc_polyak_steps_in_distance_to_optimum,
        dict(L=1, mu=0.1, gamma=1.5),
    ),
    "Polyak steps, value": (
        polyak_steps_in_function_value.wc_polyak_steps_in_function_value,
        dict(L=1, mu=0.1, gamma=1.5),
    ),
    "online gradient descent": (
        online_gradient_descent.wc_online_gradient_descent,
        dict(M=1, D=0.5, n=2),
    ),
    "gradient descent, Lipschitz": (
        classExamples.lipschitz_descent,
        dict(L=1, M=0.5, gamma=1, n=3),
    ),
    "gradient descent, Lojasiewicz": (
        gradient_descent_quadratic_lojasiewicz_naive.wc_gradient_descent_quadratic_lojasiewicz_naive,
        dict(L=1, mu=0.2, gamma=1, n=3),
    ),
    "gradient descent, Lojasiewicz, stronger": (
        gradient_descent_quadratic_lojasiewicz_intermediate.wc_gradient_descent_quadratic_lojasiewicz_intermediate,
        dict(L=1, mu=0.2, gamma=0.8, n=2, alpha=0.1),
    ),
    "cocoercive and strongly monotone": (
        classExamples.cocoercive_contraction,
        dict(beta=1, mu=0.1, gamma=1.5, n=2),
    ),
    "proximal point, negatively comonotone": (
        classExamples.comonotone_proximal_point,
        dict(rho=0.25, gamma=1, n=3),
    ),
    "Frank-Wolfe, in a ball": (
        frank_wolfe.wc_frank_wolfe,
        dict(L=1, D=math.inf, R=1, center=None, n=2),
    ),
    "support function": (classExamples.support_function, dict(M=1, gamma=0.5, n=2)),
    "cyclic coordinate descent": (
        cyclic_coordinate_descent.wc_cyclic_coordinate_descent,
        dict(L=[1, 2], n=3),
    ),
    "epsilon-subgradients": (
        epsilon_subgradient_method.wc_epsilon_subgradient_method,
        dict(M=2, n=3, gamma=0.5, eps=0.1, R=1),
    ),
    "inexact accelerated forward-backward": (
        accelerated_inexact_forward_backward.wc_accelerated_inexact_forward_backward,
        dict(L=1.3, zeta=0.45, n=2),
    ),
    "inexact Douglas-Rachford": (
        partially_inexact_douglas_rachford_splitting.wc_partially_inexact_douglas_rachford_splitting,
        dict(mu=0.1, L=5, n=3, gamma=1.4, sigma=0.2),
    ),
    "inexact proximal point": (
        relatively_inexact_proximal_point_algorithm.wc_relatively_inexact_proximal_point_algorithm,
        dict(n=4, gamma=1, sigma=0.65),
    ),
    "inexact proximal point, displacement": (
        classExamples.displacement_proximal_point,
        dict(gamma=1, sigma=0.5, n=1),
    ),
}

found = {}
for name, (example, parameters) in cases.items():
    value, theory = example(**parameters, wrapper="cvxpy", solver="CLARABEL", verbose=-1)
    found[name] = {
        "value": float(value),
        **({} if theory is None or theory == math.inf else {"theory": float(theory)}),
        "parameters": {
            key: None if value == math.inf else value for key, value in parameters.items()
        },
    }
    print(name, found[name]["value"], theory, flush=True)

result = {
    "pepit": version("pepit"),
    "clarabel": version("clarabel"),
    "cases": found,
}
path = Path(__file__).parent / "../test/fixtures/pepit.json"
path.write_text(json.dumps(result, indent=2) + "\n")
