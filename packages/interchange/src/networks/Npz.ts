/** Tensors as an archive of NumPy's arrays. */
import * as Npy from "@nonconvex/datasets/Npy"
import { zipSync } from "fflate"
import type { Tensor } from "./Tensor.ts"

/**
 * The bytes of an archive with these tensors, in double precision; the same tensors give the same bytes.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Npz } from "@nonconvex/datasets"
 * import { encodeNpz } from "@nonconvex/interchange/node"
 * import { Result } from "effect"
 *
 * const bytes = encodeNpz([{ name: "weight", shape: [2], values: Float64Array.of(0.5, -1) }])
 * Result.getOrThrow(Npz.decode(bytes, "net.npz")).get("weight")?.data.values // => Float64Array.of(0.5, -1)
 * ```
 */
export const encode = (tensors: ReadonlyArray<Tensor>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      tensors.map(({ name, shape, values }) => [
        `${name}.npy`,
        Npy.encode({ shape, data: { _tag: "Numbers", values } }),
      ]),
    ),
    // the first day that an archive can name
    { level: 6, mtime: "1980-01-01T00:00:00" },
  )
