import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { type Result, runs } from "../src/internal/WideVectorsRuns.ts"

const calls = [1, 3, 21].flatMap((n) => {
  const stream = RandomStream.make(Seed.root(1))
  return [...runs(n, (count) => stream.normals(count))]
})

const bytes = ({ buffer, byteLength, byteOffset }: Result): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

/** What needs no check: it makes kernels, or is plain loops in every build. */
// what a loop computes is its own: see `TwinLaw`
const exempt = ["withCapacity", "bend", "load"]

describe("the runs that are checked before vectors are widened", () => {
  it("have the bits of the plain loops", () => {
    for (const call of calls) {
      const [strict, reference] = [call(Kernels.strict()), call(Kernels.reference())]
      assert.strictEqual(strict.length, reference.length)
      for (const [k, array] of strict.entries())
        assert.isTrue(bytes(array).equals(bytes(reference[k]!)))
    }
  })

  it("call every kernel that the rest of the check does not", () => {
    const called = new Set<string>()
    const watched = new Proxy(Kernels.strict(), {
      get: (kernels, name: keyof Kernels.Kernels) => {
        called.add(name)
        return kernels[name]
      },
    })
    for (const call of calls) call(watched)
    const rest = readFileSync(
      new URL("../src/internal/WideVectorsCheck.ts", import.meta.url),
      "utf8",
    )
    const missing = Object.entries(Kernels.strict()).filter(
      ([name, kernel]) =>
        typeof kernel === "function" &&
        !exempt.includes(name) &&
        !called.has(name) &&
        !rest.includes(`kernels.${name}(`),
    )
    assert.deepStrictEqual(
      missing.map(([name]) => name),
      [],
    )
  })
})
