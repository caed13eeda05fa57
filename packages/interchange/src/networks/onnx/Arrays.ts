/** Arrays of a graph that are known before any sample: shapes, indices and masks, and the views of ONNX on any array. */
import { int64sOf } from "./OnnxWeights.ts"
import type { OnnxNode } from "./Wire.ts"

/** An array, row-major. */
export interface Numbers {
  readonly dims: ReadonlyArray<number>
  readonly elements: Float64Array
  /** True for arrays of integers, whose quotients are rounded to integers. */
  readonly isWhole: boolean
}

/** An array as elements of another, by their positions there. */
export interface View {
  readonly dims: ReadonlyArray<number>
  readonly positions: Float64Array
}

/** Most elements of a known array: a mask of 4096 positions. */
const most = 2 ** 24

export const countOf = (dims: ReadonlyArray<number>): number =>
  dims.reduce((product, size) => product * size, 1)

const stridesOf = (dims: ReadonlyArray<number>): ReadonlyArray<number> =>
  dims.map((_, axis) => countOf(dims.slice(axis + 1)))

const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)

/** An array of these sizes whose element at some indices is that of `positionOf`. */
const gathered = (
  dims: ReadonlyArray<number>,
  positionOf: (at: ReadonlyArray<number>) => number,
): View | undefined => {
  const count = countOf(dims)
  if (!(count <= most) || dims.some((size) => !Number.isSafeInteger(size) || size < 0))
    return undefined
  const positions = new Float64Array(count)
  const at = dims.map(() => 0)
  for (let i = 0; i < count; i++) {
    positions[i] = positionOf(at)
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      if (++at[axis]! < dims[axis]!) break
      at[axis] = 0
    }
  }
  return { dims, positions }
}

const reshaped = (
  dims: ReadonlyArray<number>,
  wanted: ReadonlyArray<number>,
  keepsZero: boolean,
) => {
  const sizes = wanted.map((size, axis) => (size === 0 && !keepsZero ? (dims[axis] ?? 0) : size))
  const known = countOf(sizes.filter((size) => size !== -1))
  const full = sizes.map((size) => (size === -1 ? countOf(dims) / known : size))
  return countOf(full) === countOf(dims) ? gathered(full, indexIn(full)) : undefined
}

const indexIn = (dims: ReadonlyArray<number>) => {
  const strides = stridesOf(dims)
  return (at: ReadonlyArray<number>): number =>
    at.reduce((sum, index, axis) => sum + index * strides[axis]!, 0)
}

/** Tests whether an operator only moves the elements of its first input. */
export const isView = (operator: string): boolean =>
  [
    "Reshape",
    "Transpose",
    "Squeeze",
    "Unsqueeze",
    "Slice",
    "Split",
    "Gather",
    "Flatten",
    "Expand",
    "Identity",
    "Dropout",
    "Cast",
  ].includes(operator)

/** An array with its axes in another order; undefined if that is not a permutation of the axes. */
export const transposed = (
  dims: ReadonlyArray<number>,
  order: ReadonlyArray<number>,
): View | undefined => {
  const strides = stridesOf(dims)
  if (order.length !== dims.length) return undefined
  return gathered(
    order.map((axis) => dims[axis]!),
    (at) => at.reduce((sum, index, k) => sum + index * strides[order[k]!]!, 0),
  )
}

