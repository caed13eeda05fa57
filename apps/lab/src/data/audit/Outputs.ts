/** Audit of another program, from files of its outputs. */
import { AuditedSamples, auditSamples, system } from "@nonconvex/dp-lowrank/operations"
import { BadArray } from "@nonconvex/datasets/ArrayError"
import { readOutputs } from "@nonconvex/dp-lowrank/node"
import * as Decimal from "@nonconvex/numerics/Decimal"
import { operate } from "@nonconvex/runner/Operations"
import { Effect, Schema } from "effect"
import { Misfit, reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"
import type { Input } from "./AuditFlags.ts"
import { NotPrivate } from "./AuditReport.ts"

/** JSON of `audit --samples a.npy b.npy`. */
export const SamplesReport = Schema.Struct({
  files: Schema.Tuple([Schema.String, Schema.String]),
  /** Numbers of an output. */
  dimension: Schema.Int,
  /** Runs in each of the files. */
  runs: Schema.Tuple([Schema.Int, Schema.Int]),
  /** The promise; absent where none was named. */
  epsilon: Schema.optionalKey(Schema.Number),
  delta: Schema.Number,
  confidence: Schema.Number,
  epsilonLowerBound: AuditedSamples.fields.epsilonLowerBound,
  /** Verdict on a stated privacy guarantee. */
  verdict: Schema.optionalKey(AuditedSamples.fields.verdict),
  mu: AuditedSamples.fields.mu,
  muStandardError: AuditedSamples.fields.muStandardError,
  /** Number of runs used from each file. */
  samples: AuditedSamples.fields.samples,
})
export type SamplesReport = typeof SamplesReport.Type

const render = (report: SamplesReport): string => {
  const { confidence, delta, dimension, epsilon, files, mu, muStandardError, runs, samples } =
    report
  const shown = Table.number(Decimal.floor(report.epsilonLowerBound, 4))
  const looked =
    dimension === 1
      ? "the numbers themselves"
      : `their projection onto the direction in ${dimension} dimensions that the other half chose`
  return [
    `${files[0]} and ${files[1]}, ${Table.count(runs[0])} and ${Table.count(runs[1])} runs${epsilon === undefined ? "" : `, promised epsilon ${epsilon}`} at delta ${delta}`,
    ...(report.verdict === undefined ? [] : [`verdict        ${report.verdict}`]),
    `lower bound    epsilon at least ${shown}, with confidence ${confidence}, from ${Table.count(samples)} runs of each file`,
    `statistic      ${looked}, on half of the runs`,
    `mu             ${Table.margin(mu)} ± ${Table.margin(muStandardError)}: difference of the means / standard deviation`,
    `answer         ${answer(report)}`,
  ].join("\n")
}

const answer = ({ epsilon, epsilonLowerBound, verdict }: SamplesReport): string => {
  if (verdict === "violation") {
    return `not private at epsilon ${epsilon}: the output distinguishes the two inputs better than epsilon allows`
  }
  return epsilonLowerBound > 0
    ? "at this delta, no mechanism with a smaller epsilon has these outputs; other inputs may show more"
    : "no bound: the outputs look alike, or are too few; an audit cannot show that a mechanism is private"
}

/** Audits the outputs in two files. */
export const audit = Effect.fnUntraced(function* (input: Input, first: string) {
  const { confidence, delta, epsilon, exact, json, noise, other: second, seed } = input
  const files = "a mechanism of nonconvex, not files of another program"
  if (exact) return yield* new Misfit({ flag: "exact", needs: files })
  if (noise !== 1) return yield* new Misfit({ flag: "noise", needs: files })
  if (second === undefined) {
    return yield* new Misfit({
      flag: "samples",
      needs: "a number of runs or two files, as in --samples a.npy b.npy",
    })
  }
  const [a, b] = [yield* readOutputs(first), yield* readOutputs(second)]
  if (a.dimension !== b.dimension) {
    return yield* new BadArray({
      path: second,
      reason: `its outputs have ${b.dimension} numbers, but those of ${first} have ${a.dimension}`,
      remedy: "both must be outputs of the same mechanism",
    })
  }
  const { verdict, ...found } = yield* operate(system, auditSamples, {
    first: { values: a.values, dimension: a.dimension },
    second: { values: b.values, dimension: b.dimension },
    epsilon: epsilon ?? 0,
    delta,
    confidence,
    seed,
  })
  const report: SamplesReport = {
    files: [first, second],
    dimension: a.dimension,
    runs: [a.runs, b.runs],
    ...(epsilon !== undefined && { epsilon, verdict }),
    delta,
    confidence,
    ...found,
  }
  yield* json ? Output.json(SamplesReport, report) : Output.text(render(report))
  if (epsilon !== undefined && verdict === "violation") {
    const mechanism = "the program of these files"
    return yield* new NotPrivate({ mechanism, epsilon, shown: report.epsilonLowerBound })
  }
}, reported)
