/** Negative controls: settings in which label noise must have no effect, and one in which it has. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import { AtLeastTwo, Count, NotNegative } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { stabilityLimit } from "../../descent/LabelNoiseSgd.ts"
import { warmStart } from "../../descent/WarmStart.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import { spreadAt } from "../../limit/Diagnostics.ts"
import * as Activation from "../../network/Activation.ts"
import { relabelled } from "../../network/TwoLayer.ts"
import { derived } from "../support/Paper.ts"
import { record } from "../support/Record.ts"
import { teacherProblem } from "../support/TeacherProblem.ts"

const names = ["z^3 + z", "z", "z^2 / 2"] as const

const activations = {
  "z^3 + z": Activation.cubic(1),
  z: Activation.identity,
  "z^2 / 2": Activation.square,
}

const Run = Schema.Struct({
  activation: Schema.Literals(names),
  noise: NotNegative,
})

type Run = typeof Run.Type

const Config = Schema.Struct({
  runs: Schema.Array(Run),
  steps: Count,
  records: AtLeastTwo,
})

type Config = typeof Config.Type

const nameOf = ({ activation, noise }: Run): string =>
  noise === 0 ? `${activation}, no noise` : activation

const reference: Config = {
  runs: [
    { activation: "z^3 + z", noise: 0.1 },
    { activation: "z^3 + z", noise: 0 },
    { activation: "z", noise: 0.1 },
    { activation: "z^2 / 2", noise: 0.01 },
  ],
  steps: 100_000,
  records: 20,
}

const isIn = (runs: ReadonlyArray<Run>) => (run: Run) =>
  runs.some((other) => nameOf(other) === nameOf(run))

export const controls = Experiment.table({
  id: "label-noise/controls",
  title: "Settings in which label noise does not reduce sharpness",
  source: derived("activations outside of the assumptions, and no noise"),
  question: "Do neurons stay apart without noise, without a third derivative, or without a slope?",
  config: Config,
  columns: Schema.Struct({
    run: Schema.String,
    ...Run.fields,
    step: Schema.Int,
    /** Spread of the neurons on the data, relative to the start. */
    spread: Schema.Number,
    /** Sharpness at the point that gradient descent without noise reaches from here, relative to the start. */
    sharpness: Schema.Number,
  }),
  presets: {
    smoke: { ...reference, steps: 2000, records: 4 },
    fast: reference,
    paper: { ...reference, steps: 1_000_000, records: 100 },
  },
  paperSeconds: 3,
  cases: ({ runs }) => runs,
  row: (run, { config, kernels, seed }) => {
    const { network: cubic, theta } = teacherProblem(seed.child("p"), [0.32, 1.08, 1.6], 6, kernels)
    const network = relabelled({ ...cubic, activation: activations[run.activation] }, theta)
    const at = { convention: "half", sampling: "full" } as const
    const first = spreadAt(network, theta)
    const geometry = new Geometry(network)
    const { sharpness } = geometry.atParameters(theta)
    const learningRate = 0.2 * stabilityLimit(network, theta, at)
    const options = { ...at, ...config, ...run, learningRate, seed: seed.child(nameOf(run)) }
    return record(network, theta, options, (point, step) => {
      const rested = warmStart(network, point)
      return {
        run: nameOf(run),
        ...run,
        step,
        spread: spreadAt(network, point) / first,
        sharpness: geometry.atParameters(rested).sharpness / sharpness,
      }
    })
  },
  figures: () => [
    Figure.lines({
      id: "sharpness",
      title: "Sharpness on the minima / initial sharpness",
      conclusion:
        "Sharpness falls only with noise and an activation whose first and third derivatives are positive.",
      x: { field: "step", title: "step" },
      y: { field: "sharpness", title: "F / F at the start" },
      series: { field: "run", title: "activation" },
    }),
  ],
  expectations: (rows, { runs, steps }) => {
    if (steps < reference.steps || !reference.runs.every(isIn(runs))) return []
    const left = (column: "spread" | "sharpness", activation: Run["activation"], isNoisy = true) =>
      rows.findLast((row) => row.activation === activation && row.noise > 0 === isNoisy)?.[
        column
      ] ?? Number.NaN
    const same = { absolute: 1e-9 }
    const noisy = (column: "spread" | "sharpness") => ({
      control: "z^3 + z with noise",
      observed: left(column, "z^3 + z"),
    })
    return [
      Expectation.atMost("z^3 + z: final / initial spread", left("spread", "z^3 + z"), 0.25, {
        control: "without noise",
        observed: left("spread", "z^3 + z", false),
      }),
      Expectation.atMost("z^3 + z: final / initial sharpness", left("sharpness", "z^3 + z"), 0.99, {
        control: "without noise",
        observed: left("sharpness", "z^3 + z", false),
      }),
      Expectation.within(
        "no noise: final / initial spread",
        left("spread", "z^3 + z", false),
        1,
        same,
        noisy("spread"),
      ),
      Expectation.within("z: spread left", left("spread", "z"), 1, same, noisy("spread")),
      Expectation.within(
        "z: final / initial sharpness",
        left("sharpness", "z"),
        1,
        same,
        noisy("sharpness"),
      ),
      Expectation.within(
        "z^2 / 2: final / initial sharpness",
        left("sharpness", "z^2 / 2"),
        1,
        same,
        noisy("sharpness"),
      ),
    ]
  },
})
