/** The JSON in files of networks, before its schema. */
import { BadModel } from "./ModelError.ts"

/** Bytes of JSON. */
const most = 2 ** 26

/** The value that a text of a file is, called `what`. Throws BadModel where it is too long, or not JSON. */
export const json = (path: string, what: string, bytes: Uint8Array): unknown => {
  const refuse = (reason: string): never => {
    throw new BadModel({ path, reason: `${what} ${reason}`, remedy: "save the model again" })
  }
  if (bytes.length > most) return refuse(`has ${bytes.length} bytes; the limit is ${most}`)
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown
  } catch {
    return refuse("is not JSON")
  }
}
