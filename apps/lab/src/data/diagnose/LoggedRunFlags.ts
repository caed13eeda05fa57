/** Facts about the logged run, from the flags. */
import type { LossLog, Run } from "@nonconvex/interchange"
import { Result } from "effect"
import type { Input } from "./DiagnoseFlags.ts"

export type RunFlags = Pick<Input, "optimizer" | "momentum" | "betas" | "eps" | "batch">

/** A flag, and its unmet requirement. */
interface Unfit {
  readonly flag: string
  readonly needs: string
}

const unfit = (flag: string, needs: string) => Result.fail({ flag, needs })

const betasOf = (text: string): readonly [number, number] | undefined => {
  const [beta1, beta2, ...rest] = text
    .split(/[,; ]+/)
    .map((part) => (part === "" ? Number.NaN : Number(part)))
  const isDecay = (beta: number | undefined): beta is number =>
    beta !== undefined && beta >= 0 && beta < 1
  return isDecay(beta1) && isDecay(beta2) && rest.length === 0 ? [beta1, beta2] : undefined
}

/** The optimizer; its constants alone identify it. */
const optimizerOf = ({
  betas,
  eps,
  momentum,
  optimizer,
}: RunFlags): Result.Result<Run["optimizer"], Unfit> => {
  const isAdam = betas !== undefined || eps !== undefined
  const name = optimizer ?? (isAdam ? "adam" : momentum === undefined ? undefined : "momentum")
  if (momentum !== undefined && name !== "momentum" && !(name === "sgd" && momentum === 0)) {
    return unfit("momentum", "--optimizer momentum; for adam use --betas")
  }
  if (isAdam && name !== "adam")
    return unfit(betas === undefined ? "eps" : "betas", "--optimizer adam")
  if (name === undefined || name === "sgd") {
    return Result.succeed(name === undefined ? undefined : { name })
  }
  if (name === "momentum") return Result.succeed({ name, momentum: momentum ?? 0.9 })
  const both = betasOf(betas ?? "0.9,0.999")
  if (both === undefined) return unfit("betas", "two numbers from 0 to below 1, such as 0.9,0.999")
  return Result.succeed({ name, beta1: both[0], beta2: both[1], epsilon: eps ?? 1e-8 })
}

const batchOf = (text: string | undefined): Result.Result<Run["batch"], Unfit> => {
  if (text === undefined) return Result.succeed(undefined)
  if (text.trim().toLowerCase() === "full") return Result.succeed("full")
  const size = Number(text)
  return Number.isSafeInteger(size) && size > 0
    ? Result.succeed(size)
    : unfit("batch", `full, or a positive integer (samples per batch), not "${text}"`)
}

/** Facts from the flags, or the flag that is invalid. */
export const runOf = (flags: RunFlags): Result.Result<Run, Unfit> =>
  Result.flatMap(optimizerOf(flags), (optimizer) =>
    Result.map(batchOf(flags.batch), (batch) => ({ optimizer, batch })),
  )

/** Facts from the flags, completed by those from the log. */
export const withFacts = (said: Run, { run }: LossLog["facts"]): Run => ({
  optimizer: said.optimizer ?? run.optimizer,
  batch: said.batch ?? run.batch,
})

/** Describes the run; `facts` come from its log. */
export const describe = (said: Run, facts: LossLog["facts"]): string => {
  const { batch, optimizer } = withFacts(said, facts)
  const steps = {
    sgd: "plain steps",
    momentum: "steps with momentum",
    adam: "steps of Adam",
  } as const
  const told = (isSaid: boolean) => (isSaid ? "" : ` (as ${facts.source} says)`)
  return [
    optimizer === undefined
      ? "optimizer unknown"
      : steps[optimizer.name] + told(said.optimizer !== undefined),
    batch === undefined
      ? "batch size unknown"
      : batch === "full"
        ? `full batches${told(said.batch !== undefined)}`
        : `batches of ${batch}${told(said.batch !== undefined)}`,
    ...(facts.precision === undefined ? [] : [facts.precision]),
  ].join(", ")
}
