/** The pages of the reference: one for each module that can be imported. */
import { html, nothing, prose, trusted } from "@nonconvex/lab/internal/site"
import * as Code from "../Code.ts"
import { repository } from "../Guides.ts"
import * as Markdown from "../Markdown.ts"
import { type Page, way } from "../Page.ts"
import type { Item, Module, PassedOn } from "./Api.ts"

/** `@nonconvex/numerics/Lanczos` -> `reference/numerics/Lanczos.html`. */
export const addressOf = (specifier: string): string => {
  const [scope = "", ...rest] = specifier.replace("@nonconvex/", "").split("/")
  const [name = "", ...names] = scope.split(".")
  const path = [...names, ...rest].join(".")
  return `reference/${name}${path === "" ? "" : `/${path}`}.html`
}

const kindsInOrder = ["function", "class", "constant", "interface", "type"] as const

const headings = {
  function: "Functions",
  class: "Classes",
  constant: "Values",
  interface: "Interfaces",
  type: "Types",
} as const

/** A type and a value may have one name, and then stand in one entry. */
const anchorOf = ({ kind, name }: Item): string =>
  kind === "function" || kind === "class" || kind === "constant" ? name : `type-${name}`

/** The first sentence of a text. */
export const sentence = (text: string): string => {
  const [first = ""] = text.split(/\n\n|```/)
  return (/^.*?\.(?=\s|$)/s.exec(first)?.[0] ?? first).replaceAll(/\s+/g, " ").trim()
}

/** The same for who reads no marks. */
const bare = (text: string): string => sentence(text).replaceAll("`", "")

/** Where names are explained: in the module itself, or else in the only module that has them. */
const explaining = (modules: ReadonlyArray<Module>) => {
  const homes = new Map<string, ReadonlyArray<string>>()
  for (const { items, specifier } of modules) {
    for (const item of items) {
      const at = `${addressOf(specifier)}#${anchorOf(item)}`
      homes.set(item.name, [...(homes.get(item.name) ?? []), at])
    }
  }
  return (module: Module): Code.Explained => {
    const here = addressOf(module.specifier)
    const near = here.slice(0, here.indexOf("/", "reference/".length))
    return (name) => {
      const all = homes.get(name) ?? []
      const inside = all.filter((at) => at.startsWith(`${here}#`))
      const beside = all.filter((at) => at.startsWith(near))
      const [found, ...others] = [inside, beside, all].find((each) => each.length > 0) ?? []
      // of a type and a value of one name any will do; of names in several modules none is meant
      const isOne = others.every((at) => at.split("#")[0] === found?.split("#")[0])
      return found === undefined || !isOne ? undefined : way(here, found)
    }
  }
}

const entry = (
  item: Item,
  { items }: Module,
  explained: Code.Explained,
  link: (href: string) => string,
) => {
  const id = anchorOf(item)
  // a small letter begins a parameter or a property as often as a function
  const outside = (name: string) =>
    name === item.name || !/^[A-Z]/.test(name) ? undefined : explained(name)
  const beside = (name: string) =>
    name !== item.name && items.some((each) => each.name === name) ? explained(name) : outside(name)
  const { markup } = Markdown.render(item.text, { link, explained: beside, prefix: `${id}-` })
  const declaration = Code.highlight(item.declaration, "ts", outside)
  return html`<div class="entry" id="${id}">
    <h3>
      <code>${item.name}</code>
      <a class="source" href="${repository}/blob/main/${item.source}">source</a>
      <a class="hash" href="#${id}" aria-label="address of ${item.name}">#</a>
    </h3>
    <pre
      tabindex="0"
      role="group"
      aria-label="declaration of ${item.name}"
    ><code>${trusted(declaration)}</code></pre>
    ${trusted(markup)}
  </div>`
}

const importLine = ({ items, specifier }: Module): string => {
  const [path = "", ...names] = specifier.split(/\.(?=[^/]*$)/)
  if (names.length > 0) return `import { ${names.join(".")} } from "${path}"`
  const isModule = path.split("/").length > 2 && /^[A-Z]/.test(path.split("/").at(-1)!)
  if (isModule) return `import * as ${path.split("/").at(-1)!} from "${path}"`
  const shown = items
    .toSorted((a, b) => kindsInOrder.indexOf(a.kind) - kindsInOrder.indexOf(b.kind))
    .slice(0, 3)
  return `import { ${shown.map(({ name }) => name).join(", ") || "..."} } from "${path}"`
}

const ofModule = (
  module: Module,
  modules: ReadonlyArray<Module>,
  explained: Code.Explained,
  link: (address: string) => (href: string) => string,
): Page => {
  const { items, passedOn, specifier, text } = module
  const address = addressOf(specifier)
  const toHere = link(address)
  const said = Markdown.render(text, { link: toHere, explained, prefix: "about-" })
  const groups = kindsInOrder.flatMap((kind) => {
    const own = items.filter((item) => item.kind === kind)
    return own.length === 0 ? [] : [{ kind, own }]
  })
  const wayTo = ({ as, module: of }: PassedOn): string => {
    const there = modules.find((each) => each.specifier === of)
    const item = there?.items.find((each) => each.name === as)
    return way(address, `${addressOf(of)}${item === undefined ? "" : `#${anchorOf(item)}`}`)
  }
  const textAt = (name: string, to: string): string => {
    const there = modules.find((each) => each.specifier === to)
    return sentence(there?.items.find((item) => item.name === name)?.text ?? there?.text ?? "")
  }
  const markup = html`<h1>${specifier}</h1>
    ${trusted(said.markup)}
    <pre
      tabindex="0"
      role="group"
      aria-label="how it is imported"
    ><code>${trusted(Code.highlight(importLine(module), "ts"))}</code></pre>
    ${groups.map(
      ({ kind, own }) =>
        html`<p class="source">${headings[kind]}</p>
          <ul class="names">
            ${own.map(
              (item) =>
                html`<li>
                  <a href="#${anchorOf(item)}"><code>${item.name}</code></a>
                </li>`,
            )}
          </ul>`,
    )}
    ${
      passedOn.length === 0
        ? nothing
        : html`<p class="source">From other modules</p>
            <ul class="names">
              ${passedOn.map(
                (each) =>
                  html`<li>
                    <a href="${wayTo(each)}"><code>${each.name}</code></a>
                  </li>`,
              )}
            </ul>`
    }
    ${groups.map(
      ({ kind, own }) =>
        html`<h2 id="${headings[kind].toLowerCase()}">${headings[kind]}</h2>
          ${own.map((item) => entry(item, module, explained, toHere))}`,
    )}
    ${
      passedOn.length === 0
        ? nothing
        : html`<h2 id="from-other-modules">From other modules</h2>
            <ul>
              ${passedOn.map(
                (each) =>
                  html`<li>
                    <a href="${wayTo(each)}"><code>${each.name}</code></a
                    >: ${prose(textAt(each.as ?? "", each.module))}
                  </li>`,
              )}
            </ul>`
    }`
  return {
    address,
    title: specifier.replace("@nonconvex/", ""),
    markup: markup.markup,
    headings: groups.flatMap(({ kind, own }) => [
      { depth: 2, id: headings[kind].toLowerCase(), title: headings[kind] },
      ...own.map((item) => ({ depth: 3, id: anchorOf(item), title: item.name })),
    ]),
    lede: sentence(text),
  }
}

/** The modules of a package. */
const packagesOf = (
  modules: ReadonlyArray<Module>,
): ReadonlyArray<readonly [string, ReadonlyArray<Module>]> => {
  const names = [...new Set(modules.map((module) => module.package))]
  return names.map((name) => [name, modules.filter((module) => module.package === name)] as const)
}

const index = (modules: ReadonlyArray<Module>): Page => {
  const address = "reference/index.html"
  const functions = modules.flatMap(({ items }) => items.filter(({ kind }) => kind === "function"))
  const shown = functions.filter(({ hasExample }) => hasExample).length
  const packages = packagesOf(modules)
  const markup = html`<h1>Reference</h1>
    <p>
      Every module that can be imported, from the docblocks of the sources: ${functions.length}
      functions, ${shown} of them with an example of their own that the tests run. To find a name,
      press <kbd>/</kbd> and type it.
    </p>
    ${packages.map(
      ([name, all]) =>
        html`<h2 id="${name}">${name}</h2>
          <ul>
            ${all.map(
              ({ specifier, text }) =>
                html`<li>
                  <a href="${way(address, addressOf(specifier))}"><code>${specifier}</code></a>
                  ${prose(sentence(text))}
                </li>`,
            )}
          </ul>`,
    )}`
  return {
    address,
    title: "Reference",
    group: "Reference",
    markup: markup.markup,
    headings: packages.map(([name]) => ({ depth: 2, id: name, title: name })),
    lede: "Every module that can be imported, from the docblocks of the sources.",
  }
}

/** The pages of all modules, and the one that lists them. */
export const write = (
  modules: ReadonlyArray<Module>,
  link: (address: string) => (href: string) => string,
): ReadonlyArray<Page> => {
  const explained = explaining(modules)
  return [
    index(modules),
    ...modules.map((module) => ofModule(module, modules, explained(module), link)),
  ]
}

/** What the search finds of the reference. */
export const places = (modules: ReadonlyArray<Module>) =>
  modules
    .flatMap((module) => module.items.map((item) => ({ item, module })))
    // of two that are as near, what is called comes before what is a type
    .toSorted((a, b) => kindsInOrder.indexOf(a.item.kind) - kindsInOrder.indexOf(b.item.kind))
    .map(({ item, module }) => ({
      address: `${addressOf(module.specifier)}#${anchorOf(item)}`,
      title: item.name,
      text: `${module.specifier.replace("@nonconvex/", "")} · ${bare(item.text)}`,
      kind: item.kind,
    }))
