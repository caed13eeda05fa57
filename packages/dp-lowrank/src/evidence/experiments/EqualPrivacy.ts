/** Error of each mechanism at one privacy guarantee. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import * as Mechanism from "../../noise/GaussianMechanism.ts"
import * as Public from "../../privacy/Public.ts"
import { derived } from "../support/Paper.ts"
import { between } from "../support/Settings.ts"
import { rootMeanSquares, squaredErrorOf } from "../support/Trials.ts"

const Row = Schema.Struct({
  mechanism: Schema.String,
  epsilon: Schema.Number,
  deliveredEpsilon: Schema.Number,
  error: Schema.Number,
})

type Row = typeof Row.Type

const compared = [
  "complex-as-printed",
  "real-as-printed",
  "upper-triangle",
  "complex",
  "isotropic",
] as const

const reference = {
  dimension: 60,
  spectrum: [1800, 1500, 1200],
  epsilons: [0.5, 1, 2],
  delta: 1e-6,
  trials: 60,
}

export const equalPrivacy = Experiment.table({
  id: "dp-lowrank/equal-privacy",
  title: "The mechanisms at equal privacy",
  source: derived("Theorem 1, against exact calibration"),
  question:
    "How large is the error of each mechanism if all promise the same (epsilon, delta) for a replaced row?",
  paperScale:
    "The paper has no such experiment: its only figure shows one path of 6 eigenvalues, real and complex.",
  config: Schema.Struct({
    dimension: between(6, 200),
    spectrum: Schema.Array(Schema.Finite),
    epsilons: Schema.Array(Positive),
    delta: Schema.Finite.check(Schema.isBetween({ minimum: 1e-300, maximum: 0.5 })),
    trials: Count,
  }),
  columns: Row,
  presets: {
    smoke: {
      ...reference,
      dimension: 24,
      spectrum: [800, 700, 600],
      epsilons: [0.5, 1],
      trials: 20,
    },
    fast: reference,
    paper: { ...reference, epsilons: [0.1, 0.3, 1, 3, 10], trials: 200 },
  },
  paperSeconds: 4,
  cases: ({ epsilons }) =>
    epsilons.flatMap((epsilon) => compared.map((name) => ({ epsilon, name }))),
  row: ({ epsilon, name }, { config, kernels, seed }) => {
    const { delta, dimension, spectrum, trials } = config
    const bound = Public.bound(1)
    const mechanism = Mechanism.named(name, { epsilon, delta, neighbours: "replace", bound })
    const draw = squaredErrorOf(
      {
        spectrum: Float64Array.from({ length: dimension }, (_, i) => spectrum[i] ?? 0),
        rank: spectrum.length,
        stream: RandomStream.make(seed.child(`${name} ${epsilon}`)),
        kernels,
      },
      mechanism,
    )
    return {
      mechanism: name,
      epsilon,
      deliveredEpsilon: Mechanism.deliveredEpsilon(mechanism),
      ...rootMeanSquares(trials, draw),
    }
  },
  figures: (rows) => {
    const relative = rows.flatMap(({ epsilon, error, mechanism }) => {
      const best = rows.find((row) => row.mechanism === "isotropic" && row.epsilon === epsilon)
      return best === undefined || mechanism === "isotropic"
        ? []
        : [{ mechanism, epsilon, relative: error / best.error }]
    })
    return [
      Figure.lines({
        id: "errors",
        title: "Error of the private rank-k matrix / error of exactly calibrated noise",
        conclusion: "The printed mechanisms add more noise than the promise needs.",
        caption: '"isotropic" is real noise with exact calibration.',
        rows: relative,
        x: { field: "epsilon", title: "epsilon", scale: "log" },
        y: { field: "relative", title: "root mean square error / that of isotropic" },
        series: { field: "mechanism", title: "mechanism" },
        references: [Figure.level("isotropic", 1)],
      }),
    ]
  },
  expectations: (rows, { trials }) => {
    const own = rows.filter((row) => row.epsilon === 1)
    const [printed, , upper, complex, isotropic] = compared.map(
      (name) => own.find((row) => row.mechanism === name)?.error ?? Number.NaN,
    ) as [number, number, number, number, number]
    if (own.length === 0) return []
    const error = 0.6 / Math.sqrt(trials)
    const ordered = (best: number) =>
      [
        ["isotropic", best],
        ["upper triangle", upper],
        ["complex as printed", printed],
      ] as const
    return [
      Expectation.increasing("errors at epsilon 1", ordered(isotropic), {
        control: "isotropic at a smaller epsilon",
        observed: ordered(
          rows.find((row) => row.mechanism === "isotropic" && row.epsilon < 1)?.error ?? Number.NaN,
        ),
      }),
      Expectation.within(
        "error, printed / isotropic",
        printed / isotropic,
        1.77,
        { absolute: 0.08 + error },
        Expectation.regression,
      ),
      Expectation.within(
        "error, complex / real noise at the same scale",
        complex / isotropic,
        1,
        {
          absolute: 0.03 + error,
        },
        { control: "upper triangle", observed: upper / isotropic },
      ),
    ]
  },
})
