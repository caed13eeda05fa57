/**
 * The state of a method as plain JSON, and back into a fresh state: a run that goes on from its snapshot takes the same steps, bit for
 * bit.
 *
 * Data is typed arrays, numbers (-0, NaN and infinities too), strings, booleans, null, undefined, arrays, plain objects and
 * RandomStream. Functions and accessors are no data and are left out, and so is every object that has functions, its own or those of a
 * class, such as an objective: whoever reads the snapshot brings them. A stochastic objective is the exception: its `sampler` is
 * written.
 */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { RandomStream } from "@nonconvex/numerics/RandomStream"
import * as Schema from "effect/Schema"

const arrayTypes = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
} as const

type TypedName = keyof typeof arrayTypes
type TypedArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray

const typedNames = Object.keys(arrayTypes) as ReadonlyArray<TypedName>
const unusual = ["-0", "NaN", "Infinity", "-Infinity"] as const

/** One piece of data. Objects say by their only field, or by the first, what they stand for. */
export type Value =
  | null
  | boolean
  | number
  | string
  | ReadonlyArray<Value>
  | { readonly fields: { readonly [name: string]: Value } }
  | { readonly array: TypedName; readonly base64: string }
  | { readonly stream: string }
  | { readonly number: (typeof unusual)[number] }
  | { readonly undefined: true }

const Value: Schema.Codec<Value> = Schema.Union([
  Schema.Null,
  Schema.Boolean,
  Schema.Finite,
  Schema.String,
  Schema.Array(Schema.suspend((): Schema.Codec<Value> => Value)),
  Schema.Struct({
    fields: Schema.Record(
      Schema.String,
      Schema.suspend((): Schema.Codec<Value> => Value),
    ),
  }),
  Schema.Struct({ array: Schema.Literals(typedNames), base64: Schema.String }),
  Schema.Struct({ stream: Schema.String }),
  Schema.Struct({ number: Schema.Literals(unusual) }),
  Schema.Struct({ undefined: Schema.Literal(true) }),
])

/** A state as plain JSON. */
export const Snapshot = Schema.Struct({ version: Schema.Literal(1), state: Value })
/** A state as plain JSON. */
export type Snapshot = typeof Snapshot.Type

/** A snapshot does not fit the state into which it is read: it is of another method, problem or version. */
export class SnapshotMismatch extends Schema.TaggedError<SnapshotMismatch>()("SnapshotMismatch", {
  /** Where in the state: "state.update.velocity". */
  field: Schema.String,
  expected: Schema.String,
  found: Schema.String,
}) {
  override get message(): string {
    return `the snapshot does not fit at ${this.field}: expected ${this.expected}, found ${this.found}; read it into the state of the same method, with the same options, on the same problem`
  }
}

type Fields = Record<string, unknown>

const root = "state"

/** The fields of an object that a snapshot looks at; undefined where it is left out. A state itself may have functions. */
const partsOf = (value: object, isState: boolean): ReadonlyArray<string> | undefined => {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(value))
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === Object.prototype || prototype === null
  const hasFunctions = descriptors.some(([, { value: held }]) => typeof held === "function")
  if (isState || (isPlain && !hasFunctions)) {
    return descriptors.filter(([, { get }]) => get === undefined).map(([name]) => name)
  }
  return "advance" in value && "sampler" in value ? ["sampler"] : undefined
}

const typedNameOf = (value: object): TypedName | undefined =>
  typedNames.find((name) => value instanceof arrayTypes[name])

const write64 = (array: TypedArray): string => {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
  let text = ""
  // so many arguments are fine for every engine
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  }
  return btoa(text)
}

const read64 = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))

/** The value as data; undefined where it is left out. */
const encode = (value: unknown, field: string): Value | undefined => {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value
    case "number":
      if (Object.is(value, -0)) return { number: "-0" }
      return Number.isFinite(value)
        ? value
        : { number: String(value) as "NaN" | "Infinity" | "-Infinity" }
    case "undefined":
      return { undefined: true }
    case "function":
      return undefined
    case "object":
      return value === null ? null : encodeObject(value, field)
    default:
      return invalid("Snapshot.write", `${field} must be data: typed arrays, numbers, text`, {})
  }
}

const encodeObject = (value: object, field: string): Value | undefined => {
  const array = typedNameOf(value)
  if (array !== undefined) return { array, base64: write64(value as TypedArray) }
  if (value instanceof RandomStream) return { stream: write64(value.state) }
  if (Array.isArray(value)) {
    return value.map((element: unknown, i): Value => {
      const encoded = encode(element, `${field}[${i}]`)
      return encoded === undefined ? { undefined: true } : encoded
    })
  }
  if (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)) {
    return invalid("Snapshot.write", `${field} must be an array or a plain object`, {})
  }
  const parts = partsOf(value, field === root)
  if (parts === undefined) return undefined
  const fields: Record<string, Value> = {}
  for (const name of parts) {
    const encoded = encode((value as Fields)[name], `${field}.${name}`)
    if (encoded !== undefined) fields[name] = encoded
  }
  return { fields }
}

