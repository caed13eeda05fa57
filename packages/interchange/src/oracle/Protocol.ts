/** Protocol of the pipe to a program that evaluates a loss; docs/oracle.md documents it. */
import { quote } from "@nonconvex/datasets/Quote"

const version = 1

export const greetingBytes = 32
export const headerBytes = 16

/** Largest dimension: a basis of longer Krylov vectors does not fit into the memory of WebAssembly. */
export const largestDimension = 2 ** 25

const longestText = 4096

/** Bytes of a number: float32 or float64. */
export type Width = 4 | 8

export type Kind = "gradient" | "product"

const words = { gradient: "GRAD", product: "PROD" } as const
const greetingWord = "NCVX"
const failureWord = "FAIL"

/** Greeting of a program before anything else. */
export interface Greeting {
  readonly width: Width
  readonly dimension: number
  /** A lower bound on the loss, if known. */
  readonly least?: number
}

/**
 * Content after the header of an answer: bytes of numbers (one more for a gradient), or a text that explains why there are none.
 */
export interface Answer {
  readonly kind: Kind | "failure"
  readonly bytes: number
}

/** Bytes that violate the protocol; `reason` has the numbers that show it. */
export class Malformed extends Error {}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const wordOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, 4))

const isText = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13))

/** Describes bytes that are neither greeting nor answer, usually a `print` of the program. */
const unexpected = (bytes: Uint8Array, expected: string): Malformed =>
  new Malformed(
    isText(bytes.subarray(0, 4))
      ? `it wrote text to standard output instead of ${expected}: ${quote(new TextDecoder().decode(bytes).split("\n", 1)[0]!)}; print to standard error`
      : `it wrote other bytes instead of ${expected} (${[...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}); see docs/oracle.md`,
  )

/** Throws Malformed if these bytes, at least four, do not begin a greeting or an answer: reading on would wait forever. */
export const requireBeginning = (bytes: Uint8Array, of: "greeting" | "answer"): void => {
  const word = wordOf(bytes)
  const known: ReadonlyArray<string> =
    of === "greeting" ? [greetingWord] : [words.gradient, words.product, failureWord]
  if (!known.includes(word)) {
    throw unexpected(bytes, of === "greeting" ? "the greeting" : "an answer")
  }
}

/** Reads the greeting, of `greetingBytes` bytes. Throws Malformed on another version, width or dimension. */
export const decodeGreeting = (bytes: Uint8Array): Greeting => {
  requireBeginning(bytes, "greeting")
  const view = viewOf(bytes)
  const found = view.getUint32(4, true)
  if (found !== version) {
    throw new Malformed(
      `it uses version ${found} of the protocol, but version ${version} is required`,
    )
  }
  const width = view.getUint32(8, true)
  if (width !== 4 && width !== 8) {
    throw new Malformed(`its numbers have ${width} bytes; they must have 4 or 8`)
  }
  const dimension = Number(view.getBigUint64(16, true))
  if (!(dimension >= 1 && dimension <= largestDimension)) {
    throw new Malformed(`it has ${dimension} parameters; the limit is ${largestDimension}`)
  }
  const least = view.getFloat64(24, true)
  if (Number.isNaN(least) || least === Number.POSITIVE_INFINITY) {
    throw new Malformed(
      `its lower bound on the loss is ${least}; use -Infinity if no bound is known`,
    )
  }
  return { width, dimension, ...(Number.isFinite(least) && { least }) }
}

/** Reads the header of an answer to a request for `kind`, of `headerBytes` bytes. Throws Malformed on an answer to anything else. */
export const decodeAnswer = (
  bytes: Uint8Array,
  kind: Kind,
  { dimension, width }: Greeting,
): Answer => {
  requireBeginning(bytes, "answer")
  const word = wordOf(bytes)
  const count = Number(viewOf(bytes).getBigUint64(8, true))
  if (word === failureWord) {
    if (count > longestText) {
      throw new Malformed(`its error message has ${count} bytes; the limit is ${longestText}`)
    }
    return { kind: "failure", bytes: count }
  }
  if (word !== words[kind]) {
    throw new Malformed(`it answered ${word} to a request for ${words[kind]}`)
  }
  if (count !== dimension) {
    throw new Malformed(`it answered with ${count} numbers, but has ${dimension} parameters`)
  }
  return { kind, bytes: vectorBytes(dimension, width) + (kind === "gradient" ? 8 : 0) }
}

/** True if this machine is little-endian, as the protocol is: bytes then need no swap. */
const isLittleHere = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Numbers in bytes from the byte `offset` on, as an array view; undefined if they are misaligned or in another byte order. */
const numbersIn = (
  { buffer, byteOffset }: Uint8Array,
  offset: number,
  width: Width,
  count: number,
): Float32Array | Float64Array | undefined => {
  const from = byteOffset + offset
  if (!isLittleHere || from % width !== 0) return undefined
  return width === 4 ? new Float32Array(buffer, from, count) : new Float64Array(buffer, from, count)
}

export const vectorBytes = (dimension: number, width: Width): number => dimension * width

/** A request: its header and the vector, rounded to float32 if the width is 4. */
export const encodeRequest = (kind: Kind, numbers: Float64Array, width: Width): Uint8Array => {
  const bytes = new Uint8Array(headerBytes + vectorBytes(numbers.length, width))
  const view = viewOf(bytes)
  for (let i = 0; i < 4; i++) bytes[i] = words[kind].charCodeAt(i)
  view.setBigUint64(8, BigInt(numbers.length), true)
  const inMemory = numbersIn(bytes, headerBytes, width, numbers.length)
  if (inMemory !== undefined) {
    inMemory.set(numbers)
    return bytes
  }
  for (let i = 0; i < numbers.length; i++) {
    if (width === 4) view.setFloat32(headerBytes + 4 * i, numbers[i]!, true)
    else view.setFloat64(headerBytes + 8 * i, numbers[i]!, true)
  }
  return bytes
}

/** Fills `out` with numbers from the byte `offset` on. */
export const decodeVector = (
  bytes: Uint8Array,
  offset: number,
  width: Width,
  out: Float64Array,
): void => {
  const inMemory = numbersIn(bytes, offset, width, out.length)
  if (inMemory !== undefined) return out.set(inMemory)
  const view = viewOf(bytes)
  for (let i = 0; i < out.length; i++) {
    out[i] =
      width === 4 ? view.getFloat32(offset + 4 * i, true) : view.getFloat64(offset + 8 * i, true)
  }
}

/** Loss at the start of an answer to a request for a gradient. */
export const decodeLoss = (bytes: Uint8Array): number => viewOf(bytes).getFloat64(0, true)
