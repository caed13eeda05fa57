/** A figure in the page, and as files. */
import * as Csv from "@nonconvex/evidence/Csv"
import type { Row } from "@nonconvex/evidence/Experiment"
import { textOf, views } from "@nonconvex/figures"
import { specification, standalone } from "@nonconvex/figures/drawing"
import {
  faultOf,
  type Frame,
  type Look,
  isolated,
  type Screen,
  shown,
  withPowers,
} from "@nonconvex/figures/internal/page"
import type { ExperimentResult } from "@nonconvex/evidence/Report"
import type { Schema } from "effect"
import type { View } from "vega"
import { engine } from "./Engine.ts"

export type Figure = ExperimentResult["figures"][number]

/** A value as the axes show it; the engine gives a number as text with twelve digits. */
const valueOf = (text: string): string => {
  const number = Number(text.replace("−", "-"))
  return text.trim() === "" || !Number.isFinite(number) ? withPowers(text) : shown(number)
}

/** Tooltip in a box of the host: describes in words the mark under the pointer. */
const tooltip = (host: HTMLElement, box: HTMLElement) => {
  box.className = "tip"
  box.hidden = true
  return (_: unknown, event: MouseEvent, __: unknown, value: unknown) => {
    const isThere = typeof value === "object" && value !== null
    box.hidden = !isThere
    if (!isThere) return
    box.replaceChildren(
      ...Object.entries(value).map(([name, of]: [string, unknown]) => {
        const line = document.createElement("div")
        line.textContent = `${name}: ${valueOf(textOf(of as Schema.Json))}`
        return line
      }),
    )
    const at = host.getBoundingClientRect()
    box.style.left = `${Math.min(event.clientX - at.left + 12, at.width - box.offsetWidth)}px`
    box.style.top = `${event.clientY - at.top + 12}px`
  }
}

/**
 * Draws into `host`, and replaces its earlier content. Rejects with the reason if a figure cannot be drawn, or would drop rows
 * without saying so.
 */
export const draw = async (
  host: HTMLElement,
  figure: Figure,
  rows: ReadonlyArray<Row>,
  screen: Screen,
  look?: Look,
): Promise<View> => {
  const fault = faultOf(figure.spec, rows)
  if (fault !== undefined) throw new Error(fault)
  const { compile, interpreter, parse, View } = await engine()
  const { spec } = compile(specification(figure.spec, rows, screen, look), {
    logger: isolated.logger,
  })
  const picture = document.createElement("div")
  const tip = document.createElement("div")
  const view = new View(parse(spec, undefined, { ast: true }), {
    expr: interpreter,
    renderer: "svg",
    container: picture,
    hover: look !== undefined,
    ...isolated,
  })
  if (look !== undefined) view.tooltip(tooltip(host, tip))
  await view.runAsync()
  const drawn = picture.querySelector("svg")
  drawn?.setAttribute("role", "img")
  drawn?.setAttribute("aria-label", figure.title)
  // a picture is named as a whole: the engine calls some of its marks symbols, and gives them no name
  for (const part of drawn?.children ?? []) part.setAttribute("aria-hidden", "true")
  // not before it has its name
  host.replaceChildren(picture, tip)
  return view
}

const save = (name: string, content: Blob): void => {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

export const saveSvg = async (name: string, view: View): Promise<void> =>
  save(`${name}.svg`, new Blob([standalone(await view.toSVG())], { type: "image/svg+xml" }))

export const savePng = async (name: string, view: View): Promise<void> => {
  const svg = standalone(await view.toSVG())
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement("canvas")
  // as sharp as on a screen with two pixels for each
  canvas.width = 2 * image.width
  canvas.height = 2 * image.height
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height)
  canvas.toBlob((blob) => {
    if (blob !== null) save(`${name}.png`, blob)
  })
}

/** Visible part of the plane in a view; undefined without two quantitative scales, as with panels. */
export const frameOf = (view: View): Frame.Frame | undefined => {
  try {
    const [x, y] = ["x", "y"].map((name) =>
      (view.scale(name) as { domain: () => ReadonlyArray<number> }).domain().map(Number),
    )
    const frame = { x: [x![0]!, x!.at(-1)!], y: [y![0]!, y!.at(-1)!] } as const
    return [...frame.x, ...frame.y].every((value) => Number.isFinite(value)) ? frame : undefined
  } catch {
    return undefined
  }
}

/** Rows of a figure, each once. */
export const rowsIn = ({ spec }: Figure, rows: ReadonlyArray<Row>): ReadonlyArray<Row> => {
  const drawn = views(spec, rows).flatMap((view) => view.rows as ReadonlyArray<Row>)
  const known = new Map(drawn.map((row) => [Object.entries(row).join("\n"), row]))
  return [...known.values()]
}

export const saveCsv = (name: string, rows: ReadonlyArray<Row>): void =>
  save(`${name}.csv`, new Blob([Csv.encode(rows)], { type: "text/csv" }))
