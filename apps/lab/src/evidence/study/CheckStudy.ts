/** Trials of a stored study computed again, and compared bit for bit. */
import * as Code from "@nonconvex/runner/node/Code"
import * as Seed from "@nonconvex/numerics/Seed"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import { runExperiment } from "@nonconvex/runner/Run"
import { canonical } from "@nonconvex/runner/RunKey"
import * as RunSweep from "@nonconvex/runner/sweep/RunSweep"
import { firstDifference } from "@nonconvex/store/Compare"
import { Effect, Schema } from "effect"
import * as Progress from "../../cli/Progress.ts"
import * as RunStudy from "./RunStudy.ts"
import { BadStudy, type Finished } from "./Study.ts"

/** JSON of `study --check`. */
export const Checked = Schema.Struct({
  study: Schema.String,
  /** Recomputed trials, by their position in the sweep, in the order in which they were drawn. */
  trials: Schema.Array(Schema.Int),
  rows: Schema.Int,
  /** True if everything was reproduced bit for bit. */
  same: Schema.Boolean,
  /** True if the result was computed by the same code. */
  sameCode: Schema.Boolean,
  /** The first trial that differs, and where. */
  first: Schema.optionalKey(
    Schema.Struct({
      trial: Schema.Int,
      place: Schema.String,
      kept: Schema.String,
      found: Schema.String,
    }),
  ),
})
export type Checked = typeof Checked.Type

/** Draws `count` trials without repetition; all if there are no more. */
const drawn = (trials: number, count: number, seed: Seed.Seed): ReadonlyArray<number> => {
  const stream = RandomStream.make(seed)
  const places = Array.from({ length: trials }, (_, place) => place)
  const most = Math.min(count, trials)
  for (let at = 0; at < most; at++) {
    const other = at + Math.floor(stream.uniform() * (trials - at))
    ;[places[at], places[other]] = [places[other]!, places[at]!]
  }
  return places.slice(0, most)
}

/** Computes some of the trials again, drawn by `seed`, with nothing from a store. Fails with `BadStudy` where the settings are others now. */
export const check = Effect.fn("CheckStudy.check")(function* (
  study: Finished,
  { count, seed }: { readonly count: number; readonly seed: number },
) {
  const { provenance, trials } = study.stored
  const prepared = yield* RunStudy.prepare(study)
  if (canonical(RunStudy.baseOf(prepared)) !== canonical(provenance.base)) {
    const reason = `the preset ${study.sweep.preset} of ${study.sweep.experiment} has different settings than the stored run`
    return yield* new BadStudy({ path: study.folder, reason })
  }
  const all = RunSweep.firstTrials(prepared)
  const places = drawn(trials.length, count, Seed.root(seed).child("study").child(study.name))
  const { experiment, system } = prepared
  const known = new Set(provenance.data.map(({ digest }) => digest))
  let rows = 0
  const work = { label: `check ${study.name}`, total: places.length, unit: "trials" }
  const first = yield* Progress.track(work, ({ done }) =>
    Effect.gen(function* () {
      for (const [at, trial] of places.entries()) {
        const { config, seed: root } = all[trial]!
        const result = yield* runExperiment(system, experiment.configure(config), { seed: root })
        const { data = [] } = result
        const stranger = data.find(({ digest }) => !known.has(digest))
        if (stranger !== undefined) {
          const reason = `it was run on different data than ${stranger.name} here; give their folder with --data`
          return yield* new BadStudy({ path: study.folder, reason })
        }
        const found = result.rows.map((row) => RunStudy.arranged(row, provenance.columns))
        const part = { _tag: "Rows" as const, seconds: 0, data }
        const kept = trials[trial]!.rows
        const apart = firstDifference({ ...part, rows: kept }, { ...part, rows: found })
        if (apart !== undefined) return { trial, ...apart }
        rows += kept.length
        done(at + 1)
      }
      return undefined
    }),
  )
  return {
    study: study.name,
    trials: places,
    rows,
    same: first === undefined,
    sameCode: Code.digestOf(system) === provenance.code,
    ...(first === undefined ? {} : { first }),
  } satisfies Checked
})
