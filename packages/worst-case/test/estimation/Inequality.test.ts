/** Reads printed inequalities back, as numbers: they must mean the expressions of their conditions. */
import { assert, describe, it } from "vitest"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { doubles } from "../../src/estimation/Field.ts"
import {
  performanceEstimation,
  type PerformanceEstimation,
} from "../../src/estimation/PerformanceEstimation.ts"
import { unpair, type Combination, type Expression } from "../../src/estimation/Expression.ts"
import type { Condition } from "../../src/estimation/Samples.ts"
import { ofClasses } from "./ClassMethods.ts"
import { closedForms } from "./ClosedForms.ts"
import { further } from "./FurtherMethods.ts"
import { asPepit } from "./PepitAnswers.ts"

const every = [
  ...Object.entries(asPepit),
  ...Object.entries(further),
  ...Object.entries(ofClasses),
  ...closedForms.map(([name, method]) => [name, method] as const),
]

/** A model whose unknown vectors and values are numbers, and the numbers of its named points, gradients and values. */
const instance = (model: PerformanceEstimation<number>) => {
  const stream = RandomStream.make(Seed.root(7).child("inequalities"))
  const draw = () => 2 * stream.uniform() - 1
  const [vectors, values] = [model.vectors.map(draw), model.values.map(draw)]
  const of = (combination: Combination<number>, numbers: ReadonlyArray<number>) =>
    [...combination].reduce((sum, [i, factor]) => sum + factor * numbers[i]!, 0)
  const evaluate = ({ constant, products, values: linear }: Expression<number>) =>
    [...products].reduce(
      (sum, [key, factor]) => {
        const [i, j] = unpair(key)
        return sum + factor * vectors[i]! * vectors[j]!
      },
      constant + of(linear, values),
    )
  const named = new Map(model.vectors.map((name, i) => [name, vectors[i]!]))
  for (const { samples } of model.functions) {
    for (const { gradient, names, point, value } of samples) {
      named.set(names.point, of(point, vectors))
      named.set(names.value, evaluate(value))
      if (names.gradient !== undefined) named.set(names.gradient, of(gradient, vectors))
    }
  }
  return { evaluate, named }
}

/** Value of a sum of terms such as 1/2 |a - b|^2, <a, b - c>, f(x@1) and 3. */
const sum = (text: string, named: ReadonlyMap<string, number>): number => {
  const vector = (of: string): number =>
    of.split(" - ").reduce((total, name, i) => {
      assert.isTrue(named.has(name), `${name} of ${text}`)
      return total + (i === 0 ? 1 : -1) * named.get(name)!
    }, 0)
  const factor = (of = "1") =>
    of.split("/").reduce((a, b, i) => (i === 0 ? Number(b) : a / Number(b)), 1)
  return text.split(" + ").reduce((total, term) => {
    const [, coefficient, rest = ""] = /^(?:([\d/]+)(?: |$))?(.*)$/.exec(term)!
    const square = /^\|(.*)\|\^2$/.exec(rest)
    const product = /^<(.*), (.*)>$/.exec(rest)
    const value =
      square !== null
        ? vector(square[1]!) ** 2
        : product !== null
          ? vector(product[1]!) * vector(product[2]!)
          : rest === ""
            ? 1
            : vector(rest)
    return total + factor(coefficient) * value
  }, 0)
}

const isOfClass = ({ name }: Condition<number>): boolean =>
  !/^(given|least|search|relative|absolute)\b/.test(name)

describe("a condition as an inequality", () => {
  it.each(every)("%s: each has its own, and it means the expression", (_, method) => {
    const model = performanceEstimation(doubles, method)
    const texts = model.conditions.map(({ inequality }) => inequality)
    assert.strictEqual(new Set(texts).size, texts.length)
    const { evaluate, named } = instance(model)
    for (const condition of model.conditions.filter(isOfClass)) {
      const [, left, sign, right] = /^(.*) (<=|>=) (.*)$/.exec(condition.inequality)!
      const excess = (sum(left!, named) - sum(right!, named)) * (sign === "<=" ? 1 : -1)
      assert.approximately(excess, evaluate(condition.expression), 1e-9, condition.inequality)
    }
  })

  const textsOf = (name: string) =>
    performanceEstimation(doubles, new Map(every).get(name)!).conditions.map(
      ({ inequality }) => inequality,
    )

  it.each([
    ["gradient descent, 1 steps", "|x@0 - x*|^2 <= 1"],
    [
      "gradient descent, 1 steps",
      "f(x@1) >= f(x@0) + <f'(x@0), x@1 - x@0> + 1/2 |f'(x@1) - f'(x@0)|^2",
    ],
    ["gradient descent, 1 steps", "f(x@1) >= f(x*) + 1/2 |f'(x@1)|^2"],
    ["descent and ascent", "<f(x@2) - f(x@1), x@2 - x@1> >= 0"],
    ["descent and ascent", "|x@2 - x@1|^2 >= |f(x@2) - f(x@1)|^2"],
    ["optimistic gradient", "<c'(y@2), y@3 - y@2> <= 0"],
    ["exact line search", "<f'(x@1), g@0> >= 0"],
    ["inexact gradient", "|error of f at x@0|^2 <= 1/100 |f'(x@0)|^2"],
    ["subgradient method", "1 >= |f'(x@4)|^2"],
  ])("%s: %s", (name, text) => {
    assert.include(textsOf(name), text)
  })

  it("tells two subgradients at one point apart", () => {
    const { conditions } = performanceEstimation(doubles, {
      functions: { f: { class: "convex" } },
      start: ["x"],
      steps: [
        { gradient: "g", of: "f", at: "x" },
        { gradient: "h", of: "f", at: "x" },
      ],
      given: [],
      measure: { gap: "x" },
    })
    const texts = conditions.map(({ inequality }) => inequality)
    assert.includeMembers(texts, [
      "f(x*) >= f(x@0) + <f'(x@0), x* - x@0>",
      "f(x*) >= f(x@0) + <f'(x@0)#2, x* - x@0>",
    ])
  })
})
