/** Worst cases of methods in files, their proofs, and what is refused, in one line. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const descent = {
  functions: { f: { class: "smooth-convex", L: 1 } },
  start: ["x"],
  steps: [{ repeat: 2, steps: [{ step: "x", of: "f", rate: 1 }] }],
  given: [{ bound: { squaredDistance: ["x@0", "x*"] }, atMost: 1 }],
  measure: { gap: "x" },
}

const file = (name: string, content: unknown): string => {
  const path = join(temporary(), name)
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content))
  return path
}

describe("worst-case", () => {
  it.effect("says the worst case, and writes a proof that check reads", () =>
    Effect.gen(function* () {
      const proof = join(temporary(), "proof.json")
      const found = yield* nonconvex(
        [],
        ["worst-case", file("m.json", descent), "--certificate", proof],
      )
      assert.strictEqual(found.code, 0)
      assert.match(found.stdout, /worst case {5}0\.1, exact/)
      assert.match(found.stdout, /proved {9}at most 1\/10/)
      const checked = yield* nonconvex([], ["check", proof])
      assert.strictEqual(checked.code, 0)
      assert.match(checked.stdout, /proved {9}f\(x\) - f\(x\*\) is at most 1\/10/)
      const theorem = join(temporary(), "theorem.lean")
      assert.strictEqual((yield* nonconvex([], ["check", proof, "--lean", theorem])).code, 0)
      assert.match(readFileSync(theorem, "utf8"), /theorem worst_case/)
      const inRocq = join(temporary(), "theorem.v")
      assert.strictEqual((yield* nonconvex([], ["check", proof, "--rocq", inRocq])).code, 0)
      assert.match(readFileSync(inRocq, "utf8"), /^Theorem worst_case$[^]*: f2 <= 1 \/ 10\.$/m)
      const overwritten = yield* nonconvex([], ["check", proof, "--rocq", proof])
      assert.strictEqual(overwritten.code, 1)
      assert.match(overwritten.stderr, /the command also reads this file/)
      const unnamed = join(temporary(), "two-steps.v")
      const misnamed = yield* nonconvex([], ["check", proof, "--rocq", unnamed])
      assert.strictEqual(misnamed.code, 1)
      assert.match(misnamed.stderr, /two-steps\.v.*letters, digits and underscores/)
      assert.isFalse(existsSync(unnamed))
      const tampered = file(
        "t.json",
        readFileSync(proof, "utf8").replace('"bound": "1/10"', '"bound": "1/11"'),
      )
      const refused = yield* nonconvex([], ["check", tampered])
      assert.strictEqual(refused.code, 1)
      const unwritten = join(temporary(), "tampered.v")
      assert.strictEqual((yield* nonconvex([], ["check", tampered, "--rocq", unwritten])).code, 1)
      assert.isFalse(existsSync(unwritten))
      assert.match(
        refused.stderr,
        /t\.json: the certificate is invalid: bound: the multipliers prove 0\.1,/,
      )
    }),
  )

  it.effect("names all steps and measures in its help, and the schema of its file", () =>
    Effect.gen(function* () {
      const { stdout } = yield* nonconvex([], ["worst-case", "--help"])
      const help = stdout.replaceAll(/\s+/g, " ")
      const wrong = [
        { ...descent, steps: [{ walk: "x" }] },
        { ...descent, measure: { walk: "x" } },
      ]
      for (const content of wrong) {
        const { stderr } = yield* nonconvex([], ["worst-case", file("m.json", content)])
        const [, list = ""] = /it has none of (.*)$/m.exec(stderr)!
        assert.isAbove(list.length, 40)
        for (const kind of list.split(", ")) assert.match(help, new RegExp(`\\b${kind}\\b`))
      }
      assert.include(help, "docs/schemas/method-1.json")
    }),
  )

  it.effect("prints the same as JSON", () =>
    Effect.gen(function* () {
      const { stdout } = yield* nonconvex([], ["worst-case", file("m.json", descent), "--json"])
      const { bound, kind, measure } = JSON.parse(stdout) as Record<string, unknown>
      assert.deepStrictEqual({ kind, measure }, { kind: "exact", measure: "f(x) - f(x*)" })
      assert.approximately(bound as number, 0.1, 1e-8)
    }),
  )

  const bad: ReadonlyArray<readonly [what: string, content: unknown, message: RegExp]> = [
    ["no JSON", "{", /is not JSON/],
    ["no object", "3", /the method: expected an object with name, functions, start/],
    [
      "an unknown step",
      { ...descent, steps: [{ walk: "x" }] },
      /steps\[0\]: is not a step: it has none of step, prox/,
    ],
    [
      "a rate that is missing",
      { ...descent, steps: [{ step: "x", of: "f" }] },
      /steps\[0\]\.rate: is missing/,
    ],
    [
      "a misspelt field of a step",
      { ...descent, steps: [{ step: "x", of: "f", Rate: 1 }] },
      /steps\[0\]: has no field "Rate"; did you mean "rate"\? All are step, from, at, of, rate, error, block/,
    ],
    [
      "a misspelt class",
      { ...descent, functions: { f: { class: "smooth-conex", L: 1 } } },
      /functions\.f: .* the class "smooth-conex"; did you mean "smooth-convex"\?/,
    ],
    [
      "a gradient before it exists",
      {
        ...descent,
        steps: [
          { combine: "x", terms: { x: 1, g: -1 } },
          { gradient: "g", of: "f", at: "x" },
        ],
      },
      /steps\[0\]\.terms\.g: "g" is used before it exists/,
    ],
    [
      "a class without interpolation conditions",
      { ...descent, functions: { f: { class: "quasi-convex" } } },
      /functions\.f: there are no interpolation conditions for the class "quasi-convex"/,
    ],
    [
      "a start that nothing bounds",
      { ...descent, given: [] },
      /the worst case is unbounded, or too large for double precision: .* \|x@0 - x\*\|\^2/,
    ],
    [
      "too many steps",
      { ...descent, steps: [{ repeat: 300, steps: [{ step: "x", of: "f", rate: 1 }] }] },
      /order 302 with 90903 conditions; the limits are order 64 and 1200/,
    ],
  ]

  const more: typeof bad = [
    [
      "measures within measures",
      {
        ...descent,
        measure: Array.from({ length: 40 }).reduce<unknown>(
          (of) => ({ sum: [{ weight: 1, of }] }),
          { gap: "x" },
        ),
      },
      /has more than 32 nested lists and objects/,
    ],
    [
      "more rounds than anybody waits for",
      { ...descent, steps: [{ repeat: 1e9, steps: descent.steps[0]!.steps }] },
      /steps\[0\]\.repeat: expected a value between 1 and 1000/,
    ],
    [
      "a sum without end",
      {
        ...descent,
        measure: { sum: Array.from({ length: 3000 }, () => ({ weight: 1, of: { gap: "x" } })) },
      },
      /measure\.sum: has 3000 entries; the limit is 2000/,
    ],
    [
      "a name that a terminal would obey",
      { ...descent, start: ["x\u001b[31m"] },
      /start\[0\]: expected a name of one line, 1 to 80 characters/,
    ],
    [
      "a number that JSON does not have",
      '{"functions":{"f":{"class":"smooth-convex","L":NaN}}}',
      /is not JSON/,
    ],
  ]

  it.effect.each([...bad, ...more])("refuses %s", ([, content, message]) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* nonconvex([], ["worst-case", file("m.json", content)])
      assert.strictEqual(code, 1)
      assert.match(stderr, message)
      assert.strictEqual(stderr.trim().split("\n").length, 1)
      assert.strictEqual(stdout, "")
    }),
  )

  it.live("ends at Ctrl-C with 130, and leaves no proof", () =>
    Effect.gen(function* () {
      const proof = join(temporary(), "proof.json")
      // a program of order 32 with 993 conditions, proved: half a minute
      const long = { ...descent, steps: [{ ...descent.steps[0], repeat: 30 }] }
      const { code, stderr, stdout } = yield* nonconvex(
        [],
        ["worst-case", file("m.json", long), "--certificate", proof],
        Effect.sleep("600 millis"),
      )
      assert.deepStrictEqual([code, stdout, stderr], [130, "", ""])
      assert.isFalse(existsSync(proof))
    }),
  )

  it.effect("refuses what is no certificate, and what is not there", () =>
    Effect.gen(function* () {
      const method = yield* nonconvex([], ["check", file("m.json", descent)])
      assert.match(method.stderr, /the file: has no field "certificate"/)
      const missing = yield* nonconvex([], ["check", join(temporary(), "none.json")])
      assert.match(missing.stderr, /none\.json: no such file/)
      assert.deepStrictEqual([method.code, missing.code], [1, 1])
    }),
  )
})
