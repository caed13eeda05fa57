/** Readers with a fault each, which `npm run fuzz` must find; it asks for them by name alone. */
import { Effect } from "effect"
import * as Changes from "./Changes.ts"
import { contentOf, type Reader } from "./Reader.ts"

/** Reads bytes, and does something wrong with those that are not whole. */
const reader = (name: string, wrong: (bytes: Uint8Array) => unknown): Reader => ({
  name,
  seeds: ["whole"],
  change: Changes.text,
  read: (path) =>
    Effect.sync(() => {
      const bytes = contentOf(path)
      return new TextDecoder().decode(bytes) === "whole" ? bytes : wrong(bytes)
    }),
})

export const broken: ReadonlyArray<Reader> = [
  reader("breaks", () => {
    throw new TypeError("Cannot read properties of undefined")
  }),
  reader("hangs", () => {
    for (;;);
  }),
  reader("hoards", () => {
    const held: Array<Uint8Array> = []
    for (;;) held.push(new Uint8Array(2 ** 26).fill(1))
  }),
]
