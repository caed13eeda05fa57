/** Script of every page of the site: search, toys, and lists that close when they lose focus. */
import { render } from "preact"
import * as Address from "../page/Address.ts"
import * as Packed from "../page/Packed.ts"
import { PlacedToy } from "../page/PlacedToy.tsx"
import { Finder } from "./Finder.tsx"
import type { Place } from "./Place.ts"

declare global {
  /** Index of the site, loaded by `search.js`: a page opened from a file may load a script, but no data. */
  var places: ReadonlyArray<Place> | undefined
}

const root = document.documentElement.dataset["root"]!

/** Index, loaded at the first search. */
const places = (): Promise<ReadonlyArray<Place>> =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = `${root}search.js`
    script.addEventListener("load", () => resolve(globalThis.places ?? []))
    script.addEventListener("error", () => reject(new Error(`${script.src} is not there`)))
    document.head.append(script)
  })

render(<Finder places={places} root={root} />, document.querySelector("#finder")!)

// what computes a toy is a file of its own, as pages without one need none
Packed.comeFrom({
  text: (name) => Promise.reject(new Error(`the site has no part ${name}`)),
  script: (name) => `${root}${name}.js`,
})

const PageToy = ({ id }: { readonly id: string }) => (
  <PlacedToy claims={`${root}results/index.html#`} id={id} query={Address.useAddress().query} />
)

for (const place of document.querySelectorAll<HTMLElement>("[data-toy]")) {
  place.replaceChildren()
  render(<PageToy id={place.dataset["toy"]!} />, place)
}

const contents = document.querySelector<HTMLDetailsElement>(".contents")!
addEventListener("keydown", ({ key }) => {
  if (key === "Escape") contents.open = false
})
addEventListener("click", ({ target }) => {
  if (target instanceof Node && !contents.contains(target)) contents.open = false
})
