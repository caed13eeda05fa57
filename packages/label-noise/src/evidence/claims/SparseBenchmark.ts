/** The sparse regression benchmark as a claim. */
import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import {
  benchmark,
  noisyWeights,
  plainWeights,
  sparseProblem,
  testError,
} from "../support/SparseProblem.ts"

/**
 * Errors of label noise of one size and of gradient descent, each computed once: an instance takes a second, and there are
 * three.
 */
const errorsOf = (noise: number) => {
  const known = new Map<number, { readonly noisy: number; readonly plain: number }>()
  return (seed: number) => {
    const found = known.get(seed)
    if (found !== undefined) return found
    const root = Seed.root(seed)
    const problem = sparseProblem(root, benchmark)
    const errors = {
      noisy: testError(problem, noisyWeights(problem, { ...benchmark, noise }, root.child("run"))),
      plain: testError(problem, plainWeights(problem, benchmark)),
    }
    known.set(seed, errors)
    return errors
  }
}

export const sparseBenchmark = claim({
  id: "label-noise/sparse-benchmark",
  statement:
    "On the sparse regression benchmark, seeds 0 to 2, label noise has at most a thousandth of the test error of gradient descent.",
  inFloatingPoint: "statistical",
  extent: { dimension: benchmark.dimension, samples: benchmark.samples, steps: benchmark.steps },
  source: Kind.observation({
    paper: "HaoChen, Wei, Lee, Ma 2021 (noise-implicit-bias)",
    statement: "benchmark of its published code",
    basis: "as recalled",
  }),
  instances: Draw.record({ seed: Draw.integer(0, 2) }),
  value: errorsOf(1),
  margin: ({ instance: { seed }, value: errors }) => {
    const { noisy, plain } = errors(seed)
    return Margin.atMost(noisy, plain / 1000)
  },
  controls: [{ name: "no label noise", value: errorsOf(0) }],
})
