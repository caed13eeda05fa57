/** Untrusted bytes: a greeting or an answer within its limits, or one clear refusal. */
import { assert, describe, it } from "@effect/vitest"
import { RandomStream, Seed } from "@nonconvex/numerics"
import process from "node:process"
import * as Protocol from "../../src/oracle/Protocol.ts"

const greeting = (): Uint8Array => {
  const bytes = new Uint8Array(Protocol.greetingBytes)
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode("NCVX"))
  view.setUint32(4, 1, true)
  view.setUint32(8, 8, true)
  view.setBigUint64(16, 1000n, true)
  return bytes
}

const answer = (word: string, count: bigint): Uint8Array => {
  const bytes = new Uint8Array(Protocol.headerBytes)
  bytes.set(new TextEncoder().encode(word))
  new DataView(bytes.buffer).setBigUint64(8, count, true)
  return bytes
}

const inputs = Number(process.env["NONCONVEX_FUZZ"] ?? 1000)

/** The bytes with some of them altered. */
const changed = (stream: RandomStream.RandomStream, whole: Uint8Array): Uint8Array => {
  const bytes = whole.slice()
  const count = 1 + stream.integer(4)
  for (let k = 0; k < count; k++) bytes[stream.integer(bytes.length)] = stream.integer(256)
  return bytes
}

/** The decoded value; undefined if it is refused with a message. */
const tried = <A>(decode: () => A): A | undefined => {
  try {
    return decode()
  } catch (error) {
    assert.instanceOf(error, Protocol.Malformed)
    assert.match(error.message, /^its? .{10,300}$/)
    return undefined
  }
}

describe("the protocol of the oracle", () => {
  const stream = RandomStream.make(
    Seed.root(Number(process.env["NONCONVEX_SEED"] ?? 1)).child("protocol"),
  )

  it("takes greetings of strangers within bounds, or refuses them", () => {
    let taken = 0
    for (let k = 0; k < inputs; k++) {
      const found = tried(() => Protocol.decodeGreeting(changed(stream, greeting())))
      if (found === undefined) continue
      taken++
      const { dimension, least = 0, width } = found
      assert.isTrue(Number.isInteger(dimension) && dimension >= 1)
      assert.isAtMost(dimension, Protocol.largestDimension)
      assert.include([4, 8], width)
      assert.isTrue(Number.isFinite(least))
    }
    assert.isAbove(taken, 0)
    assert.isBelow(taken, inputs)
  })

  it("takes answers of strangers within bounds, or refuses them", () => {
    const of = { dimension: 1000, width: 8 } as const
    const wholes = [answer("GRAD", 1000n), answer("PROD", 1000n), answer("FAIL", 40n)]
    let taken = 0
    for (let k = 0; k < inputs; k++) {
      const whole = wholes[stream.integer(wholes.length)]!
      const found = tried(() => Protocol.decodeAnswer(changed(stream, whole), "gradient", of))
      if (found === undefined) continue
      taken++
      assert.isAtMost(found.bytes, found.kind === "failure" ? 4096 : 8 * 1001)
    }
    assert.isAbove(taken, 0)
    assert.isBelow(taken, inputs)
  })

  it("gives numbers back as they were, or as float32 has them", () => {
    const numbers = Float64Array.of(0, -1.5, 1e-300, Math.PI, Number.POSITIVE_INFINITY)
    for (const width of [4, 8] as const) {
      const bytes = Protocol.encodeRequest("product", numbers, width)
      const out = new Float64Array(5)
      Protocol.decodeVector(bytes, Protocol.headerBytes, width, out)
      assert.deepStrictEqual(out, width === 8 ? numbers : numbers.map(Math.fround))
      // where they do not lie as numbers lie in memory
      const moved = new Uint8Array(bytes.length + 1)
      moved.set(bytes, 1)
      const again = new Float64Array(5)
      Protocol.decodeVector(moved, Protocol.headerBytes + 1, width, again)
      assert.deepStrictEqual(again, out)
      const back = Protocol.decodeAnswer(bytes, "product", { dimension: 5, width })
      assert.deepStrictEqual(back, { kind: "product", bytes: 5 * width })
    }
  })
})
