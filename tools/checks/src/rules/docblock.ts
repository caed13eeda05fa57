/** A rule for oxlint: a docblock begins with a verb or a noun, so that its first words name the thing. */

interface Comment {
  readonly type: string
  readonly value: string
  readonly loc: object
}

interface Context {
  readonly sourceCode: { readonly getAllComments: () => ReadonlyArray<Comment> }
  readonly report: (finding: { readonly loc: object; readonly message: string }) => void
}

/** The first words of a sentence that circles its subject. */
const circling = /^(?:how|of|that|what|when|where|whether|which|who|whoever|whose|why)$/i

/** The first word of a docblock; undefined of any other comment. */
const firstWord = ({ type, value }: Comment): string | undefined =>
  type === "Block" && value.startsWith("*") ? /[A-Za-z]+/.exec(value)?.[0] : undefined

const firstWordRule = {
  create: (context: Context) => ({
    Program: () => {
      for (const comment of context.sourceCode.getAllComments()) {
        const word = firstWord(comment)
        if (word === undefined || !circling.test(word)) continue
        const message = `A docblock begins with a verb or a noun that names the thing, not with "${word}".`
        context.report({ loc: comment.loc, message })
      }
    },
  }),
}

export default { meta: { name: "docblock" }, rules: { "first-word": firstWordRule } }
