/** Pictures of the documentation that are figures of experiments, drawn from kept rows: `npm run figures -- --docs` writes them. */
import { Effect } from "effect"
import { join } from "node:path"
import { standalone } from "@nonconvex/figures/drawing"
import * as Svg from "@nonconvex/figures/svg"
import { experiments } from "./Experiments.ts"
import * as KeptRows from "./KeptRows.ts"

const docs = join(import.meta.dirname, "../../../../docs")

/** The figure of each picture, by its experiment at the preset `fast`. */
export const pictures: ReadonlyArray<{
  readonly file: string
  readonly experiment: string
  readonly figure: string
}> = [
  {
    file: join(docs, "matrix-sensing.svg"),
    experiment: "optim-sam/matrix-sensing",
    figure: "test-error",
  },
]

/** The picture as its figure is now. */
export const pictureOf = Effect.fnUntraced(function* (picture: (typeof pictures)[number]) {
  const experiment = experiments.find(({ id }) => id === picture.experiment)!
  const kept = yield* Effect.promise(() => KeptRows.read(experiment, "fast"))
  const { rows } = kept!
  const { figures } = experiment.configure(experiment.preset("fast")).evaluate(rows)
  const { spec } = figures.find(({ id }) => id === picture.figure)!
  const found = yield* Svg.draw({ key: picture.figure, spec, rows })
  return found._tag === "Picture" ? standalone(found.svg) : yield* Effect.die(found.reason)
})
