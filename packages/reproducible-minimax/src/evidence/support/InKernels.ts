import * as Kernels from "@nonconvex/numerics/Kernels"
import type { Workspace } from "@nonconvex/numerics/Arena"

/** What `begin` yields, with a workspace in the memory of the strict kernels that is given back when the generator ends. */
export const inKernels = function* <Row>(
  begin: (workspace: Pick<Workspace, "f64">) => Generator<Row, void>,
): Generator<Row, void> {
  const { arena } = Kernels.strict()
  const held: Array<Float64Array> = []
  const f64 = (length: number) => {
    const array = arena.f64(length)
    held.push(array)
    return array
  }
  try {
    yield* begin({ f64 })
  } finally {
    for (const array of held) arena.release(array)
  }
}
