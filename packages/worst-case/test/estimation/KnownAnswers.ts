/** Methods whose worst cases are known: from closed forms, and from PEPit. */
import { type Method, Methods } from "../../src/index.ts"
import { apart, contraction, of, unit, unrolled } from "./support.ts"

const smooth = { class: "smooth-convex", L: 1 }
const strong = { class: "smooth-strongly-convex", L: 1, mu: 0.1 }

const nextTheta = (theta: number, factor = 4) => (1 + Math.sqrt(factor * theta ** 2 + 1)) / 2

const accelerated = (steps: number) => {
  const momentum: Array<number> = []
  let theta = 1
  for (let k = 0; k < steps; k++) {
    const next = nextTheta(theta)
    momentum.push((theta - 1) / next)
    theta = next
  }
  return Methods.nesterov({ steps, rate: 1, class: smooth, momentum })
}

/** D. Kim, J. Fessler, Optimized first-order methods for smooth convex minimization, 2016. */
const optimized = (steps: number, L: number) => {
  let theta = 1
  return of(
    { class: "smooth-convex", L },
    [
      { combine: "y", terms: { x: 1 } },
      ...unrolled(steps, (k) => {
        const old = theta
        theta = nextTheta(theta, k === steps - 1 ? 8 : 4)
        return [
          { step: "x", from: "y", of: "f", at: "y", rate: `1/${L}` },
          { extrapolate: "ahead", from: "x", beyond: "x@-1", by: (old - 1) / theta },
          { combine: "turn", terms: { x: old / theta, y: -old / theta } },
          { combine: "y", terms: { ahead: 1, turn: 1 } },
        ]
      }),
    ],
    { gap: "y" },
  )
}

/** D. Kim, J. Fessler, Optimizing the efficiency of first-order methods for decreasing the gradient, 2021. */
const optimizedForGradient = (steps: number, L: number) => {
  const theta = [1]
  for (let k = 0; k < steps; k++) theta.push(nextTheta(theta[k]!, k < steps - 1 ? 4 : 8))
  theta.reverse()
  return of(
    { class: "smooth-convex", L },
    [
      { combine: "y", terms: { x: 1 } },
      ...unrolled(steps, (k) => {
        const [a, b] = [theta[k]!, theta[k + 1]!]
        const turn = (2 * b - 1) / (2 * a - 1)
        return [
          { step: "y", from: "x", at: "x", of: "f", rate: `1/${L}` },
          {
            extrapolate: "ahead",
            from: "y",
            beyond: "y@-1",
            by: ((a - 1) * (2 * b - 1)) / a / (2 * a - 1),
          },
          { combine: "turn", terms: { y: turn, x: -turn } },
          { combine: "x", terms: { ahead: 1, turn: 1 } },
        ]
      }),
    ],
    { squaredGradient: "x" },
    { given: [{ bound: { gap: "x@0" }, atMost: 1 }] },
  )
}

/** A. Taylor, Y. Drori, An optimal gradient method for smooth strongly convex minimization, 2023. */
const informationTheoretic = (steps: number, mu: number) => {
  let size = 0
  return of(
    { class: "smooth-strongly-convex", L: 1, mu },
    [
      { combine: "z", terms: { x: 1 } },
      ...unrolled(steps, () => {
        const old = size
        size = ((1 + mu) * old + 2 * (1 + Math.sqrt((1 + old) * (1 + mu * old)))) / (1 - mu) ** 2
        const beta = old / (1 - mu) / size
        const delta = (0.5 * ((1 - mu) ** 2 * size - (1 + mu) * old)) / (1 + mu + mu * old)
        return [
          { combine: "y", terms: { z: 1 - beta, x: beta } },
          { step: "x", from: "y", at: "y", of: "f", rate: 1 },
          { combine: "mixed", terms: { z: 1 - mu * delta, y: mu * delta } },
          { step: "z", from: "mixed", at: "y", of: "f", rate: delta },
        ]
      }),
    ],
    { squaredDistance: ["z", "x*"] },
  )
}

