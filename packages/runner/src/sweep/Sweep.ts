/** Sweep as data that can be kept in git. */
import { sha256 } from "@nonconvex/datasets/Dataset"
import { Count } from "@nonconvex/problems/Fields"
import * as Reason from "@nonconvex/evidence/Reason"
import { Effect, Schema, Struct } from "effect"
import { canonical } from "../RunKey.ts"
import { adaptive, samplers } from "./Samplers.ts"
import { ParameterRange } from "./ParameterRange.ts"
import { Program } from "./Program.ts"
import { Seeds } from "./Seeds.ts"

const Values = Schema.Array(Schema.Json).check(
  Schema.makeFilter((values) => {
    const seen = new Set<string>()
    for (const text of values.map(canonical)) {
      if (seen.has(text)) return `${text} is given twice`
      seen.add(text)
    }
    return values.length > 0 || "expected at least one value"
  }),
)

export { Program } from "./Program.ts"

/** Values of a varied setting. */
const Varied = Schema.Union([Values, ParameterRange])
export type Varied = typeof Varied.Type

/** Settings of a configuration other than those that all have. */
export type TrialSettings = Readonly<Record<string, Schema.Json>>

/**
 * Tests whether a setting varies over a list of values.
 *
 * @internal
 */
export const isList = (varied: Varied): varied is ReadonlyArray<Schema.Json> =>
  Array.isArray(varied)

/** Candidates compete on a small budget, and the best continue with a larger one. */
const Competition = Schema.Struct({
  /** The setting that is the budget of a trial: steps, samples, epochs. */
  resource: Schema.String,
  /** Smallest budget, for the first rung; default 1. */
  least: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThan(0))),
  /** One in `eta` trials is promoted, with `eta` times the budget. */
  eta: Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 100 })),
})
export type Competition = typeof Competition.Type

const fields = {
  /** The id of the experiment; of a program `program/<name>`. */
  experiment: Schema.String,
  /** Program that the trials run in place of an experiment of a system. */
  program: Schema.optionalKey(Program),
  preset: Schema.Literals(["smoke", "fast", "paper"]),
  /** Settings of all trials that replace those of the preset. */
  set: Schema.Record(Schema.String, Schema.Json),
  /** Settings that vary: lists of values, or ranges. */
  vary: Schema.Record(Schema.String, Varied),
  seeds: Seeds,
  sampler: Schema.Literals(samplers),
  /** Number of drawn configurations; absent for a grid, which runs all. */
  trials: Schema.optionalKey(Count),
  /** Seed of the sampler. */
  samplerSeed: Schema.Int,
  competition: Schema.optionalKey(Competition),
  /** Number of configurations that `tpe` chooses at once, by all that ended before; default 4. */
  batch: Schema.optionalKey(Count),
  /** Trials of a program end early if their metric is worse than the median of the others. */
  prune: Schema.optionalKey(Schema.Literal(true)),
  /** Metric of a trial, as in `best`, by which candidates are compared and with which trials are shown. */
  metric: Schema.optionalKey(Schema.String),
  /** Direction of the objective. */
  goal: Schema.Literals(["least", "most"]),
}

/** A sweep in full. */
export const Sweep = Schema.Struct(fields)
export type Sweep = typeof Sweep.Type

/** A sweep as in a file; missing fields are taken from `standard`. */
export const Draft = Schema.Struct({
  ...fields,
  preset: Schema.optionalKey(fields.preset),
  set: Schema.optionalKey(fields.set),
  vary: Schema.optionalKey(fields.vary),
  seeds: Schema.optionalKey(fields.seeds),
  sampler: Schema.optionalKey(fields.sampler),
  samplerSeed: Schema.optionalKey(fields.samplerSeed),
  goal: Schema.optionalKey(fields.goal),
})
export type Draft = typeof Draft.Type

/** Defaults of a draft that names only its experiment. */
const standard = {
  preset: "fast",
  set: {},
  vary: {},
  seeds: "1",
  sampler: "grid",
  samplerSeed: 1,
  goal: "most",
} as const satisfies Partial<Sweep>

/** An invalid sweep, with a valid alternative. */
export class InvalidSweep extends Schema.TaggedError<InvalidSweep>()("InvalidSweep", {
  reason: Schema.String,
}) {
  override get message(): string {
    return `this sweep is not possible: ${this.reason}`
  }
}

