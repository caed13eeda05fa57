import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"

export const worker = Verb.make(
  "worker",
  {
    database: Flag.Redacted("database").pipe(
      Flag.withDescription(
        "The PostgreSQL database of a sweep: postgres://user@host:port/name; the password comes from PGPASSWORD if the URL has none",
      ),
      Flag.withMetavar("url"),
    ),
    untilIdle: Flag.Boolean("until-idle").pipe(
      Flag.withDescription(
        "Exit when no trials are waiting or running, instead of waiting for more",
      ),
      Flag.withDefault(false),
    ),
    files: Flag.String("file").pipe(
      Flag.withDescription(
        "Also run the trials of the program of this sweep, as sweep --command --save writes it; one flag for each",
      ),
      Flag.withMetavar("file"),
      Flag.atLeast(0),
    ),
    jobs: Flags.jobs,
    ...Flags.capabilities,
    json: Flags.json,
  },
  () => import("../handlers/WorkerHandler.ts"),
).pipe(
  Command.withDescription(
    "Add the cores of this machine to the sweeps of a database; run, verify and reproduce use their own machine only. A worker takes only trials of its own code version and kernels. Ctrl-C returns unfinished trials at once.",
  ),
  Command.withShortDescription("Add the cores of this machine to the sweeps of a database"),
  Command.withExamples([
    {
      command: "nonconvex worker --database postgres://lab@db.example.org/runs",
      description: "Work until Ctrl-C",
    },
    {
      command: "nonconvex worker --database postgres://lab@db.example.org/runs --until-idle",
      description: "Work until all trials are done",
    },
    {
      command: "nonconvex worker --database postgres://lab@db.example.org/runs --file train.json",
      description: "Also run the program of a sweep, where its files are the same",
    },
  ]),
)
