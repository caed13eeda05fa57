/** Readers of documents: networks, sweeps, results, bundles, studies, and of texts that somebody pastes. */
import { assert } from "@effect/vitest"
import * as Seam from "@nonconvex/numerics/Seam"
import * as Token from "@nonconvex/evidence/Replay"
import * as Seeds from "@nonconvex/runner/sweep/Seeds"
import * as Sweep from "@nonconvex/runner/sweep/Sweep"
import * as Trials from "@nonconvex/runner/sweep/Trials"
import { Effect, Option, Stream } from "effect"
import * as Flattenable from "../../src/data/flatten/Flattenable.ts"
import * as PublicScales from "../../src/data/release/PublicScales.ts"
import * as Page from "../../src/evidence/report/Page.ts"
import * as Unpacked from "../support/Unpacked.ts"
import * as KeptRows from "../../src/evidence/kept/KeptRows.ts"
import * as Report from "../../src/evidence/report/Report.ts"
import * as Bundle from "../../src/evidence/runs/Bundle.ts"
import { BadExpression } from "../../src/evidence/runs/Clause.ts"
import * as Metric from "../../src/evidence/runs/Metric.ts"
import * as StoredResult from "../../src/evidence/study/StoredResult.ts"
import * as RunFilter from "../../src/evidence/runs/RunFilter.ts"
import * as SweepDraft from "../../src/evidence/sweep/SweepDraft.ts"
import * as TrainedNetwork from "../../src/networks/TrainedNetwork.ts"
import { keptRun } from "../support/Kept.ts"
import * as Changes from "./Changes.ts"
import { furtherReaders } from "./Further.ts"
import { readersOfLogs } from "./Logs.ts"
import { networks } from "./Networks.ts"
import { contentOf, isWhole, type Reader } from "./Reader.ts"
import { readersOfStores } from "./Stores.ts"
import { readersOfBytes, readersOfTables } from "./Tables.ts"
import * as Provenance from "../support/Provenance.ts"

export const network = {
  format: 1,
  data: "people",
  made: {
    version: "0.1.0",
    target: "outcome",
    method: "sgd",
    learningRate: 0.1,
    radius: 0,
    epochs: 1,
    batch: 2,
    seed: 1,
    kernels: "strict",
    trainRows: 3,
    testRows: 1,
  },
  architecture: { widths: [3, 2, 2], activation: "relu" },
  parameters: Array.from({ length: 14 }, (_, k) => k / 7),
  encoder: [
    { _tag: "Number", column: "age", fill: 40, marksMissing: false },
    {
      _tag: "OneHot",
      column: "ward",
      categories: ["north", "south"],
      fill: "north",
      marksMissing: false,
    },
  ],
  features: ["age", "ward=north", "ward=south"],
  inputs: { shift: [0, 0, 0], scale: [1, 1, 1] },
  target: { _tag: "Classification", classes: ["ill", "well"] },
}

const twoLayer = {
  format: 2,
  data: "numbers",
  rows: 2,
  activation: { name: "cubic", slope: 1 },
  neurons: 2,
  theta: [1, 2, 3, 4, 5, 6],
  features: ["x", "y"],
  inputs: { shift: [0, 0], scale: [1, 1] },
  target: { shift: 0, scale: 1 },
}

const keptRows: KeptRows.KeptRows = {
  experiment: "toy/dice",
  config: { rolls: 2 },
  code: "0".repeat(64),
  rows: new Map([
    [1, [{ value: Number.NaN, name: 'a "quoted", one', isLast: true }]],
    [2, [{ value: 1e300, name: "c", isLast: false }]],
  ]),
}

const sweep = {
  experiment: "toy/dice",
  preset: "smoke",
  set: { rolls: 3 },
  vary: { radius: [0, 0.1], rate: { low: 0.001, high: 1, scale: "log" } },
  seeds: "1..3,7",
  sampler: "random",
  trials: 4,
  samplerSeed: 1,
  goal: "least",
}

