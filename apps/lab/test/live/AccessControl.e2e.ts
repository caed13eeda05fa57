/** The door of the server: who comes in, what is refused, and how the command begins and ends. */
import type * as Live from "@nonconvex/gallery/internal/Live"
import { Effect } from "effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { temporary } from "../support/Folders.ts"
import { listed } from "../support/KeptToys.ts"
import { dice, forever, inFolder, raw } from "../support/Opened.ts"
import { start as process } from "../support/Process.ts"
import { refused } from "../support/Toys.ts"

const isOne = (text: string): boolean => text.trim().split("\n").length === 1

describe("who comes in", () => {
  it("knows the token, by the address, by a header, or by the cookie that the address gave", () =>
    inFolder(async ({ port, token }) => {
      const host = `127.0.0.1:${port}`
      const first = await raw(port, `/?token=${token}`)
      assert.strictEqual(first.status, 200)
      const [cookie = ""] = first.headers["set-cookie"] ?? []
      assert.match(cookie, /; HttpOnly/)
      assert.match(cookie, /; SameSite=Strict/)
      const given = { cookie: cookie.split(";")[0]!, host, origin: `http://${host}` }
      assert.strictEqual((await raw(port, "/", { headers: given })).status, 200)
      const authorization = `Bearer ${token}`
      assert.strictEqual((await raw(port, "/", { headers: { authorization } })).status, 200)
    }))

  it("is not who lacks the token, has another host or comes from another page: 403 and one line", () =>
    inFolder(async ({ ask, port, token }) => {
      const host = `127.0.0.1:${port}`
      const strangers = await Promise.all([
        raw(port, "/"),
        raw(port, "/api/runs"),
        raw(port, "/live.js"),
        raw(port, `/?token=${token.slice(1)}`),
        raw(port, "/?token="),
        raw(port, "/", { headers: { authorization: `Bearer ${token}x` } }),
        raw(port, "/", { headers: { cookie: `nonconvex-${port}=${token}x` } }),
        // a name of somebody else that leads to this machine
        ask("/", { headers: { host: "evil.example" } }),
        ask("/", { headers: { host: `evil.example:${port}` } }),
        ask("/", { headers: { host: "127.0.0.1" } }),
        // another page
        ask("/api/tasks", {
          method: "POST",
          headers: { origin: "http://evil.example" },
          body: "{}",
        }),
        ask("/api/tasks", { method: "POST", headers: { origin: "null" }, body: "{}" }),
        ask("/api/runs", { headers: { origin: `http://127.0.0.1:${port + 1}` } }),
        ask("/api/runs", { headers: { "sec-fetch-site": "cross-site" } }),
        ask("/api/runs", { headers: { "sec-fetch-site": "same-site" } }),
        // the token of the address is for pages, and for nothing that changes something
        raw(port, `/api/tasks?token=${token}`, { method: "POST", headers: { host }, body: "{}" }),
      ])
      for (const { headers, status, text } of strangers) {
        assert.strictEqual(status, 403)
        assert.isTrue(isOne(text), text)
        assert.notInclude(text, token)
        assert.isUndefined(headers["set-cookie"])
      }
      const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }
      assert.strictEqual((await raw(port, `/?token=${token}`, { headers: link })).status, 200)
    }))

  it("gets answers that say what a page of them may do, and nothing of the disk", () =>
    inFolder(async ({ ask }) => {
      const { headers, text } = await ask("/")
      const policy = String(headers["content-security-policy"])
      assert.include(policy, "default-src 'none'")
      assert.notMatch(policy, /unsafe-eval'(?<!wasm-unsafe-eval')|script-src[^;]*unsafe-inline/)
      assert.strictEqual(headers["x-content-type-options"], "nosniff")
      assert.strictEqual(headers["referrer-policy"], "no-referrer")
      assert.notMatch(text, /<script>|style="/)
      for (const path of ["/../../etc/passwd", "/src/", "/%2e%2e/package.json", "/part"]) {
        assert.strictEqual((await ask(path)).status, 404, path)
      }
    }))
})

