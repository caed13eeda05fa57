import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Kernels, RandomStream } from "@nonconvex/numerics"
import { Effect, Layer } from "effect"
import { claim, Expectation, Experiment, Margin } from "../src/index.ts"
import * as Resuming from "../src/Resuming.ts"
import { held, said } from "./support/Conforming.ts"
import { counts, definition, fails, row } from "./support/Counting.ts"
import { bound, falseBound, pastBound, source, upTo } from "./support/Numbers.ts"

describe("Conformance.cases", () => {
  it.effect("passes a system of which all is true", () =>
    Effect.gen(function* () {
      const errata = [falseBound({ limit: 4, largest: 9 })]
      assert.deepStrictEqual(yield* said({ errata, experiments: [counts] }), [
        "fine",
        "fine",
        "fine",
        "fine",
      ])
    }),
  )

  it.effect("refuses a claim that is false, and one without teeth", () =>
    Effect.gen(function* () {
      const claims = [
        bound({ id: "numbers/false", limit: 9, largest: 12, controls: [13] }),
        bound({ id: "numbers/toothless", limit: 9, largest: 9, controls: [8] }),
      ]
      const [names, falsified, toothless] = yield* said({ claims })
      assert.strictEqual(names, "fine")
      assert.match(
        falsified!,
        /^numbers\/false: numbers\/false is falsified, exactly, by \{"n":10\}/,
      )
      assert.match(toothless!, /is toothless: it also holds under 0: up to 8$/)
    }),
  )

  it.effect(
    "refuses a claim that hides that it has one instance, and one that says so of several",
    () =>
      Effect.gen(function* () {
        const upToNine = (largest: number, known: { readonly hasOneInstance?: true }) =>
          claim({
            id: `numbers/up-to-${largest}`,
            statement: "A digit is at most nine.",
            inFloatingPoint: "bits",
            extent: "numbers",
            source,
            ...known,
            instances: upTo(largest),
            margin: () => ({ margin: 0 }),
            controls: [{ name: "less", margin: () => Margin.holds(false) }],
          })
        const one = { hasOneInstance: true } as const
        const claims = [upToNine(0, {}), upToNine(0, one), upToNine(9, one), upToNine(9, {})]
        const [, hidden, fine, several, plain] = yield* said({ claims })
        assert.strictEqual(plain, "fine")
        assert.match(hidden!, /every draw gives the same instance: set hasOneInstance$/)
        assert.match(several!, /hasOneInstance is set, but it draws several instances$/)
        assert.strictEqual(fine, "fine")
      }),
  )

  it.effect("refuses a claim whose verdict could not say how far it was tried", () =>
    Effect.gen(function* () {
      const claims = [
        claim({
          id: "numbers/without-an-extent",
          statement: "A digit is at most nine.",
          inFloatingPoint: "bits",
          source,
          instances: upTo(9),
          margin: ({ instance: { n } }) => Margin.atMost(n, 9),
          controls: [{ name: "up to ten", instances: upTo(10) }],
        }),
      ]
      const [, refused] = yield* said({ claims })
      assert.match(refused!, /no field of its instances is a size or a horizon/)
    }),
  )

  it.effect("refuses an erratum that is none, and one that no claim corrects", () =>
    Effect.gen(function* () {
      const [, none] = yield* said({ claims: [], errata: [falseBound({ limit: 9, largest: 9 })] })
      assert.match(none!, /found no counterexample in \d+ runs \(random\)$/)
      const [, alone] = yield* said({ claims: [], errata: [falseBound({ limit: 4, largest: 9 })] })
      assert.strictEqual(alone, "numbers/false-bound: no claim of numbers is named numbers/bound")
    }),
  )

  it.effect(
    "refuses an erratum that was not read and does not say so, and one that was and does",
    () =>
      Effect.gen(function* () {
        const read = { as: "recalled" } as const
        const statement = "If the paper says so: an integer is at most four."
        const of = (known: Parameters<typeof falseBound>[1]) =>
          said({ errata: [falseBound({ limit: 4, largest: 9 }, known)] })
        const [, , fine] = yield* of({ read, statement })
        const [, , silent] = yield* of({ read })
        const [, , doubting] = yield* of({ statement })
        assert.strictEqual(fine, "fine")
        for (const refused of [silent, doubting]) {
          assert.match(refused!, /must begin with "If the paper says" exactly if it was not read/)
        }
      }),
  )

  it.effect(
    "refuses an erratum without an exact counterexample that says no reason, and one whose calculation refutes nothing",
    () =>
      Effect.gen(function* () {
        const { exact, ...silent } = falseBound({ limit: 4, largest: 9 })
        const [, , none] = yield* said({ errata: [silent] })
        assert.match(
          none!,
          /it has neither an exact counterexample nor a reason why there is none$/,
        )
        const known = [{ inFloatingPoint: "Nobody knows the number." }, exact!, pastBound(4, 4)]
        const [because, fine, empty] = yield* Effect.forEach(known, (each) =>
          said({ errata: [{ ...silent, exact: each }] }),
        )
        assert.deepStrictEqual([because![2], fine![2]], ["fine", "fine"])
        assert.match(empty![2]!, /its exact counterexample does not refute it: .*"outcome":"holds"/)
      }),
  )

  it.effect("refuses names that are taken or of another system", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        (yield* said({ claims: [held, held] }))[0],
        "numbers: twice: numbers/bound",
      )
      assert.strictEqual((yield* said({ id: "other" }))[0], "other: misnamed: numbers/bound")
    }),
  )

  it.effect("refuses an experiment that fails or does not show what it should", () =>
    Effect.gen(function* () {
      const none = Experiment.table(
        definition("none", (n, { config }) => row(config, n, n), { figures: () => [] }),
      )
      let calls = 1
      const drifts = Experiment.table(
        definition("drifts", (n, { config }) => row(config, n, calls++)),
      )
      const vacuous = Experiment.table(
        definition("vacuous", (n, { config }) => row(config, n, n), {
          expectations: (rows) => [
            Expectation.that(
              "Nothing is wrong",
              rows.every(({ n }) => n > 0),
              "all",
              "all",
              Expectation.uncontrolled("numbers begin with 1"),
            ),
          ],
        }),
      )
      const toothless = Experiment.table(
        definition("toothless", (n, { config }) => row(config, n, n), {
          expectations: (rows) => [
            Expectation.atLeast("Rows count", rows.length, 1, {
              control: "twice as many",
              observed: 2 * rows.length,
            }),
          ],
        }),
      )
      const [, wrong, failed, partial, empty, blunt] = yield* said({
        claims: [],
        experiments: [none, fails, drifts, vacuous, toothless],
      })
      assert.strictEqual(wrong, "numbers/none: no figure")
      assert.strictEqual(failed, "fine")
      assert.strictEqual(
        partial,
        "numbers/drifts: a second run, by reference kernels and in another order of the cases, differs",
      )
      assert.strictEqual(
        empty,
        `numbers/vacuous: ${["smoke", "fast", "paper"].map(() => '"Nothing is wrong" holds without rows').join("; ")}`,
      )
      assert.strictEqual(
        blunt,
        "numbers/toothless: Rows count is toothless: its control twice as many meets it too",
      )
    }),
  )

  it.effect("asks snapshots of an experiment that takes more than ten minutes", () =>
    Effect.gen(function* () {
      const long = (seconds: number) =>
        Experiment.table(
          definition("long", (n, { config }) => row(config, n, n), { paperSeconds: seconds }),
        )
      const [, within] = yield* said({ claims: [], experiments: [long(600)] })
      assert.strictEqual(within, "fine")
      const [, above] = yield* said({ claims: [], experiments: [long(601)] })
      assert.strictEqual(
        above,
        "numbers/long: its paper preset takes 601 s, so it must save snapshots",
      )
    }),
  )

  it.effect("stops an experiment that is resumable, and lets it go on", () =>
    Effect.gen(function* () {
      /** Adds up four numbers of a stream; what `state` it leaves is for `walk` to say. */
      const walking = (
        id: string,
        walk: (stream: RandomStream.RandomStream, resuming: Resuming.Resuming) => number,
      ) =>
        Experiment.table(
          definition(
            id,
            (n, { config, seed, ...resuming }) =>
              row(config, n, walk(RandomStream.make(seed.child(n)), resuming)),
            { isResumable: true },
          ),
        )
      const whole = walking("whole", (stream, { resume, snapshot }) => {
        const state = { stream, steps: 0, sum: 0 }
        resume(state)
        for (; state.steps < 4; snapshot(state)) {
          state.steps++
          state.sum += stream.uniform()
        }
        return state.sum
      })
      const forgetful = walking("forgetful", (stream, { resume, snapshot }) => {
        const state = { stream, steps: 0 }
        let sum = 0
        resume(state)
        for (; state.steps < 4; snapshot(state)) {
          state.steps++
          sum += stream.uniform()
        }
        return sum
      })
      const deaf = walking("deaf", (stream, { snapshot }) => {
        let sum = 0
        for (let steps = 0; steps < 4; steps++) {
          sum += stream.uniform()
          snapshot({ sum, steps })
        }
        return sum
      })
      const silent = walking("silent", (stream) => stream.uniform())
      const experiments = [whole, forgetful, deaf, silent]
      assert.deepStrictEqual((yield* said({ claims: [], experiments })).slice(5), [
        "fine",
        "numbers/forgetful: its rows differ when a case resumes from snapshot 0",
        "numbers/deaf: a case that resumes from snapshot 0 does not continue there",
        "numbers/silent: no case of its smallest preset saves a snapshot",
      ])
    }),
  )

  it.effect("compares strict kernels with the reference", () =>
    Effect.gen(function* () {
      const telling = Experiment.table(
        definition("telling", (n, { config, kernels }) => ({
          ...row(config, n, n),
          mode: kernels.name,
        })),
      )
      const asked = claim({
        id: "numbers/asked",
        statement: "Nobody asks who computes.",
        inFloatingPoint: "bits",
        extent: "numbers",
        source,
        instances: upTo(9),
        margin: ({ kernels }) => ({ margin: kernels.name.length }),
        controls: [{ name: "a refusal", instances: upTo(9), margin: () => Margin.holds(false) }],
      })
      const strict = Layer.merge(Kernels.layerStrict, Datasets.layer).pipe(
        Layer.provide(NodeServices.layer),
      )
      const [, verdict, rows] = yield* said({ claims: [asked], experiments: [telling] }, strict)
      assert.strictEqual(
        verdict,
        "numbers/asked: strict and reference kernels give different verdicts",
      )
      assert.strictEqual(
        rows,
        "numbers/telling: a second run, by reference kernels and in another order of the cases, differs",
      )
    }),
  )

  it.effect("shows where kernels are taken by hand", () =>
    Effect.gen(function* () {
      const byHand = (id: string, of: () => number) =>
        Experiment.table(definition(id, (n, { config }) => row(config, n, of())))
      const [, standard, fixed] = yield* said({
        claims: [],
        experiments: [
          byHand("standard", () => Kernels.standard().norm(Float64Array.of(1))),
          byHand("given", () => 1),
        ],
      })
      assert.match(
        standard!,
        /^numbers\/standard: numbers\/standard failed: a function used the standard kernels/,
      )
      assert.strictEqual(fixed, "fine")
    }),
  )
})
