/** Canvas with axes on which toys draw. */
import { contour, gridOf } from "./Contours.ts"
import { numberText } from "./NumberText.ts"
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

/** Colours by their names in the page's style. */
export type Colour =
  | "ink"
  | "muted"
  | "paper"
  | "grid"
  | "axis"
  | "series-1"
  | "series-2"
  | "series-3"
  | "series-4"
  | "series-5"

const margin = { left: 52, right: 12, top: 22, bottom: 43 }

/** Pixels of a label along its axis. */
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
  /** True if both axes have the same unit: the box then grows along one of them to the shape of the panel. */
  readonly isEqual?: boolean | undefined
  readonly xTitle: string
  readonly yTitle: string
}

/** A panel with axes. Points are in units of its box; anything beyond is clipped. */
export interface Drawing {
  readonly line: (points: ReadonlyArray<Point>, colour: Colour, dashed?: boolean) => void
  readonly dot: (point: Point, colour: Colour, radius?: number) => void
  readonly ring: (point: Point, colour: Colour, radius: number) => void
  readonly text: (point: Point, text: string, colour: Colour) => void
  /** Names of lines beside their ends, moved apart to avoid overlap. */
  readonly labels: (all: ReadonlyArray<Label>) => void
  /** Shades each point by a number from 0 to 1. */
  readonly shade: (value: (x: number, y: number) => number) => void
  /** Draws `count` contour lines of a function. */
  readonly contours: (value: (x: number, y: number) => number, count: number) => void
  /** A filled rectangle between two corners. */
  readonly bar: (from: Point, to: Point, colour: Colour, opacity?: number) => void
}

/** Name of a line, at its end. */
export interface Label {
  readonly at: Point
  readonly text: string
  readonly colour: Colour
}

export interface Plot {
  readonly axes: (axes: Axes) => Drawing
  /** Lays out panels side by side if they fit, and otherwise below each other. */
  readonly panels: (count: number) => ReadonlyArray<Panel>
}

/** Smallest width in pixels for panels side by side. */
const besides = 170

/** Pixels of one shaded cell. */
const grain = 6

type Shade = Parameters<Drawing["shade"]>[0]

interface Place {
  readonly width: number
  readonly height: number
}

interface Kept {
  readonly key: string
  readonly picture: HTMLCanvasElement
}

/** Cache of shadings and contours, because they are the same in every frame. */
const shades = new WeakMap<Shade, Kept>()
const relief = new WeakMap<Shade, Kept>()

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

/** Pixels per cell of the contour grid. */
const cell = 5

const contoured = (
  value: Shade,
  box: Box,
  { height, width }: Place,
  colour: string,
  count: number,
) => {
  const key = [width, height, colour, count].join()
  const known = relief.get(value)
  if (known?.key === key) return known.picture
  const picture = document.createElement("canvas")
  picture.width = Math.max(1, Math.round(width * devicePixelRatio))
  picture.height = Math.max(1, Math.round(height * devicePixelRatio))
  const context = picture.getContext("2d")!
  const [columns, rows] = [Math.ceil(width / cell), Math.ceil(height / cell)]
  const grid = gridOf(value, box, columns, rows)
  context.scale(picture.width / columns, picture.height / rows)
  context.strokeStyle = colour
  context.lineWidth = 1 / cell
  context.globalAlpha = 0.55
  const finite = grid.values.filter(Number.isFinite).toSorted()
  context.beginPath()
  for (let k = 1; k <= count; k++) {
    // equal areas between two lines
    const level = finite[Math.floor((k * (finite.length - 1)) / (count + 1))] ?? 0
    for (const [fromX, fromY, toX, toY] of contour(grid, level)) {
      context.moveTo(fromX, fromY)
      context.lineTo(toX, toY)
    }
  }
  context.stroke()
  relief.set(value, { key, picture })
  return picture
}

/** Extends a box with one unit for both axes to the shape of a rectangle, about its centre. */
const equalled = ({ x, y }: Box, { height, width }: Place): Box => {
  const unit = Math.max((x[1] - x[0]) / width, (y[1] - y[0]) / height)
  const around = ([low, high]: Box["x"], size: number): Box["x"] => {
    const middle = (low + high) / 2
    return [middle - (unit * size) / 2, middle + (unit * size) / 2]
  }
  return { x: around(x, width), y: around(y, height) }
}

