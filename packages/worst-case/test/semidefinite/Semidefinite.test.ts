import { Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Semidefinite from "../../src/semidefinite/Semidefinite.ts"

type Entry = readonly [i: number, j: number, value: number]

/** A symmetric matrix from its entries on and below the diagonal. */
const symmetric = (order: number, entries: ReadonlyArray<Entry>): Array<number> => {
  const out = Array.from({ length: order * order }, () => 0)
  for (const [i, j, value] of entries) {
    out[i * order + j] = value
    out[j * order + i] = value
  }
  return out
}

const diagonal = (order: number, value = 1): ReadonlyArray<Entry> =>
  Array.from({ length: order }, (_, i): Entry => [i, i, value])

/** One block, equations only. */
const program = (
  order: number,
  cost: ReadonlyArray<number>,
  rows: ReadonlyArray<ReadonlyArray<number>>,
  bounds: ReadonlyArray<number>,
): Semidefinite.Problem => ({
  orders: [order],
  nonnegative: 0,
  free: 0,
  rows: Float64Array.from(rows.flat()),
  bounds: Float64Array.from(bounds),
  inequalities: 0,
  cost: Float64Array.from(cost),
})

const solved = (answer: Semidefinite.Solution): Semidefinite.Solved => {
  if (answer.status !== "solved") assert.fail(`not solved: ${answer.status}`)
  return answer
}

const assertNear = (actual: number, expected: number, tolerance = 1e-8) =>
  assert.approximately(actual, expected, tolerance * (1 + Math.abs(expected)))

const cycle = (n: number): ReadonlyArray<readonly [number, number]> =>
  Array.from({ length: n }, (_, i) => [Math.max(i, (i + 1) % n), Math.min(i, (i + 1) % n)] as const)

/** Lovasz's theta: the largest <J, X> with trace 1 and X zero at edges. */
const theta = (order: number, edges: ReadonlyArray<readonly [number, number]>) =>
  program(
    order,
    Array.from({ length: order * order }, () => -1),
    [symmetric(order, diagonal(order)), ...edges.map(([i, j]) => symmetric(order, [[i, j, 1]]))],
    [1, ...edges.map(() => 0)],
  )

/** Goemans-Williamson bound on the largest cut: <Laplacian, X> / 4 with a diagonal of 1. */
const largestCut = (order: number, edges: ReadonlyArray<readonly [number, number]>) => {
  const degree = (i: number) => edges.filter((edge) => edge.includes(i)).length
  const laplacian = symmetric(order, [
    ...Array.from({ length: order }, (_, i): Entry => [i, i, -degree(i) / 4]),
    ...edges.map(([i, j]): Entry => [i, j, 1 / 4]),
  ])
  const rows = diagonal(order).map((entry) => symmetric(order, [entry]))
  return program(
    order,
    laplacian,
    rows,
    rows.map(() => 1),
  )
}

const petersen = [
  ...cycle(5),
  ...Array.from({ length: 5 }, (_, i) => [i + 5, i] as const),
  ...Array.from({ length: 5 }, (_, i) => {
    const [a, b] = [5 + i, 5 + ((i + 2) % 5)]
    return [Math.max(a, b), Math.min(a, b)] as const
  }),
]

describe("known optima", () => {
  // Lovasz, On the Shannon capacity of a graph, 1979: theta(C_n) = n cos(pi/n) / (1 + cos(pi/n)), and 4 for Petersen's graph
  const ofCycle = (n: number) => (n * Math.cos(Math.PI / n)) / (1 + Math.cos(Math.PI / n))
  // Goemans and Williamson, 1995, section 4: n (1 + cos(pi/n)) / 2 for odd cycles; Petersen: 15 edges, least adjacency eigenvalue -2, so 15 (1 + 2/3) / 2
  const rows: ReadonlyArray<readonly [string, Semidefinite.Problem, number]> = [
    ["theta of the pentagon", theta(5, cycle(5)), Math.sqrt(5)],
    ["theta of the heptagon", theta(7, cycle(7)), ofCycle(7)],
    ["theta of 21 in a ring", theta(21, cycle(21)), ofCycle(21)],
    ["theta of Petersen's graph", theta(10, petersen), 4],
    ["cut of the pentagon", largestCut(5, cycle(5)), (5 * (1 + Math.cos(Math.PI / 5))) / 2],
    ["cut of 31 in a ring", largestCut(31, cycle(31)), (31 * (1 + Math.cos(Math.PI / 31))) / 2],
    ["cut of Petersen's graph", largestCut(10, petersen), 12.5],
  ]
  it.each(rows)("%s", (_, problem, expected) => {
    const answer = solved(Semidefinite.solve(problem))
    assertNear(-answer.primalObjective, expected)
    assertNear(-answer.dualObjective, expected)
  })

  it("a linear program with inequalities", () => {
    const answer = solved(
      Semidefinite.solve({
        orders: [],
        nonnegative: 2,
        free: 0,
        rows: Float64Array.of(1, 2, 3, 1),
        bounds: Float64Array.of(4, 6),
        inequalities: 2,
        cost: Float64Array.of(-1, -1),
      }),
    )
    assertNear(answer.primal[0]!, 1.6)
    assertNear(answer.primal[1]!, 1.2)
    assertNear(answer.multipliers[0]!, -0.4)
    assertNear(answer.multipliers[1]!, -0.2)
  })

  it("the largest eigenvalue as a free number", () => {
    // minimise t where t I - A is positive semidefinite
    const answer = solved(
      Semidefinite.solve({
        orders: [2],
        nonnegative: 0,
        free: 1,
        rows: Float64Array.of(1, 0, 0, 0, -1, 0, 0, 0, 1, -1, 0, 0.5, 0.5, 0, 0),
        bounds: Float64Array.of(-2, -2, -1),
        inequalities: 0,
        cost: Float64Array.of(0, 0, 0, 0, 1),
      }),
    )
    assertNear(answer.primal[4]!, 3)
  })
})

/** A program with a known optimum, constructed from complementary X, S and multipliers. */
const made = (
  orders: ReadonlyArray<number>,
  equations: number,
  inequalities: number,
  seed: number,
) => {
  const random = RandomStream.make(Seed.root(seed))
  const normal = () => random.normal()
  const free = 3
  const blocks = orders.reduce((sum, n) => sum + n * n, 0)
  const width = blocks + free
  const m = equations + inequalities
  const rows = new Float64Array(m * width)
  const primal = new Float64Array(width)
  const slack = new Float64Array(width)
  let offset = 0
  for (const order of orders) {
    // an orthogonal matrix from a reflection, its columns shared out between X and S
    const v = Float64Array.from({ length: order }, normal)
    Vector.normalise(v)
    for (let k = 0; k < order; k++) {
      const to = 2 * k < order ? primal : slack
      const size = 1 + k / order
      const q = (i: number) => (i === k ? 1 : 0) - 2 * v[i]! * v[k]!
      for (let i = 0; i < order; i++) {
        for (let j = 0; j < order; j++) {
          const at = offset + i * order + j
          to[at] = to[at]! + size * q(i) * q(j)
        }
      }
    }
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < i; j++) {
        for (const to of [primal, slack]) to[offset + j * order + i] = to[offset + i * order + j]!
        for (let row = 0; row < m; row++) {
          const value = normal()
          rows[row * width + offset + i * order + j] = value
          rows[row * width + offset + j * order + i] = value
        }
      }
      for (let row = 0; row < m; row++) rows[row * width + offset + i * (order + 1)] = normal()
    }
    offset += order * order
  }
  for (let j = blocks; j < width; j++) {
    primal[j] = normal()
    for (let row = 0; row < m; row++) rows[row * width + j] = normal()
  }
  const multipliers = Float64Array.from({ length: m }, (_, i) =>
    i < inequalities ? -Math.max(0, normal()) : normal(),
  )
  const bounds = multipliers.map((y, i) => {
    const row = rows.subarray(i * width, (i + 1) * width)
    return Vector.dot(row, primal) + (i < inequalities && y === 0 ? 0.5 : 0)
  })
  const cost = slack.slice()
  multipliers.forEach((y, i) => Vector.axpy(y, rows.subarray(i * width, (i + 1) * width), cost))
  // the same sums for both triangles, which rounding has not made equal
  let from = 0
  for (const order of orders) {
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < i; j++) cost[from + j * order + i] = cost[from + i * order + j]!
    }
    from += order * order
  }
  const problem = { orders, nonnegative: 0, free, rows, bounds, inequalities, cost }
  return { problem, optimum: Vector.dot(bounds, multipliers) }
}

