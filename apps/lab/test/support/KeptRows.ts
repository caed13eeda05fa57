/**
 * Rows of presets that take too long for a test, kept so that every figure can be drawn from its own: a Parquet file for each preset of each
 * experiment in `test/fixtures/rows`, written by `npm run figures -- <preset> <id> --keep`.
 */
import type { Experiment, Preset, Row } from "@nonconvex/evidence"
import { canonical } from "@nonconvex/runner/RunKey"
import { Schema } from "effect"
import { parquetMetadata, parquetReadObjects } from "hyparquet"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import process from "node:process"
import type { Value } from "../../src/evidence/runs/Clause.ts"
import type { Type } from "../../src/evidence/runs/FlatTable.ts"
import * as Parquet from "../../src/evidence/runs/Parquet.ts"

/** Where rows come from. */
const Origin = Schema.Struct({
  experiment: Schema.String,
  preset: Schema.Literals(["smoke", "fast", "paper"]),
  /** SHA-256 over the settings of the preset. */
  settings: Schema.String,
  seed: Schema.Int,
  kernels: Schema.Literal("strict"),
  /** Of the sources that computed them. */
  commit: Schema.String,
  node: Schema.String,
  /** Of the whole table, of which some may have been left out. */
  rows: Schema.Int,
})
export type Origin = typeof Origin.Type

export interface Kept {
  readonly origin: Origin
  readonly rows: ReadonlyArray<Row>
}

const key = "nonconvex-rows"

const Text = Schema.fromJsonString(Origin)

/** Where they are kept. */
export const folder = join(import.meta.dirname, "../fixtures/rows")

/** The file of a preset. */
export const pathOf = (experiment: Experiment.Experiment, preset: Preset): string =>
  join(folder, preset, `${experiment.id.replace("/", ".")}.parquet`)

/** What tells the settings of a preset from those that it had before. */
export const settingsOf = (experiment: Experiment.Experiment, preset: Preset): string =>
  createHash("sha256")
    .update(canonical(experiment.preset(preset)))
    .digest("hex")

/** Rows that are kept of a table. */
const most = 1000

/**
 * All rows of a table, or of a large one, of each case every k-th row and the last, with a k that leaves about a thousand: cases that are
 * looked at in the same steps still are.
 */
export const thinned = (cases: ReadonlyArray<ReadonlyArray<Row>>): ReadonlyArray<Row> => {
  const count = cases.reduce((sum, rows) => sum + rows.length, 0)
  const stride = Math.ceil(count / most)
  return cases.flatMap((rows) =>
    rows.filter((_, at) => at % stride === 0 || at === rows.length - 1),
  )
}

/** What is to be kept of a preset, from the rows of its cases. */
export const keptOf = (
  experiment: Experiment.Experiment,
  preset: Preset,
  from: Pick<Origin, "seed" | "commit"> & { readonly cases: ReadonlyArray<ReadonlyArray<Row>> },
): Kept => {
  const { cases, commit, seed } = from
  return {
    origin: {
      experiment: experiment.id,
      preset,
      settings: settingsOf(experiment, preset),
      seed,
      kernels: "strict",
      commit,
      node: process.version,
      rows: cases.flat().length,
    },
    rows: thinned(cases),
  }
}

const typeOf = (values: ReadonlyArray<Value | undefined>): Type => {
  const [type, ...others] = new Set(
    values.flatMap((value) => (value === undefined ? [] : [typeof value])),
  )
  if (others.length > 0)
    throw new Error(`a column has values of two types: ${type}, ${others.join(", ")}`)
  return type === "string" ? "text" : (type as Type)
}

/** The bytes of the file. */
export const encode = ({ origin, rows }: Kept): Promise<Uint8Array> => {
  const names = [...new Set(rows.flatMap(Object.keys))]
  const columns = names.map((name) => ({
    name,
    type: typeOf(rows.map((row) => row[name])),
    of: () => undefined,
  }))
  const cells = async function* () {
    for (const row of rows) yield names.map((name) => row[name])
  }
  return Parquet.encode(columns, cells(), [{ key, value: Schema.encodeSync(Text)(origin) }])
}

/** What the bytes of a file hold. */
export const decode = async (bytes: Uint8Array): Promise<Kept> => {
  const { buffer } = new Uint8Array(bytes)
  const metadata = parquetMetadata(buffer)
  const text = metadata.key_value_metadata?.find((each) => each.key === key)?.value
  const cells = await parquetReadObjects({ file: buffer, metadata })
  const rows = cells.map((row) =>
    Object.fromEntries<Value>(Object.entries(row).filter(([, value]) => value !== null)),
  )
  return { origin: Schema.decodeUnknownSync(Text)(text), rows }
}

/** What is kept of a preset; undefined where nothing is. */
export const read = async (
  experiment: Experiment.Experiment,
  preset: Preset,
): Promise<Kept | undefined> => {
  const path = pathOf(experiment, preset)
  return existsSync(path) ? decode(readFileSync(path)) : undefined
}

/** Keeps rows of a preset in the place of those before. */
export const write = async (
  experiment: Experiment.Experiment,
  preset: Preset,
  kept: Kept,
): Promise<void> => {
  const path = pathOf(experiment, preset)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, await encode(kept))
}
