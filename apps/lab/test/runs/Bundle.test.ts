/** Bundles of runs: what is written comes back bit for bit, and what a stranger made wrong is refused. */
import type { Part } from "@nonconvex/runner/RunStore"
import type { KeptSweep } from "@nonconvex/store/Runs"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as Bundle from "../../src/evidence/runs/Bundle.ts"
import { keptRun } from "../support/Kept.ts"

const rows: Part = {
  _tag: "Rows",
  seconds: 0.25,
  rows: [
    { n: 0.1 + 0.2, zero: -0, name: "NaN", done: true },
    { n: Number.NaN, zero: 0, name: 'a "quoted", text\nof two lines', done: false },
    { n: -Infinity, zero: 5e-324, name: "" },
  ],
  data: [{ name: "digits", digest: "ab" }],
}

const searched: Part = {
  _tag: "Searched",
  seconds: 1,
  attempt: {
    margins: Float64Array.of(1, -0, Infinity),
    interrupted: false,
    violation: {
      instance: { digit: 9 },
      margin: Number.NaN,
      seed: 3,
      path: "0:1",
      shrinks: 2,
      reason: "its margin is NaN",
    },
  },
}

const bundles: ReadonlyArray<Bundle.Bundled> = [
  {
    run: keptRun(
      { subject: "toy/dice", config: { rolls: 3, radius: 0.5 } },
      { parts: 2, kept: 2, seconds: 0.5 },
    ),
    parts: new Map([
      [1, rows],
      [0, { ...rows, rows: [] }],
    ]),
  },
  {
    run: keptRun({ kind: "claim", subject: "toy/at-most-nine", config: { runs: 3 } }),
    parts: new Map([[0, searched]]),
  },
  {
    run: keptRun({ subject: "toy/dice", seed: 2 }, { status: "unfinished", parts: 9, kept: 0 }),
    parts: new Map(),
  },
]

const sweep: KeptSweep = {
  id: "5".repeat(64),
  experiment: "toy/coins",
  spec: { vary: { rolls: [3, 4] } },
  startedAt: "2026-11-27T08:00:00.000Z",
  trials: ["7".repeat(64), "6".repeat(64)],
}

const written = Effect.map(
  Stream.runCollect(Bundle.encode([sweep], Stream.fromIterable(bundles))),
  (lines) => lines.join(""),
)

const read = (text: string, size = 7) =>
  Stream.runCollect(
    Bundle.decode(
      "runs.jsonl",
      Stream.fromIterable(text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? []),
    ),
  )

/** The message that refuses a text. */
const refusal = (text: string) => Effect.map(Effect.flip(read(text, 1e6)), ({ message }) => message)

