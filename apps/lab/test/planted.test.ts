/** Twelve claims of all systems with a constant that is 1 % to 20 % too small, briefly; `scripts/plantedDefects.ts` has more seeds and more runs. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import * as Planted from "./support/Planted.ts"

const seeds = [11, 12]

describe("planted defects", () => {
  it.live("are of all seven systems, and more of them are found by steering than at random", () =>
    Effect.gen(function* () {
      const systems = yield* Planted.systems
      const defects = JSON.parse(
        readFileSync(Planted.file, "utf8"),
      ) as ReadonlyArray<Planted.Planted>
      assert.lengthOf(defects, 12)
      const found = { random: 0, steered: 0 }
      const of = new Set<string>()
      for (const { claim: id, percent } of defects) {
        assert.isTrue(percent >= 1 && percent <= 20, id)
        const system = systems.find(({ claims }) => claims.some((claim) => claim.id === id))!
        of.add(system.id)
        const claim = system.claims.find((each) => each.id === id)!
        for (const way of ["random", "steered"] as const) {
          found[way] += seeds.filter((seed) =>
            Planted.isFound(claim, percent, { runs: 200, seed, way }),
          ).length
        }
      }
      assert.strictEqual(of.size, 7)
      assert.isAtLeast(found.steered, 2 * found.random, JSON.stringify(found))
    }),
  )
})
