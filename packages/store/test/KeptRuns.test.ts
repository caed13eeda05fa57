/** What is kept comes back as it was, and what is computed again is compared with it. */
import { RunStore, type Subject } from "@nonconvex/runner"
import * as RunKey from "@nonconvex/runner/RunKey"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Scope } from "effect"
import { type KeptRun, Runs } from "../src/index.ts"
import * as KeptRuns from "../src/KeptRuns.ts"
import {
  experiment,
  provenance,
  rows,
  searched,
  shown,
  storedBy,
  subjectOf,
  system,
} from "./support/Numbers.ts"
import { scratchFile } from "./support/Scratch.ts"

const opened = Effect.fnUntraced(function* (subject: Subject = experiment()) {
  return yield* (yield* RunStore).open(system, subject)
})

/** Computes a run that has a row of this number in each part. */
const computed = Effect.fnUntraced(function* (subject: Subject, n = 1) {
  const run = yield* opened(subject)
  for (let place = 0; place < subject.parts; place++) {
    if (!run.parts.has(place)) yield* run.keep(place, rows({ n, place }))
  }
  yield* run.end(shown)
})

const listed = Effect.flatMap(Runs, ({ list }) => list())

describe("a run that is kept", () => {
  it.effect("comes back in another program with its parts", () => {
    const file = scratchFile()
    const first = rows({ n: 1, square: 1, even: false }, { n: 2, square: -0, even: true })
    const second = rows({ n: Infinity, square: NaN, name: "last" })
    return Effect.gen(function* () {
      yield* Effect.gen(function* () {
        const run = yield* opened()
        assert.strictEqual(run.parts.size, 0)
        yield* run.keep(0, first)
        yield* run.keep(1, second)
        yield* run.end(shown)
      }).pipe(Effect.provide(storedBy(file)))
      yield* Effect.gen(function* () {
        const run = yield* opened()
        const parts = new Map([first, second].entries())
        assert.deepStrictEqual(run.parts, parts)
        const runs = yield* Runs
        const [kept] = yield* listed
        assert.deepStrictEqual(
          { ...kept, id: "", startedAt: "", endedAt: "" },
          {
            id: "",
            key: {
              kind: "experiment",
              subject: "numbers/squares",
              config: { upTo: 3 },
              seed: 1,
              kernels: "strict",
              code: "code",
            },
            parts: 2,
            kept: 2,
            status: "done",
            outcome: shown,
            seconds: 1,
            startedAt: "",
            endedAt: "",
            provenance,
            differences: 0,
          },
        )
        assert.deepStrictEqual(yield* runs.find(kept!.id.slice(0, 4).toUpperCase()), kept)
        assert.deepStrictEqual(yield* runs.counts, { reused: 2, computed: 0 })
        assert.deepStrictEqual(yield* runs.rowsOf(kept!.id), [
          ...(first._tag === "Rows" ? first.rows : []),
          ...(second._tag === "Rows" ? second.rows : []),
        ])
      }).pipe(Effect.provide(storedBy(file)))
    })
  })

  it.effect("keeps searches and the verdict with every bit", () => {
    const file = scratchFile()
    const subject: Subject = { ...experiment("numbers/claim", { parts: 1 }), kind: "claim" }
    const part = searched([1, -0, NaN, 1e-320], {
      instance: { n: -0, all: [1, "a", null] },
      margin: -Infinity,
      compared: { relation: "at most", actual: 1, bound: NaN },
      seed: -5,
      path: "0:1",
      shrinks: 3,
    })
    const verdict = {
      _tag: "Held" as const,
      id: "numbers/claim",
      statement: "A digit is at most nine.",
      source: { paper: "none", statement: "none", basis: "derived here" as const },
      runs: 4,
      margins: { worst: -0, percent1: NaN, percent10: 1, median: Infinity },
      caught: [],
    }
    return Effect.gen(function* () {
      yield* Effect.gen(function* () {
        const run = yield* opened(subject)
        yield* run.keep(0, part)
        yield* run.end({ _tag: "Judged", verdict })
      }).pipe(Effect.provide(storedBy(file)))
      const [parts, list] = yield* Effect.all([
        Effect.map(opened(subject), (run) => run.parts),
        listed,
      ]).pipe(Effect.provide(storedBy(file)))
      assert.deepStrictEqual(parts, new Map([[0, part]]))
      assert.deepStrictEqual(list[0]?.outcome, { _tag: "Judged", verdict })
    })
  })

  it.effect("is another run with another seed, configuration, code, kernels or data", () => {
    const file = scratchFile()
    const by = (options: Partial<KeptRuns.Options>) =>
      Effect.provide(
        computed(experiment()),
        KeptRuns.layerFile(
          { file },
          {
            capabilities: { kernels: "strict" },
            code: () => Effect.succeed("code"),
            provenance: Effect.succeed(provenance),
            ...options,
          },
        ),
      )
    return Effect.gen(function* () {
      yield* by({})
      yield* by({})
      yield* by({ code: () => Effect.succeed("other code") })
      yield* by({ capabilities: { kernels: "relaxed" } })
      yield* by({ capabilities: { kernels: "strict", data: "digest" } })
      // nobody can tell what computed this one
      yield* by({ code: () => Effect.succeed(undefined) })
      yield* computed(experiment("numbers/squares", { seed: 2 })).pipe(
        Effect.provide(storedBy(file)),
      )
      const list = yield* Effect.provide(listed, storedBy(file))
      assert.strictEqual(list.length, 5)
    })
  })

  it.effect("is written even where nobody waits for it any more", () => {
    const file = scratchFile()
    return Effect.gen(function* () {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(storedBy(file), scope)
      const run = yield* Effect.provide(opened(), context)
      yield* run.keep(0, rows({ n: 0 }))
      const keeping = yield* Effect.forkChild(run.keep(1, rows({ n: 1 })), {
        startImmediately: true,
      })
      yield* Fiber.interrupt(keeping)
      yield* Scope.close(scope, Exit.void)
      const [kept] = yield* Effect.provide(listed, storedBy(file))
      assert.strictEqual(kept?.kept, 2)
    })
  })
})

