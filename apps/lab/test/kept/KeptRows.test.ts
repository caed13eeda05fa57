/** Rows that are kept of ten seeds: written, read, used by `reproduce`, refused where they are of other code. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as KeptRows from "../../src/evidence/kept/KeptRows.ts"
import * as Results from "../../src/evidence/report/Results.ts"
import { system as toy } from "../fixtures/toy.ts"
import { files, temporary } from "../support/Folders.ts"
import { nonconvex } from "../support/InProcess.ts"

const kept: KeptRows.KeptRows = {
  experiment: "toy/dice",
  config: { rolls: 2 },
  code: "of before",
  rows: new Map([
    [
      1,
      [
        { value: Number.NaN, name: 'a "quoted", one', isLast: true },
        { value: -0, name: "b" },
      ],
    ],
    [2, [{ value: 1e300, name: "c", isLast: false }]],
  ]),
}

const [experiment] = toy.experiments

const keep = (rows: string, ...more: ReadonlyArray<string>) =>
  nonconvex([toy], ["keep", "--quiet", "--no-store", "--jobs", "1", "--rows", rows, ...more])

const reproduce = (rows: string, out: string, ...more: ReadonlyArray<string>) =>
  nonconvex(
    [toy],
    ["reproduce", "--quiet", "--no-store", "--jobs", "1", "--runs", "5", "--rows", rows].concat(
      "--out",
      out,
      more,
    ),
  )

/** The work as on a day, counted from that of the epoch. */
const onDay = (day: number) => {
  const milliseconds = day * 86_400_000
  const shifted = Effect.map(Clock.Clock, (clock): Clock.Clock => ({
    sleep: (duration) => clock.sleep(duration),
    currentTimeNanos: clock.currentTimeNanos,
    currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
    monotonicTimeNanos: clock.monotonicTimeNanos,
    monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
    currentTimeMillisUnsafe: () => milliseconds,
    currentTimeMillis: Effect.succeed(milliseconds),
  }))
  return Effect.provideServiceEffect(Clock.Clock, shifted)
}

const expectationIn = (out: string) =>
  Effect.map(
    Results.decode(readFileSync(join(out, "results.json"), "utf8")),
    ({ failures, systems }) => ({
      failures,
      expectation: systems[0]!.experiments[0]!.expectations[0]!,
    }),
  )

describe("rows of several seeds as a file", () => {
  it.effect("have the same bits when they are read", () =>
    Effect.gen(function* () {
      const back = yield* KeptRows.decode("dice.csv", "toy/dice", KeptRows.encode(kept))
      assert.deepStrictEqual({ ...back, rows: [...back.rows] }, { ...kept, rows: [...kept.rows] })
      assert.isTrue(Object.is(back.rows.get(1)![1]!["value"], -0))
    }),
  )

  it.effect("are refused where they are of something else", () =>
    Effect.gen(function* () {
      const text = KeptRows.encode(kept)
      const refused = yield* Effect.flip(KeptRows.decode("dice.csv", "toy/coin", text))
      assert.strictEqual(
        refused.message,
        "dice.csv belongs to the experiment toy/dice; recompute it with nonconvex keep toy/coin",
      )
      const bare = yield* Effect.flip(KeptRows.decode("dice.csv", "toy/dice", "1,2\r\n"))
      assert.match(bare.message, /lacks its provenance/)
    }),
  )

  it("differ by a bit, and by the place of it", () => {
    assert.isUndefined(KeptRows.difference([{ a: 1, b: Number.NaN }], [{ b: Number.NaN, a: 1 }]))
    assert.strictEqual(
      KeptRows.difference([{ a: 0 }], [{ a: -0 }]),
      "row 0, column a: 0 is saved, -0 was recomputed",
    )
    assert.match(KeptRows.difference([], [{ a: 0 }])!, /^0 rows is saved, 1 rows was recomputed$/)
  })
})

