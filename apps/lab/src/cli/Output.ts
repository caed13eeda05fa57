/** Standard output of the commands. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
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

/** Prints a list: as JSON, or each entry as text in the width of the terminal, with a blank line between. */
export const list = Effect.fnUntraced(function* <Type, Encoded>(
  schema: Schema.Codec<Type, Encoded>,
  entries: ReadonlyArray<Type>,
  asJson: boolean,
  describe: (width: number) => (entry: Type) => string,
) {
  if (asJson) return yield* json(Schema.Array(schema), entries)
  const { columns } = yield* Terminal.Terminal
  const width = Table.lineWidth(yield* columns)
  return yield* Console.log(entries.map(describe(width)).join("\n\n"))
})
