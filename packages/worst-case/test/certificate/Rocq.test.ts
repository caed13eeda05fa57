/** Theorems for Rocq: their text, and, where `coqc` is on the path, that it accepts them and refuses changed ones. */
import { afterAll, assert, describe, it } from "vitest"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { certify, check, type Method, Methods, rocq } from "../../src/index.ts"
import { closedForms } from "../estimation/ClosedForms.ts"
import { further } from "../estimation/FurtherMethods.ts"
import { asPepit } from "../estimation/PepitAnswers.ts"

const every: Readonly<Record<string, Method>> = {
  ...asPepit,
  ...further,
  ...Object.fromEntries(closedForms.map(([name, method]) => [name, method])),
}

const theoremOf = (method: Method): string => rocq(check(certify(method)))

const one = theoremOf(every["gradient descent, 1 steps"]!)

describe("the theorem for Rocq", () => {
  it("states the used conditions in integers, and adds them and the squares", () => {
    assert.strictEqual(
      one.slice(one.indexOf("(* v0")),
      `(* v0 is x@0 - x⋆ *)
(* v1 is f'(x@0) *)
(* v2 is f'(x@1) *)
(* f0 is f(x@0), from the optimum on *)
(* f1 is f(x@1), from the optimum on *)
Theorem worst_case
  (v0 v1 v2 : E)
  (f0 f1 : R)
  (* |x@0 - x⋆|^2 <= 1 *)
  (h0 : inner v0 v0 - 1 <= 0)
  (* f(x⋆) >= f(x@0) + <f'(x@0), x⋆ - x@0> + 1/2 |f'(x@0)|^2 *)
  (h1 : -2 * inner v0 v1 + inner v1 v1 + 2 * f0 <= 0)
  (* f(x⋆) >= f(x@1) + <f'(x@1), x⋆ - x@1> + 1/2 |f'(x@1)|^2 *)
  (h2 : -2 * inner v0 v2 + 2 * inner v1 v2 + inner v2 v2 + 2 * f1 <= 0)
  (* f(x@0) >= f(x@1) + <f'(x@1), x@0 - x@1> + 1/2 |f'(x@0) - f'(x@1)|^2 *)
  (h4 : inner v1 v1 + inner v2 v2 + 2 * f1 - 2 * f0 <= 0)
  : f1 <= 1 / 6.
Proof.
  pose proof
    (plus
      (plus
        (plus
          (times 4 h0)
          (times 6 h1)
        )
        (times 6 h2)
      )
      (plus
        (plus
          (times 6 h4)
          (minus 1 [(2, v0); (-3, v1); (-3, v2)])
        )
        (minus 3 [(1, v1); (-1, v2)])
      )
    )
    as total.
  cbn [square product] in total. clear - total.
  lra.
Qed.
End InnerProductSpace.

Print Assumptions worst_case.
`,
    )
  })

  it("assumes an inner product, and leaves nothing unproved", () => {
    const assumed = [...one.matchAll(/^(?:Hypothesis|Variable|Axiom|Parameter) (\w+)/gm)]
    assert.deepStrictEqual(
      assumed.map(([, name]) => name),
      ["E", "add", "scale", "inner", "inner_add", "inner_scale", "inner_comm", "inner_pos"],
    )
    assert.notMatch(one, /\b(?:Admitted|admit|nra|psatz)\b/)
  })

  it("keeps names of a method within their comments", () => {
    const { functions, ...method } = Methods.gradientDescent({
      steps: 1,
      rate: 1,
      class: { class: "smooth-convex", L: 1 },
    })
    const name = 'f *) Axiom false : 0 = 1. (* "'
    const text = theoremOf({
      ...method,
      functions: { [name]: functions["f"]! },
      steps: [{ step: "x", of: name, rate: 1 }],
      measure: { gap: "x", of: name },
    })
    assert.notMatch(text, /^Axiom|"|\*\) Axiom/m)
    for (const line of text.split("\n").filter((each) => each.includes("Axiom"))) {
      assert.match(line, /^ *\(\* [^*]* \*\)$/)
    }
  })
})

const hasRocq = spawnSync("coqc", ["--version"]).status === 0

const folder = mkdtempSync(join(tmpdir(), "rocq-"))
afterAll(() => rmSync(folder, { recursive: true }))

const coqc = (name: string, text: string) => {
  const file = join(folder, `${name}.v`)
  writeFileSync(file, text)
  const { status, stderr, stdout } = spawnSync("coqc", [file], { encoding: "utf8", cwd: folder })
  return { status, stderr, stdout }
}

/** Axioms of the real numbers of Rocq's standard library; it constructs them from Cauchy sequences. */
const axiomsOfReals = new Set([
  "ClassicalDedekindReals.sig_forall_dec",
  "ClassicalDedekindReals.sig_not_dec",
  "FunctionalExtensionality.functional_extensionality_dep",
])

const axiomsIn = (printed: string): ReadonlyArray<string> =>
  [...printed.matchAll(/^([A-Za-z]\w*(?:\.\w+)*)(?: :|$)/gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== "Axioms")

const proved: ReadonlyArray<string> = [
  "gradient descent, 1 steps",
  "gradient descent, 5 steps",
  "Douglas-Rachford, contraction",
]

describe.skipIf(!hasRocq)("coqc, which is skipped where it is not installed", () => {
  it.each(proved)("proves from the axioms of the reals alone: %s", (name) => {
    const { status, stderr, stdout } = coqc("sound", theoremOf(every[name]!))
    assert.strictEqual(status, 0, stderr)
    const axioms = axiomsIn(stdout)
    assert.isNotEmpty(axioms)
    for (const axiom of axioms) assert.include([...axiomsOfReals], axiom)
  })

  const changes: ReadonlyArray<readonly [what: string, from: string, to: string]> = [
    ["a bound smaller in the ninth digit", "f1 <= 1 / 6", "f1 <= 166666666 / 1000000000"],
    ["a smaller multiplier", "times 6 h2", "times 5 h2"],
    ["a multiplier below 0", "times 6 h4", "times (-6) h4"],
    ["a condition that is left out", "(times 6 h4)", "(times 6 h2)"],
    ["another square", "(2, v0); (-3, v1)", "(2, v0); (-2, v1)"],
    ["a square that is added", "(minus 1", "(minus (-1)"],
    ["another condition than the proof uses", "(h4 : inner v1 v1", "(h4 : inner v1 v2"],
  ]

  it.each(changes)("refuses %s", (_, from, to) => {
    assert.include(one, from)
    const { status, stderr } = coqc("tampered", one.replace(from, to))
    assert.strictEqual(status, 1)
    assert.match(stderr, /Cannot find witness|Cannot interpret this number|has type/)
  })
})