const source = { paper: "Nobody 2000", statement: "Theorem 1", basis: "derived here" }
const verdict = {
  _tag: "Held",
  id: "toy/at-most-nine",
  statement: "A digit is at most nine.",
  source,
  runs: 3,
  margins: { worst: 0, percent1: 0, percent10: 0.5, median: 1 },
  caught: [],
}
const axis = {
  field: "x",
  type: "quantitative",
  title: "x",
  scale: { type: "linear", zero: false },
}
export const results = {
  format: 1,
  provenance: {
    preset: "smoke",
    runs: 3,
    seed: 1,
    jobs: 1,
    startedAt: "2026-11-27T08:00:00.000Z",
    seconds: 1,
    node: "v24.0.0",
    platform: "linux",
    cpu: "none",
    cores: 2,
    packages: { effect: "4.1.0" },
  },
  systems: [
    {
      id: "toy",
      title: "Toys",
      paper: {
        title: "On toys",
        authors: "A. Nobody",
        venue: "Nowhere",
        year: 2000,
        arxiv: "0000.00000",
      },
      verdicts: [verdict],
      experiments: [
        {
          id: "toy/dice",
          title: "Dice",
          question: "Do they fall?",
          source,
          seed: 1,
          config: { rolls: 3 },
          rows: [{ x: 1, y: 2, name: "a", done: true }],
          figures: [
            {
              id: "mean",
              title: "Mean",
              caption: "It is.",
              spec: {
                data: { name: "table" },
                mark: { type: "point" },
                encoding: { x: axis, y: axis },
              },
            },
          ],
          expectations: [],
          seconds: 1,
        },
      ],
    },
  ],
  failures: [],
}

const kept = keptRun({ subject: "toy/dice", config: { rolls: 3 } })
const bundle = [
  { nonconvex: "runs", version: 1, sweeps: [] },
  { run: kept },
  { part: 0, of: { _tag: "Rows", seconds: 1, rows: [{ n: 0.5, name: "a", done: true }] } },
]
  .map((line) => JSON.stringify(line))
  .join("\n")

const ofJson = (name: string, values: ReadonlyArray<object>, read: Reader["read"]): Reader => ({
  name,
  seeds: values.map((value) => JSON.stringify(value)),
  change: Changes.json,
  read,
})

