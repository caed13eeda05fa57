/** Address after the `#`: a page and its view. It holds all state of the page, so that a link restores the view. */
import { useEffect, useState } from "preact/hooks"

export interface Address {
  /** Empty for the first screen. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export const parse = (hash: string): Address => {
  const text = hash.replace(/^#/, "")
  const at = text.indexOf("?")
  const path = decoded(at === -1 ? text : text.slice(0, at))
  const query = at === -1 ? [] : [...new URLSearchParams(text.slice(at + 1))]
  return { path, query: Object.fromEntries(query) }
}

/** Hash of an address, without empty parts of the query. */
export const format = ({ path, query }: Address): string => {
  const told = Object.entries(query).filter(([, value]) => value !== "")
  const asked = new URLSearchParams(told).toString()
  return `#${encodeURI(path)}${asked === "" ? "" : `?${asked}`}`
}

/** Changes the query of the current address; the back button then returns to the previous page, not to each keystroke. */
export const change = (query: Readonly<Record<string, string>>): void => {
  const { path, query: before } = parse(location.hash)
  history.replaceState(null, "", format({ path, query: { ...before, ...query } }))
  dispatchEvent(new HashChangeEvent("hashchange"))
}

/** Goes to another page. */
export const go = (path: string, query: Address["query"] = {}): void => {
  location.hash = format({ path, query })
}

export const useAddress = (): Address => {
  const [address, set] = useState(() => parse(location.hash))
  useEffect(() => {
    const follow = () => set(parse(location.hash))
    addEventListener("hashchange", follow)
    return () => removeEventListener("hashchange", follow)
  }, [])
  return address
}
