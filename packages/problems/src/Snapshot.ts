/**
 * Converts the state of a method to plain JSON, and reads it back into a fresh state. A run that resumes from its snapshot
 * takes the same steps, bit for bit.
 *
 * Supported data: typed arrays, numbers (including -0, NaN and infinities), strings, booleans, null, undefined, arrays,
 * plain objects and RandomStream. Functions and accessors are omitted, together with every object that contains functions,
 * such as an objective. The reader of the snapshot must provide them. A stochastic objective is the exception: its `sampler`
 * is written.
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
type TypedArray = InstanceType<(typeof arrayTypes)[TypedName]>

const typedNames = Object.keys(arrayTypes) as ReadonlyArray<TypedName>
const unusual = ["-0", "NaN", "Infinity", "-Infinity"] as const

/** One piece of data. Tagged objects are identified by their only or first field. */
type Value =
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

/** A snapshot does not match the state: it belongs to another method, problem or version. */
export class SnapshotMismatch extends Schema.TaggedError<SnapshotMismatch>()("SnapshotMismatch", {
  /** Path in the state: "state.update.velocity". */
  field: Schema.String,
  expected: Schema.String,
  found: Schema.String,
}) {
  override get message(): string {
    return `the snapshot does not match at ${this.field}: expected ${this.expected}, found ${this.found}; restore it with the same method, options and problem`
  }
}

type Fields = Record<string, unknown>

const root = "state"

/** Fields of an object that a snapshot includes; undefined if it is omitted. The state itself may have functions. */
const partsOf = (value: object, isState: boolean): ReadonlyArray<string> | undefined => {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(value))
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === Object.prototype || prototype === null
  const hasFunctions = descriptors.some(([, { value: held }]) => typeof held === "function")
  if (isState || (isPlain && !hasFunctions)) {
    return descriptors.filter(([, held]) => held.get === undefined).map(([name]) => name)
  }
  return "advance" in value && "sampler" in value ? ["sampler"] : undefined
}

const typedNameOf = (value: object): TypedName | undefined =>
  typedNames.find((name) => value instanceof arrayTypes[name])

const write64 = (array: ArrayBufferView): string => {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
  let text = ""
  // so many arguments are fine for every engine
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  }
  return btoa(text)
}

/** The value as data; undefined if absent. */
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
 * The data of a state. Throws InvalidInput, with the name of the field, on unsupported values: Map, Set, DataView, bigint, symbol.
 *
 * @example
 * ```ts import.meta.vitest
 * import { gradientMethod } from "@nonconvex/problems/GradientMethod"
 * import { quadratic } from "@nonconvex/problems/Quadratic"
 * import { momentum } from "@nonconvex/problems/Momentum"
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

const mismatch = (field: string, expected: string, found: string): never => {
  throw new SnapshotMismatch({ field, expected, found })
}

const arrayOf = (type: TypedName, base64: string, field: string): TypedArray => {
  try {
    return new arrayTypes[type](
      Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer,
    )
  } catch {
    return mismatch(field, `the bytes of ${type}`, "other text")
  }
}

const isList = (value: Value): value is ReadonlyArray<Value> => Array.isArray(value)

/** Data of a value, copied. */
const create = (value: Value, field: string): unknown => {
  if (value === null || typeof value !== "object") return value
  if (isList(value)) return value.map((element, i) => create(element, `${field}[${i}]`))
  if ("number" in value) return Number(value.number)
  if ("array" in value) return arrayOf(value.array, value.base64, field)
  if ("stream" in value) {
    return new RandomStream(arrayOf("Int32Array", value.stream, field) as Int32Array)
  }
  if (!("fields" in value)) return undefined
  const entries = Object.entries(value.fields)
  return Object.fromEntries(entries.map(([name, of]) => [name, create(of, `${field}.${name}`)]))
}

const isPrimitive = (value: unknown) => value === null || typeof value !== "object"

const describe = (value: unknown): string => {
  if (typeof value !== "object" || value === null) return String(value)
  const name = typedNameOf(value)
  if (name !== undefined) return `${name} of ${(value as TypedArray).length}`
  if (value instanceof RandomStream) return "a random stream"
  return Array.isArray(value) ? "an array" : "an object"
}

/** Replacement of `current`: `current` itself, filled, if it is an array, an object or a stream. */
const assign = (fresh: unknown, current: unknown, field: string): unknown => {
  const refuse = (): never => mismatch(field, describe(current), describe(fresh))
  if (fresh === undefined || fresh === null) {
    // of an array, an element that was left out
    return isPrimitive(current) || encode(current, field) !== undefined ? fresh : current
  }
  if (current === undefined || current === null) return fresh
  if (isPrimitive(fresh) || isPrimitive(current)) {
    return isPrimitive(fresh) && isPrimitive(current) ? fresh : refuse()
  }
  if (fresh instanceof RandomStream || current instanceof RandomStream) {
    if (!(fresh instanceof RandomStream && current instanceof RandomStream)) return refuse()
    current.state.set(fresh.state)
    return current
  }
  const type = typedNameOf(fresh)
  if (type !== undefined) {
    if (describe(fresh) !== describe(current)) return refuse()
    ;(current as TypedArray).set(fresh as TypedArray)
    return current
  }
  if (Array.isArray(fresh)) {
    if (!Array.isArray(current)) return refuse()
    const kept: ReadonlyArray<unknown> = current.splice(0)
    fresh.forEach((element: unknown, i) => current.push(assign(element, kept[i], `${field}[${i}]`)))
    return current
  }
  if (Array.isArray(current) || typedNameOf(current) !== undefined) return refuse()
  assignFields(fresh as Fields, current as Fields, field)
  return current
}

const assignFields = (fresh: Fields, current: Fields, field: string): void => {
  const parts = partsOf(current, field === root) ?? []
  for (const name of Object.keys(fresh)) {
    if (!parts.includes(name)) mismatch(`${field}.${name}`, "nothing", describe(fresh[name]))
  }
  for (const name of parts) {
    const place = `${field}.${name}`
    const before = current[name]
    if (!Object.hasOwn(fresh, name)) {
      if (encode(before, place) !== undefined) mismatch(place, describe(before), "nothing")
      continue
    }
    const after = assign(fresh[name], before, place)
    // not where nothing changes: an option may be frozen
    if (!Object.is(after, before)) current[name] = after
  }
}

/**
 * Writes a snapshot into a fresh state of the same method, in place.
 *
 * Throws SnapshotMismatch, with the name of the field, if the state has other fields, or arrays of another type or length.
 * The state is then partly overwritten and must not be used.
 */
export const read = (snapshot: Snapshot, state: object): void => {
  if (snapshot.version !== 1) mismatch("version", "1", String(snapshot.version))
  assign(create(snapshot.state, root), state, root)
}
