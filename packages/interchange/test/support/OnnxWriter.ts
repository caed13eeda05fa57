/** Small ONNX models, written field by field so that tests can break each of them. */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire"

interface TensorOptions {
  readonly shape: ReadonlyArray<number>
  /** Float32. */
  readonly values?: ReadonlyArray<number>
  readonly type?: number
  readonly external?: Readonly<Record<string, string>>
}

interface NodeOptions {
  readonly op: string
  readonly reads: ReadonlyArray<string>
  readonly writes: string
  readonly ints?: Readonly<Record<string, number | ReadonlyArray<number>>>
  readonly domain?: string
}

export interface ModelOptions {
  readonly input?: ReadonlyArray<number | string>
  readonly output?: string
  readonly nodes: ReadonlyArray<NodeOptions>
  readonly tensors: Readonly<Record<string, TensorOptions>>
}

const message = (write: (to: BinaryWriter) => void): Uint8Array => {
  const writer = new BinaryWriter()
  write(writer)
  return writer.finish()
}

const nested = (to: BinaryWriter, field: number, write: (inside: BinaryWriter) => void): void => {
  to.tag(field, WireType.LengthDelimited).bytes(message(write))
}

const text = (to: BinaryWriter, field: number, value: string): void => {
  to.tag(field, WireType.LengthDelimited).string(value)
}

const valueInfo = (name: string, sizes: ReadonlyArray<number | string>) => (to: BinaryWriter) => {
  text(to, 1, name)
  nested(to, 2, (type) =>
    nested(type, 1, (tensor) =>
      nested(tensor, 2, (shape) => {
        for (const size of sizes) {
          nested(shape, 1, (dimension) => {
            if (typeof size === "number") dimension.tag(1, WireType.Varint).int64(size)
            else text(dimension, 2, size)
          })
        }
      }),
    ),
  )
}

/** Bytes of a model with an input named `x`. */
export const write = ({
  input = ["n", 2],
  nodes,
  output = "y",
  tensors,
}: ModelOptions): Uint8Array =>
  message((model) => {
    model.tag(1, WireType.Varint).int64(8)
    nested(model, 7, (graph) => {
      for (const { domain, ints = {}, op, reads, writes } of nodes) {
        nested(graph, 1, (node) => {
          for (const name of reads) text(node, 1, name)
          text(node, 2, writes)
          text(node, 4, op)
          if (domain !== undefined) text(node, 7, domain)
          for (const [name, value] of Object.entries(ints)) {
            nested(node, 5, (attribute) => {
              text(attribute, 1, name)
              if (typeof value === "number") attribute.tag(3, WireType.Varint).int64(value)
              else for (const each of value) attribute.tag(8, WireType.Varint).int64(each)
            })
          }
        })
      }
      for (const [name, { external, shape, type = 1, values }] of Object.entries(tensors)) {
        nested(graph, 5, (tensor) => {
          for (const size of shape) tensor.tag(1, WireType.Varint).int64(size)
          tensor.tag(2, WireType.Varint).int32(type)
          text(tensor, 8, name)
          if (values !== undefined) {
            tensor
              .tag(9, WireType.LengthDelimited)
              .bytes(new Uint8Array(Float32Array.from(values).buffer))
          }
          for (const [key, value] of Object.entries(external ?? {})) {
            nested(tensor, 13, (entry) => {
              text(entry, 1, key)
              text(entry, 2, value)
            })
          }
        })
      }
      nested(graph, 11, valueInfo("x", input))
      nested(graph, 12, valueInfo(output, ["n", 2]))
    })
  })
