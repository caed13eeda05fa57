/** GELU as exporters wrote it before ONNX had an operator for it: several nodes that form one activation. */
import type * as Activation from "@nonconvex/problems/network/Activation"
import { numbersOf } from "../Tensor.ts"
import type { OnnxModel, OnnxNode } from "./Wire.ts"

/** Nodes that together form one activation. */
export interface FoldedGelu {
  readonly activation: Activation.Activation
  readonly input: string
  /** Nodes in the order of the graph; the last writes the value. */
  readonly nodes: ReadonlyArray<OnnxNode>
}

/** Writers and readers of each value, and the stored scalars. */
const indexOf = ({ initializers, nodes }: OnnxModel) => {
  const writers = new Map<string, OnnxNode>()
  const readers = new Map<string, Array<OnnxNode>>()
  const numbers = new Map<string, number>()
  const stored = nodes.flatMap(({ attributes, operator, outputs: [output] }) => {
    const value = operator === "Constant" ? attributes.get("value")?.tensor : undefined
    return value === undefined || output === undefined ? [] : [{ ...value, name: output }]
  })
  for (const { bytes, floats, name, shape, type } of [...initializers, ...stored]) {
    if (shape.some((size) => size !== 1)) continue
    const dtype = type === 1 ? "F32" : type === 11 ? "F64" : undefined
    const isWhole = bytes?.length === (dtype === "F64" ? 8 : 4)
    const value = dtype && isWhole ? numbersOf(bytes, dtype)[0] : floats[0]
    if (value !== undefined) numbers.set(name, value)
  }
  for (const node of nodes) {
    for (const output of node.outputs) writers.set(output, node)
    for (const input of new Set(node.inputs)) {
      const known = readers.get(input)
      if (known === undefined) readers.set(input, [node])
      else known.push(node)
    }
  }
  return { writers, readers, numbers }
}

const close = (a: number | undefined, b: number): boolean =>
  a !== undefined && Math.abs(a - b) < 1e-4

/** The other of two inputs; undefined if `name` is neither. */
const otherOf = ({ inputs: [a, b] }: OnnxNode, name: string): string | undefined =>
  a === name ? b : b === name ? a : undefined

/**
 * Follows nodes from `start`, in any order of factors, while each is the only reader of the previous output and `take` accepts
 * it. Undefined if `take` refuses a node before the end.
 */
const follow = (
  { readers }: ReturnType<typeof indexOf>,
  start: OnnxNode,
  takes: ReadonlyArray<(node: OnnxNode, other: string | undefined) => boolean>,
): ReadonlyArray<OnnxNode> | undefined => {
  const nodes = [start]
  for (const take of takes) {
    const written = nodes.at(-1)!.outputs[0] ?? ""
    const [next, ...others] = readers.get(written) ?? []
    if (next === undefined || others.length > 0 || !take(next, otherOf(next, written)))
      return undefined
    nodes.push(next)
  }
  return nodes
}

const inOrder = (model: OnnxModel, nodes: ReadonlyArray<OnnxNode>): ReadonlyArray<OnnxNode> => {
  const chosen = new Set(nodes)
  return model.nodes.filter((node) => chosen.has(node))
}

/** Last factors, in any order: x and 1/2 (or x already halved), and the sum, as in `x (1 + f) / 2`. */
const ends = (
  index: ReturnType<typeof indexOf>,
  input: string,
): ReadonlyArray<ReadonlyArray<(node: OnnxNode, other: string | undefined) => boolean>> => {
  const { numbers, writers } = index
  const number = (name: string | undefined): number | undefined =>
    name === undefined ? undefined : numbers.get(name)
  const plusOne = (node: OnnxNode, other: string | undefined) =>
    node.operator === "Add" && close(number(other), 1)
  const timesInput = (node: OnnxNode, other: string | undefined) =>
    node.operator === "Mul" && other === input
  const timesHalf = (node: OnnxNode, other: string | undefined) =>
    node.operator === "Mul" && close(number(other), 0.5)
  const timesHalfInput = (node: OnnxNode, other: string | undefined) => {
    const half = other === undefined ? undefined : writers.get(other)
    return (
      node.operator === "Mul" &&
      half?.operator === "Mul" &&
      close(number(otherOf(half, input)), 0.5)
    )
  }
  return [
    [plusOne, timesInput, timesHalf],
    [plusOne, timesHalf, timesInput],
    [plusOne, timesHalfInput],
  ]
}

