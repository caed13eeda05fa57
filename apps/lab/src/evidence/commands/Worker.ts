import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"

export const worker = Verb.make(
  "worker",
  {
    database: Flag.Redacted("database").pipe(
      Flag.withDescription(
        "The PostgreSQL database of a sweep: postgres://user@host:port/name; the password is read from PGPASSWORD where the URL has none",
      ),
      Flag.withMetavar("url"),
    ),
    untilIdle: Flag.Boolean("until-idle").pipe(
      Flag.withDescription("End when no trial waits or is under way, instead of waiting for more"),
      Flag.withDefault(false),
    ),
    jobs: Flags.jobs,
    ...Flags.capabilities,
    json: Flags.json,
  },
  () => import("../handlers/WorkerHandler.ts"),
).pipe(
  Command.withDescription(
    "Add the cores of this machine to the sweeps of a database; run, verify and reproduce compute on their own machine alone. It takes trials of its own version of the code and its own kernels alone, and at Ctrl-C gives back at once what it has not ended.",
  ),
  Command.withShortDescription("Add the cores of this machine to the sweeps of a database"),
  Command.withExamples([
    {
      command: "nonconvex worker --database postgres://lab@db.example.org/runs",
      description: "Work until Ctrl-C",
    },
    {
      command: "nonconvex worker --database postgres://lab@db.example.org/runs --until-idle",
      description: "Work until nothing is left to do",
    },
  ]),
)
