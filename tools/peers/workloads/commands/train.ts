/**
 * One training of the command `train` with SAM at radius 0.3, on five sets: held-out quality over seeds, and what SAM adds to it. Three
 * sets ship, two are made here, one of words, holes and numbers. Seed k trains on four fifths of the rows, the same as on the Python
 * side. The command itself chooses the method: python/training.py measures that.
 *
 * What was expected before these splits were run: the start and the learning rate were chosen on nine other sets, drawn by the makers of
 * patients and friedman with other numbers and by two others, 12 splits each. There the network was 0.0 to 2.1 points better than
 * scikit-learn's on the four sets of values, its target scaled, and from 0.6 points worse to 0.6 better on the five of classes: so nowhere
 * worse by more than chance here either, and closest on breast-cancer.
 */
import * as Encoder from "@nonconvex/datasets/Encoder"
import type * as Frame from "@nonconvex/datasets/Frame"
import * as Standardisation from "@nonconvex/numerics/Standardisation"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { train } from "@nonconvex/optim-sam/operations"
import { Result } from "effect"
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { numbers } from "../../src/Numbers.ts"
import { errorOverSplits, pairedDifference } from "../../src/Statistics.ts"
import type { Parameters, Splits, Workload } from "../../src/Workload.ts"

type TrainInput = typeof train.input.Type

const seeds = 24
const splits: Splits = { count: seeds, heldOut: 0.2, studentPoint: 2.068658 }

/** Columns with a target, and the range that all features have in common, if they do. */
interface Table {
  readonly columns: ReadonlyArray<Frame.Column>
  readonly rows: number
  readonly target:
    | { readonly labels: ReadonlyArray<number> }
    | { readonly values: ReadonlyArray<number> }
  readonly range?: number
}

const numeric = (name: string, values: ArrayLike<number>): Frame.Column => ({
  _tag: "Numbers",
  name,
  values: Float64Array.from(values),
})

const words = (
  name: string,
  codes: ReadonlyArray<number>,
  all: ReadonlyArray<string>,
): Frame.Column => ({
  _tag: "Words",
  name,
  codes: Int32Array.from(codes),
  words: all,
})

const shipped = new URL("../../../../packages/datasets/data/scikit-learn/", import.meta.url)

const fromCsv = (name: string, isClasses: boolean): Table => {
  const text = readFileSync(new URL(`${name}.csv`, shipped), "utf8")
  const [header = "", ...lines] = text.trim().split(/\r?\n/)
  const cells = lines.map((line) => line.split(","))
  const names = header.split(",")
  const last = cells.map((row) => row.at(-1))
  const classes = [...new Set(last)].toSorted()
  return {
    columns: names.slice(0, -1).map((column, j) =>
      numeric(
        column,
        cells.map((row) => Number(row[j])),
      ),
    ),
    rows: cells.length,
    target: isClasses
      ? { labels: last.map((word) => classes.indexOf(word)) }
      : { values: last.map(Number) },
  }
}

const digits = (): Table => {
  const bytes = (name: string, header: number) =>
    gunzipSync(readFileSync(new URL(`${name}-ubyte.gz`, shipped))).subarray(header)
  const [images, labels] = [bytes("digits-images-idx3", 16), bytes("digits-labels-idx1", 8)]
  const pixel = (j: number) => Array.from(labels, (_, i) => images[64 * i + j]!)
  return {
    columns: Array.from({ length: 64 }, (_, j) => numeric(`pixel ${j}`, pixel(j))),
    rows: labels.length,
    target: { labels: [...labels] },
    range: 16,
  }
}

/** 600 patients: an age and a ward that are missing in places, a stage, a dose, and an outcome that these and chance decide. */
const patients = (): Table => {
  const n = 600
  const drawn = (salt: number) => [...numbers(n, salt)]
  const third = (u: number) => Math.floor(3 * (u + 0.5))
  const [noAge, noWard, chance, more] = [drawn(15), drawn(16), drawn(17), drawn(18)]
  const age = drawn(11).map((u) => 50 + 40 * u)
  const [ward, stage] = [drawn(12).map(third), drawn(13).map(third)]
  const dose = drawn(14).map((u) => 10 * u)
  const isIll = age.map((years, i) => {
    const risk = (years - 50) / 12 + (ward[i] === 0 ? 1.2 : -0.6) + 0.8 * (stage[i]! - 1)
    return risk + (stage[i] === 2 ? -0.2 : 0.1) * dose[i]! + 2 * (chance[i]! + more[i]!) > 0 ? 1 : 0
  })
  return {
    columns: [
      numeric(
        "age",
        age.map((years, i) => (noAge[i]! > 0.4 ? Number.NaN : years)),
      ),
      words(
        "ward",
        ward.map((code, i) => (noWard[i]! > 0.45 ? -1 : code)),
        ["north", "south", "west"],
      ),
      words("stage", stage, ["low", "mid", "high"]),
      numeric("dose", dose),
    ],
    rows: n,
    target: { labels: isIll },
  }
}

