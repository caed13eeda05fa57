/** Nodes of a graph with sequences, operator by operator. */
import type { Step } from "../Step.ts"
import { UnknownOperator } from "../ModelError.ts"
import { computed, countOf, isView, viewsOf } from "./Arrays.ts"
import { attention } from "./Attention.ts"
import type { FoldedGelu } from "./Gelu.ts"
import { layout, mean } from "./Images.ts"
import { known as operatorNames } from "./Operators.ts"
import {
  activated,
  amend,
  append,
  dense,
  known,
  normalised,
  refuse,
  rowsOf,
  set,
  type Site,
  storedOf,
  unit,
  valueOf,
} from "./Site.ts"
import {
  isSame,
  type Known,
  plain,
  positionsOf,
  type Signal,
  signalOf,
  type Value,
} from "./Traced.ts"

/** Operator `Shape`. */
const shapeOf = (site: Site, dims: ReadonlyArray<number>): void => {
  const { attributes } = site.node
  const [start, end] = [
    attributes.get("start")?.int ?? 0,
    attributes.get("end")?.int ?? dims.length,
  ]
  const part = dims.slice(start, end)
  set(site, {
    _tag: "Known",
    dims: [part.length],
    elements: Float64Array.from(part),
    isWhole: true,
  })
}

/** A node whose value does not depend on the sample. */
const compute = (site: Site): void => {
  const { node, path, place, values } = site
  const {
    inputs: [first = ""],
    operator,
    outputs,
  } = node
  if (operator === "Shape") return shapeOf(site, known(site, first)!.dims)
  const from = known(site, first)!
  if (isView(operator) && operator !== "Cast") {
    const views =
      viewsOf(node, from.dims, (name) => known(site, name)) ??
      refuse(site, `${operator} of stored numbers is not supported`)
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
  const numbers = computed(node, (name) => known(site, name))
  if (numbers === undefined)
    throw new UnknownOperator({ path, operator, place, known: operatorNames })
  return set(site, { _tag: "Known", ...numbers })
}

/** Operator `Gather`: rows of a table, by the integers of the inputs. */
const embedded = (site: Site, value: Known, other: Signal): void => {
  const { batch, input, sizes } = site
  const { tensor: table } = storedOf(site, value, "the table")
  const { base } = other
  if (base.name !== input || sizes.length !== 1 || !isSame(other.index, plain(batch * sizes[0]!)))
    refuse(site, "it looks up values that are not the inputs")
  const to = { height: sizes[0]!, width: 1, channels: table.shape[1]! }
  const name = table.name.replace(/\.weight$/, "")
  set(
    site,
    signalOf(
      append(site, base, { _tag: "Embedding", name, weights: table }, to),
      plain(batch * to.height),
      [batch, to.height],
    ),
  )
}

/** A node that moves the elements of a signal. */
const view = (site: Site, value: Signal): void => {
  const { node, values } = site
  const { operator, outputs } = node
  const views =
    viewsOf(node, value.dims, (name) => known(site, name)) ??
    refuse(site, `${operator} by numbers that are computed from the samples`)
  for (const [k, { dims, positions }] of views.entries()) {
    values.set(outputs[k] ?? "", {
      ...value,
      dims,
      index: positions.map((at) => value.index[at]!),
    })
  }
}

/** Operator `Gemm`. */
const gemm = (site: Site, value: Value, other: Value | undefined): void => {
  const { attributes, inputs } = site.node
  const weights = storedOf(site, other, "the matrix")
  const isTurned = weights.isTurned !== (attributes.get("transB")?.int === 1)
  const isPlain =
    [1, undefined].includes(attributes.get("alpha")?.float) &&
    [1, undefined].includes(attributes.get("beta")?.float) &&
    (attributes.get("transA")?.int ?? 0) === 0
  if (!isPlain) refuse(site, "its factors or its transposition are not supported")
  dense(
    site,
    value,
    { ...weights, isTurned },
    inputs[2] ? storedOf(site, known(site, inputs[2]), "the bias").tensor : undefined,
  )
}

/** Operator `LayerNormalization`. */
const layerNormalised = (site: Site, value: Value): void => {
  const { attributes, inputs } = site.node
  const { place } = site
  const { base, lead, rows } = rowsOf(site, value)
  const axis = attributes.get("axis")?.int ?? -1
  if (axis !== -1 && axis !== lead.length)
    refuse(site, `axis of LayerNormalization is ${axis}`, "only the last is supported")
  const [scales, shifts] = [1, 2].map((k) =>
    inputs[k] ? storedOf(site, known(site, inputs[k]), "its weight").tensor : undefined,
  )
  const step: Step = {
    _tag: "LayerNormalisation",
    name: scales?.name.replace(/\.weight$/, "") ?? place,
    epsilon: attributes.get("epsilon")?.float ?? 1e-5,
    ...(scales && { scales }),
    ...(shifts && { shifts }),
  }
  set(site, signalOf(append(site, base, step, base.shape), rows, lead))
}

/** Sum of two signals. */
const sumOf = (site: Site, left: Signal, right: Signal): void => {
  const isAligned = left.dims.join() === right.dims.join() && isSame(left.index, right.index)
  if (!isAligned) refuse(site, "it adds values in different orders")
  const step: Step = { _tag: "Flatten", name: site.place }
  set(site, {
    ...unit(site, left),
    base: append(site, left.base, step, left.base.shape, unit(site, right).base),
  })
}

/** Sum of a signal, which the node reads by `name`, and stored numbers: a bias, a shift, or positions. */
const shifted = (site: Site, name: string, left: Signal, right: Known): void => {
  const { batch } = site
  const { tensor: of } = storedOf(site, right, "the term")
  const bias = { ...of, shape: [of.values.length] }
  const isBias = of.values.length === left.base.shape.channels
  const isAmended =
    isBias &&
    amend(site, name, left, (step) =>
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
    isSame(unit(site, left).index, plain(batch * size)) &&
    left.dims[0] === batch
  ) {
    return set(site, {
      ...left,
      base: append(
        site,
        left.base,
        { _tag: "Shift", name: of.name, weights: bias },
        left.base.shape,
      ),
    })
  }
  refuse(
    site,
    `it adds stored numbers of ${of.shape.join(" x ")} to ${left.dims.join(" x ")}`,
    "supported are biases and positions",
  )
}

/** Operator `Concat`: a learned token before a sequence. */
const withToken = (site: Site): boolean => {
  const {
    batch,
    node: { attributes, inputs },
    tensor,
    values,
  } = site
  const [head, ...rest] = inputs.map((each) => known(site, each) ?? values.get(each))
  const [tail] = rest
  if (
    head?._tag !== "Known" ||
    tail?._tag !== "Signal" ||
    rest.length > 1 ||
    head.from === undefined
  )
    return false
  const { base, dims, index } = unit(site, tail)
  const { channels } = base.shape
  const isFirst =
    attributes.get("axis")?.int === 1 && dims.length === 3 && isSame(index, plain(countOf(dims)))
  const isToken =
    head.dims.join() === [batch, 1, channels].join() &&
    head.from.positions.every((at, i) => at === i % channels)
  if (!isFirst || !isToken) return false
  const of = tensor(head.from.name)
  const to = { height: positionsOf(base.shape) + 1, width: 1, channels }
  const made = append(
    site,
    base,
    { _tag: "Token", name: of.name, weights: { ...of, shape: [channels] } },
    to,
  )
  set(site, signalOf(made, plain(batch * to.height), [batch, to.height]))
  return true
}

/** Reads a node, or the activation that it ends. */
export const read = (site: Site, gelu?: FoldedGelu): void => {
  const { node, place, values } = site
  const { attributes, inputs, operator } = node
  const [first = "", second = ""] = inputs
  if (gelu !== undefined) {
    const from = valueOf(site, gelu.input)
    if (from._tag !== "Signal") return refuse(site, "Gelu is not supported here")
    return activated(site, from, { _tag: "Activation", name: place, activation: gelu.activation })
  }
  const isKnown = (name: string): boolean => name === "" || known(site, name) !== undefined
  if (inputs.length > 0 && inputs.every(isKnown)) return compute(site)
  const value = valueOf(
    site,
    operator === "Concat" ? inputs.find((name) => known(site, name) === undefined)! : first,
  )
  const other = second === "" ? undefined : (known(site, second) ?? values.get(second))
  if (operator === "Shape" && value._tag === "Signal") return shapeOf(site, value.dims)
  if (operator === "Gather" && value._tag === "Known" && other?._tag === "Signal")
    return embedded(site, value, other)
  if (isView(operator) && value._tag === "Signal") return view(site, value)
  /** The signal and the known operand of a product or a sum, in any order. */
  const [left, right] =
    value._tag === "Known" && other !== undefined ? [other, value] : [value, other]
  const scalar =
    right?._tag === "Known" && right.elements.length === 1 ? right.elements[0]! : undefined
  switch (operator) {
    case "MatMul":
      if (value._tag === "Signal" && other?._tag === "Known")
        return dense(site, value, storedOf(site, other, "the matrix"))
      if (value._tag === "Signal" && other?._tag === "Signal")
        return set(site, { _tag: "Scores", queries: value, keys: other, factor: 1 })
      if (value._tag === "Shares" && other?._tag === "Signal") return attention(site, value, other)
      break
    case "Gemm":
      return gemm(site, value, other)
    case "Softmax":
    case "LogSoftmax":
      if (
        value._tag === "Scores" &&
        [-1, value.queries.dims.length - 1].includes(attributes.get("axis")?.int ?? -1)
      )
        return set(site, { ...value, _tag: "Shares" })
      if (value._tag === "Signal") {
        const { base, lead, rows } = rowsOf(site, value)
        return set(
          site,
          signalOf(append(site, base, { _tag: "Softmax", name: operator }, base.shape), rows, lead),
        )
      }
      break
    case "LayerNormalization":
      return layerNormalised(site, value)
    case "ReduceMean":
      if (value._tag === "Signal") return mean(site, value)
      if (value._tag === "Squares") return set(site, { ...value, _tag: "Variance" })
      break
    case "GlobalAveragePool":
      if (value._tag === "Signal") return layout(site, value, site.stepOf(node, place) as Step)
      break
    case "Sub":
      if (value._tag === "Signal" && other?._tag === "Mean" && other.of === value)
        return set(site, { ...other, _tag: "Centred" })
      break
    case "Pow":
      if (value._tag === "Centred" && scalar === 2) return set(site, { ...value, _tag: "Squares" })
      break
    case "Sqrt":
      if (value._tag === "Shifted") return set(site, { ...value, _tag: "Deviation" })
      break
    case "Reciprocal":
      if (value._tag === "Deviation") return set(site, { ...value, _tag: "Inverse" })
      break
    case "Div":
      if (value._tag === "Centred" && other?._tag === "Deviation" && other.of === value.of)
        return normalised(site, other)
      if (
        (value._tag === "Signal" || value._tag === "Scores") &&
        scalar !== undefined &&
        value === left
      )
        return set(site, { ...value, factor: value.factor / scalar })
      break
    case "Mul":
      if (left._tag === "Centred" && right === left) return set(site, { ...left, _tag: "Squares" })
      if (left._tag === "Centred" && right?._tag === "Inverse" && right.of === left.of)
        return normalised(site, right)
      if ((left._tag === "Signal" || left._tag === "Scores") && scalar !== undefined)
        return set(site, { ...left, factor: left.factor * scalar })
      if (left._tag === "Signal" && right?._tag === "Known") {
        const { tensor: scales } = storedOf(site, right, "the factor")
        const isAmended = amend(site, left === value ? first : second, left, (step) =>
          step._tag === "LayerNormalisation" &&
          step.scales === undefined &&
          step.shifts === undefined
            ? { ...step, name: scales.name.replace(/\.weight$/, ""), scales }
            : undefined,
        )
        if (isAmended) return
      }
      break
    case "Add":
      if (left._tag === "Variance" && scalar !== undefined)
        return set(site, { ...left, _tag: "Shifted", epsilon: scalar })
      if (left._tag === "Scores" && right?._tag === "Known" && left.mask === undefined)
        return set(site, { ...left, mask: right })
      if (left._tag === "Signal" && right?._tag === "Signal") return sumOf(site, left, right)
      if (left._tag === "Signal" && right?._tag === "Known")
        return shifted(site, left === value ? first : second, left, right)
      break
    case "Concat":
      if (withToken(site)) return
      break
  }
  if (value._tag === "Signal") {
    const step = site.stepOf(node, place)
    if (step === "nothing") return set(site, value)
    if (step._tag === "Activation") return activated(site, value, step)
    if (
      step._tag === "Convolution" ||
      step._tag === "Depthwise" ||
      step._tag === "MaxPool" ||
      step._tag === "AveragePool" ||
      step._tag === "Normalisation"
    )
      return layout(site, value, step)
  }
  refuse(site, `${operator} is not supported here`)
}