/** B. Van Scoy, R. Freeman, K. Lynch, The fastest known globally convergent first-order method, 2018. */
const tripleMomentum = (steps: number, mu: number) => {
  const rho = 1 - Math.sqrt(mu)
  const beta = rho ** 2 / (2 - rho)
  const gamma = rho ** 2 / (1 + rho) / (2 - rho)
  const delta = rho ** 2 / (1 - rho ** 2)
  return of(
    { class: "smooth-strongly-convex", L: 1, mu },
    [
      { combine: "y", terms: { x: 1 } },
      { combine: "before", terms: { x: 1 } },
      ...unrolled(steps, () => [
        { extrapolate: "ahead", from: "x", beyond: "before", by: beta },
        { combine: "before", terms: { x: 1 } },
        { step: "x", from: "ahead", at: "y", of: "f", rate: 1 + rho },
        { extrapolate: "y", from: "x", beyond: "before", by: gamma },
        { extrapolate: "out", from: "x", beyond: "before", by: delta },
      ]),
    ],
    { gap: "out" },
  )
}

const inexact = (steps: number) => {
  const [L, mu, relative] = [1, 0.1, 0.1]
  const rate = 2 / ((1 + relative) * L + (1 - relative) * mu)
  return of(
    strong,
    [{ repeat: steps, steps: [{ step: "x", of: "f", rate, error: { relative } }] }],
    { gap: "x" },
    { given: [{ bound: { gap: "x@0" }, atMost: 1 }] },
  )
}

const subgradient = (steps: number, M: number) =>
  Methods.gradientDescent({
    steps,
    rate: 1 / (M * Math.sqrt(steps + 1)),
    class: { class: "convex-lipschitz", M },
    measure: Methods.everyStep(steps, (x) => ({ gap: x })),
  })

const nonconvex = (steps: number): Method => ({
  functions: { f: { class: "smooth", L: 1 } },
  optimum: "none",
  start: ["x"],
  steps: [{ repeat: steps, steps: [{ step: "x", of: "f", rate: 1 }] }],
  given: [{ bound: { gap: "x@0", to: "x" }, atMost: 1 }],
  measure: Methods.everyStep(steps, (x) => ({ squaredGradient: x })),
})

const splitting = (
  f: { class: string; L?: number; mu?: number },
  h: { class: string },
  steps: Method["steps"],
  measure: Method["measure"],
  given = unit,
): Method => ({ functions: { f, h }, start: ["x"], steps, given, measure })

const forwardBackward = (steps: number) =>
  splitting(
    strong,
    { class: "convex" },
    [
      {
        repeat: steps,
        steps: [
          { step: "x", of: "f", rate: 1 },
          { prox: "z", from: "x", of: "h", rate: 1 },
          { combine: "x", terms: { z: 1 } },
        ],
      },
    ],
    { squaredDistance: ["z", "x*"] },
  )

const fista = (steps: number) =>
  splitting(
    smooth,
    { class: "convex" },
    [
      { combine: "y", terms: { x: 1 } },
      ...unrolled(steps, (k) => [
        { step: "z", from: "y", at: "y", of: "f", rate: 1 },
        { prox: "x", from: "z", of: "h", rate: 1 },
        { extrapolate: "y", from: "x", beyond: "x@-1", by: `${k}/${k + 3}` },
      ]),
    ],
    { gap: "x" },
  )

/** One step of Douglas and Rachford's splitting, `first` before `second`. */
const reflected = (
  first: string,
  second: string,
  alpha: number,
  theta: number,
): ReadonlyArray<Extract<Method["steps"][number], { prox: string } | { combine: string }>> => [
  { prox: "x", from: "w", of: first, rate: alpha },
  { combine: "mirrored", terms: { x: 2, w: -1 } },
  { prox: "y", from: "mirrored", of: second, rate: alpha },
  { combine: "w", terms: { w: 1, y: theta, x: -theta } },
]

const douglasRachford = (steps: number): Method => ({
  functions: { f: smooth, h: { class: "convex" } },
  start: ["w"],
  steps: [{ repeat: steps, steps: reflected("f", "h", 1, 1) }],
  given: [{ bound: { squaredDistance: ["x@0", "x*"] }, atMost: 1 }],
  measure: { gap: "y" },
})