describe("what is computed again with other bits", () => {
  it.effect("is a finding with its place, both values and who computed them, once", () => {
    const file = scratchFile()
    const said: Array<string> = []
    const subject = subjectOf(1, 2)
    const again = Effect.provide(
      computed(subject, 2),
      storedBy(file, { fresh: true, host: "there", said }),
    )
    return Effect.gen(function* () {
      yield* Effect.provide(computed(subject, 1), storedBy(file))
      yield* again
      yield* again
      const [differences, rowsNow] = yield* Effect.gen(function* () {
        const runs = yield* Runs
        const [kept] = yield* runs.list()
        assert.strictEqual(kept?.differences, 2)
        assert.deepStrictEqual(yield* runs.differences("0".repeat(64)), [])
        return [yield* runs.differences(kept!.id), yield* runs.rowsOf(kept!.id)] as const
      }).pipe(Effect.provide(storedBy(file)))
      assert.deepStrictEqual(
        differences.map((each) => ({ ...each, at: "", run: "" })),
        [0, 1].map((part) => ({
          run: "",
          at: "",
          part,
          place: "row 0, column n",
          kept: "1",
          found: "2",
          keptBy: provenance,
          foundBy: { ...provenance, host: "there" },
        })),
      )
      assert.deepStrictEqual(
        rowsNow.map(({ n }) => n),
        [1, 1],
      )
      assert.match(
        said[0]!,
        /part 0 of run [0-9a-f]{12} has different bits than the saved result \(row 0, column n: 1 earlier and 2 now\); the first result is kept$/u,
      )
    })
  })
})

