/** Messages between the threads of shared kernels, as numbers in the shared memory. */
import * as Work from "./Work.ts"

/** The states of a thread. An offered share belongs to the first to advance the state: the thread or the requester. */
export const states = { absent: 0, idle: 1, offered: 2, taken: 3 } as const

/** Words of all threads: requested operations, ended shares and lost threads, and answers of the supervisor. */
const places = { operation: 0, progress: 1, answers: 2 } as const

/** Words in the block of a thread; its share fills the rest. */
const perThread = Work.shareBytes / 4
const own = { state: perThread - 2, lost: perThread - 1 } as const

/**
 * Number of checks before a thread sleeps, about 0.2 ms. Waking a thread takes about 0.1 ms, which doubled the time of
 * products of 2^19 to 2^20 elements. Between two products of a Lanczos run there are 0.15 ms.
 */
const looks = 2 ** 15

/** The control block at an address: the words of all threads, then the block of each thread from 1 on. */
export const at = (buffer: SharedArrayBuffer, address: number, threads: number) => {
  const words = new Int32Array(buffer, address, perThread * threads)
  const stateAt = (thread: number): number => thread * perThread + own.state
  const lostAt = (thread: number): number => thread * perThread + own.lost
  /** Checks for a while whether a word has changed, before the caller sleeps until it does. */
  const lookFor = (place: number, seen: number): boolean => {
    for (let k = 0; k < looks; k++) if (Atomics.load(words, place) !== seen) return true
    return false
  }
  const advance = (): void => {
    Atomics.add(words, places.progress, 1)
    Atomics.notify(words, places.progress)
  }
  return {
    share: (thread: number): Float64Array =>
      new Float64Array(buffer, address + thread * Work.shareBytes, Work.shareBytes / 8 - 1),

    state: (thread: number): number => Atomics.load(words, stateAt(thread)),
    enter: (thread: number, state: number): void => {
      Atomics.store(words, stateAt(thread), state)
    },
    /** Changes from one state to the next; false if the thread is in another state. */
    move: (thread: number, from: number, to: number): boolean =>
      Atomics.compareExchange(words, stateAt(thread), from, to) === from,

    isLost: (thread: number): boolean => Atomics.load(words, lostAt(thread)) === 1,
    lose: (thread: number): void => {
      Atomics.store(words, lostAt(thread), 1)
      advance()
    },

    operation: (): number => Atomics.load(words, places.operation),
    ask: (): void => {
      Atomics.add(words, places.operation, 1)
      Atomics.notify(words, places.operation)
    },
    awaitOperation: (seen: number): void => {
      if (!lookFor(places.operation, seen)) Atomics.wait(words, places.operation, seen)
    },

    progress: (): number => Atomics.load(words, places.progress),
    advance,
    /** Waits for progress beyond `seen`; false after `milliseconds` without any. */
    awaitProgress: (seen: number, milliseconds: number): boolean =>
      lookFor(places.progress, seen) ||
      Atomics.wait(words, places.progress, seen, milliseconds) !== "timed-out",

    answers: (): number => Atomics.load(words, places.answers),
    answer: (): void => {
      Atomics.add(words, places.answers, 1)
    },
  }
}

export type Control = ReturnType<typeof at>
