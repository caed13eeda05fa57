/** ONNX graphs of dense layers, convolutions, frozen batch normalisation, elementwise functions, pools and sums. */
import { quote } from "@nonconvex/datasets/Quote"
import { assemble } from "../Assemble.ts"
import { type GraphNode, stepsOf } from "../Graph.ts"
import type { Model } from "../Model.ts"
import { BadModel, UnknownOperator } from "../ModelError.ts"
import type { Step } from "../Step.ts"
import { erfGelus, tanhGelus } from "./Gelu.ts"
import { hasSequences, sequences } from "./Sequences.ts"
import { known, operators } from "./Operators.ts"
import { type Files, filesOf } from "./OnnxWeights.ts"
import { decode, type OnnxModel } from "./Wire.ts"

/** Names of the external files of the weights. Throws BadModel if one is outside the model's folder. */
export const externalFiles = (bytes: Uint8Array, path: string): ReadonlySet<string> =>
  filesOf(path, decode(bytes, path).initializers)

const isBiased = (does: GraphNode["does"]): boolean =>
  typeof does === "object" &&
  (does._tag === "Convolution" || does._tag === "Depthwise") &&
  does.bias !== undefined

/** Shape of an input sample, channels first. */
const inputShape = (path: string, model: OnnxModel) => {
  const refuse = (reason: string, remedy: string): never => {
    throw new BadModel({ path, reason, remedy })
  }
  const stored = new Set(model.initializers.map(({ name }) => name))
  const inputs = model.inputs.filter(({ name }) => !stored.has(name))
  const [input] = inputs
  if (input === undefined || inputs.length > 1 || model.outputs.length !== 1) {
    return refuse(
      `it has ${inputs.length} inputs and ${model.outputs.length} outputs`,
      "a network must have one of each",
    )
  }
  const sizes = (input.shape ?? []).slice(1)
  const isKnown = sizes.every(
    (size) => size !== undefined && Number.isSafeInteger(size) && size > 0,
  )
  if (sizes.length === 0 || sizes.length > 3 || !isKnown) {
    return refuse(
      `its input ${quote(input.name)} has the shape ${(input.shape ?? []).map((size) => size ?? "?").join(" x ") || "?"}`,
      "supported are samples x features, samples x positions x features and samples x channels x height x width, with only the number of samples open",
    )
  }
  const [channels, height = 1, width = 1] = sizes as ReadonlyArray<number>
  // several samples tell their axis from others, where the file leaves it open
  const batch = input.shape?.[0] ?? 3
  return {
    name: input.name,
    shape: { channels: channels!, height, width },
    sizes: sizes as ReadonlyArray<number>,
    batch,
  }
}

/**
 * Reads the network of an ONNX model. Throws UnknownOperator on an unsupported operator, and BadModel and WrongShape on
 * inconsistent nodes; see `Assemble`. `files` are those named by `externalFiles`.
 */
export const read = (bytes: Uint8Array, path: string, files: Files = new Map()): Model => {
  const model = decode(bytes, path)
  const input = inputShape(path, model)
  const readers = operators(path, model, files)
  const dropout = model.nodes.some(({ operator }) => operator === "Dropout")
    ? ["dropout is ignored, as in prediction"]
    : []
  if (hasSequences(model, input.sizes.length)) {
    const { name, ...rest } = input
    const { layout, nodes, output, shape } = sequences(
      path,
      model,
      { input: name, ...rest },
      readers,
    )
    const steps = stepsOf(path, nodes, { input: name, output })
    return assemble(path, { input: shape, layout, steps, notes: dropout })
  }
  const { flat, isConstant, stepOf, tensor } = readers
  const nodes: Array<GraphNode> = []
  const notes = [...dropout]
  const gelus = [...erfGelus(model), ...tanhGelus(model)]
  const folded = new Map(gelus.flatMap((gelu) => gelu.nodes.map((node) => [node, gelu] as const)))
  for (const [k, node] of model.nodes.entries()) {
    const { domain, inputs, operator, outputs } = node
    const place = `node ${k}${node.name === "" ? "" : ` (${quote(node.name)})`}`
    const isStored = operator === "Identity" && isConstant(inputs[0] ?? "")
    if (operator === "Constant" || isStored) continue
    if (domain !== "" && domain !== "ai.onnx") {
      throw new UnknownOperator({ path, operator: `${domain}.${operator}`, place, known })
    }
    const gelu = folded.get(node)
    if (gelu !== undefined) {
      if (gelu.nodes.at(-1) !== node) continue
      const step: Step = { _tag: "Activation", name: place, activation: gelu.activation }
      nodes.push({ name: place, place, reads: [gelu.input], writes: outputs[0]!, does: step })
      continue
    }
    const writes = outputs[0] ?? ""
    if (operator !== "Add") {
      const does = stepOf(node, place)
      const name = does === "nothing" ? place : does.name
      nodes.push({ name, place, reads: inputs.slice(0, 1), writes, does })
      continue
    }
    const constants = inputs.filter(isConstant)
    if (constants.length === 0) {
      nodes.push({ name: place, place, reads: inputs, writes, does: "add" })
      continue
    }
    // the bias of the product before it
    const rest = inputs.find((name) => !isConstant(name))
    const at = nodes.findLastIndex((before) => before.writes === rest)
    const before = nodes[at]
    const step = before?.does
    if (typeof step !== "object" || step._tag !== "Dense" || step.bias !== undefined) {
      throw new BadModel({
        path,
        place,
        reason: `Add of the weights ${quote(constants[0]!)} without a MatMul before it`,
        remedy: "it is supported as the bias of a dense layer only",
      })
    }
    nodes.push({ name: place, place, reads: [rest!], writes, does: "nothing" })
    nodes[at] = { ...before!, does: { ...step, bias: flat(tensor(constants[0]!)) } }
  }
  const steps = stepsOf(path, nodes, { input: input.name, output: model.outputs[0]!.name })
  const has = (operator: string): boolean => model.nodes.some((node) => node.operator === operator)
  if (has("Conv") && !has("BatchNormalization") && nodes.some(({ does }) => isBiased(does))) {
    notes.push(
      "it has no batch normalisation: if the network was trained with it, the exporter merged it into the convolutions, and these weights have another trace and other eigenvalues than those of the training",
    )
  }
  return assemble(path, { input: input.shape, layout: "channels first", steps, notes })
}
