/** What lies packed in the page of a report. */
import { decodeBase91 } from "@nonconvex/gallery/internal/Page"
import * as Parts from "@nonconvex/gallery/internal/Parts"
import { inflateRawSync } from "node:zlib"

const textOf = (letters: string): string => inflateRawSync(decodeBase91(letters)).toString("utf8")

const elements = (page: string): ReadonlyMap<string, string> =>
  new Map(
    Array.from(
      page.matchAll(/<script type="text\/plain" data-part="([^"]+)">([^<]*)<\/script>/g),
      ([, name, content]) => [name!, content!] as const,
    ),
  )

/** The list of all that there is. */
export const index = (page: string): Parts.Index =>
  JSON.parse(textOf(elements(page).get(Parts.shared.index)!)) as Parts.Index

/** The parts with markup, by name. */
export const parts = (page: string): ReadonlyMap<string, Parts.Part> =>
  new Map(
    Array.from(elements(page))
      .filter(([name]) => !Object.values<string>(Parts.shared).includes(name))
      .map(([name, content]) => [name, JSON.parse(textOf(content)) as Parts.Part]),
  )

/** The markup of every address. */
export const markup = (page: string): Readonly<Record<string, string>> =>
  Object.assign({}, ...Array.from(parts(page).values(), (part) => part.markup))
