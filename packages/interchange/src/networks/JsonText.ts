/** JSON in files of networks, before its schema is checked. */
import { BadModel } from "./ModelError.ts"

/** Maximum number of bytes of JSON. */
const most = 2 ** 26

/** Parses text of a file, called `what` in errors. Throws BadModel if it is too long, or not JSON. */
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
