/**
 * Bounds of two systems beside worst cases, for N = 1 to 10 steps: the table of docs/worst-case.md, by
 * `node --conditions=source apps/lab/scripts/worstCases.ts`. Each number is bound / worst case: 1 is tight. Where the worst case is itself an
 * upper bound, the bound is loose by at least so much.
 */
import { Theory as Sam } from "@nonconvex/optim-sam"
import { Theory as Minimax } from "@nonconvex/reproducible-minimax"
import { type Estimate, type Method, Methods, worstCase } from "@nonconvex/worst-case"

/** What every row has: smoothness 1, convexity, a rate, a radius, errors. */
const [l, alpha, eta, rho, delta] = [1, 0.1, 0.5, 0.1, 0.1]
const smooth = { class: "smooth-convex", L: l }
const strong = { class: "smooth-strongly-convex", L: l, mu: alpha }
const saddle = { class: "convex-concave", L: l }
const fromDistance: Method["given"] = [{ bound: { squaredDistance: ["x@0", "x*"] }, atMost: 1 }]
const fromGap: Method["given"] = [{ bound: { gap: "x@0" }, atMost: 1 }]

interface Row {
  readonly name: string
  readonly method: (steps: number) => Method
  readonly bound: (steps: number) => number
  /** The numbers of steps that are asked for; default 1 to 10. */
  readonly least?: number
  readonly most?: number
}

const repeated = (
  f: Method["functions"][string],
  steps: number,
  inner: Extract<Method["steps"][number], { repeat: number }>["steps"],
  rest: Pick<Method, "given" | "measure"> & Partial<Method>,
): Method => ({
  functions: { f },
  start: ["x"],
  steps: [{ repeat: steps, steps: inner }],
  ...rest,
})

/** SAM, of whose direction nothing is used: the gradient is taken anywhere within the radius. */
const anywhere = [
  { combine: "raised", terms: { x: 1 }, error: { absolute: rho } },
  { step: "x", at: "raised", of: "f", rate: eta },
] as const

/** Two runs of GDA, or of extragradient, whose answer is the average of the points at which the last gradient of each step is taken. */
const twoRuns = (
  steps: number,
  rate: number,
  extra: boolean,
  given: Method["given"],
  error?: number,
): Method => {
  const off = error === undefined ? {} : { error: { absolute: error } }
  const inner = extra
    ? [
        { step: "y", from: "x", at: "x", of: "f", rate, ...off },
        { step: "x", at: "y", of: "f", rate, ...off },
      ]
    : [{ step: "x", of: "f", rate, ...off }]
  const averaged = extra ? "y" : "x"
  return {
    functions: { f: saddle },
    start: ["x"],
    runs: 2,
    optimum: "none",
    ...(error === undefined && { starts: "own" as const }),
    steps: [
      { repeat: steps, steps: inner },
      {
        combine: "mean",
        terms: Object.fromEntries(
          Array.from({ length: steps }, (_, k) => [`${averaged}@${k}`, `1/${steps}`]),
        ),
      },
    ],
    given,
    measure: { deviation: "mean" },
  }
}

const apart = (distance: number): Method["given"] => [
  { bound: { squaredDistance: ["x@0", "x'@0"] }, atMost: distance ** 2 },
]

/** The gap of averaged half steps towards any point z within distance 1. */
const extragradientGap = (steps: number): Method => ({
  functions: { f: saddle },
  start: ["x", "z"],
  optimum: "none",
  steps: [
    {
      repeat: steps,
      steps: [
        { step: "y", from: "x", at: "x", of: "f", rate: 1 },
        { gradient: "g", of: "f", at: "y" },
        { step: "x", at: "y", of: "f", rate: 1 },
      ],
    },
  ],
  given: [{ bound: { squaredDistance: ["x@0", "z"] }, atMost: 1 }],
  measure: {
    sum: Array.from({ length: steps }, (_, k) => ({
      weight: `1/${steps}`,
      of: { inner: [`g@${k}`, `y@${k}`, "z"] as const },
    })),
  },
})

