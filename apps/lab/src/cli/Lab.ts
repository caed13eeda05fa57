import * as Command from "effect/cli/Command"
import { audit } from "../data/audit/Audit.ts"
import { keep } from "../evidence/commands/Keep.ts"
import { open } from "../live/Open.ts"
import { best } from "../evidence/commands/Best.ts"
import { certify } from "../data/certify/Certify.ts"
import { check } from "../data/check/Check.ts"
import { claims } from "../evidence/commands/Claims.ts"
import { compare } from "../evidence/commands/Compare.ts"
import { complete } from "../data/complete/Complete.ts"
import { diagnose } from "../data/diagnose/Diagnose.ts"
import { doctor } from "./Doctor.ts"
import { explain } from "../evidence/commands/Explain.ts"
import { experiments } from "../evidence/commands/Experiments.ts"
import { exporting } from "../evidence/commands/Export.ts"
import { flatten } from "../data/flatten/Flatten.ts"
import { importing } from "../evidence/commands/Import.ts"
import { predict } from "../data/predict/Predict.ts"
import { ledger } from "../data/ledger/Ledger.ts"
import { release } from "../data/release/Release.ts"
import { remove } from "../evidence/commands/Remove.ts"
import { replay } from "../evidence/commands/Replay.ts"
import { report } from "../evidence/commands/Report.ts"
import { reproduce } from "../evidence/commands/Reproduce.ts"
import { rerun } from "../evidence/commands/Rerun.ts"
import { run } from "../evidence/commands/Run.ts"
import { runs } from "../evidence/commands/Runs.ts"
import { show } from "../evidence/commands/Show.ts"
import { sweep } from "../evidence/commands/Sweep.ts"
import { study } from "../evidence/commands/Study.ts"
import { solve } from "../data/solve/Solve.ts"
import { systems } from "../evidence/commands/Systems.ts"
import { train } from "../data/train/Train.ts"
import { verify } from "../evidence/commands/Verify.ts"
import { worker } from "../evidence/commands/Worker.ts"
import { worstCase } from "../data/worst-case/WorstCase.ts"
import { Quiet } from "./Flags.ts"

/** Command line `nonconvex`: list, test, rerun and apply the results. */
export const lab = Command.make("nonconvex").pipe(
  Command.withDescription(
    "The theory of nonconvex optimisation in deep learning, made executable: claims that can fail, figures that rerun, algorithms for your own data.",
  ),
  Command.withSubcommands([
    { group: "List the papers", commands: [systems, claims, experiments, explain] },
    {
      group: "Evidence",
      commands: [verify, replay, run, sweep, study, reproduce, keep, report, open, worker],
    },
    {
      group: "List the saved runs",
      commands: [runs, show, compare, best, rerun, exporting, importing, remove],
    },
    {
      group: "Your data",
      commands: [
        train,
        predict,
        diagnose,
        certify,
        flatten,
        solve,
        release,
        ledger,
        audit,
        complete,
      ],
    },
    { group: "Your method", commands: [worstCase, check] },
    { group: "This machine", commands: [doctor] },
  ]),
  Command.withGlobalFlags([Quiet]),
  Command.withExamples([
    { command: "nonconvex verify optim-sam", description: "Try to break every claim of a paper" },
    {
      command: "nonconvex reproduce",
      description: "Verify and run everything; write report/index.html",
    },
    { command: "nonconvex explain margin", description: "Look up a term of the output" },
  ]),
)
