/** Networks described by hand: the order in which an image becomes a vector, and the map back to the tensors. */
import { network } from "@nonconvex/problems"
import * as Loss from "@nonconvex/problems/network/Loss"
import { assert, describe, it } from "vitest"
import { model } from "../../src/networks/DescribedNetwork.ts"
import type { Description } from "../../src/networks/Description.ts"
import { tensorsAt } from "../../src/networks/Model.ts"
import type { Tensor } from "../../src/networks/Tensor.ts"

const tensors = (
  all: Readonly<
    Record<string, readonly [shape: ReadonlyArray<number>, values: ReadonlyArray<number>]>
  >,
) =>
  new Map(
    Object.entries(all).map(([name, [shape, values]]): [string, Tensor] => [
      name,
      { name, shape, values: Float64Array.from(values) },
    ]),
  )

const outputsOf = (described: ReturnType<typeof model>, features: ReadonlyArray<number>) => {
  const { architecture, parameters } = described
  const sample = Float64Array.from(features)
  const out = new Float64Array(architecture.outputs)
  const loss = Loss.squared(new Float64Array(architecture.outputs))
  network({ features: sample, dimension: sample.length, architecture, loss }).predict(
    parameters,
    sample,
    out,
  )
  return [...out]
}

/** One row of four weights after an image with two channels and two pixels, normalised in between. */
const layers: Description["layers"] = [
  "flatten",
  { layer: "normalisation", name: "n", epsilon: 0 },
  "identity",
  { layer: "dense", name: "d" },
]
const weights = tensors({
  "n.weight": [[4], [1, 1, 1, 2]],
  "n.bias": [[4], [0, 0, 0, 5]],
  "n.running_mean": [[4], [1, 2, 3, 4]],
  "n.running_var": [[4], [1, 1, 1, 1]],
  "d.weight": [
    [1, 4],
    [1, 10, 100, 1000],
  ],
  "d.bias": [[1], [0.5]],
})

describe("channels first", () => {
  const described = model("net", { version: 1, input: [2, 1, 2], layers }, weights)

  it("an image becomes a vector channel by channel, in normalisations and in weights", () => {
    // the program's order is 11 12 21 22, ours has both channels of a pixel together
    const expected = 11 - 1 + 10 * (12 - 2) + 100 * (21 - 3) + 1000 * (2 * (22 - 4) + 5) + 0.5
    assert.deepStrictEqual(outputsOf(described, [11, 21, 12, 22]), [expected])
  })

  it("tensors come back as they were, and statistics beside them", () => {
    const back = new Map(
      tensorsAt(described, described.parameters).map((each) => [each.name, each]),
    )
    for (const name of ["n.weight", "n.bias", "d.weight", "d.bias"]) {
      assert.deepStrictEqual(back.get(name), weights.get(name))
    }
    assert.deepStrictEqual(described.fixed, [
      weights.get("n.running_mean")!,
      weights.get("n.running_var")!,
    ])
    assert.deepStrictEqual(described.layers, ["n", "d"])
  })
})

describe("channels last", () => {
  it("an image becomes a vector pixel by pixel, and kernels are inputs by outputs", () => {
    const described = model(
      "net",
      {
        version: 1,
        from: "keras",
        input: [1, 2, 2],
        layers: ["flatten", { layer: "dense", name: "d", tensors: { weight: "d/w" } }],
      },
      tensors({
        "d/w": [
          [4, 1],
          [1, 10, 100, 1000],
        ],
      }),
    )
    assert.deepStrictEqual(outputsOf(described, [1, 2, 3, 4]), [4321])
  })
})

describe("PyTorch's pools", () => {
  it("count zeros in means unless told otherwise", () => {
    const of = (countsPadding?: boolean) =>
      model(
        "net",
        {
          version: 1,
          input: [1, 2, 2],
          layers: [
            {
              layer: "average pool",
              size: 2,
              stride: 2,
              padding: [1, 1],
              ...(countsPadding !== undefined && { countsPadding }),
            },
            "flatten",
            { layer: "dense", name: "d" },
          ],
        },
        tensors({
          "d.weight": [
            [1, 4],
            [1, 10, 100, 1000],
          ],
        }),
      )
    assert.deepStrictEqual(outputsOf(of(), [4, 8, 12, 16]), [4321])
    assert.deepStrictEqual(outputsOf(of(false), [4, 8, 12, 16]), [4 * 4321])
  })
})
