/** Archives of NumPy's arrays, as `numpy.savez` and `numpy.savez_compressed` write them. */
import { Effect, type FileSystem, Result } from "effect"
import { type ArrayError, BadArchive, type BadArray } from "./ArrayError.ts"
import { readBytes } from "./FileError.ts"
import { costOf, most } from "./internal/NpyArray.ts"
import * as Npy from "./Npy.ts"
import * as Zip from "./Zip.ts"

/** Arrays by name, without `.npy`, in the order of the archive. */
export type Npz = ReadonlyMap<string, Npy.Npy>

const suffix = ".npy"

/** Maximum number of elements in a file of some bytes: packed bits become numbers of 8 bytes. */
const elementsOf = (bytes: number): number => Math.max(2 ** 25, 32 * bytes)

/**
 * Decodes the arrays of an archive, all or those selected by `wants`; others are not unpacked. Fails with BadArchive on other files,
 * and with BadArray on an unsupported array.
 */
export const decode = (
  bytes: Uint8Array,
  path: string,
  wants: (name: string) => boolean = () => true,
): Result.Result<Npz, BadArchive | BadArray> =>
  Result.gen(function* () {
    const arrays = new Map<string, Npy.Npy>()
    let elements = Math.min(most.elements, elementsOf(bytes.length))
    for (const member of yield* Zip.members(path, bytes)) {
      if (!member.name.endsWith(suffix)) {
        const reason = "it is not a NumPy array: its name does not end with .npy"
        const remedy = "give an archive that numpy.savez wrote"
        return yield* Result.fail(new BadArchive({ path, member: member.name, reason, remedy }))
      }
      const name = member.name.slice(0, -suffix.length)
      if (wants(name)) {
        const array = yield* Npy.decode(yield* member.bytes(), { path, array: name, elements })
        elements -= costOf(array.data, array.data.values.length)
        arrays.set(name, array)
      }
    }
    return arrays
  })

/**
 * Reads an archive, all arrays or those selected by `wants`. Fails with FileError, TooManyBytes and the errors of `decode`.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Npy from "@nonconvex/datasets/Npy"
 * import * as Npz from "@nonconvex/datasets/Npz"
 * import { Effect, FileSystem, Stream } from "effect"
 * import { zipSync } from "fflate"
 *
 * const array = Npy.encode({ shape: [2], data: { _tag: "Numbers", values: Float64Array.of(0.5, -1) } })
 * const bytes = zipSync({ "weights.npy": array, "steps.npy": array })
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(bytes) })
 * const reading = Npz.read("network.npz", (name) => name === "weights")
 * const arrays = await Effect.runPromise(Effect.provide(reading, files))
 * Array.from(arrays.keys()) // => ["weights"]
 * ```
 */
export const read = Effect.fn("Npz.read")(function* (
  path: string,
  wants?: (name: string) => boolean,
): Effect.fn.Return<Npz, ArrayError, FileSystem.FileSystem> {
  const bytes = yield* readBytes(path, most.bytes)
  return yield* Effect.fromResult(decode(bytes, path, wants))
})
