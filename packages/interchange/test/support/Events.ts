/** Event files as TensorBoard writes them, to be damaged in tests. */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire"
import { masked } from "../../src/logs/Crc32c.ts"

/** A record with these bytes. */
export const record = (content: Uint8Array, length = BigInt(content.length)): Uint8Array => {
  const bytes = new Uint8Array(16 + content.length)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, length, true)
  view.setUint32(8, masked(bytes.subarray(0, 8)), true)
  bytes.set(content, 12)
  view.setUint32(12 + content.length, masked(content), true)
  return bytes
}

const message = (write: (writer: BinaryWriter) => void): Uint8Array => {
  const writer = new BinaryWriter()
  write(writer)
  return writer.finish()
}

const inside = (field: number, content: Uint8Array) => (writer: BinaryWriter) =>
  void writer.tag(field, WireType.LengthDelimited).bytes(content)

/** An event of one value; `value` writes the fields besides the tag. */
export const eventOf = (
  step: number,
  tag: string,
  value: (writer: BinaryWriter) => void,
): Uint8Array =>
  message((writer) => {
    writer.tag(1, WireType.Bit64).double(1.7e9 + step)
    writer.tag(2, WireType.Varint).int64(step)
    const summary = message(
      inside(
        1,
        message((of) => {
          of.tag(1, WireType.LengthDelimited).string(tag)
          value(of)
        }),
      ),
    )
    inside(5, summary)(writer)
  })

export const simple = (value: number) => (writer: BinaryWriter) =>
  void writer.tag(2, WireType.Bit32).float(value)

/** A tensor of this type and shape; `numbers` writes its numbers. */
export const tensor =
  (type: number, shape: ReadonlyArray<number>, numbers: (writer: BinaryWriter) => void) =>
  (writer: BinaryWriter): void => {
    const dimensions = message((of) => {
      for (const size of shape) {
        inside(
          2,
          message((each) => void each.tag(1, WireType.Varint).int64(size)),
        )(of)
      }
    })
    const content = message((of) => {
      of.tag(1, WireType.Varint).int32(type)
      inside(2, dimensions)(of)
      numbers(of)
    })
    inside(8, content)(writer)
  }

/** Concatenated bytes. */
export const joined = (...parts: ReadonlyArray<Uint8Array>): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]))
