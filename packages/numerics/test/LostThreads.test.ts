/** Shared kernels whose threads end, in the middle of an operation that the thread that asked for it waits for. */
import { Kernels } from "@nonconvex/numerics"
import type { SharedKernels } from "@nonconvex/numerics/SharedKernels"
import { ThreadLost } from "../src/ThreadLost.ts"
import { assert, describe, it } from "vitest"
import { make } from "../src/internal/shared/make.ts"
import * as Threads from "../src/internal/shared/Threads.ts"
import * as Work from "../src/internal/shared/Work.ts"
import { difference, doubles } from "./kernels/expand.ts"
import { deadly, endless } from "./fixtures/Deadly.ts"

const capacity = 2 ** 24
const size = 180
const dying = new URL("fixtures/dyingThread.ts", import.meta.url)
const deaf = new URL("fixtures/deafSupervisor.ts", import.meta.url)

const [a, b, c] = ["a", "b", "c"].map((label) =>
  doubles({ seed: 1, decades: 2 }, label, size * size),
)

const product = (kernels: Kernels.Kernels, alpha: number, beta: number): Float64Array => {
  const out = c!.slice()
  kernels.gemm(false, true, size, size, size, alpha, a!, b!, beta, out)
  return out
}

/** Kernels of `count` threads that have all started; those of the fixture by default. */
const started = async (count: number, modules: Partial<Threads.Modules> = {}) => {
  const pool = make(count, { capacity }, { ...Threads.own, thread: dying, ...modules })
  while (pool.started() < count) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return pool
}

/** Asserts that products have the bits of one thread. */
const isSound = (pool: Kernels.Kernels, alpha = 1): void => {
  for (const beta of [0, 0.5]) {
    const expected = product(Kernels.strict(), alpha, beta)
    assert.isUndefined(difference(product(pool, alpha, beta), expected))
  }
}

/** Asks for a product until no other thread is left, which a busy machine may begin late; the threads that the failures name. */
const untilAllEnd = (
  pool: SharedKernels,
  alpha: number,
  beta: number,
): ReadonlyArray<ThreadLost> => {
  const expected = product(Kernels.strict(), alpha, beta)
  const lost: Array<ThreadLost> = []
  while (pool.started() > 1) {
    try {
      assert.isUndefined(difference(product(pool, alpha, beta), expected))
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error
      lost.push(error)
    }
  }
  return lost
}

describe.each([2, 3])("%i threads, of which all others end in the middle", (count) => {
  it("do again what reads nothing of what it writes, with the bits of one thread", async () => {
    const pool = await started(count)
    isSound(pool)
    assert.deepStrictEqual(untilAllEnd(pool, deadly, 0), [])
    isSound(pool, deadly)
  })

  it("name the thread where its operands are no longer as they were, and go on", async () => {
    const pool = await started(count)
    const named = untilAllEnd(pool, deadly, 0.5).map(({ thread, threads }) => [thread, threads])
    // of two that end in one operation the first is named
    assert.deepInclude(
      [
        [[1, 2]],
        [
          [1, 3],
          [2, 3],
        ],
        [
          [2, 3],
          [1, 3],
        ],
        [[1, 3]],
      ],
      named,
    )
    isSound(pool, deadly)
  })
})

describe("a part of a symmetric product", () => {
  it("can be done again unless it adds what it writes over", () => {
    const part = (added: number, to: number): Work.Share => [
      Work.kinds.symmetricPart,
      100,
      8,
      80_008,
      added,
      to,
      0,
      48,
    ]
    assert.isTrue(Work.isRepeatable(part(0, 90_000)))
    assert.isTrue(Work.isRepeatable(part(90_800, 90_000)))
    assert.isFalse(Work.isRepeatable(part(90_000, 90_000)))
    assert.isFalse(Work.isRepeatable(part(90_000, 90_792)))
  })
})

describe("threads of which nothing is heard", () => {
  it("are given up, though they could write again, and the operation fails", async () => {
    const pool = await started(2, { supervisor: deaf, pause: 10, patience: 5 })
    isSound(pool)
    const named = untilAllEnd(pool, endless, 0).map(({ thread }) => thread)
    assert.deepStrictEqual(named, [1])
    isSound(pool)
  })

  it("that never start leave the work to the one that asks, which is said", async () => {
    const missing = new URL("fixtures/noSuchThread.ts", import.meta.url)
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve))
    const pool = make(2, { capacity }, { ...Threads.own, thread: missing })
    isSound(pool)
    assert.match((await warned).message, /thread of shared kernels ended.*noSuchThread/)
    isSound(pool)
    assert.strictEqual(pool.started(), 1)
  })
})
