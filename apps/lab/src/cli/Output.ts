/** Standard output of the commands. */
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Terminal from "effect/Terminal"
import * as Table from "./TextTable.ts"

/** `value` as JSON text; NaN and infinities are the strings "NaN", "Infinity" and "-Infinity". */
export const encode = <Type, Encoded>(schema: Schema.Codec<Type, Encoded>, value: Type) =>
  Schema.encodeEffect(Schema.toCodecJson(schema))(value).pipe(
    Effect.map((encoded) => `${JSON.stringify(encoded, null, 2)}\n`),
    Effect.orDie,
  )

/** Prints `value` as JSON. */
export const json = <Type, Encoded>(schema: Schema.Codec<Type, Encoded>, value: Type) =>
  Effect.flatMap(encode(schema, value), (text) => Console.log(text.trimEnd()))

/** Width of the terminal in columns, or the value of `COLUMNS`; 0 without either. */
const columns = Effect.gen(function* () {
  const variable = yield* Effect.orDie(Config.option(Config.String("COLUMNS")))
  const named = Number(Option.getOrElse(variable, () => ""))
  if (Number.isInteger(named) && named > 20) return named
  const terminal = yield* Terminal.Terminal
  return yield* terminal.columns
})

/** The width that sentences are broken at. */
export const width = Effect.map(columns, Table.lineWidth)

/** Width of a table: that of the terminal, or unlimited without one. */
export const tableWidth = Effect.map(columns, (found) => (found > 20 ? found : Infinity))

/** Prints a result as text, in the width of the terminal. */
export const text = (result: string) =>
  Effect.flatMap(tableWidth, (most) => Console.log(Table.fold(result, most)))

/**
 * Prints a list as JSON, or as text at the terminal's width with a blank line between entries. It prints the first screen,
 * unless `all` is set.
 */
export const list = Effect.fnUntraced(function* <Type, Encoded>(
  schema: Schema.Codec<Type, Encoded>,
  entries: ReadonlyArray<Type>,
  asked: { readonly json: boolean; readonly all?: boolean },
  describe: (width: number) => (entry: Type) => string,
) {
  if (asked.json) return yield* json(Schema.Array(schema), entries)
  const lines = entries.map(describe(yield* width)).join("\n\n")
  return yield* text(asked.all === false ? Table.clip(lines) : lines)
})
