/** Problems and tolerances for which there is no certified answer. */
import { Draw } from "@nonconvex/evidence"
import { Kernels, Seed } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { certifiedGames } from "../../src/evidence/support/CertifiedRun.ts"
import { expand, gameFields } from "../../src/evidence/support/RandomProblem.ts"
import { type Problem, solve } from "../../src/index.ts"
import { answering } from "../../src/problem/Problem.ts"
import { NotCertified, Irreproducible, NotMonotone } from "../../src/solve/Failures.ts"
import * as Theory from "../../src/theory/Theory.ts"
import { thrown } from "../support/thrown.ts"
import { plan } from "../../src/solve/Plan.ts"

const given = { kernels: Kernels.strict() }

/** The problem with the first player's own curvature turned around. */
const concave = (problem: Problem, by: number): Problem => ({
  ...answering(problem, (answer, z) => {
    for (let i = 0; i < problem.dimensions[0]; i++) answer[i] = answer[i]! - by * z[i]!
  }),
  smoothness: problem.smoothness + by,
})

const games = Draw.record({
  ...gameFields,
  curvature: Draw.oneOf(0),
  set: Draw.oneOf("ball", "box"),
  gap: Draw.logarithmic(0.5, 0.05),
})

/** A game whose first player's objective is concave by so much is refused. */
const isRefusedWhereConcave = (by: number) =>
  fc.property(games, (instance) => {
    const { problem, start } = expand(instance, given)
    const options = { gap: instance.gap, deviation: 1e-6, failure: 0.1, seed: Seed.root(1) }
    const error = thrown(() => solve(concave(problem, by), start, options))
    return error instanceof NotMonotone || error instanceof NotCertified
  })

/** An oracle whose error is `share` of what gap and deviation allow together is refused. */
const isRefusedWithError = (share: number) =>
  fc.property(certifiedGames, (instance) => {
    const { problem, start } = expand(instance, given)
    const tolerances = { gap: instance.gap, deviation: instance.deviation }
    const { allowedError } = plan(problem, start, tolerances)
    const options = { ...tolerances, failure: 0.5, seed: Seed.root(1) }
    const declared = share * allowedError
    const error = thrown(() => solve({ ...problem, error: declared }, start, options))
    return (
      error instanceof Irreproducible && Theory.distanceFromResidual(0, allowedError, 1) <= declared
    )
  })

describe("solve", () => {
  it("certifies no answer where the first player's objective is concave, and does not loop", () => {
    fc.assert(isRefusedWhereConcave(1.5))
    assert.isTrue(fc.check(isRefusedWhereConcave(0)).failed)
  })

  it("refuses an oracle that errs by more than gap and deviation allow together, before a step", () => {
    fc.assert(isRefusedWithError(1.01))
    assert.isTrue(fc.check(isRefusedWithError(0.5)).failed)
  })
})
