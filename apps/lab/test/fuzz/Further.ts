/** Readers of models, certificates, studies, states, private tables and stores, and of the samples of networks of other programs. */
import { assert } from "@effect/vitest"
import * as Idx from "@nonconvex/datasets/Idx"
import * as Npy from "@nonconvex/datasets/Npy"
import type { PrivateScatter } from "@nonconvex/dp-lowrank"
import { readOutputs, readPrivateTable } from "@nonconvex/dp-lowrank/node"
import * as Seam from "@nonconvex/numerics/Seam"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import { certify, check, Methods, readCertificate, readMethod } from "@nonconvex/worst-case"
import { Effect } from "effect"
import { zipSync } from "fflate"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as CompletionFile from "../../src/data/complete/CompletionFile.ts"
import * as WorstCaseFile from "../../src/data/worst-case/WorstCaseFile.ts"
import * as Study from "../../src/evidence/study/Study.ts"
import * as Json from "../../src/files/Json.ts"
import { samplesOfArrays, samplesOfIdx } from "@nonconvex/interchange/node"
import * as Changes from "./Changes.ts"
import { bytesOf, contentOf, hold, type Reader } from "./Reader.ts"

const completion: CompletionFile.CompletionFile = {
  format: 1,
  kind: "completion",
  made: { version: "0.1.0", data: "a.csv", rows: 4, observed: 9, error: 0.5, standardError: 0.1 },
  columnNames: ["a", "b", "c"],
  mean: 1,
  columnEffects: [0.5, -0.5, 0],
  rank: 2,
  right: [1, 2, 3, 4, 5, 6],
  ridge: 0.1,
  shrinkage: 0.2,
  weighting: 0.5,
  observationsPerRow: 3,
  meanWeight: 1,
  bounds: [0, 9],
}

const method = Methods.gradientDescent({
  steps: 2,
  rate: 1,
  class: { class: "smooth-convex", L: 1 },
})

const ofJson = (name: string, values: ReadonlyArray<unknown>, read: Reader["read"]): Reader => ({
  name,
  seeds: values.map((value) => JSON.stringify(value)),
  change: Changes.json,
  read,
})

const studies = join(import.meta.dirname, "../../../../studies/flatness-on-a-table")

/** One of the files of a study, and the others as they are. */
const ofStudy = (file: string): Reader => ({
  name: `Study.read of ${file}`,
  seeds: [readFileSync(join(studies, file), "utf8")],
  change: Changes.json,
  read: (path) => {
    const folder = join(dirname(path), "study")
    for (const other of ["study.json", "expectation.json", "sweep.json", "full.json"]) {
      hold(join(folder, other), readFileSync(join(studies, other)))
    }
    hold(join(folder, file), contentOf(path))
    return Study.read(folder)
  },
})

const state = () => ({ theta: Float64Array.of(1, 2, 3), step: 4, seen: [true, false], name: "a" })

const samples = ({
  count,
  shape,
  targets,
  values,
}: Effect.Success<ReturnType<typeof samplesOfIdx>>): void => {
  assert.strictEqual(
    values.length,
    shape.reduce((product, size) => product * size, count),
  )
  assert.isDefined(targets)
  const found = targets._tag === "Words" ? targets.words : targets.values
  assert.strictEqual(found.length, targets._tag === "Words" ? count : count * targets.width)
}

const pixels = Idx.encode({ sizes: [3, 2, 2], data: Uint8Array.from({ length: 12 }, (_, i) => i) })
const classes = Idx.encode({ sizes: [3], data: Uint8Array.of(0, 1, 1) })

const array = (shape: ReadonlyArray<number>): Uint8Array =>
  Npy.encode({
    shape,
    data: {
      _tag: "Numbers",
      values: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i / 7),
    },
  })

/** A sum that forgets what it is given. */
const sumOf = (columns: ReadonlyArray<string>): PrivateScatter =>
  ({
    dimension: columns.length,
    add: (rows: Float64Array) => assert.strictEqual(rows.length % columns.length, 0),
  }) as unknown as PrivateScatter

export const furtherReaders: ReadonlyArray<Reader> = [
  ofJson("CompletionFile.read", [completion], (path) =>
    Effect.map(CompletionFile.read(path), (read) => {
      const { columnEffects, rank, right } = CompletionFile.modelOf(read)
      assert.strictEqual(right.length, rank * columnEffects.length)
    }),
  ),
  ofJson("readMethod", [method], (path) => WorstCaseFile.read(path, readMethod)),
  ofJson("readCertificate", [certify(method)], (path) =>
    Effect.flatMap(WorstCaseFile.read(path, readCertificate), (certificate) =>
      WorstCaseFile.working(path, () => check(certificate)),
    ),
  ),
  ...["study.json", "expectation.json", "sweep.json"].map(ofStudy),
  ofJson("Snapshot.read", [Snapshot.write(state())], (path) =>
    Effect.flatMap(
      Json.read(path, Json.ofSettings, Json.by(Snapshot.Snapshot)).pipe(
        Effect.mapError(({ reason }) => new WorstCaseFile.NoWorstCase({ path, reason })),
      ),
      (read) =>
        Seam.attempt([Snapshot.SnapshotMismatch], () => {
          const into = state()
          Snapshot.read(read, into)
          assert.deepStrictEqual(Object.keys(into), Object.keys(state()))
          assert.strictEqual(into.theta.length, 3)
        }),
    ),
  ),
  {
    name: "outputs of another program",
    seeds: [array([120]), array([120, 2])],
    change: Changes.bytes,
    read: (path) =>
      Effect.map(readOutputs(path), ({ dimension, runs, values }) => {
        assert.strictEqual(values.length, dimension * runs)
        assert.isTrue(values.every(Number.isFinite))
      }),
  },
  {
    name: "samples in IDX",
    seeds: [pixels],
    change: Changes.bytes,
    read: (path) => {
      const labels = hold(join(dirname(path), "labels"), classes)
      return Effect.map(samplesOfIdx(path, { labels, rows: undefined }), samples)
    },
  },
  {
    name: "samples in arrays",
    seeds: [zipSync({ "x.npy": array([4, 3]), "y.npy": array([4]) }, { level: 0 })],
    change: Changes.bytes,
    read: (path) =>
      Effect.map(
        samplesOfArrays(path, { features: undefined, target: undefined, rows: undefined }),
        samples,
      ),
  },
  {
    name: "PrivateTable.read",
    seeds: [bytesOf("a,b\n1,2.5\n-4,5e-3\n7,8\n"), bytesOf("a;b\n1;2\n3;4\n")],
    change: Changes.bytes,
    read: (path) =>
      readPrivateTable({ path, neighbours: "replace" }, (columns) =>
        Effect.succeed({ scatter: sumOf(columns) }),
      ).pipe(
        Effect.tapError((error) => {
          // whatever is wrong is said in the same words
          assert.strictEqual((error as { readonly _tag: string })._tag, "UnusableTable")
          return Effect.void
        }),
      ),
  },
]
