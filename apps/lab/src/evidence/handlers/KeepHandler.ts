import * as Code from "@nonconvex/runner/node/Code"
import { runExperiment } from "@nonconvex/runner/Run"
import { Effect, FileSystem, Layer } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import { RunFailed } from "../../cli/Failure.ts"
import * as Progress from "../../cli/Progress.ts"
import type { Keeping } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Folder from "../../files/Folder.ts"
import * as KeptRows from "../kept/KeptRows.ts"
import * as OverSeeds from "../kept/OverSeeds.ts"
import * as Lookup from "../Lookup.ts"
import { allSystems } from "../Systems.ts"
import * as Output from "../../cli/Output.ts"

export interface Input extends Keeping {
  readonly experiments: ReadonlyArray<string>
  readonly rows: string
  readonly check: boolean
  readonly jobs: number
}

/** Kernels with identical results on every machine, bit for bit. */
const chosen = ({ jobs }: Input) => ({ kernels: "strict" as const, jobs })

const named = Effect.fnUntraced(function* (names: ReadonlyArray<string>) {
  if (names.length > 0) return yield* Effect.forEach(names, Lookup.experiment)
  return (yield* allSystems).flatMap((system) =>
    system.experiments.map((experiment) => ({ system, experiment })),
  )
})

/** Code that computes a system, by its digest. */
const codeOf = ({ system }: Lookup.Found): string => Code.digestOf(system) ?? ""

/**
 * True if rows of the current settings are stored from the current code: with the same digest, or with the same bits at the
 * first seed.
 */
const isKept = (folder: string, found: Lookup.Found) =>
  Effect.gen(function* () {
    const { experiment, system } = found
    const kept = yield* KeptRows.read(folder, experiment)
    if (kept === undefined || kept.code === codeOf(found)) return kept !== undefined
    const [seed] = KeptRows.seedsOf(experiment)
    const { rows } = yield* runExperiment(system, experiment.configure(kept.config), {
      seed: seed!,
    })
    return KeptRows.difference(kept.rows.get(seed!) ?? [], rows) === undefined
  }).pipe(Effect.catchTag("UnusableRows", () => Effect.succeed(false)))

const write = Effect.fnUntraced(function* (folder: string, kept: KeptRows.KeptRows) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* KeptRows.fileOf(folder, kept.experiment)
  if (OverSeeds.isFixed(kept)) {
    yield* Effect.ignore(fs.remove(path))
    yield* Output.text(
      `${kept.experiment} has the same rows at every seed: it must be declared deterministic`,
    )
    return
  }
  const file = yield* Folder.stageFile(path, [])
  yield* file.write(KeptRows.encode(kept))
})

/** Compares kept rows with newly computed ones; returns the first difference in words. */
const compared = Effect.fnUntraced(function* (
  folder: string,
  { experiment }: Lookup.Found,
  found: KeptRows.KeptRows,
) {
  const kept = yield* KeptRows.read(folder, experiment)
  if (kept === undefined) return [`${experiment.id} has no saved rows`]
  return KeptRows.seedsOf(experiment).flatMap((seed) => {
    const apart = KeptRows.difference(kept.rows.get(seed) ?? [], found.rows.get(seed) ?? [])
    return apart === undefined ? [] : [`${experiment.id}, seed ${seed}, ${apart}`]
  })
})

export const handle = Effect.fn("keep")(
  function* (input: Input) {
    const { check, experiments, fresh, rows: folder } = input
    const all = (yield* named(experiments)).filter(
      ({ experiment }) => experiment.deterministic === undefined,
    )
    const isAll = check || fresh || experiments.length > 0
    const work = isAll
      ? all
      : yield* Effect.filter(all, (found) => Effect.map(isKept(folder, found), (kept) => !kept))
    const total = work.reduce((sum, { experiment }) => sum + KeptRows.seedsOf(experiment).length, 0)
    const apart = yield* Progress.track({ label: "keep", total, unit: "seeds" }, ({ done }) => {
      let seeds = 0
      return Effect.forEach(work, (found) =>
        Effect.gen(function* () {
          const computed = yield* OverSeeds.compute(
            found.system,
            found.experiment,
            codeOf(found),
            () => done(++seeds),
          )
          if (check) return yield* compared(folder, found, computed)
          yield* write(folder, computed)
          return []
        }),
      )
    })
    yield* Output.text(
      `${Table.plural(work.length, "experiment")} ${check ? "compared" : "saved"}, ${all.length - work.length} unchanged`,
    )
    const reasons = apart.flat()
    if (reasons.length > 0) return yield* new RunFailed({ reasons })
  },
  Effect.scoped,
  Effect.onInterrupt(() => CommandStore.sayHowToGoOn),
  (work, input) =>
    Effect.provide(
      work,
      Layer.merge(
        Capabilities.layer(chosen(input)),
        CommandStore.layer({ ...input, ...chosen(input) }),
      ),
    ),
)
