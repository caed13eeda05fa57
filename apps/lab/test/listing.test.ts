/** The lists of systems, claims and experiments print a file, which agrees with the composed systems. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import { indexOf, type SystemIndex } from "../src/evidence/SystemIndex.ts"
import { allSystems, index, Systems } from "../src/evidence/Systems.ts"

const file = join(import.meta.dirname, "..", "systems.json")

/** A line for each statement and each experiment, so that a change of one is a change of its line. */
const written = (systems: ReadonlyArray<SystemIndex>): string => {
  const lines = (all: ReadonlyArray<object>) =>
    `[\n${all.map((each) => `      ${JSON.stringify(each)}`).join(",\n")}\n    ]`
  const entries = systems.map(({ experiments, statements, ...rest }) => {
    const fields = Object.entries(rest).map(([name, value]) => [name, JSON.stringify(value)])
    return [...fields, ["statements", lines(statements)], ["experiments", lines(experiments)]]
      .map(([name, value]) => `    "${name}": ${value}`)
      .join(",\n")
  })
  return `[\n${entries.map((entry) => `  {\n${entry}\n  }`).join(",\n")}\n]\n`
}

describe("the index of systems", () => {
  it.live("is that of the composed ones (`vitest -u` writes it again)", ({ expect }) =>
    Effect.gen(function* () {
      const systems = (yield* allSystems).map(indexOf)
      yield* Effect.promise(() =>
        Promise.resolve(expect(written(systems)).toMatchFileSnapshot(file)),
      )
      assert.deepStrictEqual(yield* index, systems)
      assert.lengthOf(systems, 7)
    }).pipe(Effect.provide(Systems.layer)),
  )
})
