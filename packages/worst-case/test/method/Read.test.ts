/** Files of methods that are nearly right, and the line that says what is wrong and where. */
import * as Schema from "effect/Schema"
import { assert, describe, it } from "vitest"
import { MethodFile, readMethod } from "../../src/index.ts"
import { InvalidMethod } from "../../src/method/Failures.ts"
import { ofClasses } from "../estimation/ClassMethods.ts"
import { closedForms } from "../estimation/ClosedForms.ts"
import { further } from "../estimation/FurtherMethods.ts"
import { asPepit } from "../estimation/PepitAnswers.ts"

const step = { step: "x", of: "f", rate: 1 }
const descent = {
  functions: { f: { class: "smooth-convex", L: 1 } },
  start: ["x"],
  steps: [{ repeat: 2, steps: [step] }],
  given: [{ bound: { squaredDistance: ["x@0", "x*"] }, atMost: 1 }],
  measure: { gap: "x" },
}

const refused: ReadonlyArray<readonly [what: string, value: unknown, message: string]> = [
  [
    "a misspelt class",
    { ...descent, functions: { f: { class: "smoth-convex", L: 1 } } },
    `functions.f: there are no interpolation conditions for the class "smoth-convex"; did you mean "smooth-convex"?`,
  ],
  [
    "a constant in the wrong case",
    { ...descent, functions: { f: { class: "smooth-convex", l: 1 } } },
    `functions.f: has no field "l"; did you mean "L"? All are class, L`,
  ],
  [
    "a constant that the class does not have",
    { ...descent, functions: { f: { class: "convex", L: 1 } } },
    `functions.f: has no field "L"; use one of class`,
  ],
  [
    "a constant that is missing",
    { ...descent, functions: { f: { class: "smooth-strongly-convex", L: 1 } } },
    "functions.f.mu: is missing",
  ],
  [
    "no class",
    { ...descent, functions: { f: { L: 1 } } },
    "functions.f.class: is missing; use one of convex, ",
  ],
  [
    "a misspelt field of a step inside repeat",
    { ...descent, steps: [{ repeat: 2, steps: [{ ...step, rat: 1 }] }] },
    `steps[0].steps[0]: has no field "rat"; did you mean "rate"? All are step, from, at, of, rate, error, block`,
  ],
  [
    "a misspelt kind of step",
    { ...descent, steps: [{ proximal: "x", of: "f", rate: 1 }] },
    `steps[0]: is not a step: it has none of step, prox, project, extrapolate, combine, mirror, search, gradient, repeat; did you mean "prox" by "proximal"?`,
  ],
  [
    "a misspelt measure",
    { ...descent, measure: { sum: [{ weight: 1, of: { gpa: "x" } }] } },
    `measure.sum[0].of: is not a measure: it has none of squaredDistance, squaredNorm, squaredGradient, gap, inner, deviation, inexactness, sum; did you mean "gap" by "gpa"?`,
  ],
  [
    "a misspelt bound of an error",
    { ...descent, steps: [{ ...step, error: { relatve: "1/2" } }] },
    `steps[0].error: is not a bound: it has none of relative, absolute; did you mean "relative" by "relatve"?`,
  ],
  [
    "a misspelt field of the method",
    { ...descent, givn: [] },
    `the method: has no field "givn"; did you mean "given"?`,
  ],
  [
    "a rate of the wrong type",
    { ...descent, steps: [{ ...step, rate: true }] },
    'steps[0].rate: expected a number, a fraction as text such as "1/3", or inside repeat a list of them',
  ],
  [
    "a given without its limit",
    { ...descent, given: [{ bound: { gap: "x" } }] },
    "given[0].atMost: is missing",
  ],
  [
    "a field that a terminal would obey",
    { ...descent, "a\u001b[31m": 1 },
    `the method: has no field "a?[31m"`,
  ],
]

describe("the file of a method", () => {
  it.each(refused)("refuses %s, with its place", (_, value, message) => {
    try {
      readMethod(value)
    } catch (error) {
      assert.instanceOf(error, InvalidMethod)
      assert.strictEqual(error.message.slice(0, message.length), message)
      return
    }
    assert.fail("nothing was thrown")
  })

  it("is read as its JSON schema says, for each of the methods of these tests", () => {
    const encoded = Schema.encodeUnknownSync(Schema.toCodecJson(MethodFile))
    const methods = [
      ...closedForms.map(([, method]) => method),
      ...Object.values({ ...asPepit, ...further, ...ofClasses }),
    ]
    for (const method of methods) {
      const file: unknown = JSON.parse(JSON.stringify(method))
      assert.deepStrictEqual(readMethod(file), file)
      assert.deepStrictEqual(JSON.parse(JSON.stringify(encoded(method))), file)
    }
  })
})
