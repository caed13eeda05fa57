/** What conformance refuses of exact values. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { claim, Exact, Margin } from "../src/index.ts"
import { said } from "./support/Conforming.ts"
import { source, upTo } from "./support/Numbers.ts"

describe("exact values", () => {
  it.effect(
    "refuses a claim that does not say whether it is confirmed exactly, and exact values that deny what was caught or refute what holds",
    () =>
      Effect.gen(function* () {
        const of = (known: Partial<Parameters<typeof claim<{ readonly n: number }>>[0]>) =>
          claim<{ readonly n: number }>({
            id: "numbers/nine",
            statement: "An integer from 0 to 9 is at most 9.",
            extent: "numbers",
            source,
            instances: upTo(9),
            margin: ({ instance: { n } }) => Margin.atMost(n, 9),
            controls: [{ name: "up to ten", instances: upTo(10) }],
            ...known,
          })
        const exactly = (limit: string) => ({
          exactly: ({ instance: { n } }: { readonly instance: { readonly n: number } }) =>
            Exact.atMost(Exact.of(n), Exact.of(limit)),
        })
        const wide = Exact.interval(Exact.of(9))
        const undecided = {
          exactly: ({ instance: { n } }: { readonly instance: { readonly n: number } }) =>
            Exact.atMost(Exact.of(n), n === 10 ? { ...wide, high: 11 } : wide),
        }
        const claims = [
          {},
          { inFloatingPoint: "run" as const, ...exactly("9") },
          exactly("10"),
          undecided,
          exactly("0"),
        ]
        const refused = yield* Effect.forEach([...claims, exactly("9")], (known) =>
          Effect.map(said({ claims: [of(known)] }), (all) => all.slice(1)),
        )
        const reasons = refused.map(([reason]) => reason)
        const needs = "numbers/nine: it needs exactly or inFloatingPoint"
        const denies = "numbers/nine: by its exact values, a detected control holds"
        const none = "numbers/nine: its exact values refute none of the detected controls"
        const refutes =
          "numbers/nine: its exact values refute an instance that holds in floating point"
        assert.deepStrictEqual(reasons, [needs, needs, denies, none, refutes, "fine"])
      }),
  )
})