/** Pixels between the names of two lines. */
const apart = 17

/** Plot on a canvas with the size of its style, in pixels of the screen. */
export const plotOn = (canvas: HTMLCanvasElement): Plot => {
  const context = canvas.getContext("2d")!
  const { clientHeight: height, clientWidth: width } = canvas
  canvas.width = Math.round(width * devicePixelRatio)
  canvas.height = Math.round(height * devicePixelRatio)
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
  const style = getComputedStyle(canvas)
  const colourOf = (colour: Colour) => style.getPropertyValue(`--${colour}`).trim()
  context.font = `14px ${style.fontFamily}`
  const axes = ({ box: asked, isEqual = false, panel = whole, xTitle, yTitle }: Axes): Drawing => {
    const left = panel.left * width + margin.left
    const right = panel.right * width - margin.right
    const top = panel.top * height + margin.top
    const bottom = panel.bottom * height - margin.bottom
    const place = { width: right - left, height: bottom - top }
    const box = isEqual ? equalled(asked, place) : asked
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
      const label = numberText(value)
      const half = context.measureText(label).width / 2
      context.fillText(label, Math.min(x, panel.right * width - half - 1), bottom + 17)
    }
    context.textAlign = "right"
    for (const value of ticks(ys, (bottom - top) / labelRoom.y)) {
      const [, y] = at([xs[0], value])
      context.strokeRect(left, y, right - left, 0)
      context.fillText(numberText(value), left - 6, y + 5)
    }
    context.fillStyle = colourOf("ink")
    context.textAlign = "center"
    context.fillText(xTitle, (left + right) / 2, bottom + 35)
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
      labels: (all) => {
        const placed = all
          .map(({ at: point, colour, text }) => {
            const [x, y] = at(point)
            const { width: wide } = context.measureText(text)
            const across = x + 8 + wide > right ? x - 8 - wide : x + 8
            return {
              colour,
              text,
              x: Math.min(
                right - wide - 2,
                Math.max(left + 2, Number.isFinite(across) ? across : left),
              ),
              y: Math.min(bottom - 4, Math.max(top + 12, Number.isFinite(y) ? y + 4 : top)),
            }
          })
          .toSorted((a, b) => a.y - b.y)
        for (let k = 1; k < placed.length; k++) {
          placed[k]!.y = Math.max(placed[k]!.y, placed[k - 1]!.y + apart)
        }
        // those below the panel are pushed up again
        for (let k = placed.length - 1, most = bottom - 4; k >= 0; k--, most -= apart) {
          placed[k]!.y = Math.min(placed[k]!.y, most)
        }
        context.save()
        context.font = `600 ${context.font}`
        context.textAlign = "left"
        context.lineJoin = "round"
        context.lineWidth = 4
        for (const { colour, text, x, y } of placed) {
          context.strokeStyle = colourOf("paper")
          context.strokeText(text, x, y)
          context.fillStyle = colourOf(colour)
          context.fillText(text, x, y)
        }
        context.restore()
      },
      shade: (value) => {
        context.drawImage(shaded(value, box, place, colourOf("axis")), left, top)
      },
      contours: (value, count) => {
        const lines = contoured(value, box, place, colourOf("muted"), count)
        context.drawImage(lines, left, top, place.width, place.height)
      },
      bar: (from, to, colour, opacity = 1) =>
        clipped(() => {
          const [[x, y], [toX, toY]] = [at(from), at(to)]
          context.globalAlpha = opacity
          context.fillStyle = colourOf(colour)
          context.fillRect(Math.min(x, toX), Math.min(y, toY), Math.abs(toX - x), Math.abs(toY - y))
        }),
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

/** Converts the pointer position to units of a box that fills the canvas. */
export const placeIn = (
  canvas: HTMLCanvasElement,
  box: Box,
  event: MouseEvent,
  isEqual = false,
): Point => {
  const { height, left, top, width } = canvas.getBoundingClientRect()
  const place = {
    width: width - margin.left - margin.right,
    height: height - margin.top - margin.bottom,
  }
  const { x, y } = isEqual ? equalled(box, place) : box
  const across = (event.clientX - left - margin.left) / place.width
  const up = 1 - (event.clientY - top - margin.top) / place.height
  return [x[0] + across * (x[1] - x[0]), y[0] + up * (y[1] - y[0])]
}