const readersOfJson: ReadonlyArray<Reader> = [
  ofJson("TrainedNetwork.read", [network], (path) =>
    Effect.map(TrainedNetwork.read(path), ({ architecture: { widths }, features, parameters }) => {
      const count = widths.slice(1).reduce((sum, width, l) => sum + width * (widths[l]! + 1), 0)
      assert.strictEqual(parameters.length, count)
      assert.isTrue(parameters.every(Number.isFinite))
      assert.strictEqual(features.length, widths[0])
    }),
  ),
  ofJson("Flattenable.read", [twoLayer, network], (path) =>
    Effect.map(Flattenable.read(path), ({ neurons, theta }) => {
      assert.isTrue(isWhole(neurons))
      assert.strictEqual(theta.length % neurons, 0)
    }),
  ),
  ofJson("PublicScales.read", [{ age: 100, income: 1e5 }], (path) =>
    Effect.gen(function* () {
      const scales = yield* PublicScales.read({ path: "people.csv", scale: path })
      const columns = [...scales!.byColumn.keys()]
      const scale = yield* PublicScales.scaleFor(scales, columns)
      assert.isTrue(scale!.every((value) => value > 0 && Number.isFinite(value)))
      assert.lengthOf(scale!, columns.length)
    }),
  ),
  ofJson("Asked.draft", [sweep], (path) =>
    Effect.flatMap(SweepDraft.draft({ ...noFlags, file: path }), (draft) =>
      Effect.flatMap(Sweep.complete(draft), (whole) =>
        // as every command does, which refuses more
        Trials.count(whole, 1) > 1000n ? Effect.void : Trials.configurations(whole),
      ),
    ),
  ),
  ofJson("Report.read", [results], (path) =>
    Effect.map(Report.read(path), (read) => {
      const page = Page.render(read)
      const all = [page, ...Object.values(Unpacked.markup(page))].join("\n")
      assert.notMatch(all, /<script>alert|javascript:|file:\/\//)
      for (const { experiments, id } of read.systems) {
        assert.match(id, /^[a-z0-9-]+$/)
        for (const { figures, id: name } of experiments) {
          assert.match(name, /^[a-z0-9-]+\/[a-z0-9-]+$/)
          for (const figure of figures) assert.match(figure.id, /^[a-z0-9-]+$/)
        }
      }
    }),
  ),
  {
    name: "KeptRows.decode",
    seeds: [KeptRows.encode(keptRows)],
    change: Changes.table,
    read: (path) =>
      Effect.map(
        KeptRows.decode(path, keptRows.experiment, new TextDecoder().decode(contentOf(path))),
        ({ experiment }) => assert.strictEqual(experiment, keptRows.experiment),
      ),
  },
  {
    name: "Bundle.decode",
    seeds: [bundle],
    change: Changes.lines,
    read: (path) =>
      Stream.runFold(
        Bundle.decode(path, Stream.succeed(new TextDecoder().decode(contentOf(path)))),
        () => 0,
        (count, { parts, run }) => {
          assert.isAtMost(parts.size, run.parts)
          return count + 1
        },
      ),
  },
]

const noFlags: SweepDraft.Flags = {
  experiment: undefined,
  grid: [],
  range: [],
  set: undefined,
  seeds: undefined,
  preset: undefined,
  sampler: undefined,
  trials: undefined,
  samplerSeed: undefined,
  batch: undefined,
  metric: undefined,
  least: false,
  resource: undefined,
  from: undefined,
  eta: undefined,
  file: undefined,
  command: undefined,
  results: undefined,
  code: [],
  env: false,
  prune: false,
  timeout: undefined,
}

/** What is read from a line that somebody types or pastes. */
const ofText = (
  name: string,
  seeds: ReadonlyArray<string>,
  read: (text: string) => unknown,
): Reader => ({
  name,
  seeds,
  change: Changes.text,
  read: (path) =>
    Seam.attempt([BadExpression], () => read(new TextDecoder().decode(contentOf(path)))),
})

const readersOfText: ReadonlyArray<Reader> = [
  ofText("Token.parse", ["optim-sam/step@42:3:0", "toy/a+base-sixteen@-7:12:0:1:1"], (text) =>
    Option.match(Token.parse(text), {
      onNone: () => undefined,
      onSome: ({ path, seed }) => {
        assert.strictEqual(seed, seed | 0)
        assert.isAtMost(path.split(":").length, 1000)
      },
    }),
  ),
  ofText("Seeds", ["0..9", "1,4,7", "-3..-1,5"], (text) => {
    assert.isTrue(Seeds.count(text) >= 0n)
  }),
  ofText(
    "Where.parse",
    ["experiment=optim-sam/valley and seed<3 and radius>=0.05"],
    RunFilter.parse,
  ),
  ofText("Metric.parse", ["max(accuracy where method=SAM)", "last(loss)"], Metric.parse),
]

const study: StoredResult.Stored = {
  provenance: {
    format: 1,
    study: "dice",
    sweep: Effect.runSync(Sweep.complete({ experiment: "toy/dice", vary: { radius: [0, 0.5] } })),
    ...Provenance.ofStudy,
    settings: ["radius"],
    columns: ["mean", "name"],
  },
  trials: [0, 0.5].map((radius) => ({
    settings: { radius },
    seed: 1,
    rows: [{ mean: 0.25, name: "a" }],
  })),
}

/** All readers. */
export const readers = Effect.map(
  Effect.promise(() => StoredResult.encode(study)),
  (stored): ReadonlyArray<Reader> => [
    ...readersOfTables,
    ...readersOfBytes,
    ...readersOfJson,
    ...readersOfLogs,
    ...networks,
    ...furtherReaders,
    ...readersOfStores,
    {
      name: "Stored.decode",
      seeds: [stored],
      inThread: "parquet",
      change: Changes.bytes,
      read: (path) =>
        Effect.map(StoredResult.decode(path, contentOf(path)), (read) => {
          const cells = StoredResult.flat(read).flatMap((row) => Object.values(row))
          assert.isTrue(
            cells.every((cell) => ["number", "string", "boolean"].includes(typeof cell)),
          )
        }),
    },
    ...readersOfText,
  ],
)
