/** Noise that a permit pays for, and the statement of a release about its generator. */
import { Draw } from "@nonconvex/evidence"
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { normalsOf, streamOf, wordsOf } from "../../src/evidence/support/Structures.ts"
import {
  type Entropy,
  GridPlan,
  Mechanism,
  Permit,
  PrivateScatter,
  Public,
  release,
  statement,
} from "../../src/index.ts"
import { cryptographic } from "../../src/noise/Cryptographic.ts"
import { IntegerDraws } from "../../src/noise/IntegerDraws.ts"
import { PermitUsed } from "../../src/release/Permit.ts"

const data = Draw.record({
  dimension: Draw.integer(1, 5),
  rows: Draw.integer(1, 10),
  seed: Draw.seed(),
})

const bound = Public.bound(1)
const target = { epsilon: 1, delta: 1e-6, neighbours: "replace", bound } as const

const prepared = ({ dimension, rows, seed }: Draw.Drawn<typeof data>) => {
  const scatter = PrivateScatter.make({ dimension, bound, kernels: Kernels.strict() })
  scatter.add(normalsOf(seed, "rows", rows * dimension))
  // words of a stream that only this test knows
  const stream = streamOf(seed, "words")
  const genuine = cryptographic((words) => {
    for (let i = 0; i < words.length; i++) words[i] = stream.word()
  })
  return { scatter, genuine, plan: GridPlan.make(Mechanism.isotropic(target), dimension) }
}

/** Of two releases the second is refused, with the permit that it is given. */
const isForOneRelease = (second: (permit: Permit) => Permit) =>
  fc.property(data, (instance) => {
    const { genuine, plan, scatter } = prepared(instance)
    const permit = Permit.withoutLedger(plan)
    release(scatter, permit, genuine)
    try {
      release(scatter, second(permit), genuine)
    } catch (error) {
      return error instanceof PermitUsed
    }
    return false
  })

/** A release says whether its generator protects anybody. */
const saysWhom = (
  generator: (instance: ReturnType<typeof prepared>, seed: number) => Entropy.Source,
  words: string,
) =>
  fc.property(data, (instance) => {
    const ready = prepared(instance)
    const { plan, scatter } = ready
    const released = release(scatter, Permit.withoutLedger(plan), generator(ready, instance.seed))
    return statement(released).startsWith(words)
  })

describe("a permit", () => {
  it("is for one release", () => {
    fc.assert(isForOneRelease((permit) => permit))
    const another = isForOneRelease((permit) => Permit.withoutLedger(permit.plan))
    assert.isTrue(fc.check(another).failed)
  })

  it("pays for noise of its own", () => {
    fc.assert(
      fc.property(data, (instance) => {
        const { genuine, plan, scatter } = prepared(instance)
        const [one, other] = [0, 1].map(() => release(scatter, Permit.withoutLedger(plan), genuine))
        return one!.matrix.some((x, at) => x !== other!.matrix[at])
      }),
    )
  })
})

describe("a release", () => {
  it("says of every generator but the operating system's that it protects nobody, also of a copy with other words", () => {
    fc.assert(saysWhom(({ genuine }) => genuine, "("))
    fc.assert(saysWhom((_, seed) => wordsOf(seed), "No privacy"))
    const copied = saysWhom(
      ({ genuine }, seed) => ({ ...genuine, fill: wordsOf(seed).fill }),
      "No privacy",
    )
    fc.assert(copied)
    assert.isTrue(fc.check(saysWhom(({ genuine }) => genuine, "No privacy")).failed)
  })

  it("uses no word twice", () => {
    let next = 0
    const counting = cryptographic((words) => {
      for (let i = 0; i < words.length; i++) words[i] = next++
    })
    const draws = new IntegerDraws(counting)
    assert.strictEqual(new Set(Array.from({ length: 10_000 }, () => draws.word())).size, 10_000)
  })
})
