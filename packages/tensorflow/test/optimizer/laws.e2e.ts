/** The laws of optim-sam, written for float64, against the optimizers of this package, with the tolerances that float32 needs. */
import { assert, describe, it } from "@effect/vitest"
import { claim, type Claim, type Margin } from "@nonconvex/evidence"
import * as Verdict from "@nonconvex/evidence/Verdict"
import * as Verify from "@nonconvex/evidence/Verify"
import { Kernels } from "@nonconvex/numerics"
import { laws } from "@nonconvex/optim-sam/evidence"
import { Effect } from "effect"
import { afterAll } from "vitest"
import { sam, usam } from "../../src/index.ts"
import { useBackend } from "../support/Backend.ts"
import { disposeStates, subjectOf } from "../support/Float32.ts"

useBackend()
afterAll(disposeStates)

/**
 * `times`: of a law that two numbers are equal, the tolerance is this many times that for float64. `slack`: of a law that is an
 * inequality, the bound may be exceeded by this share of itself.
 */
interface Tolerance {
  readonly times?: number
  readonly slack?: number
  readonly runs: number
}

/** A relative 1e-9 becomes 1e-6, which is 8 ulp of float32. */
const eightUlp: Tolerance = { times: 1e3, runs: 48 }
/** A relative 1e-13, of one step, becomes 1e-6. */
const oneStep: Tolerance = { times: 1e7, runs: 48 }
/** The same operations on both sides, in the same order: no rounding that float32 would add. */
const exact: Tolerance = { runs: 48 }
/** Rounding of losses and gradients at both ends of an inequality. */
const rounding: Tolerance = { slack: 1e-4, runs: 12 }

const tolerances: Readonly<Record<string, Tolerance>> = {
  "usam-is-sam-of-gradient-length": oneStep,
  "sam-monotone-invariance": oneStep,
  "sam-orthogonal-equivariance": eightUlp,
  "usam-orthogonal-equivariance": eightUlp,
  "sam-translation-invariance": eightUlp,
  // the start is rounded at a distance of up to 100, and five steps of USAM past its threshold amplify that
  "usam-translation-invariance": { times: 1e4, runs: 48 },
  "sam-loss-scaling": eightUlp,
  "usam-loss-scaling": eightUlp,
  "sam-length-scaling": eightUlp,
  "usam-length-scaling": eightUlp,
  "sam-reflection-equivariance": exact,
  "usam-reflection-equivariance": exact,
  "sam-ignores-irrelevant-coordinates": exact,
  "usam-ignores-irrelevant-coordinates": exact,
  "sam-copies": eightUlp,
  "usam-copies": eightUlp,
  "strongly-convex-loss-bound": { ...rounding, runs: 6 },
  "strongly-convex-distance-bound": { ...rounding, runs: 6 },
  "pl-sam-loss-bound": rounding,
  "smooth-sam-gradient-bound": rounding,
  "pl-usam-linear-convergence": rounding,
  "pl-usam-path-bound": { ...rounding, runs: 4 },
  // what the loss rises above rho |grad L(w)| is of second order, down to the rounding of the perturbed point
  "convex-ascent-rise": { slack: 0.05, runs: 24 },
  "convex-gradient-alignment": rounding,
  "smooth-usam-gradient-alignment": rounding,
  // the drift of 200 steps to 2 %, not 1 %
  "valley-drift": { times: 2, runs: 4 },
  // on which side of a threshold, 3,000 steps a run: nothing to loosen
  "usam-radius-threshold": { runs: 2 },
}

/** Laws that say nothing of a float32 implementation, or cannot be reached by one in a test's time. */
const left: Readonly<Record<string, string>> = {
  "normalised-step-length": "its gradients leave the range of float32; tested below within it",
  "point-restored-exactly": "its points are no float32 numbers; tested bit for bit on a model",
  "zero-radius-is-gradient-descent":
    "compares bits with float64; tested against the base optimizer",
  "factorisation-usam-diverges": "the divergence passes through 1e38, where float32 ends",
  "factorisation-axis-drift": "the drift of a step is a few ulp of float32",
  "sam-threshold": "as usam-radius-threshold, and twice the steps",
  "usam-threshold": "as usam-radius-threshold, at four times the steps",
  "sam-attracted-to-maximum": "4,000 steps a run",
  "usam-attracted-to-negative-curvature": "4,000 steps a run",
  "quadratic-bounce": "20,000 steps a run",
  "quadratic-loss-floor": "20,000 steps a run",
  "factorisation-drift-time": "100,000 steps a run",
  "factorisation-sam-reaches-origin": "10,000 steps a run",
  "neuron-usam-end-curvature": "4,000 steps a run",
  "neuron-sam-reaches-origin": "50,000 steps a run",
  "matrix-sensing-recovery": "20,000 steps a run",
}

const subject = subjectOf(sam, usam)

/** The claim that a law holds of float32 optimizers, with its controls measured by the same tolerance. */
const loosened = (original: Claim, { slack = 0, times = 1 }: Tolerance): Claim =>
  original.open((definition) => {
    const loosen = ({ margin, ...rest }: Margin.Comparison) => ({
      ...rest,
      margin: 1 - (1 - margin) / times + slack,
    })
    const trial = <Instances, Asked>({
      instances,
      margin,
    }: {
      readonly instances: Instances
      readonly margin: (asked: Asked) => Margin.Comparison
    }) => ({
      instances,
      margin: (asked: Asked) => loosen(margin(asked)),
    })
    const [first, ...rest] = definition.controls
    const control = (given: typeof first) => ({ name: given.name, ...trial(given) })
    const { id, source, statement } = original
    return claim({
      id,
      source,
      statement,
      ...trial(definition),
      controls: [control(first), ...rest.map(control)],
    })
  })

const short = (id: string): string => id.replace("optim-sam/", "")

describe("laws of optim-sam in float32", () => {
  for (const law of laws) {
    const tolerance = tolerances[short(law.id)]
    if (tolerance === undefined) continue
    it.effect(law.id, () =>
      Effect.gen(function* () {
        const verdict = yield* Verify.claim(loosened(law.against(subject), tolerance), {
          runs: tolerance.runs,
          seed: 20_230_529,
        })
        assert.strictEqual(verdict._tag, "Held", Verdict.describe(verdict))
      }).pipe(Effect.provide(Kernels.layerStrict)),
    )
  }

  it("leave none out without a reason", () => {
    const named = new Set([...Object.keys(tolerances), ...Object.keys(left)])
    const known = laws.map(({ id }) => short(id))
    assert.deepStrictEqual(
      [...named].filter((id) => !known.includes(id)),
      [],
    )
    assert.deepStrictEqual(
      known.filter((id) => !named.has(id)),
      [],
    )
  })
})
