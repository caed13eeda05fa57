import type { System } from "@nonconvex/evidence/System"
import { type IndexedExperiment, indexed } from "./ExperimentEntry.ts"
import { type StatementEntry, statementsOf } from "./StatementEntry.ts"

/** Index of a system: everything that the lists of the command line print. */
export interface SystemIndex {
  readonly id: string
  readonly title: string
  readonly paper: string
  readonly arxiv: string
  readonly statements: ReadonlyArray<StatementEntry>
  readonly experiments: ReadonlyArray<IndexedExperiment>
}

export const indexOf = (system: System): SystemIndex => {
  const { experiments, id, paper, title } = system
  return {
    id,
    title,
    paper: `${paper.authors} ${paper.year}, ${paper.title}`,
    arxiv: paper.arxiv,
    statements: statementsOf(system),
    experiments: experiments.map(indexed),
  }
}
