import { InvalidInput, Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { Schema } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { gradientMethod, momentum, quadratic, sgd } from "../src/index.ts"
import * as Snapshot from "../src/Snapshot.ts"

/** Through JSON and the schema, as a file would keep it. */
const stored = (state: object): Snapshot.Snapshot =>
  Schema.decodeUnknownSync(Snapshot.Snapshot)(JSON.parse(JSON.stringify(Snapshot.write(state))))

const copied = (state: object, into: object) => {
  Snapshot.read(stored(state), into)
  return into
}

const mismatch = (state: object, into: object): string => {
  try {
    copied(state, into)
  } catch (error) {
    if (error instanceof Snapshot.SnapshotMismatch) return error.message
    throw error
  }
  return "none"
}

describe("data", () => {
  it("comes back bit for bit: numbers, text, arrays, typed arrays, streams, nothing", () => {
    const stream = RandomStream.make(Seed.root(1))
    stream.normal()
    const state = () => ({
      numbers: [0, -0, NaN, Infinity, -Infinity, 5e-324, 0.1],
      wide: Float64Array.of(-0, NaN, 5e-324, 1 / 3),
      narrow: Float32Array.of(1.5, -0),
      words: [Int32Array.of(-1), Uint32Array.of(2 ** 32 - 1), Uint8Array.of(255)] as const,
      text: 'a "quoted" word',
      nothing: undefined as undefined | { readonly onset: number },
      none: null,
      isReady: true,
      nested: { inner: { count: 3 } },
      stream: RandomStream.make(Seed.root(1)),
    })
    const given = { ...state(), nothing: { onset: 7 }, stream }
    const into = {
      ...state(),
      numbers: [],
      wide: new Float64Array(4),
      text: "",
      isReady: false,
      nested: { inner: { count: 0 } },
    }
    const { nested, stream: own, wide } = into
    const read = copied(given, into) as unknown as typeof given
    assert.deepStrictEqual(read, given)
    // in place
    assert.strictEqual(read.wide, wide)
    assert.strictEqual(read.nested, nested)
    assert.strictEqual(read.stream, own)
    assert.strictEqual(read.stream.normal(), stream.normal())
    assert.strictEqual(
      JSON.stringify(Snapshot.write(read)),
      JSON.stringify(Snapshot.write({ ...given, stream: own })),
    )
  })

  it("of any bits survives", () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.jsonValue({ maxDepth: 3 }), (values, anything) => {
        const wide = Float64Array.from(values)
        const state = { wide, values, anything: { value: anything } }
        const into = { wide: new Float64Array(wide.length), values: [], anything: { value: null } }
        assert.deepStrictEqual(copied(state, into), state)
      }),
    )
  })

  it("goes into arrays where they are, in the memory of kernels too", () => {
    const { arena } = Kernels.makeStrict({ capacity: 4096 })
    const [from, to] = [arena.f64(3).fill(2), arena.f64(3)]
    copied({ view: from.subarray(1) }, { view: to.subarray(1) })
    assert.deepStrictEqual([...to], [0, 2, 2])
  })
})

describe("what is left out", () => {
  it("is functions, accessors, and objects with functions, which stay those of the fresh state", () => {
    class Machine {
      counter: number
      constructor(counter: number) {
        this.counter = counter
      }
      turn() {
        return this.counter
      }
    }
    const state = (count: number) => ({
      count,
      step: () => count,
      get twice() {
        return 2 * this.count
      },
      objective: { size: count, valueAndGradient: () => count },
      machine: new Machine(count),
      machines: [{ run: () => count }],
    })
    const into = state(1)
    const { machines, objective } = into
    copied(state(5), into)
    assert.strictEqual(into.count, 5)
    assert.strictEqual(into.twice, 10)
    assert.strictEqual(into.step(), 1)
    assert.strictEqual(into.objective, objective)
    assert.strictEqual(into.machine.counter, 1)
    assert.strictEqual(into.machines[0]!.run(), 1)
    assert.strictEqual(into.machines, machines)
    assert.deepStrictEqual(Object.keys((Snapshot.write(into).state as { fields: object }).fields), [
      "count",
      "machines",
    ])
  })

  it("is never a map, a set or a big integer, which are refused by name", () => {
    for (const [field, value] of Object.entries({
      map: new Map(),
      set: new Set(),
      view: new DataView(new ArrayBuffer(8)),
      big: 1n,
    })) {
      assert.throws(
        () => Snapshot.write({ deep: { [field]: value } }),
        InvalidInput,
        `state.deep.${field}`,
      )
    }
  })
})

describe("a snapshot that does not fit", () => {
  const start = Float64Array.of(1, 2)
  const begin = (spectrum: ReadonlyArray<number>) =>
    gradientMethod(momentum({ learningRate: 0.1 })).init(
      quadratic({ spectrum }),
      start.slice(0, spectrum.length),
    )

  it("is told by the field: lengths, types, more fields and fewer", () => {
    assert.include(
      mismatch(begin([1, 2]), begin([1])),
      "does not match at state.point: expected Float64Array of 1, found Float64Array of 2; restore it",
    )
    assert.include(
      mismatch({ a: Float32Array.of(1) }, { a: Float64Array.of(1) }),
      "at state.a: expected Float64Array of 1, found Float32Array of 1",
    )
    assert.include(
      mismatch({ a: 1 }, { a: Float64Array.of(1) }),
      "at state.a: expected Float64Array of 1, found 1",
    )
    assert.include(
      mismatch({ a: { b: [1, NaN] } }, { a: { b: [1, {}] } }),
      "at state.a.b[1]: expected an object, found NaN",
    )
    assert.include(mismatch({ a: 1, b: 2 }, { a: 1 }), "at state.b: expected nothing, found 2")
    assert.include(mismatch({ a: 1 }, { a: 1, b: 2 }), "at state.b: expected 2, found nothing")
    assert.include(
      mismatch({ a: RandomStream.make(Seed.root(1)) }, { a: [] }),
      "expected an array, found a random stream",
    )
    const plain = gradientMethod(sgd({ learningRate: 0.1 })).init(
      quadratic({ spectrum: [1, 2] }),
      start,
    )
    assert.include(
      mismatch(begin([1, 2]), plain),
      "at state.update.velocity: expected nothing, found Float64Array of 2",
    )
  })

  it("of broken text is refused, and one with a foreign key changes no prototype", () => {
    const state = (value: Snapshot.Snapshot["state"]): Snapshot.Snapshot => ({
      version: 1,
      state: { fields: { a: value } },
    })
    for (const base64 of ["%%", "AAA="]) {
      const broken = state({ array: "Float64Array", base64 })
      assert.throws(
        () => Snapshot.read(broken, { a: new Float64Array(1) }),
        Snapshot.SnapshotMismatch,
        "at state.a: expected the bytes of Float64Array",
      )
    }
    const foreign = JSON.parse(
      '{ "version": 1, "state": { "fields": { "__proto__": { "fields": { "a": 1 } } } } }',
    ) as Snapshot.Snapshot
    assert.throws(() => Snapshot.read(foreign, {}), Snapshot.SnapshotMismatch, "__proto__")
    assert.isUndefined(({} as { a?: number }).a)
  })

  it("of another version is refused, by the schema and by name", () => {
    const later = { ...Snapshot.write({ a: 1 }), version: 2 }
    assert.throws(() => Schema.decodeUnknownSync(Snapshot.Snapshot)(later))
    assert.throws(
      () => Snapshot.read(later as unknown as Snapshot.Snapshot, { a: 1 }),
      Snapshot.SnapshotMismatch,
      "version",
    )
  })
})
