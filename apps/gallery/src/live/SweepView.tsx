/** One sweep: its trials as lines and as a table. */
import { useMemo } from "preact/hooks"
import * as Address from "../page/Address.ts"
import { FigureView } from "../page/FigureView.tsx"
import { Table } from "../page/Rows.tsx"
import type { Columns } from "../Columns.ts"
import { rowsOf } from "../Parts.ts"
import { useAsked, useGoing } from "./Ask.ts"
import type { SweepFacts } from "./Messages.ts"
import { TaskLine } from "./NowView.tsx"
import { Awaited, Facts, Field } from "./Pieces.tsx"
import { figureOf } from "./SweepFigure.ts"

const links = { run: (id: string) => `#run/${id}` }

/** Fewest finished trials that can be compared. */
const fewest = 2

const Trials = ({
  facts: { columns, id, metric, shown, total, varied },
  query,
}: {
  readonly facts: SweepFacts
  readonly query: Address.Address["query"]
}) => {
  const rows = useMemo(() => rowsOf(columns as unknown as Columns), [columns])
  const figure = useMemo(() => figureOf(rows, varied, metric), [rows, varied, metric])
  const done = rows.filter((row) => row["status"] === "done").length
  return (
    <>
      {shown === total ? null : (
        <p class="muted">{`Shown are ${shown} of ${total} trials, evenly drawn.`}</p>
      )}
      {figure === undefined ? null : (
        <div class="figures">
          <FigureView figure={figure} name={`sweep-${id.slice(0, 12)}`} query={query} rows={[]} />
        </div>
      )}
      <h2>Trials</h2>
      <Table rows={rows} links={links} />
      {done < fewest ? null : (
        <p>
          <a
            href={Address.format({
              path: "compare",
              query: {
                where: `sweep=${id.slice(0, 12)}`,
                by: varied.join(","),
                metric: (query["metric"] ?? "") === "" ? (metric ?? "") : query["metric"]!,
              },
            })}
          >
            Compare its configurations
          </a>
        </p>
      )}
    </>
  )
}

export const SweepView = ({
  id,
  query,
}: {
  readonly id: string
  readonly query: Address.Address["query"]
}) => {
  const { now } = useGoing()
  const asked = query["metric"] ?? ""
  const task = now?.tasks.findLast(({ of }) => of?.startsWith(id) === true)
  const path = `/api/sweeps/${id}?${new URLSearchParams({ metric: asked }).toString()}`
  // its trials are kept before the first of them begins
  const isThere = now !== undefined && task?.state !== "waiting"
  const found = useAsked<SweepFacts>(isThere ? path : undefined, now?.stamp)
  const { answer } = found
  return (
    <>
      <h1>{answer === undefined ? "Sweep" : `Sweep of ${answer.experiment}`}</h1>
      {task === undefined ? null : (
        <ul class="tasks">
          <TaskLine task={task} />
        </ul>
      )}
      <Field
        label="Metric"
        hint={answer?.metric ?? "last(loss), or a column for its mean"}
        value={asked}
        set={(metric) => Address.change({ metric })}
      />
      {answer === undefined || answer.offered.length === 0 ? null : (
        <p class="source">{`Its rows have ${answer.offered.join(", ")}.`}</p>
      )}
      <Awaited {...found} />
      {answer === undefined ? null : (
        <>
          {answer.notes.map((note) => (
            <p key={note} class="muted">
              {note}
            </p>
          ))}
          <Trials facts={answer} query={query} />
          <Facts facts={answer.facts} />
        </>
      )}
    </>
  )
}
