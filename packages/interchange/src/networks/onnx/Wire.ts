/**
 * Parts of an ONNX model, decoded from its protocol buffer: nodes, attributes, weights, inputs and outputs.
 *
 * Source: onnx/onnx, onnx/onnx.proto (IR version 10), by its field numbers.
 */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire"
import { messageOf } from "@nonconvex/datasets/LibraryMessage"
import { BadModel } from "../ModelError.ts"

/** An attribute of a node; absent fields are undefined. */
export interface Attribute {
  readonly float: number | undefined
  readonly int: number | undefined
  readonly text: string | undefined
  readonly ints: ReadonlyArray<number>
  readonly tensor: RawTensor | undefined
}

export interface OnnxNode {
  readonly name: string
  readonly operator: string
  readonly domain: string
  readonly inputs: ReadonlyArray<string>
  readonly outputs: ReadonlyArray<string>
  readonly attributes: ReadonlyMap<string, Attribute>
}

/** Weights as stored: as bytes, as numbers, or in another file. */
export interface RawTensor {
  readonly name: string
  readonly shape: ReadonlyArray<number>
  /** Number of the type. */
  readonly type: number
  readonly bytes: Uint8Array | undefined
  /** Values of float32 and float64. */
  readonly floats: ReadonlyArray<number>
  /** Integers, and the bits of the 16-bit types. */
  readonly ints: ReadonlyArray<number>
  /** Keys and values that locate external data; empty for inline data. */
  readonly external: ReadonlyMap<string, string>
}

/** An input or output with its sizes; a size that the file leaves open is undefined. */
export interface OnnxValue {
  readonly name: string
  readonly shape: ReadonlyArray<number | undefined> | undefined
}

export interface OnnxModel {
  readonly producer: string
  readonly nodes: ReadonlyArray<OnnxNode>
  readonly initializers: ReadonlyArray<RawTensor>
  readonly inputs: ReadonlyArray<OnnxValue>
  readonly outputs: ReadonlyArray<OnnxValue>
}

/** Limits of a message for each kind. */
const most = { repeated: 2 ** 14, text: 2 ** 16 }

/** A field of a message: its number, its wire type, and the start of its value. */
type Visit = (field: number, wire: WireType, reader: BinaryReader) => boolean

/** Calls `visit` on each field of a message; it returns whether it has read the value. */
const eachField = (bytes: Uint8Array, visit: Visit): void => {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag()
    if (!visit(field, wire, reader)) reader.skip(wire, field)
  }
}

const text = (reader: BinaryReader): string => {
  const bytes = reader.bytes()
  if (bytes.length > most.text) throw new RangeError(`a name has ${bytes.length} bytes`)
  return new TextDecoder().decode(bytes)
}

const whole = (reader: BinaryReader): number => Number(reader.int64())

/** Reads repeated numbers, packed into one field or one by one. */
const pushNumbers = (
  to: Array<number>,
  wire: WireType,
  reader: BinaryReader,
  read: (from: BinaryReader) => number,
): boolean => {
  if (wire === WireType.LengthDelimited) {
    const packed = new BinaryReader(reader.bytes())
    while (packed.pos < packed.len) to.push(read(packed))
  } else to.push(read(reader))
  return true
}

const push = <Value>(to: Array<Value>, value: Value): boolean => {
  if (to.length >= most.repeated)
    throw new RangeError(`a list has more than ${most.repeated} members`)
  to.push(value)
  return true
}

const entryOf = (bytes: Uint8Array): readonly [key: string, value: string] => {
  let [key, value] = ["", ""]
  eachField(bytes, (field, _wire, reader) => {
    if (field === 1) key = text(reader)
    else if (field === 2) value = text(reader)
    else return false
    return true
  })
  return [key, value]
}

const tensorOf = (bytes: Uint8Array): RawTensor => {
  let [name, type] = ["", 0]
  let raw: Uint8Array | undefined
  const [shape, floats, ints]: [Array<number>, Array<number>, Array<number>] = [[], [], []]
  const external = new Map<string, string>()
  eachField(bytes, (field, wire, reader) => {
    switch (field) {
      case 1:
        return pushNumbers(shape, wire, reader, whole)
      case 2:
        type = reader.int32()
        return true
      case 4:
        return pushNumbers(floats, wire, reader, (from) => from.float())
      case 5:
        return pushNumbers(ints, wire, reader, (from) => from.int32())
      case 7:
        return pushNumbers(ints, wire, reader, whole)
      case 8:
        name = text(reader)
        return true
      case 9:
        raw = reader.bytes()
        return true
      case 10:
        return pushNumbers(floats, wire, reader, (from) => from.double())
      case 13:
        external.set(...entryOf(reader.bytes()))
        return true
      default:
        return false
    }
  })
  return { name, shape, type, bytes: raw, floats, ints, external }
}

