/** Title of the document, which follows the address so that tabs, bookmarks and history distinguish pages. */
import { useEffect } from "preact/hooks"
import type { Entry } from "../Parts.ts"
import { shown } from "../play/ToyList.ts"
import type { Address } from "./Address.ts"

const pages: Readonly<Record<string, string>> = {
  claims: "Claims and errata",
  play: "Play",
  print: "Print",
}

/** Name of the page at an address; empty for the first screen. */
export const nameOf = ({ path, query }: Address, entry: Entry | undefined): string => {
  if (entry !== undefined) return entry.title
  const [room = "", ...rest] = path.split("/")
  const of = rest.join("/")
  if (room === "search") return `Search: ${query["words"] ?? ""}`
  if (room === "play" && of !== "") {
    return Object.values(shown).find(({ id }) => id === of)?.title ?? pages["play"]!
  }
  const name = pages[room] ?? room.slice(0, 1).toUpperCase() + room.slice(1)
  return of === "" ? name : `${name} ${of}`
}

export const useTitle = (address: Address, entry: Entry | undefined): void => {
  const name = nameOf(address, entry)
  useEffect(() => {
    document.title = name === "" ? "nonconvex" : `${name} · nonconvex`
  }, [name])
}
