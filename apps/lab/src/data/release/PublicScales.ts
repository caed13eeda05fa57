/** Public scales of `--scale`: given by their owner, by column, and never computed from the rows. */
import { listOf, quote } from "@nonconvex/datasets/Quote"
import { Public } from "@nonconvex/dp-lowrank"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect, Path, Schema } from "effect"
import * as Json from "../../files/Json.ts"
import type { Input } from "./ReleaseFlags.ts"

/** Scales that are no list of columns with positive numbers, or that do not fit the columns. Column names are public. */
export class UnusableScales extends Schema.TaggedError<UnusableScales>()("UnusableScales", {
  text: Schema.String,
  problem: Schema.String,
}) {
  override get message(): string {
    return `--scale ${quote(this.text)}: ${this.problem}`
  }
}

/** Scales by column name, with the text of the flag for messages. */
interface Scales {
  readonly text: string
  readonly byColumn: ReadonlyMap<string, number>
}

const decode = Json.by(Schema.Record(Schema.String, Schema.Finite))

const example = "name each column with a positive number, such as age=100,income=1e5"

/** Words for scales that a program would compute from the rows. */
const computed =
  /^(?:auto|data|std|sd|variance|standard|standardi[sz]e|minmax|range|max|robust|iqr)$/i

const ofText = (text: string): Effect.Effect<Scales, UnusableScales> => {
  const byColumn = new Map<string, number>()
  for (const part of text.split(",")) {
    const at = part.lastIndexOf("=")
    const [name, number] = [part.slice(0, at).trim(), part.slice(at + 1).trim()]
    if (at < 1 || number === "" || byColumn.has(name)) {
      return Effect.fail(new UnusableScales({ text, problem: example }))
    }
    byColumn.set(name, Number(number))
  }
  return Effect.succeed({ text, byColumn })
}

const ofFile = (text: string) =>
  Json.read(text, Json.ofSettings, decode).pipe(
    Effect.map((found): Scales => ({ text, byColumn: new Map(Object.entries(found)) })),
    // nothing of the content is shown, since it may be a file of rows
    Effect.mapError(({ of, reason }) => {
      const needs = `a file of scales holds one JSON object, such as {"age": 100, "income": 1e5}`
      return new UnusableScales({ text, problem: of === "file" ? `${reason}; ${example}` : needs })
    }),
  )

/**
 * Scales of the flag; undefined without it. Fails with UnusableScales, also on a request to compute them from the rows, and on
 * the file of the rows.
 */
export const read = Effect.fn("PublicScales.read")(function* ({
  path: data,
  scale: text,
}: Pick<Input["data"], "path" | "scale">) {
  if (text === undefined) return undefined
  const path = yield* Path.Path
  if (computed.test(text) || path.resolve(text) === path.resolve(data)) {
    const problem =
      "a scale is a public number: one that is computed from the rows would reveal them without a charge to the ledger; " +
      `choose scales from typical values of such columns elsewhere, and ${example}`
    return yield* new UnusableScales({ text, problem })
  }
  return yield* text.includes("=") ? ofText(text) : ofFile(text)
})

/** Scales of the columns in their order. Fails where a column has none, or a scale no column, and with InvalidInput. */
export const scaleFor = Effect.fnUntraced(function* (
  scales: Scales | undefined,
  columns: ReadonlyArray<string>,
) {
  if (scales === undefined) return undefined
  const { byColumn, text } = scales
  const unknown = [...byColumn.keys()].filter((name) => !columns.includes(name))
  const missing = columns.filter((name) => !byColumn.has(name))
  if (unknown.length > 0 || missing.length > 0) {
    const problem =
      unknown.length > 0
        ? `no column is named ${listOf(unknown)}; the columns are ${listOf(columns)}`
        : `no scale for ${listOf(missing)}; give each column one; 1 leaves a column unscaled`
    return yield* new UnusableScales({ text, problem })
  }
  return yield* Seam.attempt([InvalidInput], () =>
    Public.scale(columns.map((name) => byColumn.get(name)!)),
  )
})

/** A released matrix in the units of the columns. */
export const inUnits = (matrix: Float64Array, scale: Public.Scale | undefined): Float64Array => {
  if (scale === undefined) return matrix
  const { length: d } = scale
  return matrix.map((value, at) => value * scale[Math.floor(at / d)]! * scale[at % d]!)
}