describe("what is asked", () => {
  it("is refused in one line where it is none", () =>
    inFolder(async ({ ask }) => {
      const post = (body: string, type = "application/json") =>
        ask("/api/tasks", { method: "POST", headers: { "content-type": type }, body })
      const json = (value: object) => post(JSON.stringify(value))
      const large = JSON.stringify(dice({ rolls: "9".repeat(70_000) }))
      const chunked = { "content-type": "application/json", "transfer-encoding": "chunked" }
      const answers: ReadonlyArray<readonly [number, string, ReturnType<typeof ask>]> = [
        [415, "must be JSON", post("{}", "text/plain")],
        [413, "at most 65536 bytes", post(large)],
        [
          413,
          "at most 65536 bytes",
          ask("/api/tasks", { method: "POST", headers: chunked, body: large }),
        ],
        [400, "is not JSON", post('{"_tag": "Run"')],
        [400, "nested lists", post("[".repeat(50))],
        [400, "__proto__", post('{"__proto__": {"x": 1}}')],
        [400, "_tag", json({})],
        [400, "seed", json({ ...dice(), seed: 1.5 })],
        [400, "other", json({ ...dice(), other: 1 })],
        [404, "toy/dice", json({ ...dice(), experiment: "toy/dise" })],
        [400, "has no setting", json(dice({ roll: "2" }))],
        [400, "rolls=0 is refused", json(dice({ rolls: "0" }))],
        [404, "is not a run id", ask("/api/runs/zzzz")],
        [404, "no run", ask("/api/runs/0123")],
        [404, "no run", ask("/api/runs/0123/table")],
        [404, "no sweep", ask("/api/sweeps/0123")],
        [404, "number", ask("/api/tasks/9", { method: "DELETE" })],
        [404, "no experiment", ask("/api/experiment?id=none")],
        [400, "expected one of", ask("/api/runs?where=seed")],
        [400, "give two runs", ask("/api/compare")],
        [404, "no page at this address", ask("/api/none")],
        [404, "there is no part", ask("/part?name=none")],
      ]
      for (const [status, words, asking] of answers) {
        const answer = await asking
        assert.strictEqual(answer.status, status, answer.text)
        const { error } = JSON.parse(answer.text) as Live.Refused
        assert.include(error, words)
        assert.isTrue(isOne(error), error)
      }
    }))

  it("is the settings of an experiment as their schema has them, its presets and its question", () =>
    inFolder(async ({ get }) => {
      const list = await get<Live.ExperimentList>("/api/experiments")
      assert.deepStrictEqual(
        list.map(({ id }) => id),
        ["toy/dice", "endless/experiment"],
      )
      const { presets, question, settings } =
        await get<Live.ExperimentForm>("/api/experiment?id=dice")
      assert.strictEqual(question, "Does the mean of `n` rolls go to 3.5?")
      assert.deepStrictEqual(presets["smoke"], { rolls: 20, radius: 0.5 })
      assert.deepStrictEqual(settings["properties"], {
        rolls: { type: "integer", minimum: 1, maximum: 100_000 },
        radius: { type: "number", minimum: 0 },
      })
    }))
})

describe("the command", () => {
  it("says in one line that a port is taken", async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve))
    const { port } = taken.address() as AddressInfo
    const store = join(temporary(), "runs.sqlite")
    const said = await Effect.runPromise(refused("open", "--store", store, "--port", String(port)))
    taken.close()
    assert.strictEqual(
      said,
      `nonconvex: port ${port} is used by another program; give another one with --port, or omit the flag to use a free one`,
    )
  })

  it("ends at Ctrl-C while it serves and computes, and leaves what has ended", async () => {
    const store = join(temporary(), "runs.sqlite")
    const { child, ended } = process("endless", ["open", "--store", store, "--jobs", "1"])
    let said = ""
    const address = await new Promise<string>((resolve) => {
      child.stdout!.on("data", (text: string) => {
        said += text
        if (said.includes("\n")) resolve(said.split("\n")[0]!)
      })
    })
    const { port, searchParams } = new URL(address)
    const authorization = `Bearer ${searchParams.get("token") ?? ""}`
    const headers = { authorization, "content-type": "application/json" }
    const page = raw(Number(port), "/api/now", { headers: { authorization } }).catch(
      () => undefined,
    )
    await raw(Number(port), "/api/tasks", {
      method: "POST",
      headers,
      body: JSON.stringify(forever),
    })
    for (;;) {
      const { text } = await raw(Number(port), "/api/runs", { headers })
      if (text.includes("1 of 2")) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    child.kill("SIGINT")
    const { code, stderr } = await ended
    await page
    assert.include([130, null], code)
    assert.include(stderr, "finished work is saved")
    const [run] = await Effect.runPromise(listed(store))
    assert.deepStrictEqual([run!.kept, run!.status], [1, "unfinished"])
  })
})