const rows: ReadonlyArray<Row> = [
  {
    name: "GD, gap: `gradientDescentGap`",
    method: (steps) => Methods.gradientDescent({ steps, rate: 1, class: smooth }),
    bound: (n) => Minimax.gradientDescentGap(l, 1, n),
  },
  {
    name: "AGD, gap: `acceleratedGap`",
    method: (steps) =>
      Methods.nesterov({
        steps,
        rate: 1,
        class: smooth,
        momentum: Array.from({ length: steps }, (_, k) => `${k}/${k + 3}`),
      }),
    bound: (n) => Minimax.acceleratedGap(l, 1, n),
  },
  {
    name: "GDA, a step apart: `descentAscentExpansion`^N",
    method: (steps) => ({
      ...twoRuns(steps, eta, false, apart(1)),
      measure: { deviation: "x" },
    }),
    bound: (n) => Minimax.descentAscentExpansion(eta, l) ** n,
  },
  {
    name: "GDA, deviation of start: `descentAscentDeviationOfStart`",
    method: (steps) => twoRuns(steps, Minimax.descentAscentStep(l, steps), false, apart(delta)),
    bound: () => Minimax.descentAscentDeviationOfStart(delta),
  },
  {
    name: "GDA, deviation of gradients: `descentAscentDeviationOfGradient`",
    method: (steps) => twoRuns(steps, Minimax.descentAscentStep(l, steps), false, [], delta),
    bound: (n) => Minimax.descentAscentDeviationOfGradient(l, delta, n),
    least: 2,
  },
  {
    name: "EG, gap of the average: `extragradientGap`",
    method: extragradientGap,
    bound: (n) => Minimax.extragradientGap(l, 1, n),
  },
  {
    name: "EG, deviation of start: `extragradientDeviationOfStart`",
    method: (steps) => twoRuns(steps, 1, true, apart(delta)),
    // the part that no bound on the operator enters
    bound: (n) => Minimax.extragradientDeviationOfStart(l, 1e9, delta, n),
    most: 5,
  },
  {
    name: "GD, distance: `gradientContraction`^2N",
    method: (steps) =>
      Methods.gradientDescent({
        steps,
        rate: eta,
        class: strong,
        measure: { squaredDistance: ["x", "x*"] },
      }),
    bound: (n) => Sam.gradientContraction(eta, alpha, l) ** (2 * n),
  },
  {
    name: "USAM, gap: `plUsam`, on strongly convex functions",
    method: (steps) => ({
      ...Methods.usam({ steps, rate: eta, radius: rho, class: strong }),
      given: fromGap,
    }),
    bound: (n) => Sam.plUsam(eta, rho, alpha, l).factor ** n,
  },
  {
    name: "SAM, gap: `stronglyConvexSam`",
    method: (steps) => repeated(strong, steps, anywhere, { given: fromGap, measure: { gap: "x" } }),
    bound: (n) => {
      const { factor, floor } = Sam.stronglyConvexSam(eta, rho, alpha, l)
      return factor ** n + floor
    },
  },
  {
    name: "SAM, distance: `samDistance`^2",
    method: (steps) =>
      repeated(strong, steps, anywhere, {
        given: fromDistance,
        measure: { squaredDistance: ["x", "x*"] },
      }),
    bound: (n) => Sam.samDistance(n, 1, eta, rho, alpha, l) ** 2,
  },
  {
    name: "SAM, mean squared gradient: `smoothSamGradient`, not convex",
    method: (steps) =>
      repeated({ class: "smooth", L: l }, steps, anywhere, {
        given: fromGap,
        measure: {
          sum: Array.from({ length: steps }, (_, k) => ({
            weight: `1/${steps}`,
            of: { squaredGradient: `x@${k}` },
          })),
        },
      }),
    bound: (n) => Sam.smoothSamGradient(n, 1, eta, rho, l),
  },
]

const ratio = (bound: number, { bound: worst }: Estimate): string => (bound / worst).toFixed(3)

const steps = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
console.log(`| bound | kind | ${steps.map((n) => `N=${n}`).join(" | ")} |`)
console.log(`| --- | --- |${steps.map(() => " ---: |").join("")}`)
for (const { bound, least = 1, method, most = 10, name } of rows) {
  const cells: Array<string> = []
  let kind = ""
  for (const n of steps) {
    if (n < least || n > most) {
      cells.push("")
      continue
    }
    try {
      const estimate = worstCase(method(n))
      kind = estimate.kind
      cells.push(ratio(bound(n), estimate))
    } catch (error) {
      cells.push(error instanceof Error ? error.name : "?")
      console.error(name, n, error)
    }
  }
  console.log(`| ${name} | ${kind} | ${cells.join(" | ")} |`)
}
