/** Searches of a reader, over the entries of a report of everything. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { hits, search } from "@nonconvex/gallery/internal/Page"
import type * as Parts from "@nonconvex/gallery/internal/Parts"
import { Effect, Layer } from "effect"
import * as Packing from "../../src/evidence/report/Packing.ts"
import { Systems } from "../../src/evidence/Systems.ts"
import { results } from "../support/Papers.ts"
import { queries } from "../support/Queries.ts"

/** Hits on the first screen of a laptop. */
const onScreen = 6

describe("a search of a report", () => {
  it.effect("finds what is asked on the first screen of hits", () =>
    Effect.gen(function* () {
      const parts = new Map(Packing.parts(yield* results, {}, () => undefined))
      const { entries } = JSON.parse(parts.get("index")!) as Parts.Index
      const terms = JSON.parse(parts.get("terms")!) as ReadonlyArray<Parts.Term>
      const all = hits(entries, terms)
      const known = new Set(all.map(({ address }) => address))
      const missed: Array<string> = []
      for (const [words, ...addresses] of queries) {
        for (const address of addresses) assert.isTrue(known.has(address), address)
        const first = search(all, words)
          .found.slice(0, onScreen)
          .map(({ address }) => address)
        if (!addresses.some((address) => first.includes(address))) {
          missed.push(`${words}: ${first.join(", ")}`)
        }
      }
      assert.deepStrictEqual(missed, [])
    }).pipe(Effect.provide(Layer.merge(Systems.layer, NodeServices.layer))),
  )
})
