// What the laws say of implementations that are not of this package.
import { type Claim } from "@nonconvex/evidence"
import * as Verify from "@nonconvex/evidence/Verify"
import { Kernels } from "@nonconvex/numerics"
import type { FiniteSum, Method, MethodState, Objective } from "@nonconvex/problems"
import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import type { Subject } from "../../src/evidence/support/Subject.ts"
import type { PerturbationOptions } from "../../src/perturbation/PerturbedStep.ts"
import { isSampleModel } from "../../src/problems/SampleModel.ts"
import { sharpnessAwarePerturbation } from "../../src/perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../src/perturbation/SmoothedPerturbation.ts"
import { laws } from "../../src/evidence/laws/index.ts"

const norm = (v: Float64Array): number => Math.hypot(...v)
const gradientAt = (f: Objective, x: Float64Array): Float64Array => {
  const out = new Float64Array(x.length)
  f.valueAndGradient(x, out)
  return out
}
/** At an interpolated sample its gradient vanishes, and keeps the direction of its prediction's gradient. */
const predictionOf = (f: FiniteSum, i: number, x: Float64Array, out: Float64Array): void => {
  if (!isSampleModel(f)) return
  if (f.predictionGradient(i, x, out) < 0) out.forEach((value, j) => (out[j] = -value))
}

/** x <- x - eta (G + v) if |G| is small, with v the part of `perturbed` orthogonal to G; else a plain step. */
const naive = (
  options: PerturbationOptions,
  perturbed: (f: FiniteSum, x: Float64Array, radius: number, place: object) => Float64Array,
  projects = true,
): Method<MethodState & { readonly f: FiniteSum; readonly place: object }, FiniteSum> => ({
  name: "naive",
  init: (f, start) => ({
    f,
    point: start.slice(),
    place: options.draws.begin(),
    steps: 0,
    status: "running",
  }),
  step: (state) => {
    const { f, place, point } = state
    const G = gradientAt(f, point)
    const size = norm(G)
    if (size > options.gradientThreshold) {
      point.forEach((value, j) => (point[j] = value - options.plainLearningRate * G[j]!))
    } else {
      const h = perturbed(f, point, options.radius, place)
      const noise = size <= 1e-12 * norm(h)
      const rest = h.map((value, j) => value - G[j]!)
      const along = rest.reduce((sum, value, j) => sum + value * (G[j]! / size), 0)
      const v = noise || !projects ? rest : rest.map((value, j) => value - along * (G[j]! / size))
      point.forEach((value, j) => {
        point[j] =
          value -
          options.learningRate * (G[j]! + (projects && point.length === 1 && !noise ? 0 : v[j]!))
      })
    }
    state.steps++
    return 0
  },
})

const verified = (claim: Claim) =>
  Verify.claim(claim, { runs: 40, seed: 1 }).pipe(
    Effect.provide(Kernels.layerStrict),
    Effect.runPromise,
  )

describe("laws against another implementation", () => {
  /** Verdict of a law on an implementation. */
  const verdictOn = (id: string, subject: Subject) =>
    verified(laws.find((law) => law.id === `flat-minima/${id}`)!.against(subject))
  /** Written from the paper's text alone, without code of this package. */
  const plain: Subject = {
    smoothed: (options) =>
      naive(options, (f, x, radius, place) => {
        const g = new Float64Array(x.length)
        options.draws.fillSphere(place, g)
        return gradientAt(
          f,
          x.map((value, j) => value + radius * g[j]!),
        )
      }),
    sharpnessAware: (options) =>
      naive(options, (f, x, radius, place) => {
        const i = Uint32Array.of(options.draws.index(place, f.size))
        const sign = options.draws.sign(place)
        const own = new Float64Array(x.length)
        f.batchValueAndGradient(i, x, own)
        if (norm(own) === 0) predictionOf(f, i[0]!, x, own)
        const scale = (sign * radius) / norm(own)
        const out = new Float64Array(x.length)
        f.batchValueAndGradient(
          i,
          x.map((value, j) => value + scale * own[j]!),
          out,
        )
        return out
      }),
  }

  it("hold for one that is written from the paper", { timeout: 30_000 }, async () => {
    for (const { id } of laws) {
      const verdict = await verdictOn(id.replace("flat-minima/", ""), plain)
      assert.strictEqual(verdict._tag, "Held", `${id} ${JSON.stringify(verdict)}`)
    }
  })

  it("falsify one that forgets the projection", async () => {
    const forgetful: Subject = {
      ...plain,
      smoothed: (options) =>
        naive(
          options,
          (f, x, radius, place) => {
            const g = new Float64Array(x.length)
            options.draws.fillSphere(place, g)
            return gradientAt(
              f,
              x.map((value, j) => value + radius * g[j]!),
            )
          },
          false,
        ),
    }
    for (const id of ["move-orthogonal-to-gradient", "one-dimension", "descent-with-a-move"]) {
      const { _tag } = await verdictOn(id, forgetful)
      assert.strictEqual(_tag, "Falsified", id)
    }
  })

  it("falsify one that takes the full gradient for the sample's", async () => {
    const full: Subject = {
      ...plain,
      sharpnessAware: (options) => plain.smoothed(options),
    }
    const { _tag } = await verdictOn("sharpness-aware-drift", full)
    assert.strictEqual(_tag, "Falsified")
  })

  it("falsify a radius that does not scale", async () => {
    const scale = laws.find(({ id }) => id === "flat-minima/scale-of-the-parameters")!
    const claim = scale.against({
      smoothed: (options) => smoothedPerturbation({ ...options, radius: 0.2 }),
      sharpnessAware: (options) => sharpnessAwarePerturbation({ ...options, radius: 0.2 }),
    })
    const verdict = await verified(claim)
    assert.strictEqual(verdict._tag, "Falsified")
  })
})
