/** One optimiser of somebody's own, a method of twenty lines over any objective, is tried by the laws of every system that speaks of optimisers. */
import { assert, describe, it } from "@effect/vitest"
import * as Catapults from "@nonconvex/catapults/evidence"
import { type Claim, type Law } from "@nonconvex/evidence"
import * as Verify from "@nonconvex/evidence/Verify"
import * as LabelNoise from "@nonconvex/label-noise/evidence"
import * as MatrixFactorization from "@nonconvex/matrix-factorization/evidence"
import { Kernels } from "@nonconvex/numerics"
import * as OptimSam from "@nonconvex/optim-sam/evidence"
import type { Method, MethodState, Objective } from "@nonconvex/problems"
import * as ReproducibleMinimax from "@nonconvex/reproducible-minimax/evidence"
import { Effect, Option, Stream } from "effect"

interface State extends MethodState {
  readonly objective: Objective
}

/** Where a gradient of SAM is taken, or of descent where the radius is 0. */
type Ascent = (point: Float64Array, gradient: Float64Array, radius: number) => Float64Array

const normalised: Ascent = (point, gradient, radius) => {
  const norm = Math.hypot(...gradient)
  const there = point.slice()
  if (norm !== 0) for (let i = 0; i < there.length; i++) there[i]! += (radius * gradient[i]!) / norm
  return there
}

const unnormalised: Ascent = (point, gradient, radius) => {
  const there = point.slice()
  for (let i = 0; i < there.length; i++) there[i]! += radius * gradient[i]!
  return there
}

const naive =
  (ascent: Ascent, direction: (slope: number) => number = (slope) => slope) =>
  (radius: number, learningRate: number): Method<State> => ({
    name: "naive",
    init: (objective, start) => ({ objective, point: start.slice(), steps: 0, status: "running" }),
    step: (state) => {
      const { objective, point } = state
      const gradient = new Float64Array(point.length)
      const loss = objective.valueAndGradient(point, gradient)
      if (radius > 0) objective.valueAndGradient(ascent(point, gradient, radius), gradient)
      const next = point.slice()
      for (let i = 0; i < next.length; i++) next[i]! -= learningRate * direction(gradient[i]!)
      if (next.every(Number.isFinite)) point.set(next)
      else state.status = "diverged"
      state.steps++
      return loss
    },
  })

const [sam, usam] = [naive(normalised), naive(unnormalised)]

/** Steps along the signs of the gradient, which are not those of descent. */
const signed = naive(normalised, Math.sign)

/** The laws of a system about one subject, each asked of it. */
const of = <Subject>(laws: ReadonlyArray<Law<Subject>>, subject: Subject): ReadonlyArray<Claim> =>
  laws.map((law) => law.against(subject))

const trials = (one: typeof sam, other: typeof usam, most = Number.POSITIVE_INFINITY) => {
  const descent = (learningRate: number) => one(0, learningRate)
  return Object.entries({
    "optim-sam": of(OptimSam.laws.slice(0, most), { sam: one, usam: other }),
    "label-noise": of(LabelNoise.laws, LabelNoise.byMethod(descent)),
    "matrix-factorization": of(MatrixFactorization.descentLaws, descent),
    "reproducible-minimax": of(ReproducibleMinimax.laws, ReproducibleMinimax.byMethod(descent)),
    catapults: of(Catapults.laws, Catapults.byMethod(descent)),
  })
}

const tagsOf = (claims: ReadonlyArray<Claim>, runs: number) =>
  Effect.forEach(claims, (claim) =>
    Effect.map(Verify.claim(claim, { runs, seed: 3 }), (verdict) => `${claim.id}: ${verdict._tag}`),
  ).pipe(Effect.provide(Kernels.layerStrict))

describe("one's own optimizer", () => {
  for (const [system, claims] of trials(sam, usam)) {
    it.effect(`obeys the laws of ${system}`, () =>
      Effect.gen(function* () {
        const tags = yield* tagsOf(claims, 2)
        assert.deepStrictEqual(
          tags.filter((tag) => !tag.endsWith(": Held")),
          [],
        )
      }),
    )
  }

  // the laws of steps come first
  for (const [system, claims] of trials(signed, sam, 4)) {
    it.effect(`is seen by laws of ${system} to be another, where it is`, () =>
      Effect.gen(function* () {
        // one law that sees it is enough
        const seen = yield* Stream.fromIterable(claims).pipe(
          Stream.mapEffect((claim) => tagsOf([claim], 4)),
          Stream.filter(([tag]) => tag!.endsWith(": Falsified")),
          Stream.runHead,
        )
        assert.isTrue(Option.isSome(seen))
      }),
    )
  }
})
