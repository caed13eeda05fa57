/** Every call of an example, repeated with bad values, is refused by a tagged error or accepts what is optional. */
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import * as Block from "../src/Block.ts"
import * as Documents from "../src/Documents.ts"
import { type Outcome, record } from "./support/BadValues.ts"

const root = join(import.meta.dirname, "../../..")

const packages = [
  "problems",
  "optim-sam",
  "flat-minima",
  "label-noise",
  "matrix-factorization",
  "dp-lowrank",
  "reproducible-minimax",
  "catapults",
]

/** Functions that loops call with numbers which others have checked, and formulas: they check nothing. */
const unchecked = [
  /Theory\./,
  /^problems(?:\/\w+)?: .*\.init: argument 1/,
  /^label-noise: Activation\.cubic/,
  /^matrix-factorization: predict/,
  /^optim-sam: seesFalseMinimum/,
  /^dp-lowrank: LowRank\.topK/,
]

/** Places of a literal in an example that the function does not read. */
const unread = [
  /^label-noise: runLabelNoise: (?:visits|flowTime|finiteStepFactor|etaLambda|fluctuation)/,
  /^matrix-factorization: fitTable: (?:rank|penalty|weighting|ridge)/,
  /^optim-sam: usam\.init: (?:minimiser|spectrum)/,
  /^problems: meanStatistics: argument 2/,
  /^problems\/Operation: operation: input/,
]

/** Functions that no example of their package calls, so that no bad value reaches them here. A new one needs an example. */
const withoutExample: ReadonlyArray<string> = [
  "problems: linearNeuron",
  "problems: minimumOnBall",
  "problems: quadraticFromMatrix",
  "problems: robustLeastSquares",
  "problems: valleyAlong",
  "optim-sam: Perturbation.adaptive",
  "optim-sam: Perturbation.unified",
  "optim-sam: Perturbation.unnormalised",
  "optim-sam: Theory.usamThreshold",
  "optim-sam: Theory.valleyDrift",
  "flat-minima: Certificate",
  "flat-minima: ProductCheck",
  "flat-minima: smoothedFlatDescent",
  "label-noise: labelNoiseSgd",
  "matrix-factorization: areCounts",
  "matrix-factorization: errorAt",
  "matrix-factorization: hasOneScale",
  "matrix-factorization: isBetterByColumns",
  "matrix-factorization: mayHaveColumns",
  "dp-lowrank: Entropy.unsafe",
  "dp-lowrank: Ledger.check",
  "dp-lowrank: Ledger.release",
  "dp-lowrank: Ledger.status",
  "dp-lowrank: LowRank.Certificate",
  "dp-lowrank: LowRank.Regression",
  "dp-lowrank: LowRank.regress",
  "dp-lowrank: LowRank.toMatrix",
  "dp-lowrank: Neighbours",
  "dp-lowrank: PrivateCount.beside",
  "dp-lowrank: PrivateCount.plan",
  "dp-lowrank: PrivateCount.together",
  "dp-lowrank: statement",
  "reproducible-minimax: Theory.roundingFailure",
  "reproducible-minimax: gradientDescent",
  "reproducible-minimax: leastSquaresOnBall",
  "reproducible-minimax: toNumber",
  "catapults: Agop.ofProduct",
  "catapults: TangentKernel.criticalRate",
  "catapults: descentOf",
  "catapults: parameterDescent",
]

const isTagged = (error: unknown): error is Error =>
  error instanceof Error && "_tag" in error && error._tag !== "SchemaError"

type Named = readonly [name: string, value: unknown]

/** Functions of a module and of the namespaces in it, without classes. */
const functionsOf = (module: object): ReadonlyArray<Named> =>
  Object.entries(module).flatMap(([name, value]: [string, unknown]): ReadonlyArray<Named> => {
    if (typeof value === "function" && !Function.prototype.toString.call(value).startsWith("class"))
      return [[name, value] satisfies Named]
    if (typeof value !== "object" || value === null) return []
    if (Reflect.get(value, Symbol.toStringTag) !== "Module") return []
    return functionsOf(value).map(([inner, each]): Named => [`${name}.${inner}`, each])
  })

const functions: ReadonlyArray<Named> = (
  await Promise.all(
    packages.map(async (name) =>
      functionsOf(await import(`@nonconvex/${name}`)).map(([inner, value]): Named => [
        `${name}: ${inner}`,
        value,
      ]),
    ),
  )
).flat()
const own = new Set(functions.map(([, value]) => value))
const met = new Set<unknown>()

describe.for(packages)("%s", (name) => {
  it("refuses bad values by tagged errors in one line", async () => {
    const faults: Array<string> = []
    let refused = 0
    const seen = (called: unknown, outcomes: ReadonlyArray<Outcome>) => {
      met.add(called)
      for (const { call, error, place } of outcomes) {
        const at = `${call.replace("@nonconvex/", "")}: ${place}`
        const isOwn = own.has(called) || call.endsWith(".init")
        if (isTagged(error)) {
          refused++
          if (error.message.includes("\n")) faults.push(`${at}: several lines`)
        } else if (isOwn && ![...unchecked, ...unread].some((pattern) => pattern.test(at)))
          faults.push(`${at}: ${error instanceof Error ? error.message : "accepted"}`)
      }
    }
    for (const { blocks, file } of Documents.list(root)) {
      if (!file.startsWith(`packages/${name}/`) || /src\/(?:evidence|node)\//.test(file)) continue
      for (const block of blocks.filter((each) => Block.use(each) === "module")) {
        await record(file, block.code, (specifier) => import(specifier), seen).catch(
          (thrown: unknown) => {
            // a permit is for one release, and a bad call may use it up
            if (name !== "dp-lowrank" || !isTagged(thrown)) throw thrown
          },
        )
      }
    }
    assert.deepStrictEqual(faults, [])
    assert.isAbove(refused, 10)
  })
})

describe("all packages", () => {
  it("have an example for each public function, but for those known", () => {
    const missing = functions.filter(([, value]) => !met.has(value)).map(([each]) => each)
    assert.deepStrictEqual(missing, withoutExample, "give the new one an example")
  })
})
