/** Cost that a permit pays, and the statement of a release about its generator of noise. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import { cryptographic } from "../../noise/Cryptographic.ts"
import { IntegerDraws } from "../../noise/IntegerDraws.ts"
import * as Mechanism from "../../noise/Mechanism.ts"
import * as Public from "../../privacy/Public.ts"
import * as GridPlan from "../../release/GridPlan.ts"
import { Permit, PermitUsed } from "../../release/Permit.ts"
import { PrivateScatter } from "../../release/PrivateScatter.ts"
import { release, statement } from "../../release/Release.ts"
import { derived } from "../support/Paper.ts"
import { normalsOf, streamOf, wordsOf } from "../support/Structures.ts"

const released = Draw.record({
  dimension: Draw.integer(1, 5),
  rows: Draw.integer(1, 10),
  seed: Draw.seed(),
})

const isUsed = (run: () => unknown): boolean => {
  try {
    run()
  } catch (error) {
    return error instanceof PermitUsed
  }
  return false
}

/** Words that count: no two are the same. */
const counting = () => {
  let next = 0
  return cryptographic((words) => {
    for (let i = 0; i < words.length; i++) words[i] = next++
  })
}

export const oneReleaseForAPermit = claim({
  id: "dp-lowrank/one-release-for-a-permit",
  statement:
    "A permit draws the noise of one release, from words of which none is used twice, and a release says of every generator but the operating system's that it protects nobody, also of a copy with other words.",
  inFloatingPoint: "program",
  source: derived("a spend is for one release"),
  instances: released,
  value: (permit: Permit) => permit,
  /** The permit of the second release. */
  margin: ({ instance: { dimension, rows, seed }, kernels, value: second }) => {
    const bound = Public.bound(1)
    const target = { epsilon: 1, delta: 1e-6, neighbours: "replace", bound } as const
    const plan = GridPlan.make(Mechanism.isotropic(target), dimension)
    const scatter = PrivateScatter.make({ dimension, bound, kernels })
    scatter.add(normalsOf(seed, "rows", rows * dimension))
    // its words are of a stream, which only this claim knows
    const stream = streamOf(seed, "words")
    const genuine = cryptographic((words) => {
      for (let i = 0; i < words.length; i++) words[i] = stream.word()
    })
    const permit = Permit.withoutLedger(plan)
    const [one, other] = [
      release(scatter, permit, genuine),
      release(scatter, Permit.withoutLedger(plan), genuine),
    ]
    const seeded = release(scatter, Permit.withoutLedger(plan), wordsOf(seed))
    const copy = { ...genuine, fill: wordsOf(seed).fill }
    const copied = release(scatter, Permit.withoutLedger(plan), copy)
    const draws = new IntegerDraws(counting())
    const words = new Set(Array.from({ length: 10_000 }, () => draws.word()))
    return Margin.all(
      Margin.holds(isUsed(() => release(scatter, second(permit), genuine))),
      Margin.holds(one.matrix.some((x, at) => x !== other.matrix[at])),
      Margin.holds(words.size === 10_000),
      Margin.holds(one.unsafeSource === undefined && statement(one).startsWith("(")),
      ...[seeded, copied].map((each) => Margin.holds(statement(each).startsWith("No privacy"))),
    )
  },
  controls: [{ name: "a permit for each", value: (permit) => Permit.withoutLedger(permit.plan) }],
})
