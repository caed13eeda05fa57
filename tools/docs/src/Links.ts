/** Whether links lead anywhere: to a page, a file, or a heading that is there. */
import { posix } from "node:path"

const links = /(?:href|src)="([^"]*)"/g
const ids = /\sid="([^"]*)"/g

const unescaped = (text: string): string => text.replaceAll("&#39;", "'").replaceAll("&amp;", "&")

/** The links of pages, by their addresses, that lead nowhere. `others` has addresses that are no pages, with `#` where a place in them is meant. */
export const dead = (
  pages: ReadonlyMap<string, string>,
  others: (address: string) => boolean,
): ReadonlyArray<string> => {
  const anchors = new Map(
    Array.from(pages, ([address, markup]) => [
      address,
      new Set([...markup.matchAll(ids)].map(([, id]) => unescaped(id!))),
    ]),
  )
  return Array.from(pages).flatMap(([address, markup]) =>
    [...new Set([...markup.matchAll(links)].map(([, href]) => unescaped(href!)))].flatMap(
      (href) => {
        if (/^[a-z]+:/.test(href) || href === "#") return []
        const [path = "", hash] = href.split("#")
        const target = path === "" ? address : posix.join(posix.dirname(address), decodeURI(path))
        const known = anchors.get(target)
        if (known === undefined) {
          const whole = hash === undefined ? target : `${target}#${decodeURIComponent(hash)}`
          return others(whole) ? [] : [`${address}: ${href}`]
        }
        return hash === undefined || known.has(decodeURIComponent(hash))
          ? []
          : [`${address}: ${href}`]
      },
    ),
  )
}