/** The same with a gradient of a third function at x. */
const davisYin = (
  functions: Method["functions"],
  names: readonly [first: string, second: string, third: string],
  alpha: number,
  theta: number,
  steps: number,
) =>
  contraction(functions, [
    {
      repeat: steps,
      steps: [
        { prox: "x", from: "w", of: names[0], rate: alpha },
        { combine: "mirrored", terms: { x: 2, w: -1 } },
        { step: "mirrored", at: "x", of: names[2], rate: alpha },
        { prox: "y", from: "mirrored", of: names[1], rate: alpha },
        { combine: "w", terms: { w: 1, y: theta, x: -theta } },
      ],
    },
  ])

const map = { class: "nonexpansive" }

/** F. Lieder, On the convergence rate of the Halpern-iteration, 2021. */
const halpern = (steps: number) =>
  of(
    map,
    [
      ...unrolled(steps, (k) => [
        { gradient: "t", of: "f", at: "x" },
        { combine: "x", terms: { "x@0": `1/${k + 2}`, t: `${k + 1}/${k + 2}` } },
      ]),
      { gradient: "t", of: "f", at: "x" },
    ],
    { squaredDistance: ["x", "t"] },
  )

/** F. Lieder, Projection based methods for conic linear programming, 2018. */
const averaged = (steps: number, weight: string, rest: string) =>
  of(
    map,
    [
      {
        repeat: steps,
        steps: [
          { gradient: "t", of: "f", at: "x" },
          { combine: "x", terms: { x: rest, t: weight } },
        ],
      },
      { gradient: "t", of: "f", at: "x" },
    ],
    { sum: [{ weight: "1/4", of: { squaredDistance: ["x", "t"] } }] },
  )

/** D. Kim, Accelerated proximal point method for maximally monotone operators, 2021. */
const acceleratedProximal = (steps: number) =>
  of(
    { class: "monotone" },
    [
      { combine: "y", terms: { x: 1 } },
      ...unrolled(steps - 1, (k) => [
        { prox: "x", from: "y", of: "f", rate: 2 },
        { extrapolate: "ahead", from: "x", beyond: "x@-1", by: `${k}/${k + 2}` },
        {
          combine: "z",
          terms: { ahead: 1, "x@-1": `-${k}/${k + 2}`, [k === 0 ? "y" : "y@-1"]: `${k}/${k + 2}` },
        },
        { combine: "y", terms: { z: 1 } },
      ]),
      { prox: "x", from: "y", of: "f", rate: 2 },
    ],
    { squaredDistance: ["x", "y"] },
  )

/** Of a Lipschitz monotone operator and a set; PEPit's two variants. */
const pastGradient = (kind: "optimistic" | "extra", steps: number): Method => ({
  functions: { f: { class: "monotone-lipschitz", L: 1 }, c: { class: "convex-set" } },
  start: ["x"],
  given: unit,
  steps: [
    { project: "x", onto: "c" },
    { combine: "y", terms: { x: 1 } },
    { gradient: "v", of: "f", at: "y" },
    {
      repeat: steps,
      steps: [
        { combine: "z", terms: { x: 1, v: "-1/4" } },
        { project: "y", from: "z", onto: "c" },
        { gradient: "v", of: "f", at: "y" },
        ...(kind === "optimistic"
          ? [{ combine: "x", terms: { y: 1, "v@-1": "1/4", v: "-1/4" } }]
          : [
              { combine: "z", terms: { x: 1, v: "-1/4" } },
              { project: "x", from: "z", onto: "c" },
            ]),
      ],
    },
  ],
  measure: {
    squaredDistance: kind === "optimistic" ? ["y", "y@-1"] : ["x", "x@-1"],
  },
})

