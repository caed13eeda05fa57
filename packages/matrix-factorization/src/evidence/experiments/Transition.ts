/** Instance by instance near the transition: do flatness and nuclear norm recover the same ones? */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import { Count } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { flattestInterpolant, minimiseNuclearNorm } from "../../index.ts"
import { pairs, range } from "../support/Combinations.ts"
import { derived } from "../support/Paper.ts"
import { settingsOf } from "../support/RecoverySettings.ts"
import { unitSensing } from "../support/Sensing.ts"

const Config = Schema.Struct({
  size: Count,
  settings: Schema.Array(Schema.Struct({ rank: Count, measurements: Count })),
  seeds: Count,
})

type Config = typeof Config.Type

const Row = Schema.Struct({
  setting: Schema.String,
  rank: Schema.Int,
  measurements: Schema.Int,
  instance: Schema.Int,
  nuclear: Schema.Number,
  flattest: Schema.Number,
  recovered: Schema.Literals(["both", "neither", "nuclear only", "flattest only"]),
})

type Row = typeof Row.Type

const reference: Config = {
  size: 8,
  settings: [...settingsOf(1, [24, 28, 32]), ...settingsOf(2, [40, 44, 48])],
  seeds: 30,
}

const outcome = (nuclear: boolean, flattest: boolean): Row["recovered"] => {
  if (nuclear) return flattest ? "both" : "nuclear only"
  return flattest ? "flattest only" : "neither"
}

const countOf = (rows: ReadonlyArray<Row>, kinds: ReadonlyArray<Row["recovered"]>): number =>
  rows.filter(({ recovered }) => kinds.includes(recovered)).length

/** The rows of each rank with the fewest measurements, or the most, in the order of their instances. */
const extreme = (
  rows: ReadonlyArray<Row>,
  end: (values: ReadonlyArray<number>) => number,
): ReadonlyArray<ReadonlyArray<Row>> =>
  Summary.distinct(rows.map(({ rank }) => rank)).map((rank) => {
    const own = rows.filter((row) => row.rank === rank)
    const count = end(own.map(({ measurements }) => measurements))
    return own.filter(({ measurements }) => measurements === count)
  })

/** Share of instances on which the nuclear norm of one list and the flattest interpolant of the other give the same matrix. */
const agreement = (ofNuclear: ReadonlyArray<Row>, ofFlattest: ReadonlyArray<Row>): number =>
  ofNuclear.filter(
    (row, k) =>
      ["both", "nuclear only"].includes(row.recovered) ===
      ["both", "flattest only"].includes(ofFlattest[k]!.recovered),
  ).length / ofNuclear.length

export const transition = Experiment.table({
  id: "matrix-factorization/transition",
  title: "Near the transition, flatness and nuclear norm mostly recover the same matrices",
  source: derived("recovery near the transition, in our own setting"),
  question: "Do the smallest nuclear norm and flatness recover the same instances?",
  config: Config,
  columns: Row,
  presets: {
    smoke: { ...reference, seeds: 4 },
    fast: reference,
    paper: { ...reference, seeds: 300 },
  },
  paperSeconds: 85,
  cases: ({ seeds, settings }) => pairs(settings, range(seeds)),
  row: ([{ measurements: count, rank }, instance], { config: { size }, kernels, seed }) => {
    const own = seed.child(rank).child(count).child(instance)
    const { error, measurements, targets } = unitSensing(size, rank, count, own, kernels)
    const nuclear = error(minimiseNuclearNorm(measurements, targets).matrix)
    const flattest = error(flattestInterpolant(measurements, targets).matrix)
    return {
      setting: `rank ${rank}, ${count} measurements`,
      rank,
      measurements: count,
      instance,
      nuclear,
      flattest,
      recovered: outcome(nuclear < 1e-5, flattest < 1e-5),
    }
  },
  figures: () => [
    Figure.points<Row>({
      id: "errors",
      title: "Errors of both principles on each instance",
      caption:
        "At the bottom, the flattest interpolant recovered the matrix; at the left, the smallest nuclear norm did. Where only one succeeded, the error of the other is large.",
      x: { field: "nuclear", title: "error, least nuclear norm", scale: "log", floor: 1e-8 },
      y: {
        field: "flattest",
        title: "error, flattest of two layers",
        scale: "log",
        floor: 1e-8,
      },
      series: { field: "recovered", title: "recovered by" },
    }),
  ],
  expectations: (rows, { seeds }) => {
    const fewest = extreme(rows, Summary.smallest)
    const alike = Expectation.atLeast(
      "share of instances on which both agree",
      agreement(rows, rows),
      0.8,
      {
        control: "instances with the fewest measurements against instances with the most",
        observed: agreement(fewest.flat(), extreme(rows, Summary.largest).flat()),
      },
    )
    // with few seeds there may be no exception
    if (seeds < 30) return [alike]
    const rate = (some: ReadonlyArray<Row>, alone: Row["recovered"]) =>
      countOf(some, ["both", alone]) / some.length
    return [
      alike,
      Expectation.atLeast(
        "number of instances that only one of them recovers",
        [countOf(rows, ["flattest only"]), countOf(rows, ["nuclear only"])],
        1,
        Expectation.uncontrolled("both errors of an exception are certified"),
      ),
      Expectation.within(
        "rates of recovery",
        rate(rows, "flattest only"),
        rate(rows, "nuclear only"),
        { absolute: 0.1 },
        {
          control: "the fewest measurements only",
          observed: fewest.map((some) => rate(some, "flattest only")),
        },
      ),
    ]
  },
})
