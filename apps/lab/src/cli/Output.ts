/** What commands print on standard output. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** `value` as JSON text; NaN and infinities are the strings "NaN", "Infinity" and "-Infinity". */
export const encode = <Type, Encoded>(schema: Schema.Codec<Type, Encoded>, value: Type) =>
  Schema.encodeEffect(Schema.toCodecJson(schema))(value).pipe(
    Effect.map((encoded) => `${JSON.stringify(encoded, null, 2)}\n`),
    Effect.orDie,
  )

/** Prints `value` as JSON. */
export const json = <Type, Encoded>(schema: Schema.Codec<Type, Encoded>, value: Type) =>
  Effect.flatMap(encode(schema, value), (text) => Console.log(text.trimEnd()))
