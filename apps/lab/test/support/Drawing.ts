/** All figures of a preset of an experiment, computed, checked and drawn. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Datasets } from "@nonconvex/datasets/Datasets"
import { type Experiment, type Preset, type Row } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { Effect, Layer } from "effect"
import * as Svg from "@nonconvex/figures/svg"
import * as Readable from "./Readable.ts"
import * as Scene from "./Scene.ts"

/** The seed of what is drawn, as every run has it. */
export const seed = 1

/** The rows of each case of a preset. */
export const casesOf = Effect.fnUntraced(function* (
  experiment: Experiment.Experiment,
  preset: Preset,
) {
  const kernels = yield* Kernels.Current
  const data = Layer.succeed(Datasets, yield* Datasets)
  const configured = experiment.configure(experiment.preset(preset))
  const order = Array.from({ length: configured.count }, (_, index) => index)
  return yield* Effect.forEach(order, (index) => configured.rowsOf(index, seed, { kernels }, data))
})

/** The rows of a preset. */
export const rowsOf = (experiment: Experiment.Experiment, preset: Preset) =>
  Effect.map(casesOf(experiment, preset), (cases) => cases.flat())

/** What is wrong with the figures of a preset over some rows, each with the name of the figure; empty where all can be read. */
export const faultsOf = Effect.fnUntraced(function* (
  experiment: Experiment.Experiment,
  preset: Preset,
  rows: ReadonlyArray<Row>,
) {
  const { figures } = experiment.configure(experiment.preset(preset)).evaluate(rows)
  const found = yield* Effect.forEach(figures, (figure) =>
    Effect.gen(function* () {
      const isKnown = Figure.views(figure.spec, rows).every(({ isWhole }) => isWhole)
      const view = yield* Svg.scene({ spec: figure.spec, rows })
      const { root } = view.scenegraph() as unknown as { readonly root: Scene.Mark }
      const faults = [
        ...(isKnown ? [] : ["a step is not of this project: nobody knows which rows it leaves"]),
        ...Figure.problems(figure, rows),
        ...Readable.impossible(figure.spec, rows),
        ...Readable.wordy(figure.caption),
        ...Scene.faults(root),
        ...Readable.unreadable(root),
      ]
      view.finalize()
      const narrow = yield* Svg.scene({ spec: figure.spec, rows, screen: "narrow" })
      const { root: small } = narrow.scenegraph() as unknown as { readonly root: Scene.Mark }
      faults.push(
        ...Scene.smallPrint(small),
        ...Readable.unreadable(small).map((fault) => `narrow: ${fault}`),
      )
      narrow.finalize()
      return faults.map((fault) => `${figure.id}: ${fault}`)
    }),
  )
  return found.flat()
})

/** What a run has: strict kernels and the bundled data. */
export const capabilities = Layer.merge(Kernels.layerStrict, Datasets.layer).pipe(
  Layer.provide(NodeServices.layer),
)
