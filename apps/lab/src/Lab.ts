import { Command } from "effect/cli"
import { audit } from "./commands/Audit.ts"
import { certify } from "./commands/Certify.ts"
import { claims } from "./commands/Claims.ts"
import { complete } from "./commands/Complete.ts"
import { diagnose } from "./commands/Diagnose.ts"
import { doctor } from "./commands/Doctor.ts"
import { experiments } from "./commands/Experiments.ts"
import { flatten } from "./commands/Flatten.ts"
import { release } from "./commands/Release.ts"
import { replay } from "./commands/Replay.ts"
import { report } from "./commands/Report.ts"
import { reproduce } from "./commands/Reproduce.ts"
import { run } from "./commands/Run.ts"
import { solve } from "./commands/Solve.ts"
import { systems } from "./commands/Systems.ts"
import { train } from "./commands/Train.ts"
import { verify } from "./commands/Verify.ts"
import { Quiet } from "./Flags.ts"

/** The command line `nonconvex`: see what there is, try to break it, rerun it, use it. */
export const lab = Command.make("nonconvex").pipe(
  Command.withDescription(
    "The theory of nonconvex optimisation in deep learning, made executable: claims that can fail, figures that rerun, algorithms for your own data.",
  ),
  Command.withSubcommands([
    { group: "What there is", commands: [systems, claims, experiments] },
    { group: "Evidence", commands: [verify, replay, run, reproduce, report] },
    {
      group: "Your data",
      commands: [train, diagnose, certify, flatten, solve, release, audit, complete],
    },
    { group: "This machine", commands: [doctor] },
  ]),
  Command.withGlobalFlags([Quiet]),
  Command.withExamples([
    { command: "nonconvex verify optim-sam", description: "Try to break every claim of a paper" },
    {
      command: "nonconvex reproduce",
      description: "Verify and run everything; write report/index.html",
    },
  ]),
)
