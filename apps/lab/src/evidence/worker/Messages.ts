/** Messages of a worker: a line now and then, and errors at once. */
import { type Event } from "@nonconvex/store/queue/Trials"
import type { Trial } from "@nonconvex/store/queue/Trial"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"

/** Totals of a worker. */
export const Tally = Schema.Struct({
  done: Schema.Int,
  failed: Schema.Int,
  /** Duration of all trials. */
  seconds: Schema.Finite,
})
export type Tally = typeof Tally.Type

const nameOf = ({ key }: Trial): string => `${key.subject} with seed ${key.seed}`

const shortly = (digest: string): string => digest.slice(0, 8)

const versionWords = (
  version: Extract<Event, { readonly _tag: "Refused" }>["waiting"]["version"],
) =>
  `code ${shortly(version.code)}, ${version.kernels} kernels${version.data === undefined ? "" : `, data ${shortly(version.data)}`}`

/** Message of an event that is reported at once; undefined for a success. */
export const line = (event: Event): string | undefined => {
  switch (event._tag) {
    case "Began":
      return event.attempt === 1
        ? undefined
        : `${nameOf(event.trial)}: attempt ${event.attempt}, since another worker did not finish it`
    case "Ended":
      return event.failed === undefined
        ? undefined
        : `${nameOf(event.trial)} failed: ${event.failed.replace(`${event.trial.key.subject} failed: `, "")}`
    case "Broke":
      return `${nameOf(event.trial)}: ${event.reason}; it will be retried`
    case "Unreadable":
      return `row ${event.id} of the queue is not a trial and is skipped: ${event.reason}`
    case "Refused": {
      const { mine, waiting } = event
      const { system } = waiting.version
      const wanted = `${Table.plural(waiting.trials, "trial")} of ${system} wait${waiting.trials === 1 ? "s" : ""} for a worker with ${versionWords(waiting.version)}`
      return mine === undefined
        ? `${wanted}; this one does not have ${system}`
        : `${wanted}; this one has ${versionWords(mine)}`
    }
    case "Away":
      return `the database does not answer: ${event.reason}; retrying until it does`
    case "Back":
      return "the database answers again"
  }
}

/** Counts trials by how they ended. */
export const counter = () => {
  let all: Tally = { done: 0, failed: 0, seconds: 0 }
  return {
    add: (event: Event): void => {
      if (event._tag !== "Ended") return
      const failed = event.failed === undefined ? 0 : 1
      all = {
        done: all.done + 1 - failed,
        failed: all.failed + failed,
        seconds: all.seconds + event.seconds,
      }
    },
    all: () => all,
  }
}

export type Counter = ReturnType<typeof counter>

/** `12 trials done, 1 failed, 40 s of work`. */
export const words = ({ done, failed, seconds }: Tally): string =>
  [
    `${Table.plural(done, "trial")} done`,
    ...(failed === 0 ? [] : [`${Table.count(failed)} failed`]),
    `${Table.duration(seconds)} of work`,
  ].join(", ")
