import type { InvalidInput } from "@nonconvex/numerics"
import { assert, layer } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { type System } from "@nonconvex/evidence"
import type * as Verdict from "@nonconvex/evidence/Verdict"
import * as Verify from "@nonconvex/evidence/Verify"
import type * as Plan from "@nonconvex/evidence/Plan"
import { Kernels } from "@nonconvex/numerics"
import { idOf, type OnRuns, partsOf, type Target, targetsOf, verify } from "../src/index.ts"
import * as Threads from "../src/node/Threads.ts"
import { mishaps } from "./support/Numbers.ts"
import { system as twice } from "./fixtures/Twins.ts"
import { system } from "./support/System.ts"

const threads = (size: number) => Threads.layer(size, { kernels: "reference" })

const effort = { runs: 150, seed: 42 }

const named = (...ids: ReadonlyArray<string>): ReadonlyArray<Target> =>
  targetsOf(system).filter((target) => ids.includes(idOf(target).replace("numbers/", "")))

const decided = named(
  "holds",
  "falsified",
  "toothless",
  ...mishaps.map((kind) => kind.replace(" ", "-")),
  "false-bound",
)

const unheard: OnRuns = () => undefined

const verdictsOn = (
  targets: ReadonlyArray<Target>,
  options: Plan.Effort = effort,
  onRuns: OnRuns = unheard,
) =>
  Stream.runCollect(verify(targets, options, onRuns)).pipe(
    Effect.catchTag("InvalidInput", Effect.die),
  )

const onThisThread = (
  target: Target,
  options: Plan.Effort = effort,
): Effect.Effect<Verdict.Verdict, InvalidInput> =>
  (target._tag === "Claim"
    ? Verify.claim(target.claim, options)
    : Verify.erratum(target.erratum, options)
  ).pipe(Effect.provide(Kernels.layerReference))

const tagsOf = (verdicts: ReadonlyArray<Verdict.Verdict>) => verdicts.map(({ _tag }) => _tag)

/** The pool still does its work. */
const assertWorks = Effect.gen(function* () {
  assert.deepStrictEqual(tagsOf(yield* verdictsOn(named("holds", "falsified"))), [
    "Held",
    "Falsified",
  ])
})

