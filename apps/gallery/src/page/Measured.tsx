import * as Instance from "@nonconvex/evidence/Instance"
import { efforts } from "@nonconvex/evidence/Efforts"
import { bars, inWords, room, steps } from "./MarginShapes.ts"
import type { Measured as Data } from "../Parts.ts"

const shown = (value: number): string => String(Number(value.toPrecision(3)))

const { below, height, left, width } = room

const Shape = ({
  colour,
  from,
  isFilled,
  label,
  path,
  title,
  to,
}: {
  readonly colour: string
  readonly from: string
  readonly isFilled: boolean
  readonly label: string
  readonly path: string
  readonly title: string
  readonly to: string
}) => (
  <figure class="shape">
    <svg viewBox={`0 0 ${width + 2 * left} ${height + below}`} role="img" aria-label={label}>
      <path d={`M${left} ${height}h${width}`} stroke="var(--axis)" />
      {isFilled ? (
        <path d={path} fill={colour} />
      ) : (
        <path d={path} fill="none" stroke={colour} stroke-width="2" />
      )}
      <text x={left} y={height + 14}>
        {from}
      </text>
      <text x={left + width} y={height + 14} text-anchor="end">
        {to}
      </text>
    </svg>
    <figcaption>{title}</figcaption>
  </figure>
)

/**
 * Distance of a claim that held from a violation: its distribution of margins, the worst by effort, and the tightness of its
 * bound.
 */
export const Measured = ({ of }: { readonly of: Data }) => {
  const { loose, margins, nearest, runs } = of
  const { histogram, median, percent1, percent10, reached, worst } = margins
  const draws = efforts(runs)
  const compared = nearest?.compared
  if (worst === 1 && median === 1 && compared === undefined) {
    return (
      <p>
        {`True in all ${runs} instances; it has no distance to a violation.`}
        {nearest === undefined ? null : (
          <>
            {" "}
            <a href={`#replay/${nearest.replay}`}>Replay an instance</a>
          </>
        )}
      </p>
    )
  }
  return (
    <>
      <p>
        Worst margin <strong>{shown(worst)}</strong>
        {compared === undefined
          ? ""
          : ` ${Instance.unitOf(compared)}: ${Instance.comparison(compared)}`}
        {nearest === undefined ? null : (
          <>
            {". "}
            <a href={`#replay/${nearest.replay}`}>Replay the nearest instance</a>
          </>
        )}
      </p>
      <div class="figures">
        {histogram === undefined ? null : (
          <Shape
            colour="var(--series-1)"
            from={shown(histogram.least)}
            isFilled
            label={inWords(histogram)}
            path={bars(histogram)}
            title={`margins of ${runs} instances${histogram.scale === "linear" ? "" : ", on a logarithmic axis"}`}
            to={shown(histogram.largest)}
          />
        )}
        {reached?.length !== draws.length || runs === 1 ? null : (
          <Shape
            colour="var(--series-2)"
            from="1 draw"
            isFilled={false}
            label={`worst margin against draws: ${draws.map((at, i) => `${shown(reached[i]!)} after ${at}`).join(", ")}`}
            path={steps(draws, reached)}
            title={`the worst so far, from ${shown(reached[0]!)} to ${shown(worst)}`}
            to={`${runs} draws`}
          />
        )}
      </div>
      <p class="muted">
        {`1 % are below ${shown(percent1)}, 10 % below ${shown(percent10)}, half below ${shown(median)}. ${loose}`}
      </p>
    </>
  )
}
