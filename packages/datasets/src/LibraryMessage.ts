/** Messages of libraries that read files, without those of the JavaScript engine under them. */

const ofEngine = [TypeError, RangeError, ReferenceError, SyntaxError, URIError]

/**
 * Message of a library about a file, as one short line of plain text. For an error of the engine, such as a read beyond the end of
 * the file, it is "its content is damaged", because that error names nothing that a user can act on.
 *
 * @example
 * ```ts import.meta.vitest
 * import { messageOf } from "@nonconvex/datasets/LibraryMessage"
 *
 * messageOf(new RangeError("Offset is outside the bounds of the DataView")) // => "its content is damaged"
 * messageOf(new Error("the footer is missing")) // => "the footer is missing"
 * ```
 */
export const messageOf = (thrown: unknown): string => {
  if (ofEngine.some((kind) => thrown instanceof kind)) return "its content is damaged"
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  const line = text
    .trim()
    .split("\n", 1)[0]!
    .replaceAll(/^\w*Error: |[^ -~]+/g, "")
    .slice(0, 120)
  return line === "" ? "its content is damaged" : line
}
