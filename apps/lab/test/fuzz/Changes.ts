/** Changes of whole files as strangers and broken disks make them: of bytes, of tables, of JSON. Drawn from a stream, so that a seed repeats them. */
import { RandomStream } from "@nonconvex/numerics"

export type Stream = RandomStream.RandomStream

export const below = (stream: Stream, count: number): number => Math.floor(stream.uniform() * count)

export const one = <Value>(stream: Stream, values: ReadonlyArray<Value>): Value =>
  values[below(stream, values.length)]!

/** What somebody may write where something else is meant. */
const words: ReadonlyArray<string> = [
  "| |NaN|nan|Infinity|-inf|1e999|-0|0x10|1e-320|1e308|1,234|1.234,5|1 234|12%|$5|2026-11-27".split(
    "|",
  ),
  'true|null|NA|?|-|--|.|\'\'|"|""|\'|"a|a"b|#|,,,,|;;;|::|sep=;|ü|−1|１|\r|\r\n|\t\t'.split("|"),
  "\0|\u202e|\u001b[2J|\ufeff|\ud800|__proto__|constructor|toString|../../etc/passwd".split("|"),
  ["|", "file:///etc/passwd", "9".repeat(400), "x".repeat(3000), "é".normalize("NFD")],
].flat()

const numbers = [0, -0, 1, -1, 2, 0.5, 1e-320, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, 1e21]

const times = (stream: Stream, most: number, change: () => void): void => {
  for (let k = 1 + below(stream, most); k > 0; k--) change()
}

const joined = (parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Bytes flipped, cut, doubled or put in. */
export const bytes = (stream: Stream, whole: Uint8Array): Uint8Array => {
  let changed = whole
  times(stream, 4, () => {
    const at = below(stream, changed.length + 1)
    const end = Math.min(changed.length, at + 1 + below(stream, 16))
    const [before, cut, after] = [
      changed.subarray(0, at),
      changed.subarray(at, end),
      changed.subarray(end),
    ]
    const filled = (byte: number) => [
      before,
      new Uint8Array(4).fill(byte),
      changed.subarray(at + 4),
    ]
    const parts = one<() => ReadonlyArray<Uint8Array>>(stream, [
      () => [before],
      () => [before, cut, cut, after],
      () => [before, after],
      () => [before, Uint8Array.from(cut, () => below(stream, 256)), after],
      () => filled(255),
      () => filled(0),
    ])()
    changed = joined(parts)
  })
  return changed
}

/** Cells, rows, columns and ends of lines of a table. */
export const table = (stream: Stream, whole: string): string => {
  let rows = whole.split("\n").map((line) => line.split(","))
  let [delimiter, end] = [",", "\n"]
  const row = () => one(stream, rows)
  times(stream, 4, () => {
    const changes: ReadonlyArray<() => void> = [
      () => void row().splice(below(stream, 4), 1, one(stream, words)),
      () => void row().splice(below(stream, 4), 1, String(one(stream, numbers))),
      () => void row().push(one(stream, words)),
      () => void row().pop(),
      () => void rows.splice(below(stream, rows.length), 1),
      () => void rows.splice(below(stream, rows.length), 0, [one(stream, words)]),
      () => void rows.splice(below(stream, rows.length), 0, [...row()]),
      () => {
        const at = below(stream, 4)
        for (const each of rows) each.splice(at, 1, one(stream, words))
      },
      () => {
        // a name twice
        rows[0] = rows[0]!.map((name, j) => (j === 1 ? rows[0]![0]! : name))
      },
      () => (delimiter = one(stream, [";", "\t", "|", "::", " ", ", "])),
      () => (end = one(stream, ["\r\n", "\r", "\n\n", ""])),
      () => (rows = rows.slice(0, below(stream, rows.length + 1))),
    ]
    if (rows.length > 0) one(stream, changes)()
  })
  return rows.map((each) => each.join(delimiter)).join(end)
}

type Json =
  | null
  | boolean
  | number
  | string
  | ReadonlyArray<Json>
  | { readonly [key: string]: Json }

const nested = (depth: number): Json => (depth === 0 ? 1 : [nested(depth - 1)])

const strange = (stream: Stream): Json =>
  one<() => Json>(stream, [
    () => one(stream, words),
    () => one(stream, numbers),
    () => null,
    () => true,
    () => [],
    () => ({}),
    () => nested(1 + below(stream, 200)),
    () => Array.from({ length: below(stream, 300) }, () => one(stream, numbers)),
    () => ({ url: "file:///etc/passwd" }),
    () => ({ [one(stream, words)]: one(stream, words) }),
  ])()

/** A value with one place changed: put in another's, left out, doubled, renamed or added to. */
const changedOnce = (stream: Stream, value: Json): Json => {
  const isLeaf = typeof value !== "object" || value === null
  if (isLeaf || stream.uniform() < 0.08) return strange(stream)
  if (Array.isArray(value)) {
    const list = value as ReadonlyArray<Json>
    const at = below(stream, list.length + 1)
    if (at === list.length || stream.uniform() < 0.1) {
      return [...list.slice(0, at), strange(stream), ...list.slice(at + below(stream, 2))]
    }
    return list.map((each, i) => (i === at ? changedOnce(stream, each) : each))
  }
  const fields = Object.entries(value as { readonly [key: string]: Json })
  const at = below(stream, fields.length + 1)
  if (at === fields.length) fields.push([one(stream, words), strange(stream)])
  else {
    const [name, each] = fields[at]!
    const change = stream.uniform()
    if (change < 0.1) fields.splice(at, 1)
    else if (change < 0.15) fields[at] = [one(stream, words), each]
    else fields[at] = [name, changedOnce(stream, each)]
  }
  return Object.fromEntries(fields)
}

/** Values of JSON in other places, and now and then its text itself. */
export const json = (stream: Stream, whole: string): string => {
  let value = JSON.parse(whole) as Json
  times(stream, 3, () => (value = changedOnce(stream, value)))
  const text = JSON.stringify(value)
  if (stream.uniform() > 0.1) return text
  const at = below(stream, text.length)
  return text.slice(0, at) + one(stream, words) + text.slice(at + below(stream, 3))
}

/** The same of one line among lines, which also change places. */
export const lines = (stream: Stream, whole: string): string => {
  const all = whole.split("\n")
  const at = below(stream, all.length)
  const change = stream.uniform()
  if (change < 0.1) all.splice(at, 1)
  else if (change < 0.2) all.splice(at, 0, one(stream, all))
  else if (all[at] !== "") all[at] = json(stream, all[at]!)
  return all.join("\n")
}

/** A short text with some characters changed. */
export const text = (stream: Stream, whole: string): string => {
  let changed = whole
  times(stream, 3, () => {
    const at = below(stream, changed.length + 1)
    const put =
      stream.uniform() < 0.5 ? one(stream, words) : one(stream, "0123456789@:+,.-/e ".split(""))
    changed = changed.slice(0, at) + put + changed.slice(at + below(stream, 3))
  })
  return changed
}
