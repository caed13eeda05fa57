import { Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { Draw, Margin } from "../src/index.ts"
import type { Asked, Trial } from "../src/Trial.ts"
import type * as Attempt from "../src/Attempt.ts"
import * as Falsification from "../src/Falsification.ts"
import { mishaps, trial, upTo } from "./support/Numbers.ts"

const given = { kernels: Kernels.reference() }

const steered = <Instance extends object>(
  tried: Trial<Instance>,
  wanted: Omit<Attempt.Search, "way">,
): Attempt.Attempt => Falsification.attempt(tried, { ...wanted, way: "steered" }, given)

const searches = Array.from({ length: 10 }, (_, k) => ({ seed: k - 5, runs: 500 }))

/** The sum of x (1 - x) over the coordinates, which is `dimension / 4` in the middle alone, and as far below it as the middle is away. */
const middle = (dimension: number, bound: number) => ({
  instances: Draw.record({
    xs: Draw.list(Draw.linear(0, 1), dimension, dimension),
    seed: Draw.seed(),
  }),
  margin: ({ instance: { xs } }: Asked<{ readonly xs: ReadonlyArray<number> }>) =>
    Margin.atMost(
      xs.reduce((sum, x) => sum + x * (1 - x), 0),
      bound * (dimension / 4),
    ),
})

/** How many of the searches find a violation. */
const foundIn = <Instance extends object>(tried: Trial<Instance>, way: Attempt.Strategy): number =>
  searches.filter(
    (search) => Falsification.attempt(tried, { ...search, way }, given).violation !== undefined,
  ).length

describe("a steered search", () => {
  it("goes where margins are small, in few dimensions and in many", () => {
    for (const [dimension, bound] of [
      [1, 0.999999],
      [4, 0.999],
      [12, 0.96],
    ] as const) {
      const tried = middle(dimension, bound)
      assert.isAtLeast(foundIn(tried, "steered"), 8, `${dimension} coordinates`)
      assert.isAtMost(foundIn(tried, "random"), 2, `${dimension} coordinates`)
    }
  })

  it("changes how long a list is, and keeps what stands behind it", () => {
    const tried = {
      instances: Draw.record({
        xs: Draw.list(Draw.integer(0, 100), 0, 30),
        rate: Draw.linear(0, 1),
      }),
      margin: ({
        instance: { rate, xs },
      }: Asked<{ readonly xs: ReadonlyArray<number>; readonly rate: number }>) =>
        Margin.atMost(xs.length * (1 - Math.abs(rate - 0.377)), 29.9),
    }
    assert.isAtLeast(foundIn(tried, "steered"), 8)
  })

  it("comes to the same from the same seed, and goes on where fewer runs stopped", () => {
    const tried = middle(3, 2)
    for (const search of searches) {
      const found = steered(tried, search)
      assert.deepStrictEqual(steered(tried, search), found)
      const { margins } = steered(tried, { ...search, runs: 123 })
      assert.deepStrictEqual(margins, found.margins.slice(0, 123))
    }
  })

  it("draws afresh where a margin is the same everywhere, or only says yes or no", () => {
    for (const margin of [Margin.holds(true), { margin: 0.5 }]) {
      const seen = new Set<number>()
      const tried = {
        instances: upTo(999),
        margin: ({ instance: { n } }: Asked<{ readonly n: number }>) => {
          seen.add(n)
          return margin
        },
      }
      steered(tried, { seed: 1, runs: 1000 })
      // half of the draws are uniform, and hit 393 of the numbers
      assert.isAtLeast(seen.size, 380)
    }
  })

  it("draws simple instances too, of which all is as ranges begin", () => {
    const tried = {
      instances: Draw.record({
        xs: Draw.list(Draw.linear(1, 0), 5, 5),
        steps: Draw.integer(1, 400),
        seed: Draw.seed(),
      }),
      margin: ({
        instance: { steps, xs },
      }: Asked<{ readonly steps: number; readonly xs: ReadonlyArray<number> }>) =>
        Margin.holds(steps > 1 || xs.some((x) => x < 1)),
    }
    assert.isAtLeast(foundIn(tried, "steered"), 8)
    assert.isAtMost(foundIn(tried, "random"), 2)
  })

  it("tries all of a few instances, and none of them forever", () => {
    const { margins } = steered(trial({ limit: 10 }, 9), { seed: 3, runs: 200 })
    assert.deepStrictEqual(new Set(margins), new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
    assert.lengthOf(margins, 200)
  })

  it("shrinks what it finds, and finds it again by its path", () => {
    for (const search of searches) {
      const tried = middle(2, 0.99)
      const { nearest, violation } = steered(tried, search)
      assert.isDefined(violation)
      assert.isUndefined(nearest)
      assert.match(violation.path, /^(?:\.\d+)+(?::\d+)*$/)
      const { instance, margin } = Falsification.recall(tried, violation, given)
      assert.deepStrictEqual(
        { instance, margin },
        {
          instance: violation.instance,
          margin: violation.margin,
        },
      )
    }
    const { violation } = steered(trial({ limit: 90 }, 999), { seed: 1, runs: 100 })
    assert.deepStrictEqual(violation?.instance, { n: 91 })
  })

  it.each(mishaps)("reports a trial that %s", (kind) => {
    const { violation } = steered(trial({ limit: 9, mishap: { from: 5, kind } }, 9), {
      seed: 1,
      runs: 100,
    })
    assert.deepStrictEqual(violation?.instance, { n: 5 })
    assert.isDefined(violation?.reason)
  })
})

describe("the run that came nearest", () => {
  it("is the first with the worst margin, whichever way it was found", () => {
    const tried = middle(2, 1.5)
    for (const way of ["random", "steered"] as const) {
      for (const search of searches) {
        const { margins, nearest } = Falsification.attempt(tried, { ...search, way }, given)
        const recalled = Falsification.recall(tried, nearest!, given)
        assert.strictEqual(recalled.margin, Math.min(...margins))
        assert.deepStrictEqual(recalled.compared, nearest!.compared)
        if (way === "random") {
          assert.strictEqual(nearest!.path, String(margins.indexOf(recalled.margin)))
        }
      }
    }
  })

  it("is none of no runs", () => {
    const tried = middle(2, 1.5)
    assert.isUndefined(steered(tried, { seed: 1, runs: 100, budget: 0 }).nearest)
  })
})