/** Keys are those of test/fixtures/pepit.json, which scripts/makeKnownAnswers.py writes. */
export const asPepit: Readonly<Record<string, Method>> = {
  "gradient descent 1": Methods.gradientDescent({ steps: 1, rate: 1, class: smooth }),
  "gradient descent 4": Methods.gradientDescent({
    steps: 4,
    rate: "1/3",
    class: { class: "smooth-convex", L: 3 },
  }),
  contraction: Methods.gradientDescent({ steps: 2, rate: 1, class: strong, measure: apart }),
  "accelerated gradient": accelerated(4),
  "accelerated gradient, strongly convex": {
    ...Methods.nesterov({
      steps: 3,
      rate: 1,
      class: strong,
      momentum: Array.from({ length: 3 }, () => (1 - Math.sqrt(0.1)) / (1 + Math.sqrt(0.1))),
    }),
    given: [
      {
        bound: {
          sum: [
            { weight: 1, of: { gap: "x@0" } },
            { weight: 0.05, of: { squaredDistance: ["x@0", "x*"] } },
          ],
        },
        atMost: 1,
      },
    ],
  },
  "heavy ball": {
    ...Methods.heavyBall({
      steps: 3,
      rate: 0.5,
      momentum: Math.sqrt((1 - 0.5 * 0.1) * (1 - 0.5)),
      class: strong,
    }),
    given: [{ bound: { gap: "x@0" }, atMost: 1 }],
  },
  "inexact gradient": inexact(2),
  "information-theoretic exact method": informationTheoretic(5, 0.001),
  "optimized gradient": optimized(4, 3),
  "optimized gradient for the gradient": optimizedForGradient(4, 3),
  "proximal point": Methods.proximalPoint({ steps: 4, rate: 3, class: { class: "convex" } }),
  "subgradient method": subgradient(6, 2),
  "triple momentum": tripleMomentum(4, 0.1),
  nonconvex: nonconvex(5),
  "accelerated proximal gradient": fista(4),
  "Douglas-Rachford, gap": douglasRachford(4),
  "Douglas-Rachford, contraction": contraction({ f: strong, h: { class: "convex" } }, [
    { repeat: 2, steps: reflected("h", "f", 3, 1) },
  ]),
  "Douglas-Rachford, operators": contraction(
    { A: { class: "monotone-lipschitz", L: 1 }, B: { class: "strongly-monotone", mu: 0.1 } },
    reflected("B", "A", 1.3, 0.9),
  ),
  "proximal gradient": forwardBackward(2),
  "three functions": davisYin(
    {
      a: { class: "smooth-strongly-convex", L: 10, mu: 0.1 },
      b: { class: "convex" },
      c: smooth,
    },
    ["b", "a", "c"],
    1,
    1,
    2,
  ),
  "three operators": davisYin(
    { a: { class: "monotone" }, b: { class: "cocoercive", beta: 1 }, c: strong },
    ["b", "a", "c"],
    0.9,
    1.3,
    1,
  ),
  Halpern: halpern(6),
  "Krasnoselskii-Mann": averaged(3, "3/4", "1/4"),
  "accelerated proximal point": acceleratedProximal(6),
  "proximal point, operators": Methods.proximalPoint({
    steps: 6,
    rate: 2,
    class: { class: "monotone" },
    measure: { squaredDistance: ["x", "x@-1"] },
  }),
  "optimistic gradient": pastGradient("optimistic", 3),
  "past extragradient": pastGradient("extra", 3),
}

