/** Our laws against somebody else's optimizer: verified against theirs, on this thread and on others, and never against ours. */
import { NodeServices } from "@effect/platform-node"
import { Datasets } from "@nonconvex/datasets"
import type { System } from "@nonconvex/evidence"
import { Kernels } from "@nonconvex/numerics"
import { system as ours } from "@nonconvex/optim-sam/evidence"
import { targetsOf, verify } from "@nonconvex/runner"
import * as Inline from "@nonconvex/runner/Inline"
import * as Threads from "@nonconvex/runner/node/Threads"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { system as theirs } from "./fixtures/unnormalised.ts"
import { nonconvex } from "./support/InProcess.ts"

const id = "optim-sam/normalised-step-length"

const verdictOn = (system: System) =>
  Effect.map(
    Stream.runCollect(
      verify(
        targetsOf(system).filter((target) => target._tag === "Claim" && target.claim.id === id),
        { runs: 20, seed: 1 },
      ),
    ),
    ([verdict]) => verdict?._tag,
  )

const places = {
  "this thread": Layer.provide(
    Inline.layer,
    Layer.merge(Kernels.layerStrict, Layer.provide(Datasets.layer, NodeServices.layer)),
  ),
  "another thread": Threads.layer(1, { kernels: "strict" }),
}

describe.each(Object.entries(places))("a wrong SAM on %s", (_, place) => {
  it.live("is falsified by the law that ours obeys", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* verdictOn(ours), "Held")
      assert.strictEqual(yield* verdictOn(theirs), "Falsified")
    }).pipe(Effect.provide(place)),
  )
})

describe("a wrong SAM that was made in the program", () => {
  const made: System = { ...ours, claims: theirs.claims }

  it.live("is falsified on this thread", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* verdictOn(made), "Falsified")
    }).pipe(Effect.provide(places["this thread"])),
  )

  it.live("is refused by other threads, which would take ours for it", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(verdictOn(made))
      assert.strictEqual(failure._tag, "NotPortable")
      assert.include(failure.message, `${id} cannot be sent to another thread: `)
    }).pipe(Effect.provide(places["another thread"])),
  )

  it.live("ends the command with 3, in one line", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* nonconvex([made], ["verify", id, "-q", "--jobs", "1"])
      assert.strictEqual(code, 3)
      assert.match(
        stderr,
        /^nonconvex: optim-sam\/normalised-step-length cannot be sent to another/,
      )
    }),
  )
})
