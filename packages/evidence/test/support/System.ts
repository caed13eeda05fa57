/** A system of well-behaved and badly behaved claims, for other threads to import. */
import { Effect } from "effect"
import { claim, type Claim, type Outcome, type System } from "../../src/index.ts"
import { counts, fails, reads, spins, splits, strays } from "./Counting.ts"
import { bound, type Drawn, falseBound, mishaps, source, upTo } from "./Numbers.ts"

interface Hoard {
  readonly before?: Hoard
}

const doing = (
  id: string,
  margin: (drawn: Drawn) => Outcome,
  instances: ReturnType<typeof upTo> = upTo(9),
): Claim =>
  claim({
    id: `numbers/${id}`,
    statement: "A digit is at most nine.",
    source,
    instances,
    margin,
    controls: [{ name: "two digits", instances: upTo(99), margin: ({ n }) => 9 - n }],
  })

export const system: System = {
  id: "numbers",
  title: "Numbers",
  paper: {
    title: "On Numbers",
    authors: "Nobody",
    venue: "Nowhere",
    year: 2026,
    arxiv: "0000.00000",
  },
  claims: [
    bound({ id: "numbers/holds", limit: 9, largest: 9, controls: [10, 20] }),
    bound({ id: "numbers/falsified", limit: 9, largest: 12, controls: [10] }),
    bound({ id: "numbers/toothless", limit: 9, largest: 9, controls: [10, 8] }),
    ...mishaps.map((kind) =>
      bound({
        id: `numbers/${kind.replace(" ", "-")}`,
        limit: 9,
        largest: 9,
        controls: [10],
        mishap: { from: 5, kind },
      }),
    ),
    doing("waits", ({ n }) => Effect.delay(Effect.succeed(9 - n), 0)),
    doing("spins", () => {
      for (;;);
    }),
    doing(
      "refuses",
      () => 1,
      upTo(9).filter(({ n }) => n > 9),
    ),
    doing("exits", () => process.exit(7)),
    // small pieces: node ends a thread that runs out of memory only between two allocations
    doing("hoards", () => {
      for (let hoard: Hoard = {}; ;) hoard = { before: hoard }
    }),
    doing("leaves-a-mine", ({ n }) => {
      setTimeout(() => {
        throw new Error("exploded after its job")
      }, 150)
      return 9 - n
    }),
  ],
  errata: [falseBound({ limit: 4, largest: 9 })],
  experiments: [counts, fails, strays, spins, splits, reads],
  module: import.meta.url,
}
