/** Audits from the command line. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { AuditReport } from "../src/data/audit/AuditReport.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(AuditReport)))

const audit = (...args: ReadonlyArray<string>) => {
  const defaults = ["--epsilon", "1", "--samples", "60000"]
  const kept = defaults.flatMap((flag, i) =>
    i % 2 === 0 && !args.includes(flag) ? [flag, defaults[i + 1]!] : [],
  )
  return nonconvex([], ["audit", ...kept, ...args])
}

describe("audit", () => {
  it.live("passes the default mechanism, and says what it saw", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* audit("--neighbours", "replace")
      assert.strictEqual(code, 0)
      assert.match(stdout, /^audited {8}the idealised noise, in floating point; --exact audits/m)
      assert.match(stdout, /^verdict {8}no violation found$/m)
      assert.match(
        stdout,
        /^answer {9}the noise is as large as promised, and a missing factor of sqrt 2 would/m,
      )
      assert.match(stdout, /^exact {10}epsilon 1 for Gaussian noise/m)
      assert.match(stdout, /they agree$/m)
      assert.match(stdout, /^power {10}about .+ samples detect a missing sqrt 2$/m)
      const few = yield* audit("--neighbours", "replace", "--samples", "1000")
      assert.match(few.stdout, /^answer {9}the noise is as large as promised; too few samples/m)
    }),
  )

  it.live("rejects half of the noise with exit code 2, in one line", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* audit(
        "--neighbours",
        "add-remove",
        "--noise",
        "0.5",
        "--json",
      )
      assert.strictEqual(code, 2)
      assert.match(
        stderr,
        /^nonconvex: isotropic is not private at epsilon 1: the audit shows at least [12]\.\d+$/,
      )
      const { agrees, epsilonLowerBound, verdict } = yield* decode(stdout)
      const text = yield* audit("--neighbours", "add-remove", "--noise", "0.5")
      assert.match(
        text.stdout,
        /^answer {9}not private at epsilon 1: the output distinguishes the two inputs/m,
      )
      const more = yield* audit("--neighbours", "replace", "--noise", "2")
      assert.match(more.stdout, /^answer {9}the noise differs from the promised one/m)
      assert.isFalse(agrees)
      assert.strictEqual(verdict, "violation")
      assert.isAbove(epsilonLowerBound, 1)
    }),
  )

  it.live("audits the release itself, at a bound of your own, and rejects half of its noise", () =>
    Effect.gen(function* () {
      const exact = (...more: ReadonlyArray<string>) =>
        audit("--neighbours", "replace", "--exact", "--bound", "70", "--samples", "6000", ...more)
      const good = yield* exact("--epsilon", "3")
      assert.strictEqual(good.code, 0, good.stderr)
      assert.match(good.stdout, /^isotropic, replace, bound 70, promised epsilon 3 at delta 0.01$/m)
      assert.match(good.stdout, /^audited {8}the release itself, on rows twice as long/m)
      assert.match(good.stdout, /they agree$/m)
      const { code, stderr, stdout } = yield* exact("--epsilon", "3", "--noise", "0.5", "--json")
      assert.strictEqual(code, 2)
      assert.match(stderr, /^nonconvex: isotropic is not private at epsilon 3/)
      const { agrees, path } = yield* decode(stdout)
      assert.isFalse(agrees)
      assert.strictEqual(path, "release")
    }),
  )

  it.live("says how far it is", () =>
    Effect.gen(function* () {
      const { progress } = yield* audit("--neighbours", "replace")
      assert.match(progress, /120 000\/120 000 samples/)
    }),
  )

  it.live("refuses impossible numbers", () =>
    Effect.gen(function* () {
      for (const wrong of [
        ["--delta", "0"],
        ["--confidence", "1"],
        ["--noise", "0"],
        ["--samples", "5"],
        ["--samples", "1000000000000"],
        ["--dimension", "1"],
        ["--bound", "0"],
        ["--exact", "--noise", "1e12"],
        ["--noise", "1e-310"],
        ["--mechanism", "laplace"],
      ]) {
        const { code, stderr, stdout } = yield* audit("--neighbours", "replace", ...wrong)
        assert.strictEqual(code, 1, wrong.join(" "))
        assert.strictEqual(stdout, "")
        assert.notInclude(stderr, "\n")
      }
    }),
  )
})