describe("Bundle", () => {
  it.effect("comes back bit for bit, wherever the file is cut into chunks", () =>
    Effect.gen(function* () {
      const text = yield* written
      for (const size of [1, 7, 1000, 1e6]) {
        const found = yield* read(text, size)
        assert.deepStrictEqual(
          found.map(({ parts, run }) => ({ run, parts })),
          bundles.map(({ parts, run }) => ({ run, parts })),
        )
      }
      const [first] = yield* read(text.trimEnd())
      const [one, two] = (first!.parts.get(1) as Extract<Part, { _tag: "Rows" }>).rows
      assert.isTrue(Object.is(one!["zero"], -0))
      assert.strictEqual(one!["name"], "NaN")
      assert.isNaN(two!["n"])
      const found = yield* Bundle.sweepsOf("runs.jsonl", Stream.succeed(text))
      assert.deepStrictEqual(found, [sweep])
    }),
  )

  const id = bundles[0]!.run.id

  it.effect.each<readonly [string, (text: string) => string, string]>([
    ["another file", () => "a,b\n1,2\n", "line 1: "],
    ["other JSON", () => '{"a":1}\n', "it is not a file of runs from nonconvex export jsonl"],
    ["a later version", (text) => text.replace('"version":1', '"version":2'), "line 1: version: "],
    ["no heading", (text) => text.slice(text.indexOf("\n") + 1), "it is not a file of runs"],
    [
      "an id that is not the hash of the key",
      (text) => text.replace(id, "0".repeat(64)),
      "line 2: run 000000000000 has an id that does not match its content",
    ],
    [
      "another key under the id",
      (text) => text.replace('"rolls":3', '"rolls":4'),
      `run ${id.slice(0, 12)} has an id that does not match its content`,
    ],
    [
      "a subject that is a path",
      (text) => text.replaceAll("toy/dice", "../../etc/passwd"),
      "line 2: run.key.subject: ",
    ],
    ["an id that is a path", (text) => text.replace(id, "../../x"), "line 2: run.id: "],
    [
      "a field that it does not have",
      (text) => text.replace('{"run":{', '{"run":{"command":"rm",'),
      "line 2: run.command: ",
    ],
    [
      "a field that changes every object",
      (text) => text.replace('"zero":', '"__proto__":'),
      "a field must not be named __proto__",
    ],
    [
      "a text that steers a terminal",
      (text) => text.replace('"host":"desk"', String.raw`"host":"\u001b]0;x\u0007"`),
      "a text is too long, or has terminal control characters",
    ],
    [
      "a text that turns a line around",
      (text) => text.replace('"host":"desk"', String.raw`"host":"\u202edesk"`),
      "terminal control characters",
    ],
    [
      "a giant text",
      (text) => text.replace('"host":"desk"', `"host":"${"x".repeat(100_001)}"`),
      "a text is too long",
    ],
    [
      "a giant number of parts",
      (text) => text.replace('"parts":2', '"parts":1e15'),
      "line 2: run.parts: ",
    ],
    [
      "a part beyond the last",
      (text) => text.replace('"part":1,', '"part":7,'),
      "part 7 does not exist among 2",
    ],
    ["a part twice", (text) => text.replace('"part":1,', '"part":0,'), "part 0 occurs twice"],
    [
      "a part of another kind",
      (text) => text.replace('"_tag":"Searched"', '"_tag":"Rows","rows":[]'),
      "line 6: of.attempt: ",
    ],
    [
      "rows in a claim",
      (text) =>
        text.replace(
          /"of":\{"_tag":"Searched".*\}\n/,
          '"of":{"_tag":"Rows","seconds":1,"rows":[]}}\n',
        ),
      "part 0 does not match the kind of its run",
    ],
    ["a row in a row", (text) => text.replace('"zero":0', '"zero":[0]'), "line 3: of.rows"],
    [
      "a number of its own",
      (text) => text.replace('"NaN"}', '"1e999"}'),
      "a number is not one of NaN, Infinity and -Infinity",
    ],
    [
      "negative time",
      (text) => text.replace('"seconds":0.25', '"seconds":-1'),
      "line 3: of.seconds: ",
    ],
    [
      "a part that is missing",
      (text) =>
        text
          .split("\n")
          .filter((line) => !line.startsWith('{"part":1,'))
          .join("\n"),
      `line 2: run ${id.slice(0, 12)} has 1 parts, but its header states 2`,
    ],
    [
      "a run that is done without its parts",
      (text) => text.replace('"status":"unfinished"', '"status":"done"'),
      "is marked as done, but lacks parts",
    ],
    [
      "a part before any run",
      (text) => text.replace(/\{"run".*\n/, ""),
      "line 2: a part precedes the first run",
    ],
    [
      "a sweep of runs that are paths",
      (text) => text.replace("6".repeat(64), "../../x"),
      "line 1: sweeps[0].trials[1]: ",
    ],
    ...[3000, 1_000_000].map(
      (depth) =>
        [
          `a configuration ${depth} levels deep`,
          (text: string) =>
            text.replace('"rolls":3', `"rolls":${"[".repeat(depth)}${"]".repeat(depth)}`),
          "line 2: ",
        ] as const,
    ),
    ["half a line", (text) => text.slice(0, text.length - 30), "nothing is imported"],
  ])("refuses %s", ([, change, reason]) =>
    Effect.gen(function* () {
      const text = yield* written
      const changed = change(text)
      assert.notStrictEqual(changed, text)
      const message = yield* refusal(changed)
      assert.include(message, reason)
      assert.match(message, /^runs\.jsonl, line \d+: .*; nothing is imported$/)
    }),
  )
})
