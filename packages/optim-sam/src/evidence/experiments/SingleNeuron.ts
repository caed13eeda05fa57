/** Limit points of GD, USAM and SAM on `l(xy)`. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Count, Positive } from "@nonconvex/problems/Fields"
import * as Link from "@nonconvex/problems/Link"
import { linearNeuron } from "@nonconvex/problems/Neuron"
import { Schema } from "effect"
import * as Theory from "../../theory/Theory.ts"
import { Contender, gradientDescent, isOf, series } from "../support/Contender.ts"
import { columns, follow, survival, untilOutside } from "../support/Follow.ts"
import { recalled } from "../support/Paper.ts"

const Config = Schema.Struct({
  /** Pairs of learning rate and `gamma = eta (y0^2 - x0^2)`. */
  settings: Schema.Array(Schema.Struct({ learningRate: Positive, gamma: Positive })),
  methods: Schema.Array(Contender),
  steps: Count,
  samSteps: Count,
  records: Count,
})

type Config = typeof Config.Type

const Row = Schema.Struct({
  setting: Schema.String,
  learningRate: Schema.Finite,
  gamma: Schema.Finite,
  ...columns({
    x: Schema.Number,
    y: Schema.Number,
    /** `eta y^2`: gradient descent is stable on the axis below 2. */
    sharpness: Schema.Number,
  }),
})

type Row = typeof Row.Type

/** Last step with its own record: SAM is near the origin when the other methods are at their first record. */
const early = 30_000

/** Values below are drawn as this one. */
const lowest = 1e-3

const threshold = "threshold 2 of gradient descent"

/** x0 / y0 of the start. */
const startRatio = 0.5

const reference: Config = {
  settings: [
    { learningRate: 0.1, gamma: 2 },
    { learningRate: 0.01, gamma: 0.5 },
    { learningRate: 0.01, gamma: 1 },
    { learningRate: 0.01, gamma: 2 },
    { learningRate: 0.01, gamma: 4 },
    { learningRate: 0.001, gamma: 1 },
  ],
  methods: [
    gradientDescent,
    { method: "USAM", radius: 0.01 },
    { method: "USAM", radius: 0.1 },
    { method: "SAM", radius: 0.1 },
  ],
  steps: 400_000,
  samSteps: 2_000_000,
  records: 60,
}

/** `eta y^2` of GD, then `y^2` of USAM at radius 0.01 and 0.1, after 400,000 steps. */
const expected: ReadonlyArray<
  readonly [learningRate: number, gamma: number, gd: number, usam001: number, usam01: number]
> = [
  [0.1, 2, 1.8886, 16.991, 9.9093],
  [0.01, 0.5, 0.4973, 49.2057, 39.9903],
  [0.01, 1, 0.9946, 98.3704, 39.9903],
  [0.01, 2, 1.9889, 99.9911, 39.9903],
  [0.01, 4, 1.9999, 99.9911, 39.9903],
  [0.001, 1, 0.9995, 400.75, 136.5087],
]

const settingName = (learningRate: number, gamma: number): string =>
  `eta ${learningRate}, gamma ${gamma}`

