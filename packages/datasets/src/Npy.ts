/**
 * NumPy arrays as written by `numpy.save`: a header, which is a Python dictionary in a fixed form, and the numbers.
 *
 * The header is parsed as text and never evaluated. Arrays of objects are pickles, which execute code when read; they are
 * rejected, with the line of Python that converts them.
 *
 * Source: NumPy, "numpy.lib.format: NPY format", versions 1.0, 2.0 and 3.0.
 */
import { Effect, type FileSystem, Result } from "effect"
import { type ArrayError, BadArray } from "./ArrayError.ts"
import { readBytes } from "./FileError.ts"
import { costOf, most, type Numbers, type Npy, type Texts } from "./internal/NpyArray.ts"
import { isNpy } from "./internal/NpyMagic.ts"

export type { Numbers, Npy } from "./internal/NpyArray.ts"

export { encode } from "./internal/NpyWriting.ts"

/** Bytes of a buffer in addition to its array. */
const spare = 64

/** True if this machine is little-endian, as most files are. */
const isLittleHere = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

interface Header {
  readonly descr: string
  readonly isFortran: boolean
  readonly shape: ReadonlyArray<number>
}

/** A key of the dictionary, and its value: a text, a logical value, a tuple of integers. */
const item =
  /\s*(?:'(\w+)'|"(\w+)")\s*:\s*(?:'([^'\\]*)'|"([^"\\]*)"|(True|False)|\(([\d\s,L]*)\))\s*(,|(?=\s*\}))/y

/** Header with exactly these three keys; undefined for any other text. */
const headerOf = (text: string): Header | undefined => {
  const trimmed = text.trim()
  const values = new Map<string, string>()
  item.lastIndex = 1
  while (trimmed.startsWith("{") && item.lastIndex < trimmed.length) {
    const from = item.lastIndex
    const found = item.exec(trimmed)
    if (found === null) {
      if (trimmed.slice(from).trim() !== "}") return undefined
      break
    }
    const [, key, key2, text1, text2, logical, tuple] = found
    const name = key ?? key2!
    if (values.has(name)) return undefined
    values.set(name, text1 ?? text2 ?? logical ?? tuple!)
  }
  const [descr, order, tuple] = [...names].map((name) => values.get(name))
  if (values.size !== 3 || descr === undefined || tuple === undefined) return undefined
  if (order !== "True" && order !== "False") return undefined
  const sizes = tuple.split(",").map((size) => size.trim())
  // a tuple of one ends with a comma
  if (sizes.at(-1) === "") sizes.pop()
  if (!sizes.every((size) => /^\d{1,16}L?$/.test(size))) return undefined
  return {
    descr,
    isFortran: order === "True",
    shape: sizes.map((size) => Number.parseInt(size, 10)),
  }
}

const names = ["descr", "fortran_order", "shape"] as const

const half = (bits: number): number => {
  const [sign, exponent, fraction] = [bits >> 15 === 0 ? 1 : -1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN
  if (exponent === 0) return (sign * fraction) / 2 ** 24
  // a power of two, exactly: no exponent is beyond the 53 bits
  return (
    sign * (1024 + fraction) * (exponent >= 25 ? 1 << (exponent - 25) : 1 / (1 << (25 - exponent)))
  )
}

type Read = (view: DataView, at: number, isLittle: boolean) => number | bigint

const kinds: Readonly<Record<string, Read>> = {
  b1: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, isLittle) => view.getInt16(at, isLittle),
  u2: (view, at, isLittle) => view.getUint16(at, isLittle),
  i4: (view, at, isLittle) => view.getInt32(at, isLittle),
  u4: (view, at, isLittle) => view.getUint32(at, isLittle),
  i8: (view, at, isLittle) => view.getBigInt64(at, isLittle),
  u8: (view, at, isLittle) => view.getBigUint64(at, isLittle),
  f2: (view, at, isLittle) => half(view.getUint16(at, isLittle)),
  f4: (view, at, isLittle) => view.getFloat32(at, isLittle),
  f8: (view, at, isLittle) => view.getFloat64(at, isLittle),
}