const attributeOf = (bytes: Uint8Array): readonly [name: string, attribute: Attribute] => {
  let name = ""
  let float: number | undefined
  let int: number | undefined
  let string: string | undefined
  let tensor: RawTensor | undefined
  const ints: Array<number> = []
  eachField(bytes, (field, wire, reader) => {
    switch (field) {
      case 1:
        name = text(reader)
        return true
      case 2:
        float = reader.float()
        return true
      case 3:
        int = whole(reader)
        return true
      case 4:
        string = text(reader)
        return true
      case 5:
        tensor = tensorOf(reader.bytes())
        return true
      case 8:
        return pushNumbers(ints, wire, reader, whole)
      default:
        return false
    }
  })
  return [name, { float, int, text: string, ints, tensor }]
}

const nodeOf = (bytes: Uint8Array): OnnxNode => {
  let [name, operator, domain] = ["", "", ""]
  const [inputs, outputs]: [Array<string>, Array<string>] = [[], []]
  const attributes = new Map<string, Attribute>()
  eachField(bytes, (field, _wire, reader) => {
    switch (field) {
      case 1:
        return push(inputs, text(reader))
      case 2:
        return push(outputs, text(reader))
      case 3:
        name = text(reader)
        return true
      case 4:
        operator = text(reader)
        return true
      case 5:
        attributes.set(...attributeOf(reader.bytes()))
        return true
      case 7:
        domain = text(reader)
        return true
      default:
        return false
    }
  })
  return { name, operator, domain, inputs, outputs, attributes }
}

/** Bytes of the message in field `number`; the last one if it is repeated. */
const messageIn = (bytes: Uint8Array, number: number): Uint8Array | undefined => {
  let found: Uint8Array | undefined
  eachField(bytes, (field, wire, reader) => {
    if (field !== number || wire !== WireType.LengthDelimited) return false
    found = reader.bytes()
    return true
  })
  return found
}

const dimensionOf = (bytes: Uint8Array): number | undefined => {
  let size: number | undefined
  eachField(bytes, (field, _wire, reader) => {
    if (field !== 1) return false
    size = whole(reader)
    return true
  })
  return size
}

const valueOf = (bytes: Uint8Array): OnnxValue => {
  const [name, type] = [1, 2].map((field) => messageIn(bytes, field))
  const tensor = type && messageIn(type, 1)
  const shape = tensor && messageIn(tensor, 2)
  const sizes: Array<number | undefined> = []
  if (shape !== undefined) {
    eachField(shape, (field, _wire, reader) =>
      field === 1 ? push(sizes, dimensionOf(reader.bytes())) : false,
    )
  }
  return {
    name: new TextDecoder().decode(name?.subarray(0, most.text)),
    shape: shape === undefined ? undefined : sizes,
  }
}

/** Decodes an ONNX model. Throws BadModel if the bytes are not one. */
export const decode = (bytes: Uint8Array, path: string): OnnxModel => {
  const refuse = (reason: string): never => {
    throw new BadModel({ path, reason, remedy: "fetch the file again, or export it again" })
  }
  try {
    let producer = ""
    let graph: Uint8Array | undefined
    eachField(bytes, (field, _wire, reader) => {
      if (field === 2) producer = text(reader)
      else if (field === 7) graph = reader.bytes()
      else return false
      return true
    })
    if (graph === undefined) return refuse("it has no graph: it is not an ONNX model, or truncated")
    const nodes: Array<OnnxNode> = []
    const initializers: Array<RawTensor> = []
    const [inputs, outputs]: [Array<OnnxValue>, Array<OnnxValue>] = [[], []]
    eachField(graph, (field, _wire, reader) => {
      switch (field) {
        case 1:
          return push(nodes, nodeOf(reader.bytes()))
        case 5:
          return push(initializers, tensorOf(reader.bytes()))
        case 11:
          return push(inputs, valueOf(reader.bytes()))
        case 12:
          return push(outputs, valueOf(reader.bytes()))
        case 15:
          throw new RangeError("sparse weights")
        default:
          return false
      }
    })
    return { producer, nodes, initializers, inputs, outputs }
  } catch (error) {
    if (error instanceof BadModel) throw error
    // the reader throws RangeErrors that describe bytes that are no message
    return refuse(
      `it is not an ONNX model, or truncated (${error instanceof RangeError ? error.message : messageOf(error)})`,
    )
  }
}
