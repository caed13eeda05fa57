/** A node of a graph with sequences: its inputs, the layers that it writes, and its refusal. */
import { quote } from "@nonconvex/datasets/Quote"
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import type { GraphNode } from "../Graph.ts"
import { BadModel } from "../ModelError.ts"
import type { Step } from "../Step.ts"
import type { Tensor } from "../Tensor.ts"
import type { operators } from "./Operators.ts"
import {
  type Base,
  imageOrder,
  isSame,
  type Known,
  type Moment,
  numbersIn,
  plain,
  positionsOf,
  rowsIn,
  type Signal,
  signalOf,
  type Value,
} from "./Traced.ts"
import type { OnnxNode } from "./Wire.ts"

/** A graph as far as it has been read. */
export interface Reading extends Pick<ReturnType<typeof operators>, "rawOf" | "stepOf" | "tensor"> {
  readonly path: string
  /** Number of samples that are followed. */
  readonly batch: number
  readonly input: string
  /** Axes of a sample. */
  readonly sizes: ReadonlyArray<number>
  readonly nodes: Array<GraphNode>
  readonly values: Map<string, Value>
  /** Number of readers of each value. */
  readonly readers: ReadonlyMap<string, number>
}

/** A node that is being read. */
export interface Site extends Reading {
  readonly node: OnnxNode
  readonly place: string
}

export const refuse = (
  { path, place }: Site,
  reason: string,
  remedy = "use nonconvex certify --oracle with your own program",
): never => {
  throw new BadModel({ path, place, reason, remedy })
}

/** Sets the first output of a node. */
export const set = (
  {
    node: {
      outputs: [output = ""],
    },
    values,
  }: Site,
  value: Value,
): void => void values.set(output, value)

/** The numbers of a value that no sample changes; undefined for another one. */
export const known = ({ rawOf, tensor, values }: Reading, name: string): Known | undefined => {
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

export const valueOf = (site: Site, name: string): Value =>
  known(site, name) ??
  site.values.get(name) ??
  refuse(
    site,
    `it reads ${quote(name)}, which no earlier layer writes`,
    "the graph is incomplete, out of order or cyclic: export it again",
  )

/** Requires a signal without a factor. */
export const unit = (site: Site, signal: Signal): Signal =>
  signal.factor === 1 ? signal : refuse(site, `it reads a value times ${signal.factor}`)

/** Writes a layer, or the sum of the outputs of two. */
export const append = (
  {
    node: {
      outputs: [output = ""],
    },
    nodes,
    place,
  }: Site,
  from: Base,
  does: Step,
  to: Architecture.Shape,
  adds?: Base,
): Base => {
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

/** A signal whose rows are all positions of the output of a layer, perhaps after a flattening or the choice of one. */
export const rowsOf = (
  site: Site,
  value: Value,
): {
  readonly base: Base
  readonly rows: Float64Array
  readonly lead: ReadonlyArray<number>
} => {
  const { batch, place } = site
  if (value._tag !== "Signal") return refuse(site, "it reads a value that no layer computes")
  const { base, dims, index } = unit(site, value)
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
        base: append(site, base, step, { height: 1, width: 1, channels: base.shape.channels }),
        rows: plain(batch),
        lead,
      }
    }
  }
  const size = count * base.shape.channels
  const isSequence = isSame(index, plain(batch * size))
  if (dims.at(-1) === size && (isSequence || isSame(index, imageOrder(base.shape, batch)))) {
    const step: Step = { _tag: "Flatten", name: place, ...(isSequence && { isSequence }) }
    return {
      base: append(site, base, step, { height: 1, width: 1, channels: size }),
      rows: plain(batch),
      lead,
    }
  }
  return refuse(
    site,
    `it reads an array of ${dims.join(" x ")} whose last axis are not the features of one position`,
  )
}
/** The stored tensor of a value; its rows are the outputs if it is transposed. */
export const storedOf = (
  site: Site,
  value: Value | undefined,
  what: string,
): { readonly tensor: Tensor; readonly isTurned: boolean } => {
  if (value?._tag !== "Known" || value.from === undefined)
    return refuse(site, `${what} is computed by the graph`, "only stored weights are supported")
  const whole = site.tensor(value.from.name)
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
/** A dense layer over the features of each position. */
export const dense = (
  site: Site,
  value: Value,
  weights: { readonly tensor: Tensor; readonly isTurned: boolean },
  bias?: Tensor,
): void => {
  const { base, lead, rows } = rowsOf(site, value)
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
  set(site, signalOf(append(site, base, step, { ...base.shape, channels }), rows, lead))
}
/** Changes the step that wrote a signal, if this node alone reads it. */
export const amend = (
  site: Site,
  name: string,
  signal: Signal,
  change: (step: Step) => Step | undefined,
): boolean => {
  const { nodes, readers } = site
  const at = nodes.findLastIndex(({ writes }) => writes === signal.base.name)
  const before = nodes[at]
  if (before === undefined || typeof before.does === "string" || readers.get(name) !== 1)
    return false
  const step = change(before.does)
  if (step === undefined) return false
  nodes[at] = { ...before, does: step }
  set(site, signal)
  return true
}
/** The layer normalisation that ends with a moment. */
export const normalised = (site: Site, { epsilon, of }: Moment): void => {
  const { base, lead, rows } = rowsOf(site, of)
  set(
    site,
    signalOf(
      append(site, base, { _tag: "LayerNormalisation", name: site.place, epsilon }, base.shape),
      rows,
      lead,
    ),
  )
}

/** An elementwise layer. */
export const activated = (site: Site, from: Signal, step: Step): void =>
  set(site, { ...unit(site, from), base: append(site, from.base, step, from.base.shape) })