/** Remedies for the types that are not read, by their letter. */
const remedies: Readonly<Record<string, string>> = {
  O: "it holds Python objects, whose file can run code when loaded; convert it in the program that made it: numpy.save(path, numpy.asarray(a.tolist(), dtype=float))",
  c: "it holds complex numbers; write a.real and a.imag as separate arrays",
  M: 'it holds times; write a.astype("int64"), which counts their units',
  m: 'it holds durations; write a.astype("int64"), which counts their units',
  V: "it holds records; write each field as a separate array: numpy.savez(path, **{f: a[f] for f in a.dtype.names})",
}

interface Dtype {
  readonly kind: string
  readonly size: number
  readonly isLittle: boolean
}

/**
 * Decodes the array in `bytes`, with at most `elements` elements; errors name `path` and `array`. Fails with BadArray on
 * other files, on a wrong number of values, on integers beyond 2^53, and on objects, records, times and complex numbers.
 * Numbers whose representation in the file and in memory is equal are not copied if `bytes` own their buffer.
 */
export const decode = (
  bytes: Uint8Array,
  {
    array,
    path,
    elements = most.elements,
  }: { readonly path: string; readonly array?: string; readonly elements?: number },
): Result.Result<Npy, BadArray> => {
  const bad = (reason: string, remedy = "write the file again with numpy.save"): never => {
    throw new BadArray({ path, ...(array !== undefined && { array }), reason, remedy })
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

  const begin = (): { readonly header: Header; readonly start: number } => {
    if (!isNpy(bytes)) return bad("it does not begin like a NumPy array")
    const major = bytes[6]
    if (major !== 1 && major !== 2 && major !== 3) {
      return bad(`its format has version ${major ?? "none"}, not 1, 2 or 3`)
    }
    const from = major === 1 ? 10 : 12
    if (bytes.length < from) return bad("it ends within its header")
    const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
    const start = from + length
    if (length > most.header)
      return bad(`its header claims ${length} bytes; the limit is ${most.header}`)
    if (start > bytes.length) return bad("it ends within its header")
    const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(
      bytes.subarray(from, start),
    )
    if (/['"]descr['"]\s*:\s*[[(]/.test(text))
      return bad("it has more than one type", remedies["V"])
    return { header: headerOf(text) ?? bad("its header does not have the format of NumPy"), start }
  }

  const dtypeOf = (descr: string): Dtype => {
    const found = /^([<>|])([a-zA-Z])(\d{1,9})?(\[.*\])?$/.exec(descr)
    const [order, letter, digits] = [found?.[1], found?.[2], found?.[3]]
    const size = Number(digits ?? 0)
    const remedy = letter === undefined ? undefined : remedies[letter]
    if (remedy !== undefined) return bad(`its type ${descr} is not supported`, remedy)
    const isText = letter === "U" || letter === "S"
    const isKnown = isText ? size > 0 : kinds[`${letter}${digits}`] !== undefined
    const hasOrder = (order === "|") === (letter === "S" || (!isText && size === 1))
    if (!isKnown || !hasOrder || found?.[4] !== undefined) {
      const name = JSON.stringify(descr.slice(0, 40))
      return bad(`its type ${name} is not supported`, 'convert it first: a.astype("float64")')
    }
    return {
      kind: isText ? letter : `${letter}${digits}`,
      size: letter === "U" ? 4 * size : size,
      isLittle: order !== ">",
    }
  }

  /** Elements; the product is checked as it grows. */
  const countOf = (shape: ReadonlyArray<number>, _tag: (Numbers | Texts)["_tag"]): number => {
    if (shape.length > most.dimensions)
      return bad(`it has ${shape.length} dimensions; the limit is ${most.dimensions}`)
    if (shape.includes(0)) return 0
    let count = 1
    for (const size of shape) {
      count *= size
      if (costOf({ _tag }, count) > elements) {
        return bad(
          `its shape ${shape.join(" x ")} has more than ${Math.floor(elements / costOf({ _tag }, 1))} elements`,
          "give a smaller one",
        )
      }
    }
    return count
  }

  /** `read` at each element, where the last index runs fastest. */
  const inOrder = (
    { isFortran, shape }: Header,
    count: number,
    read: (element: number, to: number) => void,
  ): void => {
    if (!isFortran || shape.length < 2) {
      for (let k = 0; k < count; k++) read(k, k)
      return
    }
    const strides = shape.map((_, k) =>
      shape.slice(0, k).reduce((product, size) => product * size, 1),
    )
    const index = shape.map(() => 0)
    for (let to = 0, from = 0; to < count; to++) {
      read(from, to)
      for (let k = shape.length - 1; k >= 0; k--) {
        from += strides[k]!
        if (++index[k]! < shape[k]!) break
        from -= strides[k]! * shape[k]!
        index[k] = 0
      }
    }
  }

  const texts = (
    header: Header,
    start: number,
    count: number,
    { isLittle, kind, size }: Dtype,
  ): Texts => {
    const values = Array.from({ length: count }, () => "")
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
    inOrder(header, count, (element, to) => {
      const at = start + element * size
      if (kind === "S") {
        let end = at + size
        while (end > at && bytes[end - 1] === 0) end--
        try {
          values[to] = decoder.decode(bytes.subarray(at, end))
        } catch {
          bad(`element ${element} holds bytes that are not text`, 'write a.astype("U") instead')
        }
        return
      }
      let end = size / 4
      while (end > 0 && view.getUint32(at + 4 * (end - 1), isLittle) === 0) end--
      for (let k = 0; k < end; k++) {
        const point = view.getUint32(at + 4 * k, isLittle)
        if (point > 0x10ffff) bad(`element ${element} holds an invalid character`)
        values[to] += String.fromCodePoint(point)
      }
    })
    return { _tag: "Texts", values }
  }

  const numbers = (
    header: Header,
    start: number,
    count: number,
    { isLittle, kind, size }: Dtype,
  ): Numbers => {
    const isInOrder = !header.isFortran || header.shape.length < 2
    const from = bytes.byteOffset + start
    const isAlone = bytes.buffer.byteLength <= bytes.length + spare
    if (kind === "f8" && isLittle && isLittleHere && isInOrder && isAlone && from % 8 === 0) {
      return { _tag: "Numbers", values: new Float64Array(bytes.buffer, from, count) }
    }
    const values = new Float64Array(count)
    const read = kinds[kind]!
    inOrder(header, count, (element, to) => {
      const value = read(view, start + element * size, isLittle)
      const number = Number(value)
      if (typeof value === "bigint" && !Number.isSafeInteger(number)) {
        bad(
          `element ${element} is ${value}, beyond 2^53, where double precision cannot hold every integer`,
          'convert it if rounding is acceptable: a.astype("float64")',
        )
      }
      values[to] = number
    })
    return { _tag: "Numbers", values }
  }

  return Result.try({
    try: (): Npy => {
      const { header, start } = begin()
      const dtype = dtypeOf(header.descr)
      const isText = dtype.kind === "U" || dtype.kind === "S"
      const count = countOf(header.shape, isText ? "Texts" : "Numbers")
      const [expected, found] = [count * dtype.size, bytes.length - start]
      if (found !== expected) {
        bad(
          `its shape (${header.shape.join(", ")}) of ${header.descr} has ${expected} bytes, but ${found} were found`,
        )
      }
      const data = (isText ? texts : numbers)(header, start, count, dtype)
      return { shape: header.shape, dtype: header.descr, data }
    },
    catch: (error) => {
      if (error instanceof BadArray) return error
      throw error
    },
  })
}

/**
 * Reads one array. Fails with FileError, TooManyBytes and the errors of `decode`.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Npy from "@nonconvex/datasets/Npy"
 * import { Effect, FileSystem, Stream } from "effect"
 *
 * const bytes = Npy.encode({ shape: [2], data: { _tag: "Numbers", values: Float64Array.of(1, 2) } })
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(bytes) })
 * const { data } = await Effect.runPromise(Effect.provide(Npy.read("a.npy"), files))
 * data.values // => Float64Array.of(1, 2)
 * ```
 */
export const read = Effect.fn("Npy.read")(function* (
  path: string,
): Effect.fn.Return<Npy, ArrayError, FileSystem.FileSystem> {
  return yield* Effect.fromResult(decode(yield* readBytes(path, most.bytes), { path }))
})