/** End of a GELU that begins with `start` and has the input `input`. */
const endOf = (index: ReturnType<typeof indexOf>, start: OnnxNode, input: string) => {
  for (const end of ends(index, input)) {
    const found = follow(index, start, end)
    if (found === undefined) continue
    // x / 2 is a node of its own
    const last = found.at(-1)!
    const before = found.at(-2)!.outputs[0]!
    const half = index.writers.get(otherOf(last, before) ?? "")
    return end.length === 2 && half !== undefined ? [...found, half] : found
  }
  return undefined
}

/** `x (1 + erf(x / sqrt 2)) / 2`. */
export const erfGelus = (model: OnnxModel): ReadonlyArray<FoldedGelu> => {
  const index = indexOf(model)
  return model.nodes.flatMap((erf): ReadonlyArray<FoldedGelu> => {
    if (erf.operator !== "Erf") return []
    const scale = index.writers.get(erf.inputs[0] ?? "")
    const [input, factor] = scale?.inputs ?? []
    if (scale === undefined || input === undefined || factor === undefined) return []
    const value = index.numbers.get(factor)
    const isScaled =
      (scale.operator === "Div" && close(value, Math.SQRT2)) ||
      (scale.operator === "Mul" && close(value, Math.SQRT1_2))
    const end = isScaled ? endOf(index, erf, input) : undefined
    return end === undefined
      ? []
      : [{ activation: "gelu", input, nodes: inOrder(model, [scale, ...end]) }]
  })
}

/** `x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2`. */
export const tanhGelus = (model: OnnxModel): ReadonlyArray<FoldedGelu> => {
  const index = indexOf(model)
  const { numbers, writers } = index
  /** The x of `x^3`, written as a power or as two products, with the nodes. */
  const cubed = (name: string): { input: string; nodes: ReadonlyArray<OnnxNode> } | undefined => {
    const node = writers.get(name)
    const [a, b] = node?.inputs ?? []
    if (node === undefined || a === undefined || b === undefined) return undefined
    if (node.operator === "Pow" && close(numbers.get(b), 3)) return { input: a, nodes: [node] }
    if (node.operator !== "Mul") return undefined
    for (const [square, x] of [
      [a, b],
      [b, a],
    ] as const) {
      const inner = writers.get(square)
      if (inner?.operator === "Mul" && inner.inputs.every((each) => each === x)) {
        return { input: x, nodes: [inner, node] }
      }
    }
    return undefined
  }
  const scaledBy = (node: OnnxNode | undefined, factor: number): string | undefined => {
    const [a, b] = node?.operator === "Mul" ? node.inputs : []
    if (a === undefined || b === undefined) return undefined
    if (close(numbers.get(b), factor)) return a
    return close(numbers.get(a), factor) ? b : undefined
  }
  return model.nodes.flatMap((tanh): ReadonlyArray<FoldedGelu> => {
    if (tanh.operator !== "Tanh") return []
    const scale = writers.get(tanh.inputs[0] ?? "")
    const sum = writers.get(scaledBy(scale, 0.7978845608) ?? "")
    if (sum?.operator !== "Add") return []
    for (const name of sum.inputs) {
      const small = writers.get(name)
      const cube = cubed(scaledBy(small, 0.044715) ?? "")
      const input = otherOf(sum, name)
      if (cube === undefined || cube.input !== input) continue
      const end = endOf(index, tanh, input)
      if (end === undefined) continue
      const nodes = inOrder(model, [...cube.nodes, small!, sum, scale!, ...end])
      return [{ activation: "gelu-tanh", input, nodes }]
    }
    return []
  })
}
