/** Configurations chosen by the results so far: valid, distinct, repeatable, and better than those that are only drawn. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { median } from "@nonconvex/evidence/Summary"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import * as ParzenSearch from "../../src/sweep/ParzenSearch.ts"
import * as RandomSearch from "../../src/sweep/RandomSearch.ts"
import * as Sweep from "../../src/sweep/Sweep.ts"
import * as Trials from "../../src/sweep/Trials.ts"

type Settings = Sweep.TrialSettings
type Vary = Sweep.Sweep["vary"]

const sweepOf = (vary: Vary, more: Partial<Sweep.Draft> = {}): Sweep.Sweep =>
  Effect.runSync(
    Sweep.complete({
      experiment: "a/b",
      sampler: "tpe",
      metric: "loss",
      trials: 60,
      vary,
      ...more,
    }),
  )

/** All configurations that are tried for a cost. */
const search = (sweep: Sweep.Sweep, cost: (settings: Settings) => number) => {
  const tried: Array<ParzenSearch.Tried> = []
  for (const count of Trials.batches(sweep)) {
    const draws =
      tried.length === 0
        ? Effect.runSync(Trials.firstDraws(sweep))
        : ParzenSearch.propose(sweep, tried, count)
    for (const draw of draws) tried.push({ ...draw, cost: cost(draw.settings) })
  }
  return tried
}

const axis = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }),
  fc.record({ low: fc.integer({ min: 1, max: 5 }), high: fc.integer({ min: 6, max: 50 }) }),
  fc.record({
    low: fc.constantFrom(0.001, 1),
    high: fc.constantFrom(2, 100),
    scale: fc.constant("log" as const),
  }),
  fc.record({
    low: fc.integer({ min: 1, max: 3 }),
    high: fc.integer({ min: 40, max: 60 }),
    integer: fc.constant(true),
    scale: fc.constantFrom("log" as const, "linear" as const),
  }),
)

const fits = (varied: Sweep.Varied, value: unknown): boolean => {
  if (Array.isArray(varied)) return varied.includes(value)
  const { high, integer, low } = varied as Exclude<Sweep.Varied, ReadonlyArray<unknown>>
  return (
    typeof value === "number" &&
    value >= low &&
    value <= high &&
    (integer !== true || Number.isInteger(value))
  )
}

