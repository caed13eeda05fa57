/** Whatever programs do to a store, it has what a map would have. */
import { type Outcome, type OpenRun, RunStore } from "@nonconvex/runner"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Scope } from "effect"
import fc from "fast-check"
import { type KeptRun, Runs } from "../src/index.ts"
import { experiment, provenance, rows, shown, storedBy, system } from "./support/Numbers.ts"
import { scratchFile } from "./support/Scratch.ts"

const runs = 2
const places = 2

const run = fc.nat({ max: runs - 1 })
const place = fc.nat({ max: places - 1 })
const value = fc.nat({ max: 2 })
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ _tag: fc.constant("Open" as const), run }) },
  { weight: 10, arbitrary: fc.record({ _tag: fc.constant("Keep" as const), run, place, value }) },
  { weight: 2, arbitrary: fc.record({ _tag: fc.constant("Leave" as const), run, place, value }) },
  {
    weight: 3,
    arbitrary: fc.record({ _tag: fc.constant("End" as const), run, fails: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant("Remove" as const), run }) },
  {
    weight: 1,
    arbitrary: fc.record({
      _tag: fc.constant("Insert" as const),
      run,
      values: fc.array(value, { maxLength: places }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      _tag: fc.constant("Reopen" as const),
      fresh: fc.boolean(),
      host: fc.constantFrom("here", "there"),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never

/** A run as a map has it. */
interface Modelled {
  status: KeptRun["status"]
  readonly parts: Map<number, number>
  readonly left: Map<number, number>
  readonly differences: Set<string>
}

interface Handle {
  readonly open: OpenRun
  readonly wasDone: boolean
  /** The places of which it knows that something was left. */
  readonly underWay: Set<number>
}

const subjectOf = (index: number) => experiment(`numbers/${index}`, { parts: places })
const partOf = (n: number) => rows({ n })
const leftOf = (n: number) => ({ seconds: n, snapshot: { version: 1 as const, state: n } })
const failed: Outcome = { _tag: "Failed", reason: "it broke" }

/** Does the steps to a store in `file` and to a map, and compares them after each. */
const agree = Effect.fnUntraced(function* (file: string, steps: ReadonlyArray<Step>) {
  const model = new Map<number, Modelled>()
  const handles = new Map<number, Handle>()
  let [fresh, host] = [false, "here"]
  let scope = yield* Scope.make()
  const build = () => Layer.buildWithScope(storedBy(file, { fresh, host }), scope)
  let program = yield* build()
  const known = new Map<number, KeptRun>()

  const modelled = (index: number): Modelled => {
    const found = model.get(index) ?? {
      status: "unfinished",
      parts: new Map(),
      left: new Map(),
      differences: new Set(),
    }
    model.set(index, found)
    return found
  }
  const keptIn = (index: number, at: number, n: number, by: string): void => {
    const { differences, parts } = modelled(index)
    const before = parts.get(at)
    if (before === undefined) parts.set(at, n)
    else if (before !== n) differences.add(`${at} ${n} ${by}`)
  }
  const ended = (index: number, status: "done" | "failed"): void => {
    const found = model.get(index)
    // one that was removed on its way is not finished
    if (found === undefined || found.status === "done") return
    if (status === "failed" || found.parts.size === places) found.status = status
  }
  const opened = Effect.fnUntraced(function* (index: number) {
    const open = yield* Context.get(program, RunStore).open(system, subjectOf(index))
    const found = modelled(index)
    const handle: Handle = {
      open,
      wasDone: found.status === "done",
      underWay: new Set(found.left.keys()),
    }
    if (found.status === "failed") found.status = "unfinished"
    handles.set(index, handle)
    assert.deepStrictEqual(
      [...open.parts].map(([at, part]) => [at, part._tag === "Rows" ? part.rows[0]?.["n"] : part]),
      fresh ? [] : [...found.parts].toSorted(([a], [b]) => a - b),
    )
    assert.deepStrictEqual(
      [...open.left].map(([at, { seconds }]) => [at, seconds]),
      fresh ? [] : [...found.left].toSorted(([a], [b]) => a - b),
    )
    return handle
  })
  const handleOf = (index: number) =>
    Effect.suspend(() => {
      const handle = handles.get(index)
      return handle === undefined ? opened(index) : Effect.succeed(handle)
    })

  const perform = Effect.fnUntraced(function* (each: Step) {
    switch (each._tag) {
      case "Open":
        return void (yield* opened(each.run))
      case "Keep": {
        const { open, underWay } = yield* handleOf(each.run)
        yield* open.keep(each.place, partOf(each.value))
        keptIn(each.run, each.place, each.value, host)
        if (underWay.has(each.place)) modelled(each.run).left.delete(each.place)
        return
      }
      case "Leave": {
        const { open, underWay } = yield* handleOf(each.run)
        yield* open.leave(each.place, leftOf(each.value))
        underWay.add(each.place)
        return void modelled(each.run).left.set(each.place, each.value)
      }
      case "End": {
        const { open, wasDone } = yield* handleOf(each.run)
        yield* open.end(each.fails ? failed : shown)
        if (!wasDone) ended(each.run, each.fails ? "failed" : "done")
        return
      }
      case "Remove": {
        const id = known.get(each.run)?.id
        const removed = yield* Context.get(program, Runs).remove(id === undefined ? [] : [id])
        assert.strictEqual(removed, model.has(each.run) ? 1 : 0)
        return void model.delete(each.run)
      }
      case "Insert": {
        const like = known.get(each.run)
        if (like === undefined) return
        const before = modelled(each.run).parts.size
        const added = yield* Context.get(program, Runs).insert(
          {
            ...like,
            status: "done",
            outcome: shown,
            provenance: { ...provenance, host: "elsewhere" },
          },
          new Map(each.values.map((n, at) => [at, partOf(n)])),
        )
        each.values.forEach((n, at) => {
          keptIn(each.run, at, n, "elsewhere")
          modelled(each.run).left.delete(at)
        })
        assert.strictEqual(added, modelled(each.run).parts.size - before)
        return ended(each.run, "done")
      }
      case "Reopen": {
        yield* Scope.close(scope, Exit.void)
        scope = yield* Scope.make()
        ;({ fresh, host } = each)
        handles.clear()
        program = yield* build()
      }
    }
  })

  const compared = Effect.gen(function* () {
    // what is posted stands before what is awaited
    const last = yield* Context.get(program, RunStore).open(system, experiment("numbers/last"))
    yield* last.leave(0, leftOf(0))
    const list = yield* Context.get(program, Runs).list({ kind: "experiment" })
    const found = new Map(list.map((each) => [each.key.subject, each]))
    found.delete("numbers/last")
    for (let index = 0; index < runs; index++) {
      const each = found.get(`numbers/${index}`)
      const wanted = model.get(index)
      if (each !== undefined) known.set(index, each)
      assert.deepStrictEqual(
        each && [each.status, each.kept, each.differences, each.outcome === undefined],
        wanted && [
          wanted.status,
          wanted.parts.size,
          wanted.differences.size,
          wanted.status === "unfinished",
        ],
      )
    }
  })

  for (const each of steps) {
    yield* perform(each)
    yield* compared
  }
  yield* Scope.close(scope, Exit.void)
})

// to make a failure small takes its time
it("a store has what a map would have", { timeout: 300_000 }, () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), (steps) =>
      Effect.runPromise(agree(scratchFile(), steps)),
    ),
    { numRuns: 20 },
  ),
)
