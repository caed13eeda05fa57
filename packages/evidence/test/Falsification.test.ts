import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { Draw, Margin } from "../src/index.ts"
import type { Asked, Trial } from "../src/Trial.ts"
import type * as Attempt from "../src/Attempt.ts"
import * as Falsification from "../src/Falsification.ts"
import { type Drawn, mishaps, trial, upTo } from "./support/Numbers.ts"

const given = { kernels: Kernels.reference() }

const attempt = <Instance extends object>(
  tried: Trial<Instance>,
  wanted: Attempt.Search,
  onRun?: Falsification.Progress,
): Attempt.Attempt => Falsification.attempt(tried, wanted, given, onRun)

const recall = <Instance extends object>(
  tried: Trial<Instance>,
  at: { readonly seed: number; readonly path: string },
): Attempt.Recalled => Falsification.recall(tried, at, given)

const search = { seed: -123456789, runs: 500 }

const spin = (milliseconds: number) => {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

const after = <Result>(work: () => Result) => {
  const started = performance.now()
  const result = work()
  return { result, milliseconds: performance.now() - started }
}

describe("attempt", () => {
  it("collects the margin of every run that held", () => {
    const { interrupted, margins, violation } = attempt(trial({ limit: 10 }, 9), search)
    assert.strictEqual(margins.length, 500)
    assert.deepStrictEqual(new Set(margins), new Set([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]))
    assert.isUndefined(violation)
    assert.isFalse(interrupted)
  })

  it("gives a margin what it computes with", () => {
    const seen = new Set<string>()
    const margin = ({ kernels }: Asked<Drawn>) => {
      seen.add(kernels.name)
      return Margin.holds(true)
    }
    attempt({ instances: upTo(50), margin }, search)
    assert.deepStrictEqual([...seen], ["reference"])
  })

  it("reports the worst margin as it goes", () => {
    const seen: Array<readonly [runs: number, worst: number]> = []
    const { margins } = attempt(trial({ limit: 99 }, 99), search, (runs, worst) =>
      seen.push([runs, worst]),
    )
    const worst = Array.from(margins, (_, i) => Math.min(...margins.slice(0, i + 1)))
    assert.deepStrictEqual(
      seen,
      worst.map((margin, i) => [i + 1, margin] as const),
    )
  })

  it("stops at the first violation, whatever the number of runs", () => {
    const few = attempt(trial({ limit: 90 }, 99), { seed: 5, runs: 100 })
    const many = attempt(trial({ limit: 90 }, 99), { seed: 5, runs: 10_000 })
    assert.deepStrictEqual(few.violation?.instance, { n: 91 })
    assert.deepStrictEqual(many, few)
  })

  it("shrinks to a small dimension and round parameters", () => {
    const instances = Draw.record({
      dimension: Draw.integer(1, 50),
      rate: Draw.linear(0, 2),
      scale: Draw.logarithmic(1, 1e6),
      spectrum: Draw.list(Draw.logarithmic(1, 1e-3), 1, 30),
      seed: Draw.seed(),
    })
    const smallest = { dimension: 1, rate: 0, scale: 1, spectrum: [1], seed: 0 }
    const rate = attempt(
      { instances, margin: ({ instance: drawn }) => Margin.atMost(Math.abs(1 - drawn.rate), 0.5) },
      search,
    )
    assert.deepStrictEqual(rate.violation?.instance, smallest)
    const coupled = attempt(
      {
        instances,
        margin: ({ instance: drawn }) => Margin.atMost((drawn.dimension - 1) * drawn.scale, 500),
      },
      search,
    )
    // 501 is the smallest number above 500 on the grid of the scale
    assert.deepStrictEqual(coupled.violation?.instance, { ...smallest, dimension: 2, scale: 501 })
  })

  it("counts the runs before the violation, and none of those that shrink it", () => {
    const { margins, violation } = attempt(trial({ limit: 90 }, 99), { seed: 5, runs: 100 })
    // shrinking goes through numbers that hold
    assert.isAbove(violation!.shrinks, 0)
    assert.strictEqual(String(margins.length), violation!.path.split(":")[0])
  })

  it("shrinks within its limit", () => {
    let runs = 0
    const instances = Draw.record({ xs: Draw.list(Draw.integer(0, 1000), 0, 50) })
    const margin = ({ instance: { xs } }: Asked<{ readonly xs: ReadonlyArray<number> }>) => {
      runs++
      return { margin: 50 - xs.reduce((sum, x) => sum + x, 0) }
    }
    for (const shrinks of [0, 1, 50]) {
      runs = 0
      const { margins, violation } = attempt({ instances, margin }, { ...search, shrinks })
      assert.isAtMost(runs, margins.length + 1 + shrinks)
      assert.isAtMost(violation!.shrinks, shrinks)
    }
  })

  it("does the same whatever fast-check is told globally", () => {
    const usual = attempt(trial({ limit: 90 }, 99), search)
    const before = fc.readConfigureGlobal()
    fc.configureGlobal({
      ...before,
      seed: 7,
      numRuns: 3,
      unbiased: true,
      endOnFailure: true,
      randomType: "mersenne",
      skipEqualValues: true,
      verbose: fc.VerbosityLevel.VeryVerbose,
    })
    try {
      assert.deepStrictEqual(attempt(trial({ limit: 90 }, 99), search), usual)
    } finally {
      fc.configureGlobal(before)
    }
  })
})

describe("a trial without a margin", () => {
  const reasons = {
    throws: "thrown on purpose",
    "gives NaN": "its margin is NaN",
  }

  it.each(mishaps)("that %s is a violation with a reason", (kind) => {
    const statement = { limit: 9, mishap: { from: 5, kind } }
    const { violation } = attempt(trial(statement, 9), search)
    assert.deepStrictEqual(violation?.instance, { n: 5 })
    assert.strictEqual(violation?.reason, reasons[kind])
    assert.isNaN(violation?.margin)
  })

  it("shrinks to its like, and a violation to a violation", () => {
    const found = new Set<string>()
    for (let seed = 0; seed < 50; seed++) {
      const { violation } = attempt(
        {
          instances: upTo(20),
          margin: ({ instance: { n } }) => {
            if (5 <= n && n < 10) throw new Error("between 5 and 10")
            return { margin: 12 - n }
          },
        },
        { seed, runs: 50 },
      )
      found.add(JSON.stringify([violation?.instance, violation?.reason ?? violation?.margin]))
    }
    assert.deepStrictEqual(found, new Set(['[{"n":5},"between 5 and 10"]', '[{"n":13},-1]']))
  })

  it("says that preconditions belong to the instances", () => {
    const { violation } = attempt(
      {
        instances: upTo(9),
        margin: ({ instance: { n } }) => {
          fc.pre(n < 5)
          return Margin.holds(true)
        },
      },
      search,
    )
    assert.match(violation!.reason!, /^fc\.pre is not allowed in margins: draw instances/)
  })

  it("may fail while it draws", () => {
    const instances = upTo(9).map(({ n }) => {
      if (n > 4) throw new RangeError(`${n} is too much`)
      return { n }
    })
    const { margins, violation } = attempt({ instances, margin: () => Margin.holds(true) }, search)
    assert.match(violation!.reason!, /^drawing an instance failed: \d is too much$/)
    assert.isNull(violation!.instance)
    assert.strictEqual(violation!.path, String(margins.length))
  })
})

describe("a time budget", () => {
  const slow = {
    instances: upTo(9),
    margin: ({ instance: { n } }: Asked<Drawn>) => {
      spin(2)
      return { margin: 10 - n }
    },
  }

  it("ends a search between runs, with the margins until then", () => {
    const { milliseconds, result } = after(() => attempt(slow, { ...search, budget: 40 }))
    assert.isTrue(result.interrupted)
    assert.isUndefined(result.violation)
    assert.isTrue(result.margins.length >= 1 && result.margins.length <= 20)
    assert.isBelow(milliseconds, 500)
    const { margins } = attempt(slow, { ...search, runs: result.margins.length })
    assert.deepStrictEqual(result.margins, margins)
  })

  it("does not start a run when there is none left", () => {
    const result = attempt(slow, { ...search, budget: 0 })
    assert.deepStrictEqual(result, { margins: new Float64Array(0), interrupted: true, extent: {} })
  })

  it("keeps a violation whose shrinking it cuts", () => {
    const instances = Draw.record({ xs: Draw.list(Draw.integer(0, 1000), 20, 50) })
    const margin = () => {
      spin(2)
      return Margin.holds(false)
    }
    const result = attempt({ instances, margin }, { ...search, budget: 20 })
    assert.isTrue(result.interrupted)
    assert.strictEqual(result.violation?.margin, -1)
  })

  it("changes nothing where it suffices", () => {
    const free = attempt(trial({ limit: 90 }, 99), search)
    assert.deepStrictEqual(attempt(trial({ limit: 90 }, 99), { ...search, budget: 1e6 }), free)
  })
})

describe("recall", () => {
  it("finds the very instance that a search ended at", () => {
    const instances = Draw.record({ xs: Draw.list(Draw.integer(0, 1000), 0, 50), n: Draw.seed() })
    const sum = {
      instances,
      margin: ({ instance: { xs } }: Asked<{ readonly xs: ReadonlyArray<number> }>) => ({
        margin: 150 - xs.reduce((total, x) => total + x, 0),
      }),
    }
    for (let seed = -5; seed < 5; seed++) {
      for (const shrinks of [0, 3, 50, 1000]) {
        const { violation } = attempt(sum, { seed, runs: 100, shrinks })
        const { instance, margin } = recall(sum, violation!)
        assert.deepStrictEqual(instance, violation!.instance)
        assert.strictEqual(margin, violation!.margin)
      }
    }
  })

  it("tells what the instance comes to now", () => {
    const { violation } = attempt(trial({ limit: 4 }, 9), search)
    const mended = recall(trial({ limit: 9 }, 9), violation!)
    assert.deepStrictEqual(mended, { instance: { n: 5 }, margin: 4 })
    const broken = recall(trial({ limit: 9, mishap: { from: 0, kind: "throws" } }, 9), violation!)
    assert.strictEqual(broken.reason, "thrown on purpose")
  })

  it("rejects a path that leads nowhere", () => {
    for (const path of ["0:9999", "0:9999:0"]) {
      assert.throws(() => recall(trial({ limit: 9 }, 9), { seed: 1, path }))
    }
  })
})