describe("the configurations of tpe", () => {
  it("are valid, distinct and the same again, whatever the costs are", () => {
    const cost = fc.oneof(fc.double({ noNaN: true }), fc.constant(Infinity))
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]$/), axis, { minKeys: 1, maxKeys: 4 }),
        fc.integer({ min: 1, max: 7 }),
        fc.infiniteStream(cost),
        (vary, batch, costs) => {
          const whole = { ...vary, x: { low: 0, high: 1 } }
          const sweep = sweepOf(whole, { batch, trials: 25 })
          const given = [...costs.take(25)]
          const found = [0, 1].map(() => {
            let next = 0
            return search(sweep, () => given[next++]!)
          })
          assert.deepStrictEqual(found[1], found[0])
          assert.strictEqual(
            new Set(found[0]!.map((each) => JSON.stringify(each.settings))).size,
            25,
          )
          for (const { settings } of found[0]!) {
            for (const [name, varied] of Object.entries(whole)) {
              assert.isTrue(
                fits(varied, settings[name]),
                `${name}=${JSON.stringify(settings[name])}`,
              )
            }
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it("end where there are no more", () => {
    const sweep = sweepOf({ a: [1, 2, 3], n: { low: 1, high: 4, integer: true } }, { trials: 12 })
    assert.strictEqual(search(sweep, () => 1).length, 12)
    const all = sweepOf({ a: [1, 2, 3], n: { low: 1, high: 4, integer: true } }, { trials: 14 })
    assert.strictEqual(search(all, () => 1).length, 12)
    const error = Effect.runSync(
      Effect.flip(Trials.firstDraws(sweepOf({ a: [1, 2] }, { trials: 3 }))),
    )
    assert.match(error.message, /3 different configurations were requested, but only 2 exist/)
  })

  const { cos, exp, log, log2, log10, square } = Elementary
  const cube = (n: number, low: number, high: number): Vary =>
    Object.fromEntries(Array.from({ length: n }, (_, k) => [`x${k}`, { low, high }]))
  const values = (settings: Settings) => Object.values(settings) as ReadonlyArray<number>
  const sum = (terms: ReadonlyArray<number>) => terms.reduce((total, term) => total + term, 0)
  const average = (terms: ReadonlyArray<number>) => sum(terms) / terms.length
  const number = (settings: Settings, name: string) => settings[name] as number

  const functions: Readonly<Record<string, readonly [Vary, (settings: Settings) => number]>> = {
    sphere: [cube(3, -5, 5), (s) => sum(values(s).map((x) => square(x - 1)))],
    rosenbrock: [
      cube(2, -2, 2),
      (s) => 100 * square(number(s, "x1") - square(number(s, "x0"))) + square(1 - number(s, "x0")),
    ],
    ackley: [
      cube(5, -10, 10),
      (s) => {
        const v = values(s).map((x) => x - 2)
        return (
          -20 * exp(-0.2 * Math.sqrt(average(v.map(square)))) -
          exp(average(v.map((x) => cos(2 * Math.PI * x)))) +
          20 +
          Math.E
        )
      },
    ],
    styblinski: [
      cube(5, -5, 5),
      (s) => sum(values(s).map((x) => (x ** 4 - 16 * x * x + 5 * x) / 2)),
    ],
    training: [
      {
        lr: { low: 1e-5, high: 1, scale: "log" },
        width: { low: 8, high: 256, scale: "log", integer: true },
        method: ["sgd", "adam", "sam"],
        decay: { low: 1e-6, high: 0.1, scale: "log" },
      },
      (s) => {
        const [at, floor] = { sgd: [-1.2, 0.1], adam: [-3, 0.05], sam: [-1, 0] }[
          s["method"] as "adam" | "sam" | "sgd"
        ] as [number, number]
        return (
          floor +
          0.08 * square(log10(number(s, "lr")) - at) +
          0.0125 * square(log2(number(s, "width")) - 6.5) +
          0.02 * square(log10(number(s, "decay")) + 3.5)
        )
      },
    ],
    mixed: [
      {
        a: ["p", "q", "r", "s"],
        b: [1, 2, 4, 8],
        n: { low: 1, high: 20, integer: true },
        x: { low: 0, high: 1 },
      },
      (s) =>
        (s["a"] === "r" ? 0 : 1) +
        Math.abs(log2(number(s, "b")) - 2) / 2 +
        Math.abs(number(s, "n") - 13) / 10 +
        4 * square(number(s, "x") - (s["a"] === "r" ? 0.8 : 0.2)),
    ],
  }

  const seeds = Array.from({ length: 11 }, (_, k) => k + 1)

  /** Distance of the best of 60 trials to a bound below all, in the median of seeds. */
  const distance = (best: (samplerSeed: number) => number, floor: number): number =>
    median(seeds.map(best)) - floor

  it("come twice as close to the least values of six functions as random ones, unless the costs mean nothing", () => {
    const ratios = Object.values(functions).map(([vary, cost]) => {
      const floor = cost === functions["styblinski"]![1] ? -195.831 : 0
      const bestOf = (draws: ReadonlyArray<RandomSearch.Draw>) =>
        Math.min(...draws.map(({ settings }) => cost(settings)))
      const found = (seen: () => (settings: Settings) => number) =>
        distance((samplerSeed) => bestOf(search(sweepOf(vary, { samplerSeed }), seen())), floor)
      const random = distance(
        (samplerSeed) =>
          bestOf(RandomSearch.draws(sweepOf(vary, { samplerSeed, sampler: "random" }), 60)),
        floor,
      )
      const misled = () => {
        let next = 0
        return () => (next++ * 7919) % 61
      }
      return { chosen: found(() => cost) / random, control: found(misled) / random }
    })
    const mean = (of: "chosen" | "control") =>
      exp(sum(ratios.map((each) => log(each[of]))) / ratios.length)
    assert.isBelow(mean("chosen"), 0.5)
    assert.isAtLeast(mean("control"), 0.5)
  })
})