/** A sweep with more trials than the limit. */
export class TooManyTrials extends Schema.TaggedError<TooManyTrials>()("TooManyTrials", {
  /** Decimal integer, which may be too large for a double. */
  count: Schema.String,
  limit: Schema.Int,
}) {
  override get message(): string {
    const grouped = (digits: string) => digits.replaceAll(/\B(?=(\d{3})+$)/g, " ")
    return `this sweep has ${grouped(this.count)} trials, but the limit is ${grouped(String(this.limit))}: vary fewer values, sample them (--sampler random --trials 100), or raise --limit`
  }
}

/** Contradictions between parts of a sweep; undefined if there are none. */
const conflict = ({
  batch,
  competition,
  metric,
  program,
  prune,
  sampler,
  set,
  trials,
  vary,
}: Sweep): string | undefined => {
  const names = Object.keys(vary)
  const fixed = names.find((name) => Object.hasOwn(set, name))
  if (fixed !== undefined) return `${fixed} is both fixed and varied`
  const range = names.find((name) => !Array.isArray(vary[name]))
  const isDrawn = sampler === "random" || sampler === "halton" || sampler === "tpe"
  if (isDrawn && trials === undefined) return `${sampler} needs a number of trials (--trials)`
  if (sampler !== "grid" && names.length === 0) return `${sampler} needs a setting to vary`
  if (sampler === "grid" && range !== undefined) {
    return `${range} is a range, but a grid needs values; list them, or use the sampler random, halton or tpe`
  }
  if (sampler === "grid" && trials !== undefined) {
    return "a grid runs all its trials; --trials is for the samplers random, halton, halving and tpe"
  }
  if (sampler === "halving" && range !== undefined && trials === undefined) {
    return `${range} is a range: halving needs a number of trials (--trials)`
  }
  if (sampler === "halving" && (competition === undefined || metric === undefined)) {
    return "halving needs a --resource, its budget, and a --metric that ranks the trials"
  }
  if (prune === true && (program === undefined || program.results !== undefined)) {
    return "--prune is for a --command that prints its metrics step by step"
  }
  if (prune === true && metric === undefined) {
    return "--prune needs a --metric, by which trials are compared"
  }
  if (sampler === "tpe" && metric === undefined) {
    return "tpe needs a --metric, by which it chooses the next trials"
  }
  if (sampler !== "tpe" && batch !== undefined) {
    return `a batch is for the sampler tpe, not for ${sampler}`
  }
  if (sampler !== "halving" && competition !== undefined) {
    return `a resource is for the sampler halving, not for ${sampler}`
  }
  const resource = competition?.resource
  return resource !== undefined && names.includes(resource)
    ? `${resource} is the resource of halving, so it cannot vary`
    : undefined
}

const read = <Type, Encoded>(schema: Schema.Codec<Type, Encoded>, written: unknown) =>
  Schema.decodeUnknownEffect(schema, { onExcessProperty: "error" })(written).pipe(
    Effect.mapError((error) => new InvalidSweep({ reason: Reason.of(error) })),
  )

/** A draft in full. Fails with `InvalidSweep` if a part is invalid, or if parts contradict each other. */
export const complete = (draft: Draft): Effect.Effect<Sweep, InvalidSweep> =>
  Effect.flatMap(read(Sweep, { ...standard, ...draft }), (sweep) => {
    const reason = conflict(sweep)
    return reason === undefined ? Effect.succeed(sweep) : Effect.fail(new InvalidSweep({ reason }))
  })

/**
 * Id of a sweep on every machine: SHA-256 of its content, 64 hexadecimal digits. The order of the varied settings is a part of
 * it, because it decides the order of the trials. A metric that decides nothing and the time limit of a program are not.
 */
export const idOf = (sweep: Sweep): Effect.Effect<string> => {
  const { goal, metric = "", program, vary, ...rest } = Schema.encodeSync(Sweep)(sweep)
  const decides = adaptive.has(sweep.sampler) || sweep.prune === true ? { goal, metric } : {}
  const runs = program === undefined ? {} : { program: Struct.omit(program, ["timeout"]) }
  return sha256(canonical({ ...rest, ...decides, ...runs, vary: Object.entries(vary) }))
}
