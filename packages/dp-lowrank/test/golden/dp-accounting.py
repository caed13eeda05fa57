"""Writes dp-accounting.json: delta at epsilon of compositions of five mechanisms, by the privacy loss distributions of Google's
dp-accounting 0.6.0 (dp_accounting.pld, rounded pessimistically). Sensitivities are 1.

Run with Python 3.11 from this folder: pip install dp-accounting==0.6.0; python dp-accounting.py > dp-accounting.json
"""

import json
import sys

from dp_accounting.pld import common
from dp_accounting.pld import privacy_loss_distribution as pld

INTERVAL = 1e-4
values = []


def add(family, parameters, make, count, epsilons):
    # 64 compositions of fine intervals take minutes
    loss = make(INTERVAL if count < 64 else 10 * INTERVAL)
    if count > 1:
        loss = loss.self_compose(count)
    for epsilon in epsilons:
        delta = loss.get_delta_for_epsilon(epsilon)
        values.append(dict(family=family, **parameters, count=count, epsilon=epsilon, delta=delta))


for s in [0.5, 1, 2, 5]:
    for n in [1, 8, 64]:
        make = lambda h: pld.from_gaussian_mechanism(s, value_discretization_interval=h)
        add("gaussian", dict(deviation=s), make, n, [0.25, 1, 3])
for b in [0.5, 1, 4, 10]:
    for n in [1, 8, 64]:
        make = lambda h: pld.from_laplace_mechanism(b, value_discretization_interval=h)
        add("laplace", dict(scale=b), make, n, [0.1, 0.5, 1, 3])
for a in [0.1, 0.5, 1.0]:
    for n in [1, 8]:
        make = lambda h: pld.from_discrete_laplace_mechanism(a, value_discretization_interval=h)
        add("discrete laplace", dict(parameter=a), make, n, [0.05, 0.3, 1, 3])
for s in [0.8, 2, 6]:
    for n in [1, 8]:
        make = lambda h: pld.from_discrete_gaussian_mechanism(s, value_discretization_interval=h)
        add("discrete gaussian", dict(deviation=s), make, n, [0.25, 1, 3])
for first, second in [(0.5, 0.0), (1.0, 1e-3)]:
    for n in [1, 8]:
        promised = common.DifferentialPrivacyParameters(first, second)
        make = lambda h: pld.from_privacy_parameters(promised, value_discretization_interval=h)
        parameters = dict(first=first, second=second)
        add("randomised response", parameters, make, n, [0.1, 0.5, 2])
source = "dp-accounting 0.6.0, dp_accounting.pld, pessimistic, intervals of 1e-4, and of 1e-3 for 64 compositions"
json.dump(dict(source=source, values=values), sys.stdout)
