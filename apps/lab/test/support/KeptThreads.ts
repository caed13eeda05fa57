/** Threads that stay for the next command of a process: to start them takes longer than most commands. */
import type { Capabilities } from "@nonconvex/runner/Capabilities"
import { Compute } from "@nonconvex/runner/Compute"
import * as Threads from "@nonconvex/runner/node/Threads"
import { Effect, Layer, ManagedRuntime } from "effect"
import { Pool } from "../../src/cli/Capabilities.ts"

/** Pools by what they were asked for. They end with the process. */
const pools = new Map<string, ManagedRuntime.ManagedRuntime<Compute, never>>()

const kept = (threads: number, capabilities: Capabilities): Layer.Layer<Compute> => {
  // a folder of data is of one test, and goes with it
  if (capabilities.data !== undefined) return Threads.layer(threads, capabilities)
  const name = JSON.stringify([threads, capabilities])
  const pool = pools.get(name) ?? ManagedRuntime.make(Threads.layer(threads, capabilities))
  pools.set(name, pool)
  return Layer.effect(
    Compute,
    Effect.promise(() => pool.runPromise(Compute)),
  )
}

/** Gives a command the threads of those before it that asked for as many with the same capabilities. */
export const keeping = <A, E, R>(command: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(command, Pool, kept)
