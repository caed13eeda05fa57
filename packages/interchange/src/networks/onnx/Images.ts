/** Layers of images and means over positions, in a graph with sequences. */
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import type { Step } from "../Step.ts"
import { countOf, transposed } from "./Arrays.ts"
import { append, known, refuse, set, type Site, unit } from "./Site.ts"
import { imageOrder, isSame, positionsOf, rowsIn, type Signal } from "./Traced.ts"

/** A layer of images. */
export const layout = (site: Site, from: Signal, step: Step): void => {
  const { batch } = site
  const { base, index } = unit(site, from)
  if (!isSame(index, imageOrder(base.shape, batch)))
    refuse(site, "it reads an array that is no image of channels x height x width")
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
  const made = append(site, base, step, to)
  set(site, {
    _tag: "Signal",
    base: made,
    dims: [batch, to.channels, to.height, to.width],
    index: imageOrder(to, batch),
    factor: 1,
  })
}
/** A mean over all positions, or the first part of a layer normalisation. */
export const mean = (site: Site, from: Signal): void => {
  const {
    batch,
    node: {
      attributes,
      inputs: [, second = ""],
    },
    place,
  } = site
  const rank = from.dims.length
  const given = known(site, second)?.elements ?? attributes.get("axes")?.ints ?? []
  const axes = [...given].map((axis) => (axis < 0 ? axis + rank : axis))
  const keeps = (attributes.get("keepdims")?.int ?? 1) === 1
  if (axes.length === 1 && axes[0] === rank - 1 && rowsIn(from) !== undefined)
    return set(site, { _tag: "Mean", of: from, epsilon: 0 })
  const { base, dims, index } = unit(site, from)
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
      site,
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
  const made = append(site, base, step, { height: 1, width: 1, channels })
  return set(site, {
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
