import { assert, describe, it } from "@effect/vitest"
import * as Verify from "@nonconvex/evidence/Verify"
import { Kernels } from "@nonconvex/numerics"
import type { MethodState } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import { Effect } from "effect"
import { laws } from "../../src/evidence/index.ts"
import { errata } from "../../src/evidence/errata/index.ts"
import { optimSam, type Subject, withoutNormalisation } from "../../src/evidence/support/Subject.ts"

const given = { kernels: Kernels.strict() }

const effort = { runs: 64, seed: 20_230_529 }

describe("errata", () => {
  it.effect("the floor of Theorem 1 fails on w^2 / 2 with learning rate 1.5 and radius 0.1", () =>
    Effect.gen(function* () {
      const verdict = yield* Verify.erratum(errata[0]!, effort)
      assert(verdict._tag === "Refuted")
      assert.deepStrictEqual(verdict.counterexample.instance, {
        problem: { curvature: "constant", alpha: 1, ratios: [], seed: 0 },
        product: 1.5,
        radius: 0.1,
      })
    }).pipe(Effect.provide(Kernels.layerStrict)),
  )
})

/** Fields of instances that tell the dimension. */
interface Sized {
  readonly problem?: Sized
  readonly ratios?: ReadonlyArray<number>
  readonly dimension?: number
  readonly rank?: number
  readonly flat?: number
  readonly strength?: number
  /** Only instances on the plane have one of these. */
  readonly slope?: number
  readonly height?: number
  readonly gamma?: number
  readonly waviness?: number
  /** Only instances on the line have it. */
  readonly distance?: number
}

const dimensionOf = (instance: Sized): number => {
  if (instance.problem !== undefined) return dimensionOf(instance.problem)
  if (instance.ratios !== undefined) return 1 + instance.ratios.length
  if (instance.dimension !== undefined) return instance.dimension
  if (instance.rank !== undefined) return instance.rank + instance.flat!
  if (instance.distance !== undefined) return 1
  const { gamma, height, slope, waviness } = instance
  return gamma === undefined &&
    height === undefined &&
    slope === undefined &&
    waviness === undefined
    ? Number.POSITIVE_INFINITY
    : 2
}

describe("laws without the normalisation", () => {
  it("at least five fail, with counterexamples of dimension 1 or 2", () => {
    const broken = withoutNormalisation(optimSam)
    const small: Array<string> = []
    for (const law of laws) {
      const { violation } = Verify.searchClaim(
        law.against(broken),
        undefined,
        { seed: effort.seed, runs: 64, shrinks: 100 },
        given,
      )
      if (violation === undefined) continue
      assert.strictEqual(violation.reason, undefined, law.id)
      if (dimensionOf(violation.instance as Sized) <= 2) small.push(law.id)
    }
    assert.isAtLeast(small.length, 5)
    assert.includeMembers(small, [
      "optim-sam/normalised-step-length",
      "optim-sam/strongly-convex-loss-bound",
      "optim-sam/strongly-convex-distance-bound",
      "optim-sam/sam-threshold",
      "optim-sam/quadratic-bounce",
      "optim-sam/factorisation-axis-drift",
      "optim-sam/valley-drift",
      "optim-sam/sam-attracted-to-maximum",
      "optim-sam/sam-loss-scaling",
    ])
  })

  it("laws about USAM alone still hold", () => {
    const broken = withoutNormalisation(optimSam)
    const law = laws.find(({ id }) => id === "optim-sam/usam-threshold")!
    const search = { seed: 1, runs: 64 }
    const found = Verify.searchClaim(law.against(broken), undefined, search, given)
    assert.strictEqual(found.violation, undefined)
  })
})

/** SAM and USAM as one writes them in an afternoon: a small number in the norm, and no look at what overflows. */
const naive =
  (isNormalised: boolean): Subject["sam"] =>
  (radius, learningRate) => ({
    name: "naive",
    init: (objective, start) => ({
      objective,
      point: start.slice(),
      steps: 0,
      status: "running" as const,
    }),
    step: (state: MethodState & { readonly objective: Objective }) => {
      const { objective, point } = state
      const gradient = new Float64Array(point.length)
      const loss = objective.valueAndGradient(point, gradient)
      const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0)) + 1e-12
      const length = isNormalised ? radius / norm : radius
      const climbed = point.map((w, i) => w + length * gradient[i]!)
      objective.valueAndGradient(climbed, gradient)
      for (let i = 0; i < point.length; i++) point[i]! -= learningRate * gradient[i]!
      state.steps++
      return loss
    },
  })

describe("a naive SAM", () => {
  it.each([
    ["normalised-step-length", undefined],
    [
      "usam-attracted-to-negative-curvature",
      /^your method returned Infinity at step \d+ of this instance$/,
    ],
  ] as const)("falsifies %s, and does not break it", (name, answered) => {
    const law = laws.find(({ id }) => id === `optim-sam/${name}`)!
    const own = law.against({ sam: naive(true), usam: naive(false) })
    const { violation } = Verify.searchClaim(own, undefined, { seed: 1, runs: 20 }, given)
    assert.isDefined(violation)
    assert.isUndefined(violation.reason)
    if (answered === undefined) assert.isUndefined(violation.answered)
    else assert.match(violation.answered!, answered)
  })
})
