/** Event files, with every kind of value and every kind of damage. */
import { WireType } from "@bufbuild/protobuf/wire"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { crc32c, masked } from "../../src/logs/Crc32c.ts"
import { EventRecords, isEventFile, longest } from "../../src/logs/EventRecords.ts"
import { seriesOf } from "../../src/logs/RunLog.ts"
import { eventOf, joined, record, simple, tensor } from "../support/Events.ts"
import { events, numbersOf } from "../support/Read.ts"

const losses = (from: number, to: number, scale = 1): Uint8Array =>
  joined(
    ...Array.from({ length: to - from }, (_, k) =>
      record(eventOf(from + k, "loss", simple(scale * (from + k)))),
    ),
  )

describe("the checksum of event files", () => {
  it("is CRC-32C, of which the check value is known, and masked as it stands in files", () => {
    assert.strictEqual(crc32c(new TextEncoder().encode("123456789")), 0xe3069283)
    assert.strictEqual(crc32c(new Uint8Array(32)), 0x8a9136aa)
    assert.strictEqual(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43)
    // of the first record of a file that TensorBoard's writer made: a length of 24
    const length = Uint8Array.of(24, 0, 0, 0, 0, 0, 0, 0)
    assert.deepStrictEqual(
      [...new Uint8Array(Uint32Array.of(masked(length)).buffer)],
      [0xa3, 0x7f, 0x4b, 0x22],
    )
  })
})