/** Name, method, worst case in closed form. */
export const closedForms: ReadonlyArray<readonly [string, Method, number]> = [
  // A. Taylor, J. Hendrickx, F. Glineur, 2017, section 4.1: L D^2 / (4 N L rate + 2) up to rate 1/L
  ...[1, 2, 5, 10].map(
    (N) =>
      [
        `gradient descent, ${N} steps`,
        Methods.gradientDescent({ steps: N, rate: 1, class: smooth }),
        1 / (4 * N + 2),
      ] as const,
  ),
  [
    "gradient descent, short steps",
    Methods.gradientDescent({ steps: 3, rate: 0.3, class: { class: "smooth-convex", L: 2 } }),
    2 / (4 * 3 * 2 * 0.3 + 2),
  ],
  // and L D^2 / 2 max(1 / (2 N L rate + 1), (1 - L rate)^2N) beyond
  [
    "gradient descent, long steps",
    Methods.gradientDescent({ steps: 3, rate: 1.9, class: smooth }),
    0.5 * 0.9 ** 6,
  ],
  [
    "gradient descent, the gradient",
    Methods.gradientDescent({
      steps: 4,
      rate: 1,
      class: smooth,
      measure: { squaredGradient: "x" },
    }),
    1 / 25,
  ],
  [
    "gradient descent, the gradient from a gap",
    {
      ...Methods.gradientDescent({
        steps: 4,
        rate: 1,
        class: smooth,
        measure: { squaredGradient: "x" },
      }),
      given: [{ bound: { gap: "x@0" }, atMost: 1 }],
    },
    2 / (2 * 4 + 1),
  ],
  // contraction of a strongly convex function: max((1 - mu rate)^2, (1 - L rate)^2)
  ...([0.5, 1.5, 1.9] as const).map(
    (rate) =>
      [
        `contraction, rate ${rate}`,
        Methods.gradientDescent({ steps: 2, rate, class: strong, measure: apart }),
        Math.max((1 - 0.1 * rate) ** 2, (1 - rate) ** 2) ** 2,
      ] as const,
  ),
  // A. Taylor, J. Hendrickx, F. Glineur, Composite, 2017, Theorem 4.1: D^2 / (4 sum of rates)
  [
    "proximal point",
    Methods.proximalPoint({ steps: 3, rate: 0.5, class: { class: "convex" } }),
    1 / (4 * 1.5),
  ],
  // Y. Drori, M. Teboulle, An optimal variant of Kelley's cutting-plane method, 2016: M D / sqrt(N + 1)
  ["subgradient method", subgradient(4, 1), 1 / Math.sqrt(5)],
  // H. Abbaszadehpeivasti, E. de Klerk, M. Zamani, The exact worst-case convergence rate of the gradient method, 2021: 4 / (3 N)
  ["gradient descent, not convex", nonconvex(3), 4 / 9],
  // Lieder: (2 / (N + 1))^2
  ["Halpern", halpern(4), (2 / 5) ** 2],
  // G. Gu, J. Yang, Tight sublinear convergence rate of the proximal point algorithm, 2020: (1 - 1/N)^(N-1) / N
  [
    "proximal point, monotone",
    Methods.proximalPoint({
      steps: 3,
      rate: 1,
      class: { class: "monotone" },
      measure: { squaredDistance: ["x", "x@-1"] },
    }),
    (2 / 3) ** 2 / 3,
  ],
  // the resolvent of a strongly monotone operator contracts by 1 / (1 + rate mu)
  [
    "proximal point, strongly monotone",
    Methods.proximalPoint({
      steps: 3,
      rate: 2,
      class: { class: "strongly-monotone", mu: 0.25 },
      measure: apart,
    }),
    1.5 ** -6,
  ],
  // a cocoercive operator: x - beta F(x) is firmly nonexpansive, and F = 0 shows 1
  [
    "cocoercive, no contraction",
    Methods.gradientDescent({
      steps: 2,
      rate: 1,
      class: { class: "cocoercive", beta: 1 },
      measure: apart,
    }),
    1,
  ],
  // steps of smooth convex functions do not expand up to rate 2/L, so two runs drift apart by 2 rate error a step, as on f = 0
  [
    "deviation of two runs with inexact gradients",
    of(
      smooth,
      [{ repeat: 3, steps: [{ step: "x", of: "f", rate: 1, error: { absolute: "1/10" } }] }],
      { deviation: "x" },
      { runs: 2 },
    ),
    0.6 ** 2,
  ],
  // gradient descent and ascent on a rotation: |x - rate F(x)|^2 = (1 + rate^2) |x|^2
  [
    "descent and ascent",
    Methods.gradientDescent({
      steps: 3,
      rate: 0.5,
      class: { class: "convex-concave", L: 1 },
      measure: apart,
    }),
    1.25 ** 3,
  ],
]
