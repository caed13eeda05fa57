/** Writes JSON that is too long for one string and takes too long to write at once. */
import * as Effect from "effect/Effect"

/** Lists that are made entry by entry, in records. */
interface Lists {
  readonly [name: string]: Iterable<unknown> | Lists
}

const isList = (value: Iterable<unknown> | Lists): value is Iterable<unknown> =>
  Symbol.iterator in value

const indented = (value: unknown, indent: string): string =>
  JSON.stringify(value, null, 2).replaceAll("\n", `\n${indent}`)

/**
 * Text of `value`, entry by entry of its lists; together it equals `JSON.stringify(value, null, 2)` with arrays for the
 * lists.
 */
function* partsOf(value: Iterable<unknown> | Lists, indent: string): Generator<string> {
  const inner = `${indent}  `
  let isFirst = true
  const begin = () => {
    const before = `${isFirst ? "" : ","}\n${inner}`
    isFirst = false
    return before
  }
  yield isList(value) ? "[" : "{"
  if (isList(value)) for (const entry of value) yield begin() + indented(entry, inner)
  else {
    for (const [name, member] of Object.entries(value)) {
      yield `${begin()}${JSON.stringify(name)}: `
      yield* partsOf(member, inner)
    }
  }
  yield `${isFirst ? "" : `\n${indent}`}${isList(value) ? "]" : "}"}`
}

const encoder = new TextEncoder()

/**
 * Text of lists in chunks of bytes, which the garbage collector need not scan. An interruption takes effect between two
 * entries. Numbers must be finite.
 */
export const parts = Effect.fnUntraced(function* (lists: Lists) {
  const texts: Array<Uint8Array> = []
  for (const text of partsOf(lists, "")) {
    texts.push(encoder.encode(text))
    yield* Effect.yieldNow
  }
  return texts
})

/** Text of a record, as from `Output.encode`, followed by the members of another whose text is in parts. */
export const withMembers = (
  record: string,
  lists: ReadonlyArray<Uint8Array>,
): ReadonlyArray<string | Uint8Array> => [
  `${record.slice(0, record.lastIndexOf("\n}"))},`,
  ...lists.slice(1),
  "\n",
]
