import { ExperimentResult } from "@nonconvex/evidence/Report"
import * as Settings from "@nonconvex/evidence/Settings"
import { runExperiment } from "@nonconvex/runner/Run"
import { Effect, Layer } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import { RunFailed } from "../../cli/Failure.ts"
import type { Keeping } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Output from "../../cli/Output.ts"
import { paint } from "../../cli/Paint.ts"
import * as Progress from "../../cli/Progress.ts"
import * as Csv from "@nonconvex/evidence/Csv"
import * as Folder from "../../files/Folder.ts"
import * as Lookup from "../Lookup.ts"
import * as Drawings from "../report/Drawings.ts"
import * as Running from "../Running.ts"
import * as RunTable from "../RunTable.ts"
import * as TerminalFigure from "../TerminalFigure.ts"
import * as JobProgress from "../JobProgress.ts"

export interface Input extends Capabilities.Chosen, Keeping {
  readonly experiment: string
  readonly preset: "smoke" | "fast" | "paper"
  /** Settings to replace, by name. */
  readonly overrides: Readonly<Record<string, string>>
  readonly seed: number
  readonly json: boolean
  readonly out: string | undefined
}

const write = Effect.fnUntraced(function* (folder: Folder.Staged, result: ExperimentResult) {
  const drawings = yield* Drawings.draw([result])
  for (const [name, svg] of Drawings.files(drawings)) yield* folder.write(`figures/${name}`, svg)
  yield* folder.write("rows.csv", Csv.encode(result.rows))
  yield* folder.write("result.json", yield* Output.encode(ExperimentResult, result))
  yield* folder.publish
  return Drawings.undrawable(drawings)
})

export const handle = Effect.fn("run")(
  function* ({ json, out, overrides, preset, seed, ...input }: Input) {
    const { experiment, system } = yield* Lookup.experiment(input.experiment)
    const configured = yield* Settings.resolve(experiment, preset, overrides)
    const folder = out === undefined ? undefined : yield* Folder.stage(out)
    const time = preset === "paper" ? Running.paperTime(experiment) : undefined
    if (time !== undefined) yield* Progress.say(`the paper preset takes ${time}`)
    const work = { label: experiment.id, total: configured.count, unit: "cases" }
    const isMeasured = preset === "paper" && Object.keys(overrides).length === 0
    const measured = isMeasured ? experiment.paperSeconds : undefined
    const item = JobProgress.ofExperiment(system, configured, yield* JobProgress.before, measured)
    const found = yield* JobProgress.track(work, [item], ({ done }) =>
      runExperiment(system, configured, { seed, onCase: (_, cases) => done(cases) }),
    )
    yield* CommandStore.sayReused
    const result = { ...found, capabilities: Capabilities.described(input) }
    const undrawn = folder === undefined ? [] : yield* write(folder, result)
    if (json) yield* Output.json(ExperimentResult, result)
    else
      yield* Output.text(RunTable.render(yield* paint, yield* TerminalFigure.shown(result))(result))
    const reasons = [...RunTable.failures(result), ...undrawn]
    if (reasons.length > 0) return yield* new RunFailed({ reasons })
  },
  Effect.scoped,
  Effect.onInterrupt(() => CommandStore.sayHowToGoOn),
  (work, input) =>
    Effect.provide(work, Layer.merge(Capabilities.layer(input), CommandStore.layer(input))),
)
