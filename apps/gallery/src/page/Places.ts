/** Places within a page, that is headings and figures, with addresses by the parameter `to`. */
import { useEffect } from "preact/hooks"
import * as Address from "./Address.ts"

/** Slug of a heading. */
export const slugOf = (words: string): string =>
  words
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "")

/** A link without text, so that the heading's text is unchanged: the style sheet draws a sign. */
const linkTo = (id: string, words: string): HTMLAnchorElement => {
  const link = document.createElement("a")
  link.className = "place"
  link.href = Address.format({ path: Address.parse(location.hash).path, query: { to: id } })
  link.setAttribute("aria-label", `the address of ${words}`)
  return link
}

/** Headings without an address. */
const bare = ":is(h2, h3):not([id])"

const give = (heading: HTMLElement): void => {
  const words = heading.innerText.trim()
  const name = slugOf(words)
  let id = name
  for (let count = 2; document.getElementById(id) !== null; count++) id = `${name}-${count}`
  heading.id = id
  heading.append(linkTo(id, words))
}

/** Gives each heading an address, including those added later. */
export const useHeadings = (): void => {
  useEffect(() => {
    const all = () => {
      for (const heading of document.querySelectorAll<HTMLElement>(bare)) give(heading)
    }
    all()
    const watch = new MutationObserver(all)
    watch.observe(document.body, { childList: true, subtree: true })
    // what else is looked at stays as it is
    const stay = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a.place") : null
      if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      Address.change({
        to: Address.parse(new URL((link as HTMLAnchorElement).href).hash).query["to"] ?? "",
      })
    }
    addEventListener("click", stay)
    return () => {
      watch.disconnect()
      removeEventListener("click", stay)
    }
  }, [])
}

/** Opens collapsed elements around a place. */
const unfold = (place: Element): void => {
  for (let each: Element | null = place; each !== null; each = each.parentElement) {
    if (each instanceof HTMLDetailsElement) each.open = true
  }
}

/** Events by which a reader scrolls the page. */
const moves = ["wheel", "touchmove", "pointerdown", "keydown"] as const

/** Scrolls to the place in an address as soon as it exists, and keeps it in view while the page above grows. */
export const useArrival = ({ path, query }: Address.Address): void => {
  const to = query["to"] ?? ""
  useEffect(() => {
    // where the page was when it was left, the browser goes step by step, and would come there after this
    history.scrollRestoration = to === "" ? "auto" : "manual"
    if (to === "") return undefined
    const arrive = (): boolean => {
      const place = document.getElementById(to)
      if (place === null || place.offsetParent === null) return false
      unfold(place)
      appears.disconnect()
      place.scrollIntoView({ behavior: "instant" })
      return true
    }
    const appears = new MutationObserver(arrive)
    // what is drawn later above the place moves it, until the reader moves the page
    const grows = new ResizeObserver(arrive)
    const stop = () => {
      appears.disconnect()
      grows.disconnect()
      for (const move of moves) removeEventListener(move, stop)
    }
    for (const move of moves) addEventListener(move, stop)
    if (!arrive()) {
      appears.observe(document.body, { childList: true, subtree: true, attributes: true })
    }
    grows.observe(document.body)
    return stop
  }, [path, to])
}
