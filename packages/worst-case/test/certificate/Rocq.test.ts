/** Theorems for Rocq as text; `Coqc.e2e.ts` runs them. */
import { assert, describe, it } from "vitest"
import { certify, check, type Method, Methods, rocq } from "../../src/index.ts"

const theoremOf = (method: Method): string => rocq(check(certify(method)))

const descent = Methods.gradientDescent({
  steps: 1,
  rate: 1,
  class: { class: "smooth-convex", L: 1 },
})
const one = theoremOf(descent)

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
    const { functions, ...method } = descent
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
