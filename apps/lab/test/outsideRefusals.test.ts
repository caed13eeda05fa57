/** What is refused of networks of other programs and their data, in one line each. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { cpSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { temporary } from "./support/Folders.ts"
import { array, file, golden, labels, npz, sample } from "./support/Foreign.ts"
import { nonconvex } from "./support/InProcess.ts"

/** One line and exit code 1. */
const refused = Effect.fnUntraced(function* (args: ReadonlyArray<string>, pattern: RegExp) {
  const { code, stderr, stdout } = yield* nonconvex([], ["certify", ...args, "--quiet"])
  assert.strictEqual(code, 1, stdout)
  assert.match(stderr.trim(), pattern)
  assert.strictEqual(stderr.trim().split("\n").length, 1)
})

describe("certify refuses, in one line each", () => {
  const vectors = () =>
    npz({
      x: array(
        [4, 5],
        Array.from({ length: 20 }, (_, i) => sample(i)),
      ),
      y: array([4], labels),
    })
  const cases: ReadonlyArray<
    readonly [what: string, args: () => ReadonlyArray<string>, line: RegExp]
  > = [
    [
      "a pickle",
      () => [`${golden}pickle.pt`, vectors()],
      /it is a pickle, which can run code.*safetensors\.torch/,
    ],
    [
      "weights alone",
      () => [`${golden}mlp-tanh.safetensors`, vectors()],
      /only weights: "0.bias 8".*--architecture/,
    ],
    [
      "a description beside a graph",
      () => [`${golden}mlp-tanh.onnx`, vectors(), "--architecture", `${golden}mlp-tanh.net.json`],
      /it describes its own layers/,
    ],
    [
      "a description of another network",
      () => [
        `${golden}mlp-tanh.safetensors`,
        vectors(),
        "--architecture",
        `${golden}conv.net.json`,
      ],
      /layer "1": there is no tensor "1\.running_mean"; the file has "0\.bias"/,
    ],
    [
      "what is no description",
      () => [
        `${golden}mlp-tanh.safetensors`,
        vectors(),
        "--architecture",
        file("net.json", '{"version":2}'),
      ],
      /is not a description of a network/,
    ],
    [
      "samples of another size",
      () => [`${golden}conv.onnx`, vectors()],
      /a sample has 5 numbers, but the network reads 7 x 6 x 2/,
    ],
    [
      "data that are not there",
      () => [`${golden}conv.onnx`, "nowhere.npz"],
      /nowhere\.npz: no such file/,
    ],
    [
      "labels beyond the outputs",
      () => [
        `${golden}mlp-tanh.onnx`,
        npz({ x: array([1, 5], [1, 2, 3, 4, 5]), y: array([1], [3]) }),
      ],
      /the label of sample 0 is 3, but the network has outputs 0 to 2/,
    ],
    [
      "numbers that are none",
      () => [
        `${golden}mlp-tanh.onnx`,
        npz({ x: array([1, 5], [1, 2, Number.NaN, 4, 5]), y: array([1], [0]) }),
      ],
      /number 2 of sample 0 is NaN/,
    ],
    [
      "arrays without a known name",
      () => [`${golden}mlp-tanh.onnx`, npz({ a: array([1], [1]), b: array([1], [0]) })],
      /name one with --features: it has "a", "b"/,
    ],
    [
      "a table without its target",
      () => [`${golden}mlp-tanh.onnx`, file("a.csv", "a,b\n1,2\n")],
      /--target/,
    ],
    [
      "flags of networks of train",
      () => [`${golden}mlp-tanh.onnx`, vectors(), "--test-fraction", "0.5"],
      /--test-fraction needs a network from nonconvex train --save/,
    ],
    [
      "a folder without pictures",
      () => [`${golden}conv.onnx`, temporary()],
      /it has PNG pictures in 0 folders/,
    ],
    ["--by of a program", () => ["--oracle", "true", "--by", "layer"], /--by needs a network/],
    [
      "scales of another number",
      () => [`${golden}mlp-tanh.onnx`, vectors(), "--input-scale", "1,2"],
      /--input-scale has 2 numbers, but the network reads 5 features/,
    ],
    [
      "a scale of 0",
      () => [`${golden}mlp-tanh.onnx`, vectors(), "--input-scale", "1,2,0,4,5"],
      /--input-scale is 0 for feature 3/,
    ],
  ]
  it.live.each(cases)("%s", ([, args, line]) => refused(args(), line))

  it.live("weights behind a link out of the folder", () =>
    Effect.gen(function* () {
      const folder = temporary()
      cpSync(`${golden}external.onnx`, join(folder, "external.onnx"))
      symlinkSync(`${golden}external.bin`, join(folder, "external.bin"))
      yield* refused([join(folder, "external.onnx"), vectors()], /a link out of its folder/)
    }),
  )
})
