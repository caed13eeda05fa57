/** New rows, encoded and scaled like the training rows of a network. */
import { listOf } from "@nonconvex/datasets/Quote"
import type * as Dataset from "@nonconvex/datasets/Dataset"
import * as Encoder from "@nonconvex/datasets/Encoder"
import * as Frame from "@nonconvex/datasets/Frame"
import type * as Spelling from "@nonconvex/datasets/Spelling"
import type { WrittenColumn } from "@nonconvex/datasets/TableFile"
import { Effect, Schema } from "effect"
import { interruptible } from "../../cli/Interruptible.ts"
import * as SavedTable from "../../files/SavedTable.ts"
import * as Prepared from "@nonconvex/datasets/Prepared"
import { encoderOf, type SavedNetwork } from "../../networks/SavedNetwork.ts"
import { reported } from "../../cli/Failure.ts"

/** The table lacks columns that the network reads or that should be copied. */
export class ColumnsMissing extends Schema.TaggedError<ColumnsMissing>()("ColumnsMissing", {
  path: Schema.String,
  columns: Schema.Array(Schema.String),
  available: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `${this.path}: no column ${listOf(this.columns)}, which the network or --copy needs; the header has ${listOf(this.available)}; add the column (cells may be empty), or train without it (--ignore)`
  }
}

/** A bundled set whose features differ from those of the network. */
export class OtherFeatures extends Schema.TaggedError<OtherFeatures>()("OtherFeatures", {
  name: Schema.String,
  network: Schema.String,
}) {
  override get message(): string {
    return `${this.name} has different features than ${this.network} reads; give its training data, or a file with the same columns`
  }
}

/** Rows with a feature more than the given number of training standard deviations from its mean, and those features. */
export interface Far {
  readonly rows: number
  readonly features: ReadonlyMap<string, number>
}
const farAway = 10

/** The rows, with additional facts about them. */
export interface NewRows {
  readonly name: string
  readonly count: number
  /** The line of the file on which each row starts, or its number in a shipped set. */
  readonly lines: ReadonlyArray<number>
  /** Row-major, scaled. */
  readonly features: Float64Array
  readonly unknowns: Encoder.Unknowns
  readonly far: Far
  /** Target in words or as values, if the row has one; undefined without a target. */
  readonly target: ReadonlyArray<string | ReadonlyArray<number> | undefined> | undefined
  /** Columns to be copied, as the file has them. */
  readonly copied: ReadonlyArray<WrittenColumn>
  /** Format of a binary file. */
  readonly format: Spelling.Format | undefined
}

const scaled = ({ inputs }: SavedNetwork, features: Float64Array): Float64Array => {
  const { scale, shift } = inputs
  return features.map(
    (value, at) => (value - shift[at % shift.length]!) / scale[at % shift.length]!,
  )
}

const farOf = ({ features: names }: SavedNetwork, features: Float64Array): Far => {
  const rows = new Set<number>()
  const counts = new Map<string, number>()
  features.forEach((value, at) => {
    if (Math.abs(value) <= farAway) return
    const name = names[at % names.length]!
    rows.add(Math.floor(at / names.length))
    counts.set(name, (counts.get(name) ?? 0) + 1)
  })
  return { rows: rows.size, features: counts }
}

const wordsOf = (frame: Frame.Frame, name: string): ReadonlyArray<string | undefined> => {
  const column = frame.columns.get(name)!
  return Array.from({ length: frame.rows }, (_, row) => Frame.word(column, row))
}

/** Columns of a file that the network needs, and those that are missing. */
const wantedOf = (
  saved: SavedNetwork,
  names: ReadonlyArray<string>,
  copied: ReadonlyArray<string>,
) => {
  const encoder = encoderOf(saved)
  const there = new Set(names)
  const needed = encoder.map(({ column }) => column)
  const target = saved.made?.target
  const targets = target !== undefined && there.has(target) ? [target] : []
  const all = [...needed, ...targets]
  const numbers = encoder.filter(({ _tag }) => _tag === "Number").map(({ column }) => column)
  const read = new Set(numbers)
  return {
    encoder,
    missing: [...needed, ...copied].filter((name) => !there.has(name)),
    target: targets[0],
    columns: { only: new Set(all), numbers, words: all.filter((name) => !read.has(name)) },
  }
}

const ofFile = Effect.fnUntraced(function* (
  saved: SavedNetwork,
  path: string,
  copied: ReadonlyArray<string>,
  spelling: Spelling.Options,
) {
  const { names } = yield* Frame.headerOf(path, spelling)
  // of a million columns this takes seconds, and so does what is made of the rows
  const { columns, encoder, missing, target } = yield* interruptible(() =>
    wantedOf(saved, names, copied),
  )
  if (missing.length > 0) {
    return yield* new ColumnsMissing({ path, columns: missing, available: names })
  }
  const frame = yield* Frame.read(path, { ...spelling, ...columns, verbatim: copied })
  const { far, features, unknowns } = yield* interruptible(() => {
    const rows = Array.from({ length: frame.rows }, (_, row) => row)
    const encoded = Encoder.apply(encoder, frame, rows)
    const inUnits = scaled(saved, encoded.features)
    return { features: inUnits, far: farOf(saved, inUnits), unknowns: encoded.unknowns }
  })
  return {
    name: path,
    count: frame.rows,
    lines: frame.lines,
    features,
    far,
    unknowns,
    target: target === undefined ? undefined : wordsOf(frame, target),
    copied: Array.from(frame.verbatim, ([column, cells]) => SavedTable.columnOf(column, cells)),
    format: frame.spelling.format,
  } satisfies NewRows
})

const targetWords = (target: Dataset.Target): ReadonlyArray<string> =>
  target._tag === "Classification"
    ? Array.from(target.labels, (label) => target.classes[label]!)
    : Array.from(target.values, String)

const ofShipped = Effect.fnUntraced(function* (saved: SavedNetwork, name: string, network: string) {
  const { test } = yield* Prepared.shipped(name)
  if (test.featureNames.join("\n") !== saved.features.join("\n")) {
    return yield* new OtherFeatures({ name, network })
  }
  const features = scaled(saved, test.features)
  return {
    name: `test part of ${name}`,
    count: test.samples,
    lines: Array.from({ length: test.samples }, (_, i) => i + 1),
    features,
    far: farOf(saved, features),
    unknowns: { words: new Map(), filled: new Map() },
    target: targetWords(test.target),
    copied: [],
    format: undefined,
  } satisfies NewRows
})

/** Reads the rows. Fails with the error of the file, ColumnsMissing and OtherFeatures. */
export const read = Effect.fn("NewRows.read")(function* (
  saved: SavedNetwork,
  options: {
    readonly network: string
    readonly name: string
    readonly copied: ReadonlyArray<string>
    readonly spelling: Spelling.Options
  },
) {
  const { copied, name, network, spelling } = options
  return (yield* Prepared.isPath(name))
    ? yield* ofFile(saved, name, copied, spelling)
    : yield* ofShipped(saved, name, network)
}, reported)
