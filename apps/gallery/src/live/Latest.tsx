/** Latest runs: a short list for the first screen, and the figure of an experiment's latest run. */
import { useMemo } from "preact/hooks"
import type { Figure } from "../page/Draw.ts"
import { FigureView } from "../page/FigureView.tsx"
import type { Columns } from "../Columns.ts"
import { rowsOf } from "../Parts.ts"
import { useAsked, useGoing } from "./Ask.ts"
import type { RunList, RunTable } from "./Messages.ts"

/** Number of runs on the first screen. */
const fewRuns = 5

/** The latest runs, with a link to all. */
export const LatestRuns = () => {
  const { now } = useGoing()
  const { answer } = useAsked<RunList>(now === undefined ? undefined : "/api/runs", now?.stamp)
  if (answer === undefined || answer.count === 0) return null
  const { header, rows } = answer.table
  const cell = (row: number, name: string): ReadonlyArray<string> => {
    const text = rows[row]![header.indexOf(name)] ?? ""
    return text === "" ? [] : [name === "seed" ? `seed ${text}` : text]
  }
  return (
    <section aria-label="latest runs">
      <ul class="short">
        {answer.runs.slice(0, fewRuns).map(({ id, subject }, i) => (
          <li key={id}>
            <a href={`#run/${id}`} aria-label={`${subject}, run ${rows[i]![0]!}`}>
              {subject}
            </a>{" "}
            <span class="source">
              {["differs in", "seed", "status", "when"]
                .flatMap((name) => cell(i, name))
                .join(" · ")}
            </span>
          </li>
        ))}
      </ul>
      <p>
        <a href="#runs">{answer.count === 1 ? "The run" : `All ${answer.count} runs`}</a>
      </p>
    </section>
  )
}

/** The first figure of an experiment's latest run. */
export const LatestFigure = ({ experiment }: { readonly experiment: string }) => {
  const { now } = useGoing()
  const asked = new URLSearchParams({ where: `experiment=${experiment}` }).toString()
  const list = useAsked<RunList>(`/api/runs?${asked}`, now?.stamp)
  const id = list.answer?.runs[0]?.id
  const { answer } = useAsked<RunTable>(id === undefined ? undefined : `/api/runs/${id}/table`)
  const rows = useMemo(
    () => (answer === undefined ? [] : rowsOf(answer.columns as unknown as Columns)),
    [answer],
  )
  const [figure] = (answer?.figures ?? []) as unknown as ReadonlyArray<Figure>
  if (id === undefined || figure === undefined) return null
  return (
    <section aria-label="latest run">
      <p class="muted">
        The <a href={`#run/${id}`}>latest run</a> of this experiment:
      </p>
      <FigureView figure={figure} name="latest" query={{}} rows={rows} />
    </section>
  )
}
