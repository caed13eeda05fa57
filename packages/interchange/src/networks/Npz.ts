/** Tensors as an archive of NumPy arrays. */
import * as Npy from "@nonconvex/datasets/Npy"
import { zipSync } from "fflate"
import type { Tensor } from "./Tensor.ts"

/** Bytes of an archive with these tensors, in double precision; the same tensors give the same bytes. */
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
