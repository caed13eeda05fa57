/** Self-attention, written out as products of queries, keys and values of dense layers. */
import type { Projection, Step } from "../Step.ts"
import { countOf, type Numbers, spread } from "./Arrays.ts"
import { append, refuse, set, type Site, unit } from "./Site.ts"
import type { Scores, Signal } from "./Traced.ts"

/** Values of a score that a softmax makes 0. */
const forbidden = -1e4

/** Tests whether a mask hides the later positions; a mask that hides nothing counts as no mask. */
const isCausal = (site: Site, mask: Numbers | undefined, size: number): boolean => {
  if (mask === undefined || mask.elements.every((value) => value === 0)) return false
  const full = spread(mask, [size, size])
  const isLower = full?.elements.every((value, i) => {
    const [row, column] = [Math.floor(i / size) % size, i % size]
    return column <= row ? value === 0 : value <= forbidden
  })
  return isLower === true ? true : refuse(site, "its mask is neither none nor causal")
}
/** The attention of `of` with the given weights after a softmax. */
export const attention = (
  site: Site,
  { factor, keys, mask, queries }: Scores,
  of: Signal,
): void => {
  const { batch, nodes } = site
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
      site,
      "queries, keys and values are not of the same positions",
      "only self-attention is supported: use nonconvex certify --oracle",
    )
  }
  unit(site, of)
  const bases = [...new Set([queries, keys, of].map(({ base }) => base.name))]
  const written = bases.map((name) => nodes.find(({ writes }) => writes === name))
  const steps = written.flatMap((each): ReadonlyArray<Projection> =>
    typeof each?.does === "object" && each.does._tag === "Dense" ? [each.does] : [],
  )
  const reads = new Set(written.flatMap((each) => each?.reads ?? []))
  const isBiased = new Set(steps.map(({ bias }) => bias !== undefined))
  if (steps.length !== bases.length || reads.size !== 1 || isBiased.size !== 1) {
    refuse(
      site,
      "its queries, keys and values are not dense layers of one value, all with or all without biases",
      "only self-attention is supported: use nonconvex certify --oracle",
    )
  }
  const widths = [
    ...new Map([queries, keys, of].map(({ base }) => [base.name, base.shape.channels])).values(),
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
            refuse(site, "its heads are not the same features of every position")
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
      site,
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
    causal: isCausal(site, mask, size),
  }
  const base = append(site, from, step, { ...queries.base.shape, channels: count * depth })
  set(site, { _tag: "Signal", base, dims: of.dims, index, factor: 1 })
}