describe("event files", () => {
  it.effect("give scalars that are simple values, and tensors of one number of every type", () =>
    Effect.gen(function* () {
      const float = new Uint8Array(Float32Array.of(0.5).buffer)
      const double = new Uint8Array(Float64Array.of(-2.25).buffer)
      const values = {
        simple: simple(1.5),
        "not a number": simple(NaN),
        "float content": tensor(
          1,
          [],
          (of) => void of.tag(4, WireType.LengthDelimited).bytes(float),
        ),
        "double content": tensor(
          2,
          [1],
          (of) => void of.tag(4, WireType.LengthDelimited).bytes(double),
        ),
        "float value": tensor(1, [], (of) => void of.tag(5, WireType.Bit32).float(3)),
        "packed floats": tensor(
          1,
          [1, 1],
          (of) => void of.tag(5, WireType.LengthDelimited).bytes(float),
        ),
        "double value": tensor(2, [], (of) => void of.tag(6, WireType.Bit64).double(4)),
        integer: tensor(3, [], (of) => void of.tag(7, WireType.Varint).int32(-7)),
        long: tensor(9, [], (of) => void of.tag(10, WireType.Varint).int64(2 ** 40)),
        zero: tensor(1, [], () => undefined),
      }
      const content = joined(
        ...Object.entries(values).map(([tag, value]) => record(eventOf(3, tag, value))),
      )
      const log = yield* events(content)
      assert.deepStrictEqual(numbersOf(log), {
        simple: [[3, 1.5]],
        "not a number": [[3, NaN]],
        "float content": [[3, 0.5]],
        "double content": [[3, -2.25]],
        "float value": [[3, 3]],
        "packed floats": [[3, 0.5]],
        "double value": [[3, 4]],
        integer: [[3, -7]],
        long: [[3, 2 ** 40]],
        zero: [[3, 0]],
      })
      assert.deepStrictEqual(log.notes, [])
    }),
  )

  it.effect("take no number from tensors of several, and settings from texts of JSON", () =>
    Effect.gen(function* () {
      const two = tensor(
        1,
        [2],
        (of) => void of.tag(5, WireType.LengthDelimited).bytes(new Uint8Array(8)),
      )
      const text = tensor(
        7,
        [1],
        (of) =>
          void of
            .tag(8, WireType.LengthDelimited)
            .string('{"optim": "sgd", "bf16": true, "x": {}}'),
      )
      const log = yield* events(
        joined(
          record(eventOf(0, "several", two)),
          record(eventOf(0, "args", text)),
          record(eventOf(0, "loss", simple(1))),
        ),
      )
      assert.deepStrictEqual(Object.keys(numbersOf(log)), ["loss"])
      assert.deepStrictEqual(
        [...log.settings],
        [
          ["optim", "sgd"],
          ["bf16", "true"],
        ],
      )
    }),
  )

  it.effect("are the same in whatever pieces they come", () =>
    Effect.sync(() => {
      const content = losses(0, 5)
      const of = (size: number) => {
        const lengths: Array<number> = []
        const records = new EventRecords("file", (each) => lengths.push(each.length))
        for (let at = 0; at < content.length; at += size) {
          records.push(content.subarray(at, at + size))
        }
        return [lengths, records.finish()]
      }
      const whole = of(content.length)
      for (const size of [1, 2, 11, 12, 13, 64]) assert.deepStrictEqual(of(size), whole)
    }),
  )

  it.effect("end where they are cut off, and say so", () =>
    Effect.gen(function* () {
      const whole = losses(0, 4)
      const one = whole.length / 4
      for (const cut of [1, 5, one - 1]) {
        const log = yield* events(whole.subarray(0, whole.length - cut))
        assert.deepStrictEqual(numbersOf(log)["loss"]!.length, 3)
        assert.match(log.notes.join(), /the last record is truncated at byte \d+, as in a run/)
      }
    }),
  )

  it.effect("leave out a record of another checksum, and end at a length of another", () =>
    Effect.gen(function* () {
      const whole = losses(0, 4)
      const one = whole.length / 4
      const wrong = whole.slice()
      wrong[one + 14]! ^= 1
      const log = yield* events(wrong)
      assert.deepStrictEqual(
        numbersOf(log)["loss"]!.map(([step]) => step),
        [0, 2, 3],
      )
      assert.deepStrictEqual(log.notes, ["ignored: 1 event records with a wrong checksum"])
      const torn = whole.slice()
      torn[2 * one + 1]! ^= 1
      const ended = yield* events(torn)
      assert.strictEqual(numbersOf(ended)["loss"]!.length, 2)
      assert.match(ended.notes.join(), /damaged at byte \d+ \(the checksum of a length is wrong\)/)
    }),
  )

  it.effect.each([
    ["nothing", new Uint8Array(), /byte 0: it is empty, and no event record/],
    ["another byte order", record(new Uint8Array(3)).toReversed(), /checksum of a length is wrong/],
    ["a length without end", record(new Uint8Array(3), 10n ** 15n), /byte \d+: it is truncated/],
    ["a length past all integers", record(new Uint8Array(3), 2n ** 64n - 1n), /it is truncated/],
    ["a part of a header", Uint8Array.of(1, 2, 3), /byte 0: it is truncated/],
  ] as const)("are refused that hold %s", ([, content, message]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(events(content))
      assert.match(error.message, message)
      assert.isBelow(error.message.length, 300)
    }),
  )

  it("pass over a record that is longer than numbers need, and read on behind it", () => {
    const content = joined(losses(0, 1), losses(1, 2))
    const long = record(new Uint8Array(), BigInt(longest + 1)).subarray(0, 12)
    const counted: Array<number> = []
    const records = new EventRecords("file", (each) => counted.push(each.length))
    records.push(content.subarray(0, content.length / 2))
    records.push(long)
    for (let left = longest + 1 + 4; left > 0; left -= 2 ** 20) {
      records.push(new Uint8Array(Math.min(left, 2 ** 20)))
    }
    records.push(content.subarray(content.length / 2))
    assert.deepStrictEqual([counted.length, records.finish()], [2, []])
  })

  it.effect("leave out what is no event", () =>
    Effect.gen(function* () {
      const log = yield* events(joined(record(Uint8Array.of(255, 255, 255)), losses(0, 1)))
      assert.deepStrictEqual(log.notes, ["ignored: 1 records that are not events"])
      assert.strictEqual(numbersOf(log)["loss"]!.length, 1)
    }),
  )

  it.effect("are one run where there are several, and what a resumed one wrote again counts", () =>
    Effect.gen(function* () {
      const log = yield* events(losses(0, 6), losses(3, 9, 10))
      const { notes, series } = seriesOf(log, ["loss"])
      assert.deepStrictEqual([...series[0]!.steps], [0, 1, 2, 3, 4, 5, 6, 7, 8])
      assert.deepStrictEqual([...series[0]!.values], [0, 1, 2, 30, 40, 50, 60, 70, 80])
      assert.deepStrictEqual(notes, [
        "2 event files are read as one run",
        "resumed once, at step 3: the entries written after the resumption count",
      ])
    }),
  )

  it("are known by their first twelve bytes", () => {
    assert.isTrue(isEventFile(losses(0, 1)))
    assert.isFalse(isEventFile(new TextEncoder().encode("step,loss\n1,2\n3,4\n")))
    assert.isFalse(isEventFile(losses(0, 1).subarray(0, 11)))
  })
})
