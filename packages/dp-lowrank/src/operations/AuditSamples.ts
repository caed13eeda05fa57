/** Audit of another program, from its outputs on two neighbouring inputs. */
import { Float64s } from "@nonconvex/problems/Fields"
import { operation } from "@nonconvex/problems/Operation"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seed from "@nonconvex/numerics/Seed"
import { Schema } from "effect"
import { auditSamples as auditOutputs } from "../audit/SampleAudit.ts"
import { Audited } from "./AuditMechanism.ts"

/** Row-major, one row per run. */
const Outputs = Schema.Struct({
  values: Float64s,
  dimension: Schema.Int,
})

export const SamplesInput = Schema.Struct({
  first: Outputs,
  second: Outputs,
  /** The promise that is tested. */
  epsilon: Schema.Finite,
  delta: Schema.Finite,
  confidence: Schema.Finite,
  seed: Schema.Int,
})
export type SamplesInput = typeof SamplesInput.Type

const { epsilonLowerBound, mu, muStandardError, samples: count, verdict } = Audited.fields

/** Audit of given outputs. */
export const AuditedSamples = Schema.Struct({
  epsilonLowerBound,
  verdict,
  mu,
  muStandardError,
  samples: count,
})
type AuditedSamples = typeof AuditedSamples.Type

export const auditSamples = operation({
  id: "dp-lowrank/audit-samples",
  input: SamplesInput,
  output: AuditedSamples,
  failure: InvalidInput,
  progress: Schema.Never,
  run: ({ confidence, delta, epsilon, first, second, seed }) =>
    auditOutputs(first, second, {
      epsilon,
      delta,
      confidence,
      seed: Seed.root(seed).child("audit-samples"),
    }),
})
