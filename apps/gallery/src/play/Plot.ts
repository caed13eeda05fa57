/** A canvas with axes: what toys draw on. */
import { significant } from "@nonconvex/numerics/Decimal"
import { near } from "./Segment.ts"
import type { Point } from "./Point.ts"

/** Corners in data units. */
export interface Box {
  readonly x: readonly [low: number, high: number]
  readonly y: readonly [low: number, high: number]
}

/** Part of the canvas, from 0 to 1. */
export interface Panel {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export const whole: Panel = { left: 0, right: 1, top: 0, bottom: 1 }

/** Colours by their names on the page. */
export type Colour =
  | "ink"
  | "muted"
  | "grid"
  | "axis"
  | "series-1"
  | "series-2"
  | "series-3"
  | "series-4"
  | "series-5"

const margin = { left: 52, right: 12, top: 22, bottom: 38 }

/** Pixels that a label takes along its axis. */
const labelRoom = { x: 30, y: 16 }

/** Round numbers from low to high: about four to eight, or as many as fit. */
const ticks = ([low, high]: Box["x"], most: number): ReadonlyArray<number> => {
  const rough = (high - low) / 4
  let unit = 1
  while (unit > rough) unit /= 10
  while (10 * unit <= rough) unit *= 10
  const round = [5, 2, 1].map((factor) => factor * unit).find((each) => each <= rough) ?? unit
  const step =
    [1, 2, 5, 10].map((factor) => factor * round).find((each) => high - low <= most * each) ??
    20 * round
  const first = Math.ceil(low / step)
  const count = Math.floor(high / step) - first + 1
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step)
}

export interface Axes {
  readonly panel?: Panel
  readonly box: Box
  readonly xTitle: string
  readonly yTitle: string
}

/** A panel that has axes. Points are in units of its box; what lies beyond is clipped. */
export interface Drawing {
  readonly line: (points: ReadonlyArray<Point>, colour: Colour, dashed?: boolean) => void
  readonly dot: (point: Point, colour: Colour, radius?: number) => void
  readonly ring: (point: Point, colour: Colour, radius: number) => void
  readonly text: (point: Point, text: string, colour: Colour) => void
  /** Shades each place by a number from 0 to 1. */
  readonly shade: (value: (x: number, y: number) => number) => void
}

export interface Plot {
  readonly axes: (axes: Axes) => Drawing
  /** Lays out panels next to each other where they fit, and else below each other. */
  readonly panels: (count: number) => ReadonlyArray<Panel>
}

/** Smallest width in pixels at which panels are next to each other. */
const besides = 150

/** Pixels of one shaded place. */
const grain = 6

type Shade = Parameters<Drawing["shade"]>[0]

interface Place {
  readonly width: number
  readonly height: number
}

/** Cache of the shading: it is the same in every frame. */
const shades = new WeakMap<Shade, { readonly key: string; readonly picture: HTMLCanvasElement }>()

const shaded = (value: Shade, { x, y }: Box, { height, width }: Place, colour: string) => {
  const key = [width, height, colour].join()
  const known = shades.get(value)
  if (known?.key === key) return known.picture
  const picture = document.createElement("canvas")
  picture.width = Math.max(1, width)
  picture.height = Math.max(1, height)
  const context = picture.getContext("2d")!
  context.fillStyle = colour
  for (let px = 0; px < width; px += grain) {
    for (let py = 0; py < height; py += grain) {
      const across = x[0] + ((px + grain / 2) / width) * (x[1] - x[0])
      const up = y[1] - ((py + grain / 2) / height) * (y[1] - y[0])
      context.globalAlpha = 0.5 * Math.min(1, Math.max(0, value(across, up)))
      context.fillRect(px, py, grain, grain)
    }
  }
  shades.set(value, { key, picture })
  return picture
}

