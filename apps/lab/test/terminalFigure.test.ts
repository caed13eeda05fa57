import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { nonconvex } from "./support/InProcess.ts"
import { both } from "./support/Toys.ts"

describe("run", () => {
  const on = (canAnimate: boolean, ...more: ReadonlyArray<string>) =>
    nonconvex(both, ["run", "dice", ...more]).pipe(
      Effect.provideService(TerminalCapabilities.TerminalCapabilities, {
        canAnimate,
        canColor: false,
        canPrompt: false,
      }),
    )

  it.live("draws its curve on a terminal, and nowhere else", () =>
    Effect.gen(function* () {
      const axis = /^ *└─+$/m
      assert.match((yield* on(true)).stdout, axis)
      assert.notMatch((yield* on(false)).stdout, axis)
      assert.notMatch((yield* on(true, "--json")).stdout, axis)
    }),
  )
})
