import { Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import {
  adamW,
  gradientMethod,
  momentum,
  nesterov,
  type Objective,
  quadratic,
  quadraticFromMatrix,
  sgd,
  type Update,
  type UpdateState,
  withClipping,
  withWeightDecay,
} from "../src/index.ts"
import * as Schedule from "../src/Schedule.ts"
import { points } from "./support/Problems.ts"
import { error } from "./support/Slopes.ts"

/** The points after each of the first steps. */
const trajectory = <State extends UpdateState>(
  update: Update<State>,
  objective: Objective,
  start: Float64Array,
  steps: number,
): ReadonlyArray<Float64Array> => {
  const method = gradientMethod(update)
  const state = method.init(objective, start)
  return Array.from({ length: steps }, () => {
    method.step(state)
    return state.point.slice()
  })
}

const coupled = quadraticFromMatrix(Float64Array.of(3, 1, 0, 1, 2, 0.5, 0, 0.5, 1))
const start = Float64Array.of(1, -2, 0.5)

describe("golden trajectories on a quadratic, computed with torch.optim 2.15", () => {
  it.each([
    {
      title: "momentum",
      update: momentum({ learningRate: 0.1 }),
      golden: [
        [0.9, -1.725, 0.55],
        [0.7125, -1.25, 0.6262500000000001],
        [0.455, -0.6750624999999999, 0.6947500000000001],
      ],
    },
    {
      title: "momentum 0.5",
      update: momentum({ learningRate: 0.1, momentum: 0.5 }),
      golden: [
        [0.9, -1.725, 0.55],
        [0.7525000000000001, -1.36, 0.6062500000000001],
        [0.5890000000000001, -1.0110625, 0.64175],
      ],
    },
    {
      title: "nesterov",
      update: nesterov({ learningRate: 0.1 }),
      golden: [
        [0.81, -1.4775, 0.595],
        [0.548025, -0.903725, 0.6628125],
        [0.257306, -0.37727893749999997, 0.67082575],
      ],
    },
    {
      title: "adamW",
      update: adamW({
        learningRate: 0.1,
        beta1: 0.8,
        beta2: 0.95,
        epsilon: 1e-3,
        weightDecay: 0.25,
      }),
      golden: [
        [0.8750999000999, -1.8500363504180297, 0.5873003992015968],
        [0.7552055553708823, -1.7042628434706995, 0.6689160135819164],
        [0.6421661930902859, -1.5629011696714377, 0.7402490743282641],
      ],
    },
    {
      title: "adamW with its defaults",
      update: adamW({ learningRate: 0.01 }),
      golden: [
        [0.9900000001, -1.9900000000363636, 0.5099999998],
        [0.9800057758676607, -1.9800014631147413, 0.51999090233559],
        [0.9700213275270921, -1.9700053717713353, 0.52996625348703],
      ],
    },
  ] as const)("$title", ({ golden, update }) => {
    // each row has an update of its own state type; a trajectory needs none of it
    const found = trajectory(update as Update, coupled, start, golden.length)
    for (const [k, point] of found.entries()) {
      assert.isAtMost(error(point, Float64Array.from(golden[k]!)), 1e-14)
    }
  })
})

describe("closed forms on diagonal quadratics", () => {
  const spectrum = [0.1, 1, 1.9, 2.5]
  const bowl = quadratic({ spectrum })
  const from = Float64Array.of(1, -2, 3, 1e-3)

  it("gradient descent contracts each coordinate by 1 - eta lambda", () => {
    for (const [k, point] of trajectory(sgd({ learningRate: 1 }), bowl, from, 40).entries()) {
      const expected = from.map((value, i) => value * (1 - spectrum[i]!) ** (k + 1))
      assert.isAtMost(error(point, expected), 1e-13)
    }
  })

  it("a schedule multiplies the contractions", () => {
    const rates = [0.5, 0.1, 0.7]
    const update = sgd({ learningRate: (step) => rates[step]! })
    const point = trajectory(update, bowl, from, 3).at(-1)!
    const expected = from.map((value, i) =>
      rates.reduce((product, rate) => product * (1 - rate * spectrum[i]!), value),
    )
    assert.isAtMost(error(point, expected), 1e-15)
  })

  // on lambda w^2 / 2 with c = eta lambda = 0.6 and mu = 0.5, both obey w'' = trace w' - determinant w
  it.each([
    { title: "momentum", make: momentum, trace: 1 + 0.5 - 0.6, determinant: 0.5 },
    { title: "nesterov", make: nesterov, trace: 1.5 * (1 - 0.6), determinant: 0.5 * (1 - 0.6) },
  ])("$title obeys its recurrence of second order", ({ determinant, make, trace }) => {
    const update = make({ learningRate: 0.3, momentum: 0.5 })
    const found = trajectory(update, quadratic({ spectrum: [2] }), Float64Array.of(1), 20)
    for (let k = 2; k < found.length; k++) {
      const expected = trace * found[k - 1]![0]! - determinant * found[k - 2]![0]!
      assert.approximately(found[k]![0]!, expected, 1e-15)
    }
  })

  it("momentum 0 is gradient descent, bit for bit", () => {
    const plain = trajectory(sgd({ learningRate: 0.3 }), coupled, start, 10)
    for (const update of [
      momentum({ learningRate: 0.3, momentum: 0 }),
      nesterov({ learningRate: 0.3, momentum: 0 }),
    ]) {
      assert.deepStrictEqual(trajectory(update, coupled, start, 10), plain)
    }
  })

  it("the first step of AdamW has the size of the rate in every coordinate", () => {
    const [first] = trajectory(adamW({ learningRate: 0.25, epsilon: 0 }), coupled, start, 1)
    for (let i = 0; i < 3; i++) assert.approximately(Math.abs(first![i]! - start[i]!), 0.25, 1e-15)
  })
})

const everyUpdate = [
  ["sgd", (learningRate: Schedule.Schedule) => sgd({ learningRate })],
  ["momentum", (learningRate: Schedule.Schedule) => momentum({ learningRate })],
  ["nesterov", (learningRate: Schedule.Schedule) => nesterov({ learningRate })],
  ["adamW", (learningRate: Schedule.Schedule) => adamW({ learningRate, weightDecay: 0.1 })],
  [
    "sgd with weight decay",
    (learningRate: Schedule.Schedule) => withWeightDecay(sgd({ learningRate }), { rate: 0.1 }),
  ],
  [
    "clipped momentum with weight decay",
    (learningRate: Schedule.Schedule) =>
      withWeightDecay(withClipping(momentum({ learningRate }), { maxNorm: 1 }), { rate: 0.1 }),
  ],
] as const

/** Applies an update with a state of a type that the caller need not know. */
const applier = (update: Update<never> | Update): ((x: Float64Array, g: Float64Array) => void) => {
  const erased = update as Update
  let state: UpdateState | undefined
  return (x, g) => {
    state ??= erased.init(x.length)
    erased.apply(state, x, g)
  }
}

describe.each(everyUpdate)("every update: %s", (_, make) => {
  const gradient = Float64Array.of(3, -4, 0, 1)

  it("a rate of 0 leaves the point bit for bit, -0 and subnormals too", () => {
    const apply = applier(make(() => 0))
    const point = Float64Array.of(-0, -0, 5e-324, 1 / 3)
    for (let step = 0; step < 3; step++) apply(point, gradient)
    assert.deepStrictEqual(new BigInt64Array(point.buffer), bits([-0, -0, 5e-324, 1 / 3]))
  })

  it("reads the gradient and leaves it as it was", () => {
    const given = gradient.slice()
    applier(make(() => 0.1))(new Float64Array(4), given)
    assert.deepStrictEqual(given, gradient)
  })

  it("asks its schedule for the steps 0, 1, 2, ...", () => {
    const asked: Array<number> = []
    const apply = applier(
      make((step) => {
        asked.push(step)
        return 0.1
      }),
    )
    for (let step = 0; step < 3; step++) apply(new Float64Array(4), gradient)
    assert.deepStrictEqual([...new Set(asked)], [0, 1, 2])
    assert.deepStrictEqual(
      asked,
      asked.toSorted((a, b) => a - b),
    )
  })

  it("commutes with a permutation of the coordinates", () => {
    const order = [2, 0, 3, 1]
    const permute = (x: Float64Array) => x.map((_value, i) => x[order[i]!]!)
    const [point, moved] = [points(4, 1, 1)[0]!, permute(points(4, 1, 1)[0]!)]
    const [one, other] = [applier(make(() => 0.1)), applier(make(() => 0.1))]
    for (const g of points(4, 5, 1, "gradients")) {
      one(point, g)
      other(moved, permute(g))
    }
    // clipping sums the squares in another order
    assert.isAtMost(error(moved, permute(point)), 1e-15)
  })
})

const bits = (values: ReadonlyArray<number>): BigInt64Array =>
  new BigInt64Array(Float64Array.from(values).buffer)

describe("clipping", () => {
  const apply = (maxNorm: number, gradient: Float64Array): Float64Array => {
    const point = new Float64Array(gradient.length)
    applier(withClipping(sgd({ learningRate: 1 }), { maxNorm }))(point, gradient)
    return point
  }

  it("shortens a long gradient to the norm, in its direction", () => {
    assert.isAtMost(error(apply(4, Float64Array.of(3, -4)), Float64Array.of(-2.4, 3.2)), 1e-15)
    assert.isAtMost(error(apply(1, Float64Array.of(3, -4)), Float64Array.of(-0.6, 0.8)), 1e-15)
  })

  it("leaves a short gradient bit for bit", () => {
    const gradient = Float64Array.of(0.3, -0.4)
    assert.deepStrictEqual(
      apply(0.6, gradient),
      gradient.map((value) => -value),
    )
  })

  it.each([1e-170, 1e160])("measures gradients of size %s without under- or overflow", (size) => {
    const step = apply(size, Float64Array.of(3 * size, -4 * size))
    assert.approximately(Vector.norm(step) / size, 1, 1e-15)
  })

  it("a norm of 0 stops the point, and a gradient of 0 is short enough", () => {
    assert.deepStrictEqual(apply(0, Float64Array.of(3, 4)), Float64Array.of(0, 0))
    assert.strictEqual(Vector.norm(apply(0, Float64Array.of(0, 0))), 0)
  })
})

describe("weight decay", () => {
  it("is decoupled: first (1 - eta rate) w, then the step with the gradient at w", () => {
    const update = withWeightDecay(sgd({ learningRate: 0.1 }), { rate: 0.5 })
    const [first] = trajectory(update, coupled, start, 1)
    const gradient = new Float64Array(3)
    coupled.valueAndGradient(start, gradient)
    const expected = start.map((value, i) => 0.95 * value - 0.1 * gradient[i]!)
    assert.isAtMost(error(first!, expected), 1e-15)
  })

  it("alone it shrinks the point geometrically, by the rate of each step", () => {
    const flat = quadratic({ spectrum: [0, 0, 0] })
    const update = withWeightDecay(sgd({ learningRate: (step) => 0.1 * (step + 1) }), { rate: 0.5 })
    const point = trajectory(update, flat, start, 3).at(-1)!
    const factor = 0.95 * 0.9 * 0.85
    assert.isAtMost(
      error(
        point,
        start.map((value) => factor * value),
      ),
      1e-15,
    )
  })

  it("around AdamW it is AdamW's own", () => {
    const outer = withWeightDecay(adamW({ learningRate: 0.1 }), { rate: 0.3 })
    const inner = adamW({ learningRate: 0.1, weightDecay: 0.3 })
    const [a, b] = [outer, inner].map((update) => trajectory(update, coupled, start, 10).at(-1)!)
    assert.isAtMost(error(a!, b!), 1e-14)
  })
})