/** A plot on a canvas that is as wide and high as its style says; pixels are those of the screen. */
export const plotOn = (canvas: HTMLCanvasElement): Plot => {
  const context = canvas.getContext("2d")!
  const { clientHeight: height, clientWidth: width } = canvas
  canvas.width = Math.round(width * devicePixelRatio)
  canvas.height = Math.round(height * devicePixelRatio)
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
  const style = getComputedStyle(canvas)
  const colourOf = (colour: Colour) => style.getPropertyValue(`--${colour}`).trim()
  context.font = `11px ${style.fontFamily}`
  const axes = ({ box, panel = whole, xTitle, yTitle }: Axes): Drawing => {
    const left = panel.left * width + margin.left
    const right = panel.right * width - margin.right
    const top = panel.top * height + margin.top
    const bottom = panel.bottom * height - margin.bottom
    const { x: xs, y: ys } = box
    const at = ([x, y]: Point): Point => [
      left + ((x - xs[0]) / (xs[1] - xs[0])) * (right - left),
      bottom - ((y - ys[0]) / (ys[1] - ys[0])) * (bottom - top),
    ]
    const clipped = (draw: () => void) => {
      context.save()
      context.beginPath()
      context.rect(left, top, right - left, bottom - top)
      context.clip()
      draw()
      context.restore()
    }
    context.strokeStyle = colourOf("grid")
    context.fillStyle = colourOf("muted")
    context.lineWidth = 1
    context.textAlign = "center"
    for (const value of ticks(xs, (right - left) / labelRoom.x)) {
      const [x] = at([value, ys[0]])
      context.strokeRect(x, top, 0, bottom - top)
      context.fillText(significant(value), x, bottom + 14)
    }
    context.textAlign = "right"
    for (const value of ticks(ys, (bottom - top) / labelRoom.y)) {
      const [, y] = at([xs[0], value])
      context.strokeRect(left, y, right - left, 0)
      context.fillText(significant(value), left - 6, y + 4)
    }
    context.fillStyle = colourOf("ink")
    context.textAlign = "center"
    context.fillText(xTitle, (left + right) / 2, bottom + 30)
    context.textAlign = "left"
    context.fillText(yTitle, panel.left * width + 4, top - 8)
    return {
      line: (points, colour, dashed = false) =>
        clipped(() => {
          context.strokeStyle = colourOf(colour)
          context.lineWidth = 2
          context.setLineDash(dashed ? [5, 4] : [])
          context.beginPath()
          let last: Point | undefined
          for (let i = 1; i < points.length; i++) {
            const part = near(at(points[i - 1]!), at(points[i]!), { left, right, top, bottom })
            if (part === undefined) continue
            const [from, to] = part
            // what goes on where it was is one line, with one pattern of dashes
            if (last?.[0] !== from[0] || last[1] !== from[1]) context.moveTo(...from)
            context.lineTo(...to)
            last = to
          }
          context.stroke()
        }),
      dot: (point, colour, radius = 4) =>
        clipped(() => {
          context.fillStyle = colourOf(colour)
          context.beginPath()
          context.arc(...at(point), radius, 0, 2 * Math.PI)
          context.fill()
        }),
      ring: (point, colour, radius) =>
        clipped(() => {
          context.strokeStyle = colourOf(colour)
          context.lineWidth = 2
          context.beginPath()
          context.arc(...at(point), radius, 0, 2 * Math.PI)
          context.stroke()
        }),
      text: (point, text, colour) => {
        context.fillStyle = colourOf(colour)
        context.textAlign = "left"
        context.fillText(text, ...at(point))
      },
      shade: (value) => {
        const place = { width: right - left, height: bottom - top }
        context.drawImage(shaded(value, box, place, colourOf("axis")), left, top)
      },
    }
  }
  context.clearRect(0, 0, width, height)
  const panels = (count: number) =>
    Array.from({ length: count }, (_, i) => {
      const [from, to] = [i / count, (i + 1) / count]
      return width / count < besides
        ? { ...whole, top: from, bottom: to }
        : { ...whole, left: from, right: to }
    })
  return { axes, panels }
}

/** Converts the place of the pointer to units of a box that holds the whole canvas. */
export const placeIn = (canvas: HTMLCanvasElement, { x, y }: Box, event: MouseEvent): Point => {
  const { height, left, top, width } = canvas.getBoundingClientRect()
  const across = (event.clientX - left - margin.left) / (width - margin.left - margin.right)
  const up = 1 - (event.clientY - top - margin.top) / (height - margin.top - margin.bottom)
  return [x[0] + across * (x[1] - x[0]), y[0] + up * (y[1] - y[0])]
}