/** Friedman 1991, the first of his functions: 500 rows of ten uniform numbers, of which five matter. */
const friedman = (): Table => {
  const n = 500
  const x = Array.from({ length: 10 }, (_, j) => numbers(n, 31 + j).map((u) => u + 0.5))
  const noise = numbers(n, 41)
  const values = Array.from({ length: n }, (_, i) => {
    const [a, b, c, d, e] = x.map((column) => column[i]!) as [
      number,
      number,
      number,
      number,
      number,
    ]
    return (
      10 * Math.sin(Math.PI * a * b) +
      20 * (c - 0.5) ** 2 +
      10 * d +
      5 * e +
      Math.sqrt(12) * noise[i]!
    )
  })
  return { columns: x.map((column, j) => numeric(`x${j}`, column)), rows: n, target: { values } }
}

/** The sets by their number in the parameters. */
const sets: ReadonlyArray<readonly [name: string, make: () => Table]> = [
  ["breast-cancer", () => fromCsv("breast-cancer", true)],
  ["digits", digits],
  ["diabetes", () => fromCsv("diabetes", false)],
  ["patients (words, holes)", patients],
  ["friedman", friedman],
]

/** The rows by the size of a number that each draws: the first fifth is held out. */
const orderOf = (rows: number, seed: number): ReadonlyArray<number> => {
  const drawn = numbers(rows, 1000 + seed)
  return Array.from({ length: rows }, (_, i) => i).toSorted((i, j) => drawn[i]! - drawn[j]!)
}

/** As `train` prepares a file: encoded and scaled by what the training rows look like. */
const dataOf = ({ columns, range, rows, target }: Table, seed: number): TrainInput["data"] => {
  const order = orderOf(rows, seed)
  const held = Math.floor(rows / 5)
  const [test, chosen] = [order.slice(0, held), order.slice(held)]
  const frame = {
    path: "set",
    spelling: { encoding: "utf-8", delimiter: ",", decimal: ".", groups: false, quote: '"' },
    rows,
    lines: [],
    columns: new Map(columns.map((column) => [column.name, column])),
    verbatim: new Map(),
  } as const
  const { encoder } = Result.getOrThrow(Encoder.learn(frame, "", chosen))
  const features = Encoder.features(encoder)
  const raw = Encoder.apply(encoder, frame, chosen).features
  const scalings = features.map(({ hasUnit }, j) => {
    if (range !== undefined) return { shift: 0, scale: range }
    return hasUnit ? Standardisation.of(raw, j, features.length) : { shift: 0, scale: 1 }
  })
  const part = (which: ReadonlyArray<number>): TrainInput["data"]["train"] => ({
    features: Encoder.apply(encoder, frame, which).features.map((value, at) => {
      const { scale, shift } = scalings[at % features.length]!
      return (value - shift) / scale
    }),
    target:
      "labels" in target
        ? { _tag: "Classes", labels: Int32Array.from(which, (i) => target.labels[i]!) }
        : { _tag: "Values", values: Float64Array.from(which, (i) => target.values[i]!) },
  })
  return {
    dimension: features.length,
    classes: "labels" in target ? new Set(target.labels).size : undefined,
    train: part(chosen),
    test: part(test),
  }
}

const kernels = Kernels.makeStrict()

/** The share of right rows, or of the variance that is explained, of those that were held out. */
const score = (table: Table, method: "sam" | "plain", seed: number): number => {
  const { test } = train.run(
    {
      data: dataOf(table, seed),
      shape: { hidden: [100], activation: "relu" },
      recipe: { method, weightDecay: 0 },
      batch: 32,
      lean: true,
      seed,
    },
    { kernels, report: () => undefined },
  )
  return test._tag === "Accuracy" ? test.accuracy : test.explained!
}

const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const ours =
  (method: "sam" | "plain") =>
  ({ set }: Parameters) => {
    const table = sets[set!]![1]()
    const over = (which: "sam" | "plain") =>
      Array.from({ length: seeds }, (_, seed) => score(table, which, seed))
    return {
      run: () => void score(table, method, 0),
      result: () => {
        const own = over(method)
        const quality = [mean(own), errorOverSplits(own, splits)]
        const gain =
          method === "plain"
            ? { mean: 0, low: 0, high: 0 }
            : pairedDifference(own, over("plain"), splits)
        return [...quality, gain.mean, gain.low, gain.high, ...own]
      },
    }
  }

export const workload: Workload = {
  cases: sets.map(([name], set) => ({
    name,
    parameters: { set },
    figures: ["score", "standard error", "gain of SAM", "from", "to"],
    splits,
    isLong: true,
  })),
  implementations: [
    { name: "train", own: true, prepare: ours("sam") },
    { name: "train --method plain", own: true, prepare: ours("plain") },
  ],
}
