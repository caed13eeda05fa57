/** Blocks of the steps of a foreign network, with the destinations of their tensors. */
import { quote } from "@nonconvex/datasets/Quote"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import { type Flow, isSame, isVector, reordered, sizeOf } from "./Flow.ts"
import { withMargins } from "./Margins.ts"
import { BadModel, WrongShape } from "./ModelError.ts"
import type { Layout, Projection, Step } from "./Step.ts"
import type { Tensor } from "./Tensor.ts"

/** Destination of each element of a tensor, counted from the first parameter of its layer. */
export interface Fill {
  readonly tensor: Tensor
  readonly to: (element: number) => number
}

interface Part {
  readonly name: string
  readonly fills: ReadonlyArray<Fill>
}

const same = (k: number): number => k

/** Assembles a chain of steps. */
export const assembler = (path: string, layout: Layout) => {
  const parts: Array<Part> = []
  const notes: Array<string> = []
  const fixed: Array<Tensor> = []
  const owners = new Map<string, string>()
  const isFirst = layout === "channels first"

  const refuse = (layer: string, reason: string, remedy: string): never => {
    throw new BadModel({ path, place: `layer ${quote(layer)}`, reason, remedy })
  }
  const require = (
    layer: string,
    tensor: Tensor,
    wanted: string,
    fits: (shape: ReadonlyArray<number>) => boolean,
  ): void => {
    const owner = owners.get(tensor.name)
    const isStart =
      tensor.shape.length === 1 && tensor.values.every((value) => value === tensor.values[0])
    if (owner !== undefined && isStart) {
      notes.push(
        `tensor ${quote(tensor.name)} of equal numbers is read by several layers, and is a parameter of each: exporters store equal tensors once`,
      )
    } else if (owner !== undefined) {
      refuse(
        layer,
        `tensor ${quote(tensor.name)} is also used by layer ${quote(owner)}`,
        "tied weights are not supported",
      )
    }
    owners.set(tensor.name, layer)
    if (fits(tensor.shape)) return
    throw new WrongShape({ path, layer, tensor: tensor.name, found: tensor.shape, wanted })
  }
  const requireVector = (layer: string, tensor: Tensor, length: number): void =>
    require(layer, tensor, String(length), (shape) => shape.length === 1 && shape[0] === length)

  const placed = (name: string, block: Block.Block, { shape, was }: Flow): Flow => {
    try {
      const after = Architecture.shapeAfter(block, shape)
      return was === undefined || sizeOf(after) !== sizeOf(shape)
        ? { shape: after }
        : { shape, was }
    } catch (error) {
      if (error instanceof InvalidInput) {
        return refuse(name, error.message, "check the layer, and the shape of the input")
      }
      throw error
    }
  }
  const biasOf = (layer: string, bias: Tensor | undefined, outputs: number, from: number) => {
    if (bias === undefined) return []
    requireVector(layer, bias, outputs)
    return [{ tensor: bias, to: (k: number) => from + k }]
  }

  const dense = (step: Extract<Step, { _tag: "Dense" }>, flow: Flow): [Block.Block, Flow] => {
    const { bias, name, rows, weights } = step
    const inputs = sizeOf(flow.shape)
    if (step.isEverywhere === true) return everywhere(step, flow)
    if (!isVector(flow.shape)) {
      refuse(
        name,
        `it reads an image of ${flow.shape.height} x ${flow.shape.width} pixels`,
        "flatten it first, or average over its pixels",
      )
    }
    const axis = rows === "outputs" ? 1 : 0
    const wanted = rows === "outputs" ? `outputs x ${inputs}` : `${inputs} x outputs`
    require(name, weights, wanted, (shape) =>
      shape.length === 2 && shape[axis] === inputs && shape[1 - axis]! > 0)
    const outputs = weights.shape[1 - axis]!
    const order = flow.was === undefined ? same : reordered(flow.was)
    const to =
      rows === "outputs"
        ? (k: number) => Math.floor(k / inputs) * inputs + order(k % inputs)
        : (k: number) => (k % outputs) * inputs + order(Math.floor(k / outputs))
    parts.push({
      name,
      fills: [{ tensor: weights, to }, ...biasOf(name, bias, outputs, outputs * inputs)],
    })
    const block = Block.dense(outputs, { bias: bias !== undefined })
    return [block, placed(name, block, { shape: flow.shape })]
  }

  /** Dense layers of each position, side by side: output k of ours is output `channels[k]` of theirs. */
  const sideBySide = (
    name: string,
    projections: ReadonlyArray<Projection>,
    flow: Flow,
    channels?: ReadonlyArray<number>,
  ): [Block.Block, Flow] => {
    const inputs = flow.shape.channels
    const sizes = projections.map(({ name: own, rows, weights }) => {
      const axis = rows === "outputs" ? 1 : 0
      const wanted = rows === "outputs" ? `outputs x ${inputs}` : `${inputs} x outputs`
      require(own, weights, wanted, (shape) =>
        shape.length === 2 && shape[axis] === inputs && shape[1 - axis]! > 0)
      return weights.shape[1 - axis]!
    })
    const total = sizes.reduce((sum, size) => sum + size, 0)
    const ours = new Map(channels?.map((theirs, own) => [theirs, own]))
    let begin = 0
    const fills = projections.flatMap(({ bias, name: own, rows, weights }, k) => {
      const [from, outputs] = [begin, sizes[k]!]
      begin += outputs
      const place = (output: number): number => ours.get(from + output) ?? from + output
      const to =
        rows === "outputs"
          ? (i: number) => place(Math.floor(i / inputs)) * inputs + (i % inputs)
          : (i: number) => place(i % outputs) * inputs + Math.floor(i / outputs)
      if (bias === undefined) return [{ tensor: weights, to }]
      requireVector(own, bias, outputs)
      return [
        { tensor: weights, to },
        { tensor: bias, to: (i: number) => total * inputs + place(i) },
      ]
    })
    parts.push({ name, fills })
    const hasBias = projections[0]!.bias !== undefined
    const block = Block.convolution({ channels: total, size: 1, bias: hasBias })
    return [block, placed(name, block, flow)]
  }
  const everywhere = (step: Extract<Step, { _tag: "Dense" }>, flow: Flow): [Block.Block, Flow] =>
    sideBySide(step.name, [step], flow)

  const attention = (
    step: Extract<Step, { _tag: "Attention" }>,
    flow: Flow,
  ): [ReadonlyArray<Block.Block>, Flow] => {
    const [projection, between] = sideBySide(step.name, step.projections, flow, step.channels)
    const block = Block.attention(step)
    return [[projection, block], placed(step.name, block, between)]
  }

  const layerNormalisation = (
    step: Extract<Step, { _tag: "LayerNormalisation" }>,
    flow: Flow,
  ): [Block.Block, Flow] => {
    const { epsilon, name, scales, shifts } = step
    const { channels } = flow.shape
    for (const tensor of [scales, shifts]) {
      if (tensor !== undefined) requireVector(name, tensor, channels)
    }
    const after = scales === undefined ? 0 : channels
    const fills = [
      ...(scales === undefined ? [] : [{ tensor: scales, to: same }]),
      ...(shifts === undefined ? [] : [{ tensor: shifts, to: (k: number) => after + k }]),
    ]
    if (fills.length > 0) parts.push({ name, fills })
    const block = Block.layerNormalisation({
      epsilon,
      scales: scales !== undefined,
      shifts: shifts !== undefined,
    })
    return [block, placed(name, block, flow)]
  }

  /** A block with one tensor, whose numbers stand in its order. */
  const single = (
    { name, weights }: { readonly name: string; readonly weights: Tensor },
    block: Block.Block,
    wanted: ReadonlyArray<number>,
    flow: Flow,
  ): [Block.Block, Flow] => {
    require(name, weights, wanted.join(" x "), (shape) => shape.join() === wanted.join())
    parts.push({ name, fills: [{ tensor: weights, to: same }] })
    return [block, placed(name, block, flow)]
  }

  const convolution = (
    step: Extract<Step, { _tag: "Convolution" }>,
    flow: Flow,
  ): [Block.Block, Flow] => {
    const { bias, name, padding, stride, weights } = step
    const { channels } = flow.shape
    const wanted = isFirst
      ? `outputs x ${channels} x height x width`
      : `height x width x ${channels} x outputs`
    require(name, weights, wanted, (shape) =>
      shape.length === 4 && shape[isFirst ? 1 : 2] === channels && shape.every((size) => size > 0))
    const [outputs, height, width] = (isFirst ? [0, 2, 3] : [3, 0, 1]).map(
      (axis) => weights.shape[axis]!,
    ) as [number, number, number]
    const taps = height * width
    const row = taps * channels
    const to = isFirst
      ? (k: number) => {
          const [output, rest] = [Math.floor(k / row), k % row]
          return output * row + (rest % taps) * channels + Math.floor(rest / taps)
        }
      : (k: number) => (k % outputs) * row + Math.floor(k / outputs)
    parts.push({
      name,
      fills: [{ tensor: weights, to }, ...biasOf(name, bias, outputs, outputs * row)],
    })
    const size = { height, width }
    const hasBias = bias !== undefined
    const block = Block.convolution({ channels: outputs, size, stride, padding, bias: hasBias })
    return [block, placed(name, block, flow)]
  }

  const depthwise = (
    step: Extract<Step, { _tag: "Depthwise" }>,
    flow: Flow,
  ): [Block.Block, Flow] => {
    const { bias, name, padding, stride, weights } = step
    const { channels } = flow.shape
    const wanted = isFirst ? `${channels} x 1 x height x width` : `height x width x ${channels} x 1`
    const [outer, one, height, width] = isFirst ? [0, 1, 2, 3] : [2, 3, 0, 1]
    require(name, weights, wanted, (shape) =>
      shape.length === 4 &&
      shape[outer] === channels &&
      shape[one] === 1 &&
      shape.every((size) => size > 0))
    const size = { height: weights.shape[height]!, width: weights.shape[width]! }
    const taps = size.height * size.width
    const to = isFirst ? same : (k: number) => (k % channels) * taps + Math.floor(k / channels)
    parts.push({
      name,
      fills: [{ tensor: weights, to }, ...biasOf(name, bias, channels, channels * taps)],
    })
    const block = Block.depthwise({ size, stride, padding, bias: bias !== undefined })
    return [block, placed(name, block, flow)]
  }

  const normalisation = (
    step: Extract<Step, { _tag: "Normalisation" }>,
    flow: Flow,
  ): [Block.Block, Flow] => {
    const { epsilon, mean, name, scales, shifts, variance } = step
    const { channels } = flow.shape
    const order = flow.was === undefined ? same : reordered(flow.was)
    for (const tensor of [mean, variance, scales, shifts]) {
      if (tensor !== undefined) requireVector(name, tensor, channels)
    }
    const moved = (tensor: Tensor): Float64Array => {
      const out = new Float64Array(channels)
      tensor.values.forEach((value, k) => (out[order(k)] = value))
      return out
    }
    const fills = [
      ...(scales === undefined ? [] : [{ tensor: scales, to: order }]),
      ...(shifts === undefined
        ? []
        : [
            { tensor: shifts, to: (k: number) => (scales === undefined ? 0 : channels) + order(k) },
          ]),
    ]
    if (fills.length > 0) parts.push({ name, fills })
    fixed.push(mean, variance)
    const block = Block.frozenNormalisation({
      mean: moved(mean),
      variance: moved(variance),
      epsilon,
      scales: scales !== undefined,
      shifts: shifts !== undefined,
    })
    return [block, placed(name, block, flow)]
  }

  const residual = (step: Extract<Step, { _tag: "Residual" }>, flow: Flow): [Block.Block, Flow] => {
    if ([...step.branch, ...step.shortcut].some(({ _tag }) => _tag === "Softmax")) {
      refuse(step.name, "it adds a softmax", "softmax is supported as the last layer only")
    }
    const [branch, shortcut] = [step.branch, step.shortcut].map((steps) => chain(steps, flow))
    const [left, right] = [branch!, shortcut!]
    if (!isSame(left.flow, right.flow)) {
      const [a, b] = [left, right].map(
        ({ flow: { shape } }) => `${shape.height} x ${shape.width} x ${shape.channels}`,
      )
      refuse(
        step.name,
        `it adds ${a} to ${b} (height x width x channels)`,
        "both terms of a sum must have the same shape",
      )
    }
    return [Block.residual(left.blocks, right.blocks), left.flow]
  }

  const place = (
    step: Step,
    flow: Flow,
  ): [Block.Block | ReadonlyArray<Block.Block> | undefined, Flow] => {
    switch (step._tag) {
      case "Attention":
        return attention(step, flow)
      case "LayerNormalisation":
        return layerNormalisation(step, flow)
      case "Embedding": {
        const [entries = 0, features = 0] = step.weights.shape
        return single(step, Block.embedding({ entries, features }), [entries, features], flow)
      }
      case "Shift":
        return single(step, Block.shift, [sizeOf(flow.shape)], flow)
      case "Token":
        return single(step, Block.token, [flow.shape.channels], flow)
      case "Position": {
        const block = Block.position(step.at)
        return [block, placed(step.name, block, flow)]
      }
      case "Dense":
        return dense(step, flow)
      case "Convolution":
        return convolution(step, flow)
      case "Depthwise":
        return depthwise(step, flow)
      case "Pad":
        return refuse(
          step.name,
          "it pads an image that no convolution reads next",
          "padding is supported in front of a convolution only",
        )
      case "Normalisation":
        return normalisation(step, flow)
      case "AveragePool":
      case "MaxPool": {
        const block = step._tag === "MaxPool" ? Block.maxPool(step) : Block.averagePool(step)
        return [block, placed(step.name, block, flow)]
      }
      case "Flatten": {
        const { shape } = flow
        if (isVector(shape)) return [undefined, flow]
        const vector = { height: 1, width: 1, channels: sizeOf(shape) }
        const isMoved = isFirst && shape.channels > 1 && step.isSequence !== true
        return [Block.flatten, { shape: vector, ...(isMoved && { was: shape }) }]
      }
      case "Activation":
        return [Block.activation(step.activation), flow]
      case "Softmax":
        notes.push(`${step.name} at the end is removed: its input is the logits of the loss`)
        return [undefined, flow]
      case "Residual":
        return residual(step, flow)
    }
  }

  const chain = (
    steps: ReadonlyArray<Step>,
    from: Flow,
  ): { readonly blocks: ReadonlyArray<Block.Block>; readonly flow: Flow } => {
    const blocks: Array<Block.Block> = []
    let flow = from
    for (const step of withMargins(steps)) {
      const [block, after] = place(step, flow)
      if (block !== undefined) blocks.push(...[block].flat())
      flow = after
    }
    return { blocks, flow }
  }
  return { chain, parts, fixed, notes }
}