/** The outputs of a view on an array of sizes `dims`; undefined if it needs unknown numbers. */
export const viewsOf = (
  { attributes, inputs, operator, outputs }: OnnxNode,
  dims: ReadonlyArray<number>,
  known: (input: string) => Numbers | undefined,
): ReadonlyArray<View> | undefined => {
  const rank = dims.length
  const strides = stridesOf(dims)
  const numbers = (k: number, name: string): ReadonlyArray<number> | undefined => {
    const input = inputs[k] ?? ""
    const found = input === "" ? undefined : known(input)
    return found === undefined ? attributes.get(name)?.ints : [...found.elements]
  }
  const one = (view: View | undefined) => (view === undefined ? undefined : [view])
  /** Moves along one axis: element `i` of the new axis is `from(i)` of the old. */
  const along = (axis: number, size: number, from: (i: number) => number) =>
    gathered(dims.with(axis, size), (at) => indexIn(dims)(at.with(axis, from(at[axis]!))))
  switch (operator) {
    case "Identity":
    case "Dropout":
    case "Cast":
      return one(gathered(dims, indexIn(dims)))
    case "Reshape": {
      const shape = numbers(1, "shape")
      return shape && one(reshaped(dims, shape, attributes.get("allowzero")?.int === 1))
    }
    case "Flatten": {
      const axis = axisOf(attributes.get("axis")?.int ?? 1, rank)
      return one(reshaped(dims, [countOf(dims.slice(0, axis)), countOf(dims.slice(axis))], true))
    }
    case "Transpose": {
      const order = attributes.get("perm")?.ints ?? dims.map((_, axis) => rank - 1 - axis)
      return one(transposed(dims, order))
    }
    case "Squeeze": {
      const axes = numbers(1, "axes")?.map((axis) => axisOf(axis, rank))
      const kept = dims.filter((size, axis) => !(axes?.includes(axis) ?? size === 1))
      return one(reshaped(dims, kept, true))
    }
    case "Unsqueeze": {
      const axes = numbers(1, "axes")
      if (axes === undefined) return undefined
      const all = axes.map((axis) => axisOf(axis, rank + axes.length)).toSorted((a, b) => a - b)
      return one(
        reshaped(
          dims,
          all.reduce((sizes, axis) => sizes.toSpliced(axis, 0, 1), [...dims]),
          true,
        ),
      )
    }
    case "Slice": {
      const [starts, ends] = [numbers(1, "starts"), numbers(2, "ends")]
      const axes = numbers(3, "axes") ?? starts?.map((_, axis) => axis)
      const steps = numbers(4, "steps") ?? starts?.map(() => 1)
      if (starts === undefined || ends === undefined || steps!.some((step) => step !== 1))
        return undefined
      const ranges = dims.map((size, axis) => {
        const k = axes!.findIndex((each) => axisOf(each, rank) === axis)
        if (k < 0) return [0, size] as const
        const [begin, end] = [starts[k]!, ends[k]!].map((at) =>
          Math.min(size, Math.max(0, at < 0 ? at + size : at)),
        )
        return [begin!, Math.max(begin!, end!)] as const
      })
      return one(
        gathered(
          ranges.map(([begin, end]) => end - begin),
          (at) =>
            at.reduce((sum, index, axis) => sum + (index + ranges[axis]![0]) * strides[axis]!, 0),
        ),
      )
    }
    case "Split": {
      const axis = axisOf(attributes.get("axis")?.int ?? 0, rank)
      const equal = Math.ceil(dims[axis]! / outputs.length)
      const sizes =
        numbers(1, "split") ?? outputs.map((_, k) => Math.min(equal, dims[axis]! - k * equal))
      let begin = 0
      const parts = sizes.map((size) => {
        const from = begin
        begin += size
        return along(axis, size, (i) => from + i)
      })
      return begin === dims[axis] && parts.every((part) => part !== undefined) ? parts : undefined
    }
    case "Gather": {
      const indices = known(inputs[1] ?? "")
      const axis = axisOf(attributes.get("axis")?.int ?? 0, rank)
      if (indices === undefined) return undefined
      const places = [...indices.elements].map((index) => axisOf(index, dims[axis]!))
      if (places.some((place) => !(place >= 0 && place < dims[axis]!))) return undefined
      const flat = along(axis, places.length, (i) => places[i]!)
      return flat && one({ ...flat, dims: dims.toSpliced(axis, 1, ...indices.dims) })
    }
    case "Expand": {
      const shape = known(inputs[1] ?? "")
      return shape && one(broadcast(dims, [...shape.elements]))
    }
    default:
      return undefined
  }
}

/** An array repeated to the sizes of both. */
const broadcast = (dims: ReadonlyArray<number>, other: ReadonlyArray<number>): View | undefined => {
  const rank = Math.max(dims.length, other.length)
  const [own, wanted] = [dims, other].map((sizes) => [
    ...Array.from({ length: rank - sizes.length }, () => 1),
    ...sizes,
  ])
  if (own!.some((size, axis) => size !== 1 && wanted![axis] !== 1 && size !== wanted![axis]))
    return undefined
  const strides = stridesOf(own!)
  return gathered(
    own!.map((size, axis) => (size === 1 ? wanted![axis]! : size)),
    (at) =>
      at.reduce((sum, index, axis) => sum + (own![axis] === 1 ? 0 : index * strides[axis]!), 0),
  )
}

/** The array broadcast to these sizes. */
export const spread = (array: Numbers, dims: ReadonlyArray<number>): Numbers | undefined => {
  const view = broadcast(array.dims, dims)
  return (
    view && { ...array, dims: view.dims, elements: view.positions.map((at) => array.elements[at]!) }
  )
}

