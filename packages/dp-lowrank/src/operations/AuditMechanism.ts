/** The audit of a mechanism of this package, on the worst pair of neighbours. */
import { operation } from "@nonconvex/problems/Operation"
import { Positive } from "@nonconvex/problems/Fields"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import { Schema } from "effect"
import * as Audit from "../audit/Audit.ts"
import * as AuditSubject from "../audit/AuditSubject.ts"
import * as Deviations from "../noise/Deviations.ts"
import { names } from "../noise/Kinds.ts"
import * as Mechanism from "../noise/GaussianMechanism.ts"
import * as GaussianPrivacy from "../privacy/GaussianPrivacy.ts"
import * as Public from "../privacy/Public.ts"
import { Neighbours } from "../privacy/Target.ts"
import * as GridPlan from "../release/GridPlan.ts"

/** Mechanism to audit, and the effort. */
export const AuditInput = Schema.Struct({
  mechanism: Schema.Literals(names),
  neighbours: Neighbours,
  epsilon: Schema.Finite,
  delta: Schema.Finite,
  /** The actual release, from clipping to discrete noise; otherwise idealised noise in floating point. */
  exact: Schema.Boolean,
  /** Norm to which rows are clipped. */
  bound: Schema.Finite,
  /** Share of the noise that is drawn; below 1 the mechanism is known not to be private. */
  noise: Positive,
  dimension: Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 1000 })),
  /** Runs of the mechanism on each of the two inputs. */
  samples: Schema.Int.check(Schema.isBetween({ minimum: 100, maximum: 100_000_000 })),
  confidence: Schema.Finite,
  seed: Schema.Int,
})
export type AuditInput = typeof AuditInput.Type

/** Result of the audit, and the expected one. */
export const Audited = Schema.Struct({
  epsilonLowerBound: Schema.Number,
  verdict: Schema.Literals(["violation", "no violation found"]),
  mu: Schema.Number,
  muStandardError: Schema.Number,
  samples: Schema.Int,
  /** The mu of the whole noise. */
  promisedMu: Schema.Number,
  /** True if mu is the promised one, within five standard errors. */
  agrees: Schema.Boolean,
  /** The exact epsilon of Gaussian noise of this size. */
  deliveredEpsilon: Schema.Number,
  /** Samples that find a forgotten factor of sqrt 2; Infinity where none do. */
  requiredSamples: Schema.Number,
})
type Audited = typeof Audited.Type

/** Progress: number of the `2 samples` drawn. */
const Drawn = Schema.Struct({ drawn: Schema.Int })

/** The mu promised by the full noise, and the audit of the share that is drawn. */
const prepare = (input: AuditInput, kernels: Kernels) => {
  const { delta, dimension, epsilon, exact, neighbours, noise } = input
  const bound = Public.bound(input.bound)
  const mechanism = Mechanism.named(input.mechanism, { epsilon, delta, neighbours, bound })
  const auditing =
    <Input, Output>(subject: Audit.Subject<Input, Output>) =>
    (options: Audit.Options, onDrawn: (drawn: number) => void) =>
      Audit.audit(subject, options, onDrawn)
  if (!exact) {
    const pair = AuditSubject.worstPair(dimension, neighbours, bound)
    const subject = AuditSubject.idealised(pair, mechanism, { kernels, noise })
    return { mu: Deviations.mu(mechanism), run: auditing(subject) }
  }
  const plan = GridPlan.make(mechanism, dimension)
  // beyond the bound, so that rows which are not clipped would be found
  const pair = AuditSubject.worstPair(dimension, neighbours, 2 * bound)
  const subject = AuditSubject.released(pair, plan, { kernels, noise })
  return { mu: plan.privacy.mu, run: auditing(subject) }
}

export const audit = operation<AuditInput, Audited, ArenaFull | InvalidInput, typeof Drawn.Type>({
  id: "dp-lowrank/audit",
  input: AuditInput,
  output: Audited,
  failure: Schema.Union([ArenaFull, InvalidInput]),
  progress: Drawn,
  run: (input, { kernels, report }) => {
    const { confidence, delta, epsilon, noise, samples } = input
    const target = { epsilon, delta }
    const { mu, run } = prepare(input, kernels)
    const deliveredEpsilon = GaussianPrivacy.epsilon(mu / noise, delta)
    const requiredSamples = Audit.requiredSamples(Math.SQRT2 * mu, target, confidence)
    const seed = Seed.root(input.seed).child("audit")
    const found = run({ ...target, samples, confidence, seed }, (drawn) => report({ drawn }))
    const agrees = Audit.agrees(found, mu)
    return { ...found, promisedMu: mu, agrees, deliveredEpsilon, requiredSamples }
  },
})
