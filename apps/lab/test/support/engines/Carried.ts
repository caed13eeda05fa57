/** Data sets as text, bit for bit: a browser has no files, and is sent what Node has read. */

const kinds = { Float64Array, Int32Array } as const

interface Carried {
  readonly kind: keyof typeof kinds
  readonly bytes: string
}

const isCarried = (value: unknown): value is Carried =>
  typeof value === "object" && value !== null && "kind" in value && "bytes" in value

/** The text of a value of plain data and typed arrays, in Node. */
export const encode = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => {
    if (!(each instanceof Float64Array || each instanceof Int32Array)) return each
    const { buffer, byteLength, byteOffset } = each
    const bytes = Buffer.from(buffer, byteOffset, byteLength).toString("base64")
    return { kind: each instanceof Float64Array ? "Float64Array" : "Int32Array", bytes }
  })

/** The value of a text, in any engine. */
export const decode = (text: string): unknown =>
  JSON.parse(text, (_, each: unknown) => {
    if (!isCarried(each)) return each
    const bytes = Uint8Array.from(atob(each.bytes), (character) => character.codePointAt(0)!)
    return new kinds[each.kind](bytes.buffer)
  })
