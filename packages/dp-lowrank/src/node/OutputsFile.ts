/** Reads outputs of a mechanism from a file, for an audit. */
import { type ArrayError, BadArray } from "@nonconvex/datasets/ArrayError"
import type { CsvError } from "@nonconvex/datasets/Csv"
import * as Npy from "@nonconvex/datasets/Npy"
import * as Tables from "@nonconvex/datasets/Table"
import { Effect, type FileSystem } from "effect"

/** Minimum number of runs; fewer are inconclusive. */
const fewest = 100

/** The numbers of a file: an array of NumPy of any dimensions, or a table. */
const arrayIn = Effect.fnUntraced(function* (path: string) {
  if (path.toLowerCase().endsWith(".npy")) return yield* Npy.read(path)
  const table = yield* Effect.fromResult(Tables.allNumbers(yield* Tables.read(path)))
  const { columns, rows, values } = table
  return { shape: [rows, columns], data: { _tag: "Numbers" as const, values } }
})

/** Outputs of runs, each with the same count of numbers. */
interface Outputs {
  /** Run by run. */
  readonly values: Float64Array
  readonly dimension: number
  readonly runs: number
}

/**
 * Reads the outputs of a mechanism: one number or one row per run. Fails with BadArray if there are too few or they are not
 * numbers, and with the errors of the file format.
 */
export const read: (
  path: string,
) => Effect.Effect<Outputs, ArrayError | CsvError, FileSystem.FileSystem> = Effect.fn(
  "OutputsFile.read",
)(function* (
  path: string,
): Effect.fn.Return<Outputs, ArrayError | CsvError, FileSystem.FileSystem> {
  const { data, shape } = yield* arrayIn(path)
  const bad = (reason: string, remedy: string) => new BadArray({ path, reason, remedy })
  if (data._tag === "Texts") {
    return yield* bad("it contains text", "save the outputs as numbers, one row per run")
  }
  const [runs = 1] = shape
  if (shape.length === 0 || runs < fewest) {
    return yield* bad(
      `it holds ${runs} ${runs === 1 ? "run" : "runs"}, by its first dimension`,
      `an audit needs at least ${fewest}, and thousands for a useful bound`,
    )
  }
  const { values } = data
  const dimension = values.length / runs
  if (dimension < 1) return yield* bad("its outputs are empty", "save one number or row per run")
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at >= 0) {
    return yield* bad(
      `run ${Math.floor(at / dimension)} has the output ${values[at]}`,
      "encode results that are not numbers as a separate number, outside the range of the others",
    )
  }
  return { values, dimension, runs }
})
