/** Rocq itself on proofs of worst cases, and on changed ones. Skipped where `coqc` is not on the path. */
import { afterAll, beforeAll, assert, describe, it } from "vitest"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { certify, check, type Method, rocq } from "../../src/index.ts"
import { closedForms } from "../estimation/ClosedForms.ts"
import { asPepit } from "../estimation/PepitAnswers.ts"

const every: Readonly<Record<string, Method>> = {
  ...asPepit,
  ...Object.fromEntries(closedForms.map(([name, method]) => [name, method])),
}

const theoremOf = (name: string): string => rocq(check(certify(every[name]!)))

const hasRocq = spawnSync("coqc", ["--version"]).status === 0

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rocq-"))
})
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
  // the squares of rounded rows
  "heavy ball",
]

describe.skipIf(!hasRocq)("coqc, which is skipped where it is not installed", () => {
  it.each(proved)("proves from the axioms of the reals alone: %s", (name) => {
    const { status, stderr, stdout } = coqc("sound", theoremOf(name))
    assert.strictEqual(status, 0, stderr)
    const axioms = axiomsIn(stdout)
    assert.isNotEmpty(axioms)
    for (const axiom of axioms) assert.include([...axiomsOfReals], axiom)
  })

  it("proves the interpolation condition of smooth convex functions", () => {
    const file = join(import.meta.dirname, "../../rocq/SmoothConvex.v")
    const { status, stderr, stdout } = coqc("SmoothConvex", readFileSync(file, "utf8"))
    assert.strictEqual(status, 0, stderr)
    for (const axiom of axiomsIn(stdout)) assert.include([...axiomsOfReals], axiom)
  })

  const one = theoremOf("gradient descent, 1 steps")

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