/**
 * The data of a state. Throws InvalidInput, with the name of the field, on what is neither data nor left out: Map, Set, DataView,
 * bigint, symbol.
 *
 * @example
 * ```ts import.meta.vitest
 * import { gradientMethod } from "@nonconvex/problems/GradientMethod"
 * import { quadratic } from "@nonconvex/problems/Quadratic"
 * import { momentum } from "@nonconvex/problems/Sgd"
 * import * as Snapshot from "@nonconvex/problems/Snapshot"
 *
 * const method = gradientMethod(momentum({ learningRate: 0.1 }))
 * const begin = () => method.init(quadratic({ spectrum: [1, 2] }), Float64Array.of(1, 1))
 * const state = begin()
 * method.step(state)
 * const text = JSON.stringify(Snapshot.write(state))
 *
 * const later = begin()
 * Snapshot.read(JSON.parse(text), later)
 * method.step(later) === method.step(state) // => true
 * ```
 */
export const write = (state: object): Snapshot => ({
  version: 1,
  state: encodeObject(state, root)!,
})

const describe = (value: unknown): string => {
  if (value === null || typeof value !== "object") return String(value)
  const name = typedNameOf(value)
  if (name !== undefined) return `${name} of ${(value as TypedArray).length}`
  if (value instanceof RandomStream) return "a random stream"
  if (Array.isArray(value)) return "an array"
  return partsOf(value, false) === undefined ? "what is no data" : "an object"
}

const describeValue = (value: Value): string => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return describe(value)
  if ("array" in value) {
    const { BYTES_PER_ELEMENT } = arrayTypes[value.array]
    return `${value.array} of ${read64(value.base64).length / BYTES_PER_ELEMENT}`
  }
  if ("stream" in value) return "a random stream"
  if ("number" in value) return value.number
  return "fields" in value ? "an object" : "undefined"
}

const mismatch = (field: string, expected: string, found: string): never => {
  throw new SnapshotMismatch({ field, expected, found })
}

const isPrimitive = (value: unknown) => value === null || typeof value !== "object"

/** What takes the place of `current`: `current` itself, filled, where it is an array, an object or a stream. */
const decode = (value: Value, current: unknown, field: string): unknown => {
  const refuse = (): never => mismatch(field, describe(current), describeValue(value))
  const isEmpty = current === undefined || current === null
  if (value === null) return null
  if (typeof value !== "object") return isPrimitive(current) ? value : refuse()
  if (Array.isArray(value)) {
    const list: Array<unknown> = isEmpty ? [] : Array.isArray(current) ? current : refuse()
    const kept = list.splice(0)
    value.forEach((element, i) => list.push(decode(element, kept[i], `${field}[${i}]`)))
    return list
  }
  if ("number" in value) return isPrimitive(current) ? Number(value.number) : refuse()
  if ("undefined" in value) {
    // of an array, an element that was left out
    return isPrimitive(current) || encode(current, field) !== undefined ? undefined : current
  }
  if ("stream" in value) {
    const stream = isEmpty ? new RandomStream(new Int32Array(4)) : current
    if (!(stream instanceof RandomStream)) return refuse()
    fill(stream.state, value.stream, refuse)
    return stream
  }
  if ("array" in value) {
    const Type = arrayTypes[value.array]
    if (isEmpty) return new Type(read64(value.base64).buffer)
    if (!(current instanceof Type)) return refuse()
    fill(current, value.base64, refuse)
    return current
  }
  if ("fields" in value) {
    const record = isEmpty ? build(value.fields) : current
    if (typeof record !== "object" || record === null) return refuse()
    decodeFields(value.fields, record as Fields, field, refuse)
    return record
  }
  return refuse()
}

/** A fresh object with these fields, still empty. */
const build = (fields: { readonly [name: string]: Value }): Fields =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, undefined]))

const fill = (array: TypedArray, base64: string, refuse: () => never): void => {
  const bytes = read64(base64)
  if (bytes.length !== array.byteLength) refuse()
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(bytes)
}

const decodeFields = (
  fields: { readonly [name: string]: Value },
  into: Fields,
  field: string,
  refuse: () => never,
): void => {
  const parts = partsOf(into, field === root) ?? refuse()
  for (const name of Object.keys(fields)) {
    if (!parts.includes(name)) mismatch(`${field}.${name}`, "nothing", describeValue(fields[name]!))
  }
  for (const name of parts) {
    const place = `${field}.${name}`
    const current = into[name]
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (value === undefined) {
      if (encode(current, place) !== undefined) mismatch(place, describe(current), "nothing")
      continue
    }
    const next = decode(value, current, place)
    // not where nothing changes: an option may be frozen
    if (!Object.is(next, current)) into[name] = next
  }
}

/**
 * Writes a snapshot into a fresh state of the same method, in place.
 *
 * Throws SnapshotMismatch, with the name of the field, where the state has other fields, or arrays of another type or length; the
 * state is then partly written and must not be used.
 */
export const read = (snapshot: Snapshot, state: object): void => {
  if (snapshot.version !== 1) mismatch("version", "1", String(snapshot.version))
  decode(snapshot.state, state, root)
}