export const singleNeuron = Experiment.table({
  id: "optim-sam/single-neuron",
  title: "Single-neuron linear network: USAM gets stuck, SAM drifts to the origin",
  source: recalled("Theorems 3 and 4 and the figures of l(xy), with our own starts and numbers"),
  question: "How flat is the minimum of l(xy) = sqrt(1 + (xy)^2) at which each method stops?",
  paperScale:
    "The paper draws this toy in the plane (as recalled); its starts and learning rates are unknown to us.",
  deterministic: "nothing is random: the problem and the starts are fixed",
  config: Config,
  columns: Row,
  presets: {
    smoke: { ...reference, steps: 2000, samSteps: 2000, records: 10 },
    fast: reference,
    paper: { ...reference, records: 400 },
  },
  paperSeconds: 4,
  cases: ({ methods, settings }) =>
    settings.flatMap((setting) => methods.map((contender) => ({ ...setting, contender }))),
  row: ({ contender, gamma, learningRate }, { config }) => {
    const y0 = Math.sqrt(gamma / learningRate / (1 - startRatio * startRatio))
    const start = Float64Array.of(startRatio * y0, y0)
    const steps = contender.method === "SAM" ? config.samSteps : config.steps
    const setting = settingName(learningRate, gamma)
    const path = (until: number, records: number) =>
      follow(contender, linearNeuron(Link.sqrt1p), start, {
        learningRate,
        steps: until,
        records,
        ceiling: Number.POSITIVE_INFINITY,
        measure: ([x, y]) => ({ x: x!, y: y!, sharpness: learningRate * y! * y! }),
      })
    const soon = Math.min(early, steps)
    return [
      ...path(soon, 60),
      ...path(steps, config.records).filter(({ step }) => step > soon),
    ].map((recorded) => ({ setting, learningRate, gamma, ...recorded }))
  },
  figures: (rows) => [
    Figure.lines<Row>({
      id: "sharpness",
      title: "Sharpness along the way",
      conclusion:
        "GD and USAM settle at or below the threshold, USAM lower with a larger radius; SAM continues to 0.",
      caption: `eta y² is the curvature of the nearest minimum in units of the learning rate: gradient descent is stable below the "${threshold}".`,
      rows: untilOutside(
        rows.filter(({ step }) => step > 0),
        ({ sharpness }) => sharpness > lowest,
        ({ method, setting }) => `${setting} ${method}`,
      ),
      x: { field: "step", title: "step", scale: "log" },
      y: { field: "sharpness", title: "eta y²", scale: "log", floor: lowest },
      series,
      panel: { field: "setting", title: "setting" },
      references: [Figure.level(threshold, 2)],
    }),
  ],
  expectations: (rows, config) => {
    const alive = survival(rows)
    if (config.steps !== reference.steps || config.samSteps !== reference.samSteps) return [alive]
    const settled = expected.flatMap(([learningRate, gamma, gd, usam001, usam01]) => {
      const setting = settingName(learningRate, gamma)
      const own = rows.filter((row) => row.learningRate === learningRate && row.gamma === gamma)
      const end = (method: Contender["method"], radius = 0) =>
        own.findLast(isOf({ method, radius }))
      const [plain, small, large] = [end("GD"), end("USAM", 0.01), end("USAM", 0.1)]
      const sam = end("SAM", 0.1)
      const within = (statement: string, found: number, value: number) =>
        Expectation.within(
          `${statement}, ${setting}`,
          found,
          value,
          { relative: 1e-3 },
          Expectation.regression,
        )
      return [
        ...(plain === undefined ? [] : [within("eta y² of GD", plain.sharpness, gd)]),
        ...(small === undefined ? [] : [within("y² of USAM 0.01", small.y * small.y, usam001)]),
        ...(large === undefined
          ? []
          : [
              within("y² of USAM 0.1", large.y * large.y, usam01),
              Expectation.atMost(
                `y² of USAM 0.1 / root of z (1 + rho z) = 2 / eta, ${setting}`,
                (large.y * large.y) / Theory.usamEndCurvature(learningRate, 0.1),
                1.001,
                {
                  control: "GD",
                  observed:
                    Elementary.square(plain?.y ?? Number.NaN) /
                    Theory.usamEndCurvature(learningRate, 0.1),
                },
              ),
            ]),
        ...(sam === undefined
          ? []
          : [
              Expectation.atMost(`|y| of SAM 0.1, ${setting}`, Math.abs(sam.y), 1e-5, {
                control: "USAM 0.1",
                observed: Math.abs(large?.y ?? Number.NaN),
              }),
            ]),
      ]
    })
    return [alive, ...settled]
  },
})
