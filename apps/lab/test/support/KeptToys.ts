/** The command line over stores that have runs of the toys. */
import { NodeServices } from "@effect/platform-node"
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Inline from "@nonconvex/runner/Inline"
import * as Code from "@nonconvex/runner/node/Code"
import { runExperiment } from "@nonconvex/runner/Run"
import { targetsOf, verdictOn } from "@nonconvex/runner/Verify"
import * as KeptRuns from "@nonconvex/store/KeptRuns"
import { Effect, Layer } from "effect"
import { join } from "node:path"
import { Listed } from "../../src/evidence/handlers/RunsHandler.ts"
import { temporary } from "./Folders.ts"
import { nonconvex } from "./InProcess.ts"
import { provenance } from "./Kept.ts"
import { both, decoded } from "./Toys.ts"

/** The toys as a program computes them: in this thread, and kept in a file. */
export const keeping = (file: string) =>
  Layer.merge(
    Layer.provideMerge(Inline.layer, Layer.merge(Kernels.layerStrict, Datasets.layer)),
    KeptRuns.layerFile(
      { file },
      {
        capabilities: { kernels: "strict" },
        code: (system) => Effect.sync(() => Code.digestOf(system)),
        provenance: Effect.succeed(provenance),
      },
    ),
  ).pipe(Layer.provide(NodeServices.layer))

/** Three seeds of two numbers of rolls, and a verdict. */
const filled = Effect.fnUntraced(
  function* (_file: string) {
    const [toy] = both
    const [experiment] = toy!.experiments
    for (const rolls of [4, 8]) {
      for (const seed of [1, 2, 3]) {
        yield* runExperiment(toy!, experiment!.configure({ rolls, radius: 0.5 }), { seed })
      }
    }
    yield* verdictOn(targetsOf(toy!)[0]!, { runs: 20, seed: 1 })
  },
  (work, file) => Effect.provide(work, keeping(file)),
)

/** Stores in a folder that goes with the test, and the command line over one that has runs. */
export const scratch = Effect.fnUntraced(function* () {
  const folder = temporary()
  const place = (name: string) => join(folder, name)
  const at = (name: string) => (args: ReadonlyArray<string>) =>
    nonconvex(both, [...args, "--store", place(name)])
  yield* filled(place("runs.sqlite"))
  return { place, at, lab: at("runs.sqlite"), store: ["--store", place("runs.sqlite")] }
})

/** The runs of a store, as `runs --json` prints them. */
export const listed = (store: string, ...args: ReadonlyArray<string>) =>
  Effect.map(decoded(Listed, ["runs", "--store", store, ...args]), ({ value }) => value.runs)
