/**
 * ONNX graphs with attention, layer normalisation or embeddings, as exporters write them: a layer is many nodes that move and
 * multiply arrays.
 *
 * Each value of the graph is followed for a small number of samples. A value that no sample changes (a shape, an index, a
 * mask) is computed. For any other one, each element is known as an element of the output of a layer. So a transposition or
 * a split is no pattern of names: the queries of a head are the elements that the product reads.
 */
import { quote } from "@nonconvex/datasets/Quote"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import type { GraphNode } from "../Graph.ts"
import { BadModel, UnknownOperator } from "../ModelError.ts"
import type { Projection, Step } from "../Step.ts"
import { numbersOf, type Tensor } from "../Tensor.ts"
import { computed, countOf, isView, type Numbers, spread, transposed, viewsOf } from "./Arrays.ts"
import { erfGelus, type FoldedGelu, tanhGelus } from "./Gelu.ts"
import { known as operatorNames, type operators } from "./Operators.ts"
import { int64sOf } from "./OnnxWeights.ts"
import type { OnnxModel, OnnxNode, RawTensor } from "./Wire.ts"

/** Output of a layer, pixel by pixel with channels last. */
interface Base {
  readonly name: string
  readonly shape: Architecture.Shape
}

interface Known extends Numbers {
  readonly _tag: "Known"
  /** Elements of a stored tensor, by their positions there. */
  readonly from?: { readonly name: string; readonly positions: Float64Array }
}

/** Elements of the output of a layer for all samples, times a factor. */
interface Signal {
  readonly _tag: "Signal"
  readonly base: Base
  readonly dims: ReadonlyArray<number>
  readonly index: Float64Array
  readonly factor: number
}

/** Products of queries and keys, before and after the softmax. */
interface Scores {
  readonly _tag: "Scores" | "Shares"
  readonly queries: Signal
  readonly keys: Signal
  readonly factor: number
  readonly mask?: Numbers
}

/** Part of a layer normalisation of `of`, written out. */
interface Moment {
  readonly _tag: "Mean" | "Centred" | "Squares" | "Variance" | "Shifted" | "Deviation" | "Inverse"
  readonly of: Signal
  readonly epsilon: number
}

type Value = Known | Signal | Scores | Moment

/** Values of a score that a softmax makes 0. */
const forbidden = -1e4

/** Tests whether a graph has layers of sequences, with `rank` axes of a sample. */
export const hasSequences = (
  { initializers, nodes, outputs }: OnnxModel,
  rank: number,
): boolean => {
  const stored = new Map(initializers.map((tensor) => [tensor.name, tensor]))
  return (
    rank === 2 ||
    nodes.some(({ inputs, operator, outputs: [output] }) => {
      if (operator === "LayerNormalization" || operator === "Sqrt") return true
      if (operator === "Softmax") return output !== outputs[0]?.name
      const table = operator === "Gather" ? stored.get(inputs[0] ?? "") : undefined
      return table?.shape.length === 2 && !stored.has(inputs[1] ?? "")
    })
  )
}

const numbersIn = (raw: RawTensor, tensor: (name: string) => Tensor): Numbers | undefined => {
  const { bytes, external, floats, ints, shape, type } = raw
  const isWhole = type === 6 || type === 7 || type === 9
  const make = (elements: Float64Array): Numbers | undefined =>
    elements.length === countOf(shape) ? { dims: shape, elements, isWhole } : undefined
  if (type === 9) return make(Float64Array.from(bytes ?? ints))
  if (type === 6) {
    const view = bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return make(
      Float64Array.from(
        view
          ? Array.from({ length: view.byteLength >> 2 }, (_, k) => view.getInt32(4 * k, true))
          : ints,
      ),
    )
  }
  if (type === 7) {
    if (external.size > 0) return make(new Float64Array(0))
    return make(Float64Array.from(bytes ? int64sOf(bytes) : ints))
  }
  // masks have infinities, which no weight may have
  const isMask = external.size === 0 && type === 1 && countOf(shape) <= 1
  if (isMask)
    return make(
      bytes && bytes.length % 4 === 0 ? numbersOf(bytes, "F32") : Float64Array.from(floats),
    )
  return make(tensor(raw.name).values)
}