describe("keep", () => {
  it.live("writes the rows of ten seeds, over which reproduce judges", () =>
    Effect.gen(function* () {
      const rows = temporary()
      const { code, stdout } = yield* keep(rows)
      assert.strictEqual(code, 0)
      assert.strictEqual(stdout, "1 experiment saved, 0 unchanged")
      assert.deepStrictEqual(files(rows), ["toy/dice.csv"])
      const found = yield* KeptRows.read(rows, experiment!)
      assert.deepStrictEqual([...found!.rows.keys()], KeptRows.seedsOf(experiment!))
      assert.strictEqual(found!.rows.get(10)!.length, 200)

      const again = yield* keep(rows)
      assert.strictEqual(again.stdout, "0 experiments saved, 1 unchanged")
      assert.strictEqual((yield* keep(rows, "--check")).code, 0)

      const out = temporary()
      const made = yield* reproduce(rows, out)
      assert.strictEqual(made.code, 0, made.stderr)
      assert.match(made.stdout, /1 of 1 expectations of experiments hold, 1 of them over ten seeds/)
      assert.notInclude(made.stdout, "earlier code")
      const { expectation, failures } = yield* expectationIn(out)
      assert.deepStrictEqual(failures, [])
      assert.deepStrictEqual(expectation.seeds, { holds: 10, of: 10, least: 9 })
      // of a seed that is not kept there are eleven; what other code computed is said
      const file = join(rows, "toy/dice.csv")
      writeFileSync(file, readFileSync(file, "utf8").replace(found!.code, "of before"))
      const other = yield* reproduce(rows, out, "--seed", "77")
      assert.include(
        other.stdout,
        "rows over seeds: 1 of 1 table computed by an earlier version of the code",
      )
      assert.strictEqual((yield* expectationIn(out)).expectation.seeds!.of, 11)
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live("finds rows of other code: reproduce refuses them, and says the command", () =>
    Effect.gen(function* () {
      const rows = temporary()
      yield* keep(rows)
      const file = join(rows, "toy/dice.csv")
      const text = readFileSync(file, "utf8")
      writeFileSync(file, text.replace(/\r\n1,1,\d/, "\r\n1,1,7"))
      const out = temporary()
      const { code, stderr } = yield* reproduce(rows, out)
      assert.strictEqual(code, 3)
      assert.match(
        stderr,
        /is of a different version of the code: row 0, column mean: 7 is saved, \d was recomputed/,
      )
      assert.match(stderr, /recompute it with nonconvex keep toy\/dice/)
      const { expectation, failures } = yield* expectationIn(out)
      assert.lengthOf(failures, 1)
      assert.isUndefined(expectation.seeds)
      assert.strictEqual((yield* keep(rows, "--check")).code, 3)
      // the digest says that it is of this code, and the command was told to
      assert.strictEqual((yield* keep(rows, "toy/dice")).stdout, "1 experiment saved, 0 unchanged")
      assert.strictEqual(readFileSync(file, "utf8"), text)
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live(
    "finds a changed row of another seed: keep --check always, reproduce on the day of this seed",
    () =>
      Effect.gen(function* () {
        const rows = temporary()
        yield* keep(rows)
        const file = join(rows, "toy/dice.csv")
        const changed = readFileSync(file, "utf8").replace(/\r\n4,1,\d/, "\r\n4,1,7")
        writeFileSync(file, changed)
        const nightly = yield* keep(rows, "--check")
        assert.strictEqual(nightly.code, 3)
        assert.match(nightly.stderr, /toy\/dice, seed 4, row 0, column mean: 7 is saved/)
        // of one experiment, every tenth day checks the next of seeds 2 to 10
        const found = yield* Effect.forEach([20, 30], (day) =>
          reproduce(rows, temporary()).pipe(onDay(day)),
        )
        assert.deepStrictEqual(
          found.map(({ code }) => code),
          [3, 0],
        )
        assert.include(found[1]!.stdout, "bit for bit equal to the saved ones")
        assert.match(
          found[0]!.stderr,
          /is of a different version of the code at seed 4: row 0, column mean: 7 is saved/,
        )
        assert.match(found[0]!.stderr, /recompute it with nonconvex keep toy\/dice/)
      }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live("are not used with kernels of other bits, nor at another preset", () =>
    Effect.gen(function* () {
      const [rows, out] = [temporary(), temporary()]
      yield* keep(rows)
      for (const more of [
        ["--kernels", "relaxed"],
        ["--preset", "smoke"],
      ]) {
        yield* reproduce(rows, out, ...more)
        assert.isUndefined((yield* expectationIn(out)).expectation.seeds)
      }
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