layer(threads(2), { excludeTestServices: true, timeout: 60_000 })("verify", (it) => {
  it.effect("comes to the same verdicts on this thread, on one other and on two", () =>
    Effect.gen(function* () {
      const here = yield* Effect.forEach(decided, (target) => onThisThread(target))
      assert.deepStrictEqual(tagsOf(here), [
        "Held",
        "Falsified",
        "Toothless",
        "Broken",
        "Broken",
        "Refuted",
      ])
      assert.deepStrictEqual(yield* verdictsOn(decided), here)
      const alone = yield* Effect.provide(verdictsOn(decided), threads(1))
      assert.deepStrictEqual(alone, here)
    }),
  )

  it.effect("steers to the same verdicts on this thread, on one other and on two", () =>
    Effect.gen(function* () {
      const steered = { runs: 1200, seed: 42, way: "steered" } as const
      const here = yield* Effect.forEach(decided, (target) => onThisThread(target, steered))
      assert.deepStrictEqual(yield* verdictsOn(decided, steered), here)
      assert.deepStrictEqual(yield* Effect.provide(verdictsOn(decided, steered), threads(1)), here)
    }),
  )

  it.effect("tells how many runs of each search are done", () => {
    const done = new Map<string, number>()
    const keyOf = (part: Plan.Part) => JSON.stringify(part)
    const targets = named("holds", "falsified")
    const onRuns: OnRuns = (part, runs, worst) => {
      assert.isAtLeast(runs, done.get(keyOf(part)) ?? 0)
      assert.isAtLeast(worst, 0)
      done.set(keyOf(part), runs)
    }
    return Effect.gen(function* () {
      yield* verdictsOn(targets, { runs: 20_000, seed: 1 }, onRuns)
      const parts = targets.flatMap((target) => partsOf(target, { runs: 20_000, seed: 1 }))
      assert.deepStrictEqual(
        parts.map((part) => done.get(keyOf(part))),
        parts.map((part) => part.search.runs),
      )
    })
  })

  it.effect("fails with the claim whose thread ended, and goes on with another thread", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(verdictsOn(named("exits")))
      assert.strictEqual(failure._tag, "ThreadEnded")
      assert.strictEqual(failure.message, "numbers/exits failed: its thread ended with code 7")
      yield* assertWorks
    }),
  )

  it.effect("survives what a thread does after its job", () =>
    Effect.gen(function* () {
      const verdicts = yield* verdictsOn(named("leaves-a-mine"), { runs: 1, seed: 1 })
      assert.deepStrictEqual(tagsOf(verdicts), ["Held"])
      yield* Effect.sleep(300)
      yield* assertWorks
    }),
  )

  it.effect("is interrupted within a second, whatever its threads do", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(verdictsOn(named("spins", "refuses")))
      yield* Effect.sleep(400)
      const started = performance.now()
      yield* Fiber.interrupt(fiber)
      assert.isBelow(performance.now() - started, 1000)
      yield* assertWorks
    }),
  )

  it.effect("ends the threads of searches that outlive their budget", () =>
    Effect.gen(function* () {
      const budget = { ...effort, runs: 1, budget: 50 }
      const started = performance.now()
      const verdicts = yield* verdictsOn(named("spins", "refuses"), budget)
      assert.deepStrictEqual(tagsOf(verdicts), ["Undecided", "Undecided"])
      assert.isBelow(performance.now() - started, 8000)
      yield* assertWorks
    }),
  )

  it.effect("says which claim cannot be sent to a thread", () =>
    Effect.gen(function* () {
      const messageOf = (changed: System) =>
        Effect.map(
          Effect.flip(verdictsOn(targetsOf(changed).slice(0, 1))),
          ({ _tag, message }) => `${_tag}: ${message}`,
        )
      const refused = "NotPortable: numbers/holds cannot be sent to another thread: "
      const next =
        "; export its system as `system` from the module that it names (`module: import.meta.url`), or compute on this thread (Inline.layer)"
      const source = new URL("./support/Numbers.ts", import.meta.url).href
      assert.strictEqual(
        yield* messageOf({ ...system, module: source }),
        `${refused}${source} exports no \`system\`${next}`,
      )
      assert.include(
        yield* messageOf({ ...system, module: "file:///nowhere.ts" }),
        `${refused}file:///nowhere.ts cannot be loaded (Cannot find module`,
      )
      const { module: _, ...homeless } = system
      assert.strictEqual(yield* messageOf(homeless), `${refused}its system names no module${next}`)
      const [holds, ...others] = system.claims
      assert.strictEqual(
        yield* messageOf({ ...system, claims: [{ ...holds! }, ...others] }),
        `${refused}${system.module} exports a different system of this name${next}`,
      )
    }),
  )

  it.effect("sends what its module exports, also of a system that was changed elsewhere", () =>
    Effect.gen(function* () {
      const fewer = { ...system, claims: system.claims.slice(0, 1), experiments: [] }
      const verdicts = yield* verdictsOn(targetsOf(fewer).slice(0, 1))
      assert.deepStrictEqual(tagsOf(verdicts), ["Held"])
    }),
  )

  it.effect("says which claim its system does not have, or has twice", () =>
    Effect.gen(function* () {
      const [first] = targetsOf(system)
      if (first?._tag !== "Claim") return assert.fail("no claim")
      const unknown = { ...first, claim: { ...first.claim, id: "numbers/unknown" } }
      const failure = yield* Effect.flip(verdictsOn([unknown]))
      assert.strictEqual(failure.message, `${system.module} has no numbers/unknown`)
      const twins = yield* Effect.flip(verdictsOn(targetsOf(twice).slice(0, 1)))
      assert.strictEqual(twins.message, `${twice.module} has numbers/holds more than once`)
    }),
  )
})
