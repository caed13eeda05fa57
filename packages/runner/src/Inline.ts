import { Datasets } from "@nonconvex/datasets/Datasets"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { Effect, Layer, Semaphore } from "effect"
import { Compute, watched } from "./Compute.ts"
import * as Work from "./Work.ts"
import { refOf } from "./JobReference.ts"

/**
 * Runs jobs on this thread, which is busy during a job; interruption takes effect between two jobs. It uses the program's
 * kernels and data, and runs jobs of any `System`, including one created in the program.
 */
export const layer: Layer.Layer<Compute, never, Kernels.Current | Datasets> = Layer.effect(
  Compute,
  Effect.gen(function* () {
    const kernels = yield* Kernels.Current
    const data = Layer.succeed(Datasets, yield* Datasets)
    // one that waits for its data must not be timed while another computes
    const free = yield* Semaphore.make(1)
    return Compute.of({
      name: "this thread",
      size: 1,
      perform: (system, job, onProgress = () => undefined) =>
        Effect.yieldNow.pipe(
          Effect.andThen(
            watched(
              job,
              Work.perform(
                system,
                { ...job, system: { ...refOf(system), module: system.module ?? "" } },
                { given: { kernels }, data },
                onProgress,
              ),
            ),
          ),
          free.withPermits(1),
        ),
    })
  }),
)
