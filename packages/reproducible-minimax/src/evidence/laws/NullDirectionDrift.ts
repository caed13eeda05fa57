import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { quadratic } from "@nonconvex/problems/Quadratic"
import type { Scheme } from "../../methods/Scheme.ts"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { minimisation, regularised } from "../../problem/Problem.ts"
import { follow } from "../support/Follow.ts"
import { derived } from "../support/Paper.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

const nullGames = Draw.record({
  dimension: Draw.integer(2, 6),
  delta: Draw.logarithmic(1, 0.01),
  seed: Draw.seed(),
})

/**
 * Small version of Figure 1: `|A x - b|^2 / 2` with one singular value 0 and the others from 0.1 to 10, errors delta (1, ..,
 * 1).
 */
const drift = ({ delta, dimension, seed }: Draw.Drawn<typeof nullGames>) => {
  const stream = RandomStream.make(Seed.root(seed).child("null direction"))
  const basis = Orthogonal.haar(dimension, stream)
  const spectrum = Float64Array.from({ length: dimension }, (_, i) =>
    i === 0 ? 0 : Elementary.square(0.1 + 9.9 * stream.uniform()),
  )
  const minimiser = stream.normals(dimension)
  const exact = minimisation(quadratic({ spectrum, basis, minimiser }), { smoothness: 100 })
  const ones = new Float64Array(dimension).fill(1)
  const off = inexact(exact, ErrorStrategy.constant(ones), delta * Math.sqrt(dimension))
  const along = Float64Array.from({ length: dimension }, (_, i) => basis[i * dimension]!)
  const start = new Float64Array(dimension)
  return {
    share: Math.abs(Vector.dot(ones, along)),
    after: (scheme: Scheme, steps: number, strength = 0) => {
      const [one, other] = [exact, off].map((problem) =>
        follow(scheme, regularised(problem, strength, start), start, steps),
      )
      return Math.abs(Vector.dot(one!.point, along) - Vector.dot(other!.point, along))
    },
  }
}

export const nullDirectionDrift = claim({
  id: "reproducible-minimax/null-direction-drift",
  statement:
    "Along the null direction u, constant errors e move GD by step t |<e, u>| exactly, AGD by step t^2 |<e, u>| / 8 asymptotically, and a regularised method to |<e, u>| / r.",
  inFloatingPoint: "run",
  source: derived("the growth in Figure 1"),
  subject: reproducibleMinimax,
  instances: nullGames,
  margin: ({ instance, subject }) => {
    const { after, share } = drift(instance)
    const force = instance.delta * share
    const calm = subject.acceleratedStronglyConvex(100.05, 0.05)
    const equal = (actual: number, expected: number, relative: number) =>
      Margin.equal(actual, expected, { relative, absolute: 1e-12 })
    return Margin.all(
      equal(after(subject.gradient(0.01), 500), 0.01 * 500 * force, 1e-9),
      equal(after(subject.accelerated(100), 1000), (0.01 * (1000 * 1000) * force) / 8, 0.01),
      equal(after(calm, 1500, 0.05), force / 0.05, 0.01),
    )
  },
  controls: [
    mutant("twice the step", (subject) => ({ gradient: (step) => subject.gradient(2 * step) })),
    mutant("the accelerated method without momentum", (subject) => ({
      accelerated: (l) => subject.gradient(1 / l),
    })),
  ],
})