const binary: Readonly<Record<string, (a: number, b: number, isWhole: boolean) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b, isWhole) => (isWhole ? Math.trunc(a / b) : a / b),
  Mod: (a, b) => a - b * Math.floor(a / b),
  Equal: (a, b) => Number(a === b),
  Less: (a, b) => Number(a < b),
  LessOrEqual: (a, b) => Number(a <= b),
  Greater: (a, b) => Number(a > b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
}

const unary: Readonly<Record<string, (a: number) => number>> = {
  Sqrt: Math.sqrt,
  Neg: (a) => -a,
  Reciprocal: (a) => 1 / a,
  Not: (a) => Number(a === 0),
}

/** The output of a node whose inputs are all known; undefined for other operators. */
export const computed = (
  { attributes, inputs, operator }: OnnxNode,
  known: (input: string) => Numbers | undefined,
): Numbers | undefined => {
  const [a, b, c] = inputs.map((name) => (name === "" ? undefined : known(name)))
  if (a === undefined) return undefined
  const together = Object.hasOwn(binary, operator) ? binary[operator] : undefined
  if (together !== undefined && b !== undefined) {
    const [left, right] = [spread(a, b.dims), spread(b, a.dims)]
    if (left === undefined || right === undefined) return undefined
    const isWhole = a.isWhole && b.isWhole
    return {
      dims: left.dims,
      isWhole,
      elements: left.elements.map((value, i) => together(value, right.elements[i]!, isWhole)),
    }
  }
  const alone = Object.hasOwn(unary, operator) ? unary[operator] : undefined
  if (alone !== undefined) return { ...a, elements: a.elements.map((value) => alone(value)) }
  switch (operator) {
    case "Cast": {
      const to = attributes.get("to")?.int
      const isWhole = to === 6 || to === 7 || to === 9
      return { ...a, isWhole, elements: isWhole ? a.elements.map(Math.trunc) : a.elements }
    }
    case "Where": {
      if (b === undefined || c === undefined) return undefined
      const dims = spread(spread(a, b.dims) ?? a, c.dims)?.dims ?? []
      const [test, yes, no] = [a, b, c].map((each) => spread(each, dims))
      if (test === undefined || yes === undefined || no === undefined) return undefined
      return {
        dims,
        isWhole: b.isWhole,
        elements: test.elements.map((value, i) => (value === 0 ? no : yes).elements[i]!),
      }
    }
    case "Concat": {
      const all = inputs.map(known)
      if (all.some((each) => each?.dims.length !== 1)) return undefined
      const elements = Float64Array.from(all.flatMap((each) => [...each!.elements]))
      return { dims: [elements.length], elements, isWhole: a.isWhole }
    }
    case "ConstantOfShape": {
      const dims = [...a.elements]
      if (!(countOf(dims) <= most)) return undefined
      const value = attributes.get("value")?.tensor
      const word = value?.bytes
      const isWhole = value?.type === 7
      const number =
        word === undefined ? (value?.floats[0] ?? value?.ints[0] ?? 0) : scalarOf(word, isWhole)
      return { dims, isWhole, elements: new Float64Array(countOf(dims)).fill(number) }
    }
    case "Trilu": {
      const [rows, columns] = a.dims.slice(-2)
      const by = b?.elements[0] ?? 0
      const isUpper = (attributes.get("upper")?.int ?? 1) === 1
      return {
        ...a,
        elements: a.elements.map((value, i) => {
          const [row, column] = [Math.floor(i / columns!) % rows!, i % columns!]
          return (isUpper ? column - row >= by : column - row <= by) ? value : 0
        }),
      }
    }
    case "Range": {
      const [from, to, step] = [a, b, c].map((each) => each?.elements[0])
      if (to === undefined || step === undefined || step === 0) return undefined
      const count = Math.max(0, Math.ceil((to - from!) / step))
      if (count > most) return undefined
      return {
        dims: [count],
        isWhole: a.isWhole,
        elements: Float64Array.from({ length: count }, (_, i) => from! + i * step),
      }
    }
    default:
      return undefined
  }
}

/** One number: an integer of 64 bits, or in single precision. */
const scalarOf = (bytes: Uint8Array, isWhole: boolean): number => {
  if (isWhole) return int64sOf(bytes)[0] ?? 0
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return bytes.length >= 4 ? view.getFloat32(0, true) : 0
}
