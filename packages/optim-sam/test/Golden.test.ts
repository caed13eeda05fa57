/** The traces in golden/, which other programs are compared with, are those of the methods bit for bit. */
import { assert, describe, it } from "@effect/vitest"
import * as Npz from "@nonconvex/datasets/Npz"
import { Result } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { arraysOf, documentOf, traces } from "./support/Golden.ts"

const file = (name: string) => readFileSync(join(import.meta.dirname, "../golden", name))

const all = traces()

describe("golden/traces", () => {
  it("as JSON are those of the methods", () => {
    const kept: unknown = JSON.parse(file("traces.json").toString())
    assert.deepStrictEqual(kept, JSON.parse(JSON.stringify(documentOf(all))))
  })

  it("as arrays are those of the methods", () => {
    const kept = Result.getOrThrow(Npz.decode(file("traces.npz"), "traces.npz"))
    assert.deepStrictEqual(kept, arraysOf(all))
  })

  it("have steps of every method, and a gradient of zero that moves nothing", () => {
    const ids = all.map(({ id }) => id)
    assert.strictEqual(new Set(ids).size, ids.length)
    for (const { groupSize, id, steps } of all) {
      assert.isAbove(steps.length, 1)
      const moved = steps.some(({ step }) => step.some((value) => value !== 0))
      assert.strictEqual(moved, !id.startsWith("minimum"), id)
      assert.strictEqual(steps[0]!.groups.length > 1, id.includes("m-sam"), `${id} ${groupSize}`)
    }
  })

  it("perturb by the radius, and by the radius times the norm without normalisation", () => {
    const named = (id: string) => all.find((trace) => trace.id === id)!.steps
    for (const { groups } of [...named("mlp/sam/sgd"), ...named("mlp/m-sam-4/momentum")]) {
      for (const { perturbation } of groups)
        assert.closeTo(Math.hypot(...perturbation), 0.05, 1e-14)
    }
    for (const { groups } of named("mlp/usam/sgd")) {
      const [{ norm, perturbation }] = groups as readonly [(typeof groups)[number]]
      assert.closeTo(Math.hypot(...perturbation), 0.05 * norm, 1e-14)
    }
  })
})
