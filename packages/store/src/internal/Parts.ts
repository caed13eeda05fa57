/** Parts of runs as bytes, without the time they took: the same part has the same bytes on every machine. */
import { DataRead } from "@nonconvex/datasets/Datasets"
import { Listed } from "@nonconvex/evidence/Attempt"
import type { Part } from "@nonconvex/runner/RunStore"
import { Schema } from "effect"
import * as Blob from "./Blob.ts"
import * as Columns from "./Columns.ts"

const attempts = Schema.toCodecJson(Listed)
const encodeAttempt = Schema.encodeSync(attempts)
const decodeAttempt = Schema.decodeUnknownSync(attempts)
const decodeData = Schema.decodeUnknownSync(Schema.Array(DataRead))

interface RowsHead {
  readonly _tag: "Rows"
  readonly layout: Columns.Layout
  readonly data?: Schema.Json
}

interface SearchedHead {
  readonly _tag: "Searched"
  readonly margins: number
  readonly attempt: Schema.JsonObject
}

/** The bytes of a part. */
export const write = (part: Part): Uint8Array => {
  if (part._tag === "Rows") {
    const gathered = Columns.gather(part.rows)
    const head = {
      _tag: part._tag,
      layout: Columns.toJson(gathered.layout),
      ...(part.data === undefined ? {} : { data: part.data.map((each) => ({ ...each })) }),
    }
    return Blob.write(head, Columns.sizeOf(gathered.layout), (body) =>
      Columns.write(gathered, body),
    )
  }
  const { margins } = part.attempt
  const attempt = encodeAttempt({ ...part.attempt, margins: [] })
  const head = { _tag: part._tag, margins: margins.length, attempt }
  return Blob.write(head, 8 * margins.length, (body) =>
    margins.forEach((margin, k) => Blob.setNumber(body, 8 * k, margin)),
  )
}

/** The part of some bytes. */
export const read = (bytes: Uint8Array, seconds: number): Part => {
  const { body, head } = Blob.read(bytes)
  const known = head as unknown as RowsHead | SearchedHead
  if (known._tag === "Rows") {
    return {
      _tag: "Rows",
      seconds,
      rows: Columns.read(known.layout, body),
      ...(known.data === undefined ? {} : { data: decodeData(known.data) }),
    }
  }
  if (8 * known.margins !== body.byteLength) {
    throw new Error(`${body.byteLength} bytes are no ${known.margins} margins`)
  }
  const margins = new Float64Array(known.margins)
  for (let k = 0; k < margins.length; k++) margins[k] = body.getFloat64(8 * k, true)
  return { _tag: "Searched", seconds, attempt: { ...decodeAttempt(known.attempt), margins } }
}
