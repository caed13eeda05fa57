/** Buttons that move the frame of a figure, for keyboards and touch screens. */
import { Frame, type ScaleName } from "@nonconvex/figures/internal/page"

const ways = [
  ["nearer", "+", { factor: 0.5 }],
  ["farther", "−", { factor: 2 }],
  ["to the left", "←", { across: -0.25 }],
  ["to the right", "→", { across: 0.25 }],
  ["up", "↑", { up: 0.25 }],
  ["down", "↓", { up: -0.25 }],
] as const

export const FrameButtons = ({
  frame,
  scales: { x = "linear", y = "linear" },
  set,
}: {
  /** Current frame; undefined if these buttons cannot move it. */
  readonly frame: Frame.Frame | undefined
  readonly scales: { readonly x?: ScaleName | undefined; readonly y?: ScaleName | undefined }
  /** Shows another part; by default the whole. */
  readonly set: (frame?: Frame.Frame) => void
}) =>
  frame === undefined ? null : (
    <span class="frame" role="group" aria-label="zoom">
      {ways.map(([words, sign, way]) => (
        <button
          key={words}
          type="button"
          aria-label={words}
          onClick={() => set(Frame.moved(frame, { x, y }, way))}
        >
          {sign}
        </button>
      ))}
      <button type="button" onClick={() => set()}>
        all
      </button>
    </span>
  )