describe("optima that are known by construction", () => {
  it.each([
    [[4], 5, 3],
    [[9, 3, 1], 12, 10],
    [[30], 60, 60],
    [[60], 100, 200],
  ] as const)("blocks %j, %i equations, %i inequalities", (orders, equations, inequalities) => {
    const { optimum, problem } = made(orders, equations, inequalities, 7)
    const answer = solved(Semidefinite.solve(problem))
    assertNear(answer.primalObjective, optimum, 1e-7)
    assertNear(answer.dualObjective, optimum, 1e-7)
    // the residuals are those of the data, not what the method believes
    const slack = problem.cost.slice()
    answer.multipliers.forEach((y, i) =>
      Vector.axpy(-y, problem.rows.subarray(i * slack.length, (i + 1) * slack.length), slack),
    )
    assertNear(Vector.distance(slack, answer.slack), 0, 1e-6)
    for (const y of answer.multipliers.subarray(0, inequalities)) assert.isAtMost(y, 1e-8)
  })

  it("is the same with plain kernels, to rounding", () => {
    const { problem } = made([6, 2], 5, 5, 3)
    const [a, b] = [Kernels.strict(), Kernels.reference()].map((kernels) =>
      solved(Semidefinite.solve(problem, { kernels })),
    )
    assert.deepStrictEqual(a, b)
  })
})

describe("programs without an optimum", () => {
  const base = { orders: [2], nonnegative: 0, free: 0, inequalities: 1 }

  it("says by which direction the cost falls without end", () => {
    const answer = Semidefinite.solve({
      ...base,
      rows: Float64Array.of(1, 0, 0, 0),
      bounds: Float64Array.of(1),
      cost: Float64Array.of(0, 0, 0, -2),
    })
    if (answer.status !== "unbounded") assert.fail(answer.status)
    assertNear(answer.direction[3]!, 0.5)
    assertNear(answer.direction[0]!, 0, 1e-6)
  })

  it("says which rows contradict one another", () => {
    const answer = Semidefinite.solve({
      ...base,
      rows: Float64Array.of(1, 0, 0, 1),
      bounds: Float64Array.of(-2),
      cost: Float64Array.of(1, 0, 0, 1),
    })
    if (answer.status !== "infeasible") assert.fail(answer.status)
    assertNear(answer.multipliers[0]!, -0.5)
  })

  it("refuses blocks that are not symmetric", () => {
    assert.throws(
      () =>
        Semidefinite.solve({
          ...base,
          rows: Float64Array.of(1, 2, 0, 1),
          bounds: Float64Array.of(1),
          cost: new Float64Array(4),
        }),
      /the blocks of rows must be symmetric/,
    )
  })
})
