/** The memory that a thread may hold, and what ends it beyond. */
import { clearInterval, setInterval } from "node:timers"
import { totalmem } from "node:os"
import process from "node:process"
import { getHeapStatistics } from "node:v8"
import { Worker } from "node:worker_threads"

/** Bytes that each of `count` threads may hold: its share of three quarters of the machine or its container, and at least 512 MiB. */
export const shareOf = (count: number): number => {
  const all = Math.min(process.constrainedMemory() || Infinity, totalmem())
  return Math.max(2 ** 29, (0.75 * all) / count)
}

/**
 * Bytes of objects that a thread may hold, whatever its share: of more, the engine does little but collect garbage. A limit that the
 * program was started with holds for its threads too, so the watch stays below it.
 */
export const mostObjects = Math.min(2 ** 31, 0.75 * getHeapStatistics().heap_size_limit)

/**
 * Bytes of objects beyond the limit at which the engine itself ends a thread. It does so gently where it can, but aborts the whole
 * program where one allocation does not fit, so the watch has to be first: this is more than a thread allocates between two looks.
 */
const headroom = 2 ** 31

/** Milliseconds between two looks at a thread. */
const lookEvery = 200

/** False on engines that do not report the memory of other threads, such as Node 20: there only the engine's own limit is left. */
const canLook = "getHeapStatistics" in Worker.prototype

/** The engine's limits for a thread that is watched. */
export const resourceLimits = {
  // a fifth less memory, and not measurably slower: claims make much garbage that V8 else lets lie
  maxYoungGenerationSizeMb: 16,
  maxOldGenerationSizeMb: Math.floor((mostObjects + (canLook ? headroom : 0)) / 2 ** 20),
}

/**
 * Watches a thread until it ends, and calls `onExcess` with the limit once it holds more than `most` bytes, including typed arrays,
 * which the engine's limits do not count, or too many bytes of objects.
 */
export const watch = (worker: Worker, most: number, onExcess: (limit: number) => void): void => {
  if (!canLook) return
  const objectsMost = Math.min(most, mostObjects)
  const look = () =>
    worker.getHeapStatistics().then(
      ({ external_memory: beside, used_heap_size: objects }) => {
        if (objects > objectsMost) onExcess(objectsMost)
        else if (beside + objects > most) onExcess(most)
      },
      // it has ended
      () => undefined,
    )
  const looking = setInterval(look, lookEvery).unref()
  worker.once("exit", () => clearInterval(looking))
}
