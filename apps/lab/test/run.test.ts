/** `run` in this process: rows, expectations, settings, what computes, and what it refuses. */
import { ExperimentResult } from "@nonconvex/evidence"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { both, decoded, refused } from "./support/Toys.ts"

describe("run", () => {
  it.live("prints rows and expectations, and counts cases as it goes", () =>
    Effect.gen(function* () {
      const args = ["run", "dice", "--set", "rolls=30", "--seed", "4"]
      const { code, progress, stdout } = yield* nonconvex(both, args)
      assert.strictEqual(code, 0)
      assert.include(stdout, "toy/dice: The mean of dice")
      assert.match(stdout, /^roll {2}mean {5}dice$/m)
      assert.include(stdout, "... 5 more rows; --out and --json have all")
      assert.match(stdout, /^holds {2}the mean of all rolls: [\d.]+ \(expected 3.5 ± 1\)$/m)
      assert.match(progress, /^toy\/dice \[#{20}\] 30\/30 cases/m)
    }),
  )

  it.live("says how long the paper preset takes", () =>
    Effect.gen(function* () {
      const args = ["run", "dice", "--preset", "paper", "--jobs", "1"]
      const { progress } = yield* nonconvex(both, args)
      assert.match(progress, /^the paper preset takes about 3 min 20 s on one thread$/m)
      assert.strictEqual((yield* nonconvex(both, [...args, "--quiet"])).progress, "")
    }),
  )

  it.live("depends on the seed and the settings alone", () =>
    Effect.gen(function* () {
      const rows = (seed: string) =>
        Effect.map(
          decoded(ExperimentResult, ["run", "dice", "--preset", "smoke", "--seed", seed]),
          ({ value }) => value.rows,
        )
      const one = yield* rows("1")
      assert.deepStrictEqual(yield* rows("1"), one)
      assert.notDeepEqual(yield* rows("2"), one)
    }),
  )

  it.live("ends with 3 where it fails or disappoints", () =>
    Effect.gen(function* () {
      const failing = yield* nonconvex(both, ["run", "failing", "--quiet"])
      assert.strictEqual(failing.code, 3)
      assert.strictEqual(
        failing.stderr,
        "nonconvex: wrong/failing failed: the dice fell off the table",
      )
      const disappointing = yield* nonconvex(both, ["run", "disappointing", "--quiet"])
      assert.strictEqual(disappointing.code, 3)
      assert.include(disappointing.stdout, "FAILS  the number of suns: 1 (expected at least 2)")
    }),
  )

  it.live("refuses a folder of data that is not there, and kernels that it does not know", () =>
    Effect.gen(function* () {
      assert.match(
        yield* refused("run", "dice", "--data", "/nowhere"),
        /^nonconvex: --data \/nowhere: no such folder; /,
      )
      assert.match(
        yield* refused("verify", "toy", "--data", "package.json"),
        /^nonconvex: --data package.json: no such folder; /,
      )
      const empty = temporary()
      assert.strictEqual(
        yield* refused("run", "dice", "--data", empty),
        `nonconvex: --data ${empty}: it has no train-images-idx3-ubyte or train-images-idx3-ubyte.gz; put the four IDX files of Fashion-MNIST there, or omit the flag to use the bundled data`,
      )
      assert.match(
        yield* refused("run", "dice", "--kernels", "fast"),
        /"strict" \| "relaxed" \| "compiled" \| "reference"/,
      )
    }),
  )

  it.live("keeps what computed with the result", () =>
    Effect.gen(function* () {
      const { value } = yield* decoded(ExperimentResult, ["run", "dice", "--kernels", "relaxed"])
      assert.deepStrictEqual(value.capabilities, { kernels: "relaxed" })
    }),
  )

  it.live("refuses settings with their place", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refused("run", "dice", "--set", "roll=3"),
        'nonconvex: toy/dice has no setting "roll"; it has rolls, radius',
      )
      assert.match(
        yield* refused("run", "dice", "--set", "radius=-1"),
        /^nonconvex: toy\/dice: radius=-1 is refused: expected a value greater than or equal to 0$/,
      )
      assert.match(yield* refused("run", "dice", "--set", "rolls=many"), /rolls=many is refused/)
      assert.match(yield* refused("run", "dice", "--set", "rolls"), /key=value/)
      assert.match(yield* refused("run", "toy/dce"), /did you mean toy\/dice\?$/)
      assert.match(yield* refused("run", "cards"), /named "cards"; see nonconvex experiments$/)
    }),
  )
})