describe("a run is found", () => {
  it.effect("by the beginning of its name, and no other way", () =>
    Effect.gen(function* () {
      const { keyOf } = yield* RunStore
      const beginnings = new Map<string, number>()
      const alike: Array<number> = []
      // of a thousand names some begin alike
      for (let index = 0; index < 1000; index++) {
        const id = yield* RunKey.idOf((yield* keyOf(system, subjectOf(index, 1)))!)
        const twin = beginnings.get(id.slice(0, 4))
        if (twin !== undefined && alike.length === 0) alike.push(twin, index)
        beginnings.set(id.slice(0, 4), index)
      }
      yield* Effect.forEach(alike, (index) => computed(subjectOf(index, 1)))
      const runs = yield* Runs
      const ids = (yield* listed).map(({ id }) => id).toSorted()
      assert.strictEqual(ids.length, 2)
      const failed = (name: string) =>
        runs.find(name).pipe(
          Effect.flip,
          Effect.map(({ message }) => message),
        )
      for (const name of ["abc", "", "zzzz", "1' OR '1'='1", "%%%%", "a".repeat(65)]) {
        assert.strictEqual(
          yield* failed(name),
          `"${name}" is not a run id: give at least 4 of the hexadecimal digits that nonconvex runs lists`,
        )
      }
      const name = ids[0]!.slice(0, 4)
      assert.strictEqual(
        yield* failed(name),
        `"${name}" matches more than one run: ${ids.map((id) => id.slice(0, 12)).join(", ")}; give more digits`,
      )
      const absent = name === "0000" ? "1111" : "0000"
      assert.strictEqual(
        yield* failed(absent),
        `no run of ${runs.place} begins with "${absent}"; nonconvex runs lists them`,
      )
      for (const id of ids) {
        assert.strictEqual((yield* runs.find(id)).id, id)
        assert.strictEqual((yield* runs.find(id.slice(0, 12).toUpperCase())).id, id)
      }
    }).pipe(Effect.provide(storedBy(scratchFile()))),
  )

  it.effect("by kind, subject, sweep and ids, the oldest first", () =>
    Effect.gen(function* () {
      const runs = yield* Runs
      for (let index = 0; index < 5; index++) yield* computed(subjectOf(index, 1))
      yield* computed({ ...subjectOf(0, 1), kind: "claim" })
      const list = yield* listed
      const idOf = (subject: string) => list.find(({ key }) => key.subject === subject)!.id
      const subjects = (all: ReadonlyArray<KeptRun>) =>
        all.map(({ key }) => `${key.kind} ${key.subject}`).toSorted()
      assert.deepStrictEqual(
        list.map(({ startedAt, id }) => startedAt + id),
        list.map(({ startedAt, id }) => startedAt + id).toSorted(),
      )
      const sweep = {
        id: "f".repeat(64),
        experiment: "numbers/1",
        spec: { grid: { radius: [0, -0] } },
        startedAt: "2026-01-01T00:00:00.000Z",
        trials: [idOf("numbers/1"), "e".repeat(64), idOf("numbers/3")],
      }
      yield* runs.keepSweep({ ...sweep, trials: [idOf("numbers/4")] })
      yield* runs.keepSweep(sweep)
      assert.deepStrictEqual(yield* runs.sweeps, [sweep])
      assert.deepStrictEqual(subjects(yield* runs.list({ sweep: sweep.id })), [
        "experiment numbers/1",
        "experiment numbers/3",
      ])
      assert.deepStrictEqual(subjects(yield* runs.list({ kind: "claim" })), ["claim numbers/0"])
      assert.deepStrictEqual(subjects(yield* runs.list({ subject: "numbers/0" })), [
        "claim numbers/0",
        "experiment numbers/0",
      ])
      const ids = [idOf("numbers/2"), ...Array.from({ length: 3000 }, (_, k) => `none ${k}`)]
      assert.deepStrictEqual(subjects(yield* runs.list({ ids, kind: "experiment" })), [
        "experiment numbers/2",
      ])
      assert.deepStrictEqual(yield* runs.list({ ids: [] }), [])
      assert.strictEqual(yield* runs.remove(ids), 1)
      assert.strictEqual((yield* listed).length, 5)
    }).pipe(Effect.provide(storedBy(scratchFile()))),
  )
})

it.effect("a run from elsewhere is taken in once, under its own name only", () =>
  Effect.gen(function* () {
    const here = scratchFile()
    const [run, parts] = yield* Effect.gen(function* () {
      yield* computed(subjectOf(1, 3))
      const runs = yield* Runs
      const [kept] = yield* runs.list()
      return [kept!, yield* runs.partsOf(kept!.id)] as const
    }).pipe(Effect.provide(storedBy(scratchFile(), { host: "there" })))
    yield* Effect.gen(function* () {
      const { insert, list } = yield* Runs
      assert.strictEqual(yield* insert(run, parts), 3)
      assert.strictEqual(yield* insert(run, parts), 0)
      assert.deepStrictEqual(yield* list(), [run])
      const wrong = { ...run, key: { ...run.key, seed: 7 } }
      assert.strictEqual(
        (yield* Effect.flip(insert(wrong, parts))).message,
        `${here}: run ${run.id.slice(0, 12)} has an id that does not match its content, so it is not imported; export it again`,
      )
    }).pipe(Effect.provide(storedBy(here)))
  }),
)

it.effect("the time of work before is that of the latest finished run", () =>
  Effect.gen(function* () {
    yield* computed(experiment("numbers/a", { config: { b: 1, a: 2 }, parts: 4 }))
    yield* computed(experiment("numbers/b", { parts: 1 }))
    const unfinished = yield* opened(experiment("numbers/c"))
    yield* unfinished.keep(0, rows({ n: 1 }))
    const { secondsBefore } = yield* Runs
    assert.deepStrictEqual(
      yield* secondsBefore,
      new Map([
        ["numbers/a", 2],
        ['numbers/a {"a":2,"b":1}', 2],
        ["numbers/b", 0.5],
        ['numbers/b {"upTo":3}', 0.5],
      ]),
    )
  }).pipe(Effect.provide(storedBy(scratchFile()))),
)
