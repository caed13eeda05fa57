/** The command line over the systems of the fixtures, one in which all is well and one in which nothing is. */
import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { system as toy } from "../fixtures/toy.ts"
import { system as wrong } from "../fixtures/wrong.ts"
import { nonconvex } from "./InProcess.ts"

export const both = [toy, wrong]

/** What a command prints as JSON, decoded by its schema. */
export const decoded = Effect.fnUntraced(function* <Type, Encoded>(
  schema: Schema.Codec<Type, Encoded>,
  args: ReadonlyArray<string>,
) {
  const { code, stdout } = yield* nonconvex(both, [...args, "--json"])
  const value = yield* Schema.decodeUnknownEffect(
    Schema.fromJsonString(Schema.toCodecJson(schema)),
  )(stdout)
  return { code, value }
})

/** What a command says that ends with 1, and prints nothing. */
export const refused = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* nonconvex(both, args)
  assert.strictEqual(code, 1)
  assert.strictEqual(stdout, "")
  return stderr
})