/** Reader of the nodes of a model with sequences. */
export const sequences = (
  path: string,
  model: OnnxModel,
  {
    input,
    sizes,
    batch,
  }: { readonly input: string; readonly sizes: ReadonlyArray<number>; readonly batch: number },
  { rawOf, stepOf, tensor }: ReturnType<typeof operators>,
) => {
  const nodes: Array<GraphNode> = []
  const values = new Map<string, Value>()
  const readers = new Map<string, number>()
  for (const { inputs } of model.nodes)
    for (const name of inputs) readers.set(name, (readers.get(name) ?? 0) + 1)
  for (const { name } of model.outputs) readers.set(name, (readers.get(name) ?? 0) + 1)
  const [a = 1, b = 1, c = 1] = sizes
  const shape =
    sizes.length === 3
      ? { channels: a, height: b, width: c }
      : sizes.length === 2
        ? { height: a, width: 1, channels: b }
        : { height: 1, width: 1, channels: a }

  const positionsOf = (of: Architecture.Shape): number => of.height * of.width
  /** Elements of images with channels first. */
  const imageOrder = ({ channels, height, width }: Architecture.Shape): Float64Array => {
    const pixels = height * width
    return Float64Array.from({ length: batch * channels * pixels }, (_, i) => {
      const [n, channel, pixel] = [
        Math.floor(i / (channels * pixels)),
        Math.floor(i / pixels) % channels,
        i % pixels,
      ]
      return (n * pixels + pixel) * channels + channel
    })
  }
  const plain = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => i)
  const isSame = (x: Float64Array, y: Float64Array): boolean =>
    x.length === y.length && x.every((value, i) => value === y[i])
  values.set(input, {
    _tag: "Signal",
    base: { name: input, shape },
    dims: [batch, ...sizes],
    index: sizes.length === 3 ? imageOrder(shape) : plain(batch * countOf(sizes)),
    factor: 1,
  })

  const known = (name: string): Known | undefined => {
    const found = values.get(name)
    if (found !== undefined) return found._tag === "Known" ? found : undefined
    const raw = rawOf(name)
    const numbers = raw && numbersIn(raw, tensor)
    if (numbers === undefined) return undefined
    const made: Known = {
      _tag: "Known",
      ...numbers,
      ...(!numbers.isWhole && { from: { name, positions: plain(numbers.elements.length) } }),
    }
    values.set(name, made)
    return made
  }

  /** Reads a node, or the activation that it ends. */
  const read = (node: OnnxNode, place: string, gelu?: FoldedGelu): void => {
    const { attributes, inputs, operator, outputs } = node
    const [first = "", second = ""] = inputs
    const [output = ""] = outputs
    const refuse = (
      reason: string,
      remedy = "use nonconvex certify --oracle with your own program",
    ): never => {
      throw new BadModel({ path, place, reason, remedy })
    }
    const set = (value: Value): void => void values.set(output, value)
    const valueOf = (name: string): Value =>
      known(name) ??
      values.get(name) ??
      refuse(
        `it reads ${quote(name)}, which no earlier layer writes`,
        "the graph is incomplete, out of order or cyclic: export it again",
      )
    const unit = (signal: Signal): Signal =>
      signal.factor === 1 ? signal : refuse(`it reads a value times ${signal.factor}`)
    const append = (from: Base, does: Step, to: Architecture.Shape, adds?: Base): Base => {
      const base = { name: `${output}\n${nodes.length}`, shape: to }
      nodes.push({
        name: does.name,
        place,
        reads: adds ? [from.name, adds.name] : [from.name],
        writes: base.name,
        does: adds ? "add" : does,
      })
      return base
    }
    /** The position of each row of a signal whose last axis are all channels of a position. */
    const rowsIn = ({ base: { shape: of }, dims, index }: Signal): Float64Array | undefined => {
      const { channels } = of
      if (dims.at(-1) !== channels) return undefined
      const rows = new Float64Array(index.length / channels)
      for (let i = 0; i < index.length; i++) {
        const row = Math.floor(i / channels)
        if (i % channels === 0) rows[row] = index[i]! / channels
        if (index[i] !== rows[row]! * channels + (i % channels)) return undefined
      }
      return rows
    }
    /** A signal whose rows are all positions of the output of a layer, perhaps after a flattening or the choice of one. */
    const rowsOf = (
      value: Value,
    ): {
      readonly base: Base
      readonly rows: Float64Array
      readonly lead: ReadonlyArray<number>
    } => {
      if (value._tag !== "Signal") return refuse("it reads a value that no layer computes")
      const { base, dims, index } = unit(value)
      const count = positionsOf(base.shape)
      const lead = dims.slice(0, -1)
      const rows = rowsIn(value)
      if (rows?.length === batch * count && new Set(rows).size === rows.length)
        return { base, rows, lead }
      if (rows?.length === batch) {
        const at = rows[0]!
        if (rows.every((row, n) => row === n * count + at) && at < count) {
          const step: Step = { _tag: "Position", name: place, at }
          return {
            base: append(base, step, { height: 1, width: 1, channels: base.shape.channels }),
            rows: plain(batch),
            lead,
          }
        }
      }
      const size = count * base.shape.channels
      const isSequence = isSame(index, plain(batch * size))
      if (dims.at(-1) === size && (isSequence || isSame(index, imageOrder(base.shape)))) {
        const step: Step = { _tag: "Flatten", name: place, ...(isSequence && { isSequence }) }
        return {
          base: append(base, step, { height: 1, width: 1, channels: size }),
          rows: plain(batch),
          lead,
        }
      }
      return refuse(
        `it reads an array of ${dims.join(" x ")} whose last axis are not the features of one position`,
      )
    }
    const signalOf = (base: Base, rows: Float64Array, lead: ReadonlyArray<number>): Signal => {
      const { channels } = base.shape
      return {
        _tag: "Signal",
        base,
        dims: [...lead, channels],
        index: Float64Array.from(
          { length: rows.length * channels },
          (_, i) => rows[Math.floor(i / channels)]! * channels + (i % channels),
        ),
        factor: 1,
      }
    }
    /** The stored tensor that a value is; "rows" of it are outputs where it is transposed. */
    const storedOf = (
      value: Value | undefined,
      what: string,
    ): { readonly tensor: Tensor; readonly isTurned: boolean } => {
      if (value?._tag !== "Known" || value.from === undefined)
        return refuse(`${what} is computed by the graph`, "only stored weights are supported")
      const whole = tensor(value.from.name)
      const { dims, from } = value
      if (isSame(from.positions, plain(whole.values.length)))
        return { tensor: { ...whole, shape: dims }, isTurned: false }
      const [rows = 0, columns = 0] = dims
      const turned = Float64Array.from(
        { length: rows * columns },
        (_, i) => (i % columns) * rows + Math.floor(i / columns),
      )
      if (dims.length === 2 && isSame(from.positions, turned))
        return { tensor: { ...whole, shape: [columns, rows] }, isTurned: true }
      return { tensor: { name: whole.name, shape: dims, values: value.elements }, isTurned: false }
    }
    const dense = (
      value: Value,
      weights: { readonly tensor: Tensor; readonly isTurned: boolean },
      bias?: Tensor,
    ): void => {
      const { base, lead, rows } = rowsOf(value)
      const { isTurned, tensor: of } = weights
      const channels = of.shape[isTurned ? 0 : 1] ?? 0
      const isEverywhere = positionsOf(base.shape) > 1
      const step: Step = {
        _tag: "Dense",
        name: of.name.replace(/[./](weight|kernel|W)(:\d+)?$/, ""),
        weights: of,
        rows: isTurned ? "outputs" : "inputs",
        ...(bias && { bias }),
        ...(isEverywhere && { isEverywhere }),
      }
      set(signalOf(append(base, step, { ...base.shape, channels }), rows, lead))
    }
    /** Changes the step that wrote a signal, if this node alone reads it. */
    const amend = (
      name: string,
      signal: Signal,
      change: (step: Step) => Step | undefined,
    ): boolean => {
      const at = nodes.findLastIndex(({ writes }) => writes === signal.base.name)
      const before = nodes[at]
      if (before === undefined || typeof before.does === "string" || readers.get(name) !== 1)
        return false
      const step = change(before.does)
      if (step === undefined) return false
      nodes[at] = { ...before, does: step }
      set(signal)
      return true
    }
    const normalised = ({ epsilon, of }: Moment): void => {
      const { base, lead, rows } = rowsOf(of)
      set(
        signalOf(
          append(base, { _tag: "LayerNormalisation", name: place, epsilon }, base.shape),
          rows,
          lead,
        ),
      )
    }

    const attention = ({ factor, keys, mask, queries }: Scores, of: Signal): void => {
      const size = queries.dims.at(-2)!
      const [width, depth] = [queries.dims.at(-1)!, of.dims.at(-1)!]
      const blocks = countOf(queries.dims.slice(0, -2))
      const isSquare =
        keys.dims.at(-1) === size && keys.dims.at(-2) === width && of.dims.at(-2) === size
      if (
        !isSquare ||
        countOf(keys.dims) !== countOf(queries.dims) ||
        countOf(of.dims) !== blocks * size * depth
      ) {
        refuse(
          "queries, keys and values are not of the same positions",
          "only self-attention is supported: use nonconvex certify --oracle",
        )
      }
      unit(of)
      const bases = [...new Set([queries, keys, of].map(({ base }) => base.name))]
      const written = bases.map((name) => nodes.find(({ writes }) => writes === name))
      const steps = written.flatMap((each): ReadonlyArray<Projection> =>
        typeof each?.does === "object" && each.does._tag === "Dense" ? [each.does] : [],
      )
      const reads = new Set(written.flatMap((each) => each?.reads ?? []))
      const isBiased = new Set(steps.map(({ bias }) => bias !== undefined))
      if (steps.length !== bases.length || reads.size !== 1 || isBiased.size !== 1) {
        refuse(
          "its queries, keys and values are not dense layers of one value, all with or all without biases",
          "only self-attention is supported: use nonconvex certify --oracle",
        )
      }
      const widths = [
        ...new Map(
          [queries, keys, of].map(({ base }) => [base.name, base.shape.channels]),
        ).values(),
      ]
      const offsetOf = ({ base }: Signal): number =>
        widths.slice(0, bases.indexOf(base.name)).reduce((sum, each) => sum + each, 0)
      const heads = new Map<string, number>()
      const order: Array<[queries: Array<number>, keys: Array<number>, values: Array<number>]> = []
      const index = new Float64Array(blocks * size * depth)
      const count = blocks / batch
      for (let block = 0; block < blocks; block++) {
        let sample = -1
        /** Channels of a matrix of this block; its rows must be the positions of one sample in order. */
        const channelsOf = (signal: Signal, columns: number, isTurned: boolean): Array<number> => {
          const { channels } = signal.base.shape
          const own: Array<number> = []
          for (let t = 0; t < size; t++) {
            for (let j = 0; j < columns; j++) {
              const at =
                signal.index[block * size * columns + (isTurned ? j * size + t : t * columns + j)]!
              const [row, channel] = [Math.floor(at / channels), (at % channels) + offsetOf(signal)]
              if (sample < 0) sample = Math.floor(row / size)
              if (t === 0) own.push(channel)
              if (row !== sample * size + t || own[j] !== channel)
                refuse("its heads are not the same features of every position")
            }
          }
          return own
        }
        const made: [Array<number>, Array<number>, Array<number>] = [
          channelsOf(queries, width, false),
          channelsOf(keys, width, true),
          channelsOf(of, depth, false),
        ]
        const key = made.join(";")
        const head = heads.get(key) ?? heads.size
        if (!heads.has(key)) {
          heads.set(key, head)
          order.push(made)
        }
        for (let i = 0; i < size * depth; i++) {
          const [t, j] = [Math.floor(i / depth), i % depth]
          index[block * size * depth + i] = ((sample * size + t) * count + head) * depth + j
        }
      }
      const channels = [0, 1, 2].flatMap((part) => order.flatMap((head) => head[part]!))
      const total = widths.reduce((sum, each) => sum + each, 0)
      if (heads.size !== count || channels.length !== total || new Set(channels).size !== total) {
        refuse(
          "its heads share queries, keys or values",
          "only heads of their own are supported: use nonconvex certify --oracle",
        )
      }
      for (const name of bases)
        nodes.splice(
          nodes.findIndex(({ writes }) => writes === name),
          1,
        )
      const from = { name: [...reads][0]!, shape: queries.base.shape }
      const step: Step = {
        _tag: "Attention",
        name: steps[0]!.name.replace(/[./][^./]*$/, ""),
        projections: steps,
        channels,
        heads: count,
        keys: width,
        values: depth,
        scale: factor * queries.factor * keys.factor,
        causal: isCausal(mask, size),
      }
      const base = append(from, step, { ...queries.base.shape, channels: count * depth })
      set({ _tag: "Signal", base, dims: of.dims, index, factor: 1 })
    }
    const isCausal = (mask: Numbers | undefined, size: number): boolean => {
      if (mask === undefined || mask.elements.every((value) => value === 0)) return false
      const full = spread(mask, [size, size])
      const isLower = full?.elements.every((value, i) => {
        const [row, column] = [Math.floor(i / size) % size, i % size]
        return column <= row ? value === 0 : value <= forbidden
      })
      return isLower === true ? true : refuse("its mask is neither none nor causal")
    }
    const layout = (from: Signal, step: Step): void => {
      const { base, index } = unit(from)
      if (!isSame(index, imageOrder(base.shape)))
        refuse("it reads an array that is no image of channels x height x width")
      const block =
        step._tag === "Convolution"
          ? Block.convolution({
              channels: step.weights.shape[0]!,
              size: { height: step.weights.shape[2]!, width: step.weights.shape[3]! },
              stride: step.stride,
              padding: step.padding,
            })
          : step._tag === "Depthwise"
            ? Block.depthwise({
                size: { height: step.weights.shape[2]!, width: step.weights.shape[3]! },
                stride: step.stride,
                padding: step.padding,
              })
            : step._tag === "MaxPool"
              ? Block.maxPool(step)
              : step._tag === "AveragePool"
                ? Block.averagePool(step)
                : Block.activation("identity")
      const to = Architecture.shapeAfter(block, base.shape)
      const made = append(base, step, to)
      set({
        _tag: "Signal",
        base: made,
        dims: [batch, to.channels, to.height, to.width],
        index: imageOrder(to),
        factor: 1,
      })
    }
    const mean = (from: Signal): void => {
      const rank = from.dims.length
      const given = known(second)?.elements ?? attributes.get("axes")?.ints ?? []
      const axes = [...given].map((axis) => (axis < 0 ? axis + rank : axis))
      const keeps = (attributes.get("keepdims")?.int ?? 1) === 1
      if (axes.length === 1 && axes[0] === rank - 1 && rowsIn(from) !== undefined)
        return set({ _tag: "Mean", of: from, epsilon: 0 })
      const { base, dims, index } = unit(from)
      const { channels } = base.shape
      const count = positionsOf(base.shape)
      const kept = dims.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]))
      const turned = transposed(dims, [...kept, ...axes])
      const all = turned?.positions.map((at) => index[at]!)
      const isOfAll =
        all !== undefined &&
        countOf(kept.map((axis) => dims[axis]!)) === batch * channels &&
        all.length === batch * channels * count &&
        all.every(
          (at, i) =>
            at % channels === all[Math.floor(i / count) * count]! % channels &&
            Math.floor(at / channels / count) ===
              Math.floor(all[Math.floor(i / count) * count]! / channels / count),
        )
      if (!isOfAll)
        return refuse(
          `it is a mean over axes ${axes.join(", ")}`,
          "only the mean over all positions, or over the features in a layer normalisation, is supported",
        )
      const step: Step = {
        _tag: "AveragePool",
        name: place,
        countsPadding: false,
        size: "image",
        stride: { height: 1, width: 1 },
        padding: "valid",
      }
      const made = append(base, step, { height: 1, width: 1, channels })
      return set({
        _tag: "Signal",
        base: made,
        dims: dims.flatMap((size, axis) => (axes.includes(axis) ? (keeps ? [1] : []) : [size])),
        index: Float64Array.from({ length: batch * channels }, (_, i) => {
          const at = all[i * count]!
          return Math.floor(at / channels / count) * channels + (at % channels)
        }),
        factor: 1,
      })
    }

    const activated = (from: Signal, step: Step): void =>
      set({ ...unit(from), base: append(from.base, step, from.base.shape) })
    if (gelu !== undefined) {
      const from = valueOf(gelu.input)
      if (from._tag !== "Signal") return refuse("Gelu is not supported here")
      return activated(from, { _tag: "Activation", name: place, activation: gelu.activation })
    }

    // what no sample changes
    if (inputs.every((name) => name === "" || known(name) !== undefined) && inputs.length > 0) {
      if (operator === "Shape") return shapeOf(known(first)!.dims)
      const from = known(first)!
      if (isView(operator) && operator !== "Cast") {
        const views =
          viewsOf(node, from.dims, known) ??
          refuse(`${operator} of stored numbers is not supported`)
        for (const [k, { dims, positions }] of views.entries()) {
          const elements = positions.map((at) => from.elements[at]!)
          const origin = from.from && {
            from: {
              name: from.from.name,
              positions: positions.map((at) => from.from!.positions[at]!),
            },
          }
          values.set(outputs[k]!, {
            _tag: "Known",
            dims,
            elements,
            isWhole: from.isWhole,
            ...origin,
          })
        }
        return
      }
      const numbers = computed(node, known)
      if (numbers === undefined)
        throw new UnknownOperator({ path, operator, place, known: operatorNames })
      return set({ _tag: "Known", ...numbers })
    }
    function shapeOf(dims: ReadonlyArray<number>): void {
      const [start, end] = [
        attributes.get("start")?.int ?? 0,
        attributes.get("end")?.int ?? dims.length,
      ]
      const part = dims.slice(start, end)
      set({ _tag: "Known", dims: [part.length], elements: Float64Array.from(part), isWhole: true })
    }
    const value = valueOf(
      operator === "Concat" ? inputs.find((name) => known(name) === undefined)! : first,
    )
    const other = second === "" ? undefined : (known(second) ?? values.get(second))
    if (operator === "Shape" && value._tag === "Signal") return shapeOf(value.dims)
    if (operator === "Gather" && value._tag === "Known" && other?._tag === "Signal") {
      const { tensor: table } = storedOf(value, "the table")
      const { base } = other
      if (
        base.name !== input ||
        sizes.length !== 1 ||
        !isSame(other.index, plain(batch * sizes[0]!))
      )
        refuse("it looks up values that are not the inputs")
      const to = { height: sizes[0]!, width: 1, channels: table.shape[1]! }
      const name = table.name.replace(/\.weight$/, "")
      return set(
        signalOf(
          append(base, { _tag: "Embedding", name, weights: table }, to),
          plain(batch * to.height),
          [batch, to.height],
        ),
      )
    }
    if (isView(operator) && value._tag === "Signal") {
      const views =
        viewsOf(node, value.dims, known) ??
        refuse(`${operator} by numbers that are computed from the samples`)
      for (const [k, { dims, positions }] of views.entries()) {
        values.set(outputs[k] ?? "", {
          ...value,
          dims,
          index: positions.map((at) => value.index[at]!),
        })
      }
      return
    }
    /** The signal and the known operand of a product or a sum, in any order. */
    const [left, right] =
      value._tag === "Known" && other !== undefined ? [other, value] : [value, other]
    const scalar =
      right?._tag === "Known" && right.elements.length === 1 ? right.elements[0]! : undefined
    switch (operator) {
      case "MatMul":
        if (value._tag === "Signal" && other?._tag === "Known")
          return dense(value, storedOf(other, "the matrix"))
        if (value._tag === "Signal" && other?._tag === "Signal")
          return set({ _tag: "Scores", queries: value, keys: other, factor: 1 })
        if (value._tag === "Shares" && other?._tag === "Signal") return attention(value, other)
        break
      case "Gemm": {
        const weights = storedOf(other, "the matrix")
        const isTurned = weights.isTurned !== (attributes.get("transB")?.int === 1)
        const isPlain =
          [1, undefined].includes(attributes.get("alpha")?.float) &&
          [1, undefined].includes(attributes.get("beta")?.float) &&
          (attributes.get("transA")?.int ?? 0) === 0
        if (!isPlain) refuse("its factors or its transposition are not supported")
        return dense(
          value,
          { ...weights, isTurned },
          inputs[2] ? storedOf(known(inputs[2]), "the bias").tensor : undefined,
        )
      }
      case "Softmax":
      case "LogSoftmax":
        if (
          value._tag === "Scores" &&
          [-1, value.queries.dims.length - 1].includes(attributes.get("axis")?.int ?? -1)
        )
          return set({ ...value, _tag: "Shares" })
        if (value._tag === "Signal") {
          const { base, lead, rows } = rowsOf(value)
          return set(
            signalOf(append(base, { _tag: "Softmax", name: operator }, base.shape), rows, lead),
          )
        }
        break
      case "LayerNormalization": {
        const { base, lead, rows } = rowsOf(value)
        const axis = attributes.get("axis")?.int ?? -1
        if (axis !== -1 && axis !== lead.length)
          refuse(`axis of LayerNormalization is ${axis}`, "only the last is supported")
        const [scales, shifts] = [1, 2].map((k) =>
          inputs[k] ? storedOf(known(inputs[k]), "its weight").tensor : undefined,
        )
        const step: Step = {
          _tag: "LayerNormalisation",
          name: scales?.name.replace(/\.weight$/, "") ?? place,
          epsilon: attributes.get("epsilon")?.float ?? 1e-5,
          ...(scales && { scales }),
          ...(shifts && { shifts }),
        }
        return set(signalOf(append(base, step, base.shape), rows, lead))
      }
      case "ReduceMean":
        if (value._tag === "Signal") return mean(value)
        if (value._tag === "Squares") return set({ ...value, _tag: "Variance" })
        break
      case "GlobalAveragePool":
        if (value._tag === "Signal") return layout(value, stepOf(node, place) as Step)
        break
      case "Sub":
        if (value._tag === "Signal" && other?._tag === "Mean" && other.of === value)
          return set({ ...other, _tag: "Centred" })
        break
      case "Pow":
        if (value._tag === "Centred" && scalar === 2) return set({ ...value, _tag: "Squares" })
        break
      case "Sqrt":
        if (value._tag === "Shifted") return set({ ...value, _tag: "Deviation" })
        break
      case "Reciprocal":
        if (value._tag === "Deviation") return set({ ...value, _tag: "Inverse" })
        break
      case "Div":
        if (value._tag === "Centred" && other?._tag === "Deviation" && other.of === value.of)
          return normalised(other)
        if (
          (value._tag === "Signal" || value._tag === "Scores") &&
          scalar !== undefined &&
          value === left
        )
          return set({ ...value, factor: value.factor / scalar })
        break
      case "Mul":
        if (left._tag === "Centred" && right === left) return set({ ...left, _tag: "Squares" })
        if (left._tag === "Centred" && right?._tag === "Inverse" && right.of === left.of)
          return normalised(right)
        if ((left._tag === "Signal" || left._tag === "Scores") && scalar !== undefined)
          return set({ ...left, factor: left.factor * scalar })
        if (left._tag === "Signal" && right?._tag === "Known") {
          const { tensor: scales } = storedOf(right, "the factor")
          const isAmended = amend(left === value ? first : second, left, (step) =>
            step._tag === "LayerNormalisation" &&
            step.scales === undefined &&
            step.shifts === undefined
              ? { ...step, name: scales.name.replace(/\.weight$/, ""), scales }
              : undefined,
          )
          if (isAmended) return
        }
        break
      case "Add": {
        if (left._tag === "Variance" && scalar !== undefined)
          return set({ ...left, _tag: "Shifted", epsilon: scalar })
        if (left._tag === "Scores" && right?._tag === "Known" && left.mask === undefined)
          return set({ ...left, mask: right })
        if (left._tag === "Signal" && right?._tag === "Signal") {
          const isAligned =
            left.dims.join() === right.dims.join() && isSame(left.index, right.index)
          if (!isAligned) refuse("it adds values in different orders")
          return set({
            ...unit(left),
            base: append(
              left.base,
              { _tag: "Flatten", name: place },
              left.base.shape,
              unit(right).base,
            ),
          })
        }
        if (left._tag !== "Signal" || right?._tag !== "Known") break
        const { tensor: of } = storedOf(right, "the term")
        const bias = { ...of, shape: [of.values.length] }
        const isBias = of.values.length === left.base.shape.channels
        const name = left === value ? first : second
        const isAmended =
          isBias &&
          amend(name, left, (step) =>
            step._tag === "Dense" && step.bias === undefined
              ? { ...step, bias }
              : step._tag === "LayerNormalisation" && step.shifts === undefined
                ? { ...step, shifts: bias }
                : undefined,
          )
        if (isAmended) return
        const size = countOf(left.dims) / batch
        if (
          of.values.length === size &&
          isSame(unit(left).index, plain(batch * size)) &&
          left.dims[0] === batch
        ) {
          return set({
            ...left,
            base: append(
              left.base,
              { _tag: "Shift", name: of.name, weights: bias },
              left.base.shape,
            ),
          })
        }
        return refuse(
          `it adds stored numbers of ${of.shape.join(" x ")} to ${left.dims.join(" x ")}`,
          "supported are biases and positions",
        )
      }
      case "Concat": {
        const [head, ...rest] = inputs.map((each) => known(each) ?? values.get(each))
        const [tail] = rest
        if (
          head?._tag !== "Known" ||
          tail?._tag !== "Signal" ||
          rest.length > 1 ||
          head.from === undefined
        )
          break
        const { base, dims, index } = unit(tail)
        const { channels } = base.shape
        const isFirst =
          attributes.get("axis")?.int === 1 &&
          dims.length === 3 &&
          isSame(index, plain(countOf(dims)))
        const isToken =
          head.dims.join() === [batch, 1, channels].join() &&
          head.from.positions.every((at, i) => at === i % channels)
        if (!isFirst || !isToken) break
        const of = tensor(head.from.name)
        const to = { height: positionsOf(base.shape) + 1, width: 1, channels }
        const made = append(
          base,
          { _tag: "Token", name: of.name, weights: { ...of, shape: [channels] } },
          to,
        )
        return set(signalOf(made, plain(batch * to.height), [batch, to.height]))
      }
    }
    if (value._tag === "Signal") {
      const step = stepOf(node, place)
      if (step === "nothing") return set(value)
      if (step._tag === "Activation") return activated(value, step)
      if (
        step._tag === "Convolution" ||
        step._tag === "Depthwise" ||
        step._tag === "MaxPool" ||
        step._tag === "AveragePool" ||
        step._tag === "Normalisation"
      )
        return layout(value, step)
    }
    refuse(`${operator} is not supported here`)
  }

  const gelus = [...erfGelus(model), ...tanhGelus(model)]
  const folded = new Map(gelus.flatMap((gelu) => gelu.nodes.map((node) => [node, gelu] as const)))
  for (const [k, node] of model.nodes.entries()) {
    const place = `node ${k}${node.name === "" ? "" : ` (${quote(node.name)})`}`
    if (
      node.operator === "Constant" ||
      (node.operator === "Identity" && rawOf(node.outputs[0] ?? "") !== undefined)
    )
      continue
    if (node.domain !== "" && node.domain !== "ai.onnx") {
      throw new UnknownOperator({
        path,
        operator: `${node.domain}.${node.operator}`,
        place,
        known: operatorNames,
      })
    }
    const gelu = folded.get(node)
    // the nodes before the last one of a folded activation compute nothing else
    if (gelu === undefined || gelu.nodes.at(-1) === node) read(node, place, gelu)
  }
  const end = values.get(model.outputs[0]!.name)
  if (end?._tag !== "Signal" || !isSame(end.index, plain(end.index.length))) {
    throw new BadModel({
      path,
      place: "output",
      reason: "it is no output of a layer",
      remedy: "use nonconvex certify --oracle",
    })
  }
  return {
    nodes,
    output: end.base.name,
    shape,
    layout: sizes.length === 3 ? ("channels first" as const) : ("channels last" as const),
  }
}
