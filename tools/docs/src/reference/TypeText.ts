/** Types as TypeScript writes them, from what typedoc says of them. */
import type { JSONOutput } from "typedoc"

type Type = JSONOutput.SomeType
type Signature = JSONOutput.SignatureReflection
type Declaration = JSONOutput.DeclarationReflection

/** Longer lines are broken at their parts. */
const widest = 92

const indented = (text: string): string => text.replaceAll("\n", "\n  ")

/** `open a, b close`, on lines of their own where one is too short. */
const listed = (open: string, parts: ReadonlyArray<string>, close: string): string => {
  const line = `${open}${parts.join(", ")}${close}`
  if (line.length <= widest && !line.includes("\n")) return line
  return `${open}\n${parts.map((part) => `  ${indented(part)},\n`).join("")}${close}`
}

const textOf = (comment: JSONOutput.Comment | undefined): string =>
  (comment?.summary ?? []).map(({ text }) => text).join("")

const note = (comment: JSONOutput.Comment | undefined): string => {
  const text = textOf(comment).trim()
  return text === "" ? "" : `/** ${text.replaceAll("\n", " ")} */\n`
}

const parametersOf = ({ parameters = [] }: Signature): ReadonlyArray<string> =>
  parameters.map(({ flags, name, type }) => {
    const rest = flags.isRest === true ? "..." : ""
    const mark = flags.isOptional === true ? "?" : ""
    // a pattern has no name of its own
    return `${rest}${name === "__namedParameters" ? "options" : name}${mark}: ${ofType(type)}`
  })

const generics = ({ typeParameters = [] }: Pick<Declaration, "typeParameters">): string => {
  if (typeParameters.length === 0) return ""
  const parts = typeParameters.map((parameter) => {
    const bound = parameter.type === undefined ? "" : ` extends ${ofType(parameter.type)}`
    const otherwise = parameter.default === undefined ? "" : ` = ${ofType(parameter.default)}`
    return `${parameter.name}${bound}${otherwise}`
  })
  return `<${parts.join(", ")}>`
}

/** `<A>(a: A, b?: number): string`, or with an arrow before the result. */
const ofSignature = (signature: Signature, arrow: ": " | " => "): string =>
  `${listed(`${generics({ typeParameters: signature.typeParameters ?? [] })}(`, parametersOf(signature), ")")}${arrow}${ofType(signature.type)}`

/** A property or a method, with what is said of it. */
const ofMember = (member: Declaration): string => {
  const { flags, name, signatures = [], type } = member
  const key = /^[\w$]+$|^\[/.test(name) ? name : JSON.stringify(name)
  const mark = flags.isOptional === true ? "?" : ""
  const readonly = flags.isReadonly === true ? "readonly " : ""
  const fixed = flags.isStatic === true ? "static " : ""
  if (signatures.length > 0 && type === undefined) {
    return signatures
      .map((each) => `${note(each.comment)}${fixed}${key}${mark}${ofSignature(each, ": ")}`)
      .join("\n")
  }
  const read = member.getSignature
  if (read !== undefined)
    return `${note(read.comment)}${fixed}readonly ${key}: ${ofType(read.type)}`
  return `${note(member.comment)}${fixed}${readonly}${key}${mark}: ${ofType(type)}`
}

const ofObject = (declaration: Declaration): string => {
  const { children = [], indexSignatures = [], signatures = [] } = declaration
  if (children.length === 0 && indexSignatures.length === 0) {
    if (signatures.length === 1) return ofSignature(signatures[0]!, " => ")
    if (signatures.length === 0) return "{}"
  }
  const members = [
    ...signatures.map((each) => ofSignature(each, ": ")),
    ...indexSignatures.map((each) => `[${parametersOf(each).join(", ")}]: ${ofType(each.type)}`),
    ...children.map(ofMember),
  ]
  const line = `{ ${members.join("; ")} }`
  return line.length <= widest && !line.includes("\n")
    ? line
    : `{\n${members.map((member) => `  ${indented(member)}\n`).join("")}}`
}

const isCompound = (type: Type): boolean =>
  ["union", "intersection", "conditional", "typeOperator", "query"].includes(type.type) ||
  (type.type === "reflection" && (type.declaration.signatures ?? []).length > 0)

const within = (type: Type): string => (isCompound(type) ? `(${ofType(type)})` : ofType(type))

const joined = (parts: ReadonlyArray<string>, sign: string): string => {
  const line = parts.join(` ${sign} `)
  return line.length <= widest && !line.includes("\n")
    ? line
    : parts.map((part) => `\n  ${sign} ${indented(part)}`).join("")
}

const mappedKey = (modifier: "+" | "-" | undefined, word: string): string =>
  modifier === undefined ? "" : `${modifier === "-" ? "-" : ""}${word}`

/** A type in TypeScript. What typedoc has no more of than a name is written by its name. */
export const ofType = (type: Type | undefined): string => {
  if (type === undefined) return "unknown"
  switch (type.type) {
    case "array":
      return `Array<${ofType(type.elementType)}>`
    case "conditional":
      return `${ofType(type.checkType)} extends ${ofType(type.extendsType)} ? ${ofType(type.trueType)} : ${ofType(type.falseType)}`
    case "indexedAccess":
      return `${within(type.objectType)}[${ofType(type.indexType)}]`
    case "inferred":
      return `infer ${type.name}`
    case "intersection":
      return joined(type.types.map(within), "&")
    case "intrinsic":
      return type.name
    case "literal":
      return typeof type.value === "object" && type.value !== null
        ? `${type.value.negative ? "-" : ""}${type.value.value}n`
        : JSON.stringify(type.value)
    case "mapped":
      return `{ ${mappedKey(type.readonlyModifier, "readonly ")}[${type.parameter} in ${ofType(type.parameterType)}]${mappedKey(type.optionalModifier, "?")}: ${ofType(type.templateType)} }`
    case "namedTupleMember":
      return `${type.name}${type.isOptional ? "?" : ""}: ${ofType(type.element)}`
    case "optional":
      return `${within(type.elementType)}?`
    case "predicate":
      return `${type.asserts ? "asserts " : ""}${type.name}${type.targetType === undefined ? "" : ` is ${ofType(type.targetType)}`}`
    case "query":
      return `typeof ${ofType(type.queryType)}`
    case "reference": {
      const given = type.typeArguments ?? []
      if (type.name === "ReadonlyArray" || type.name === "Array" || given.length > 0) {
        return listed(`${type.name}<`, given.map(ofType), ">")
      }
      return type.name
    }
    case "reflection":
      return ofObject(type.declaration)
    case "rest":
      return `...${within(type.elementType)}`
    case "templateLiteral":
      return `\`${type.head}${type.tail.map(([inner, text]) => `\${${ofType(inner)}}${text}`).join("")}\``
    case "tuple":
      return listed("[", (type.elements ?? []).map(ofType), "]")
    case "typeOperator":
      return `${type.operator} ${within(type.target)}`
    case "union":
      return joined(type.types.map(within), "|")
    default:
      return "name" in type && typeof type.name === "string" ? type.name : "unknown"
  }
}

/** What is not inherited from a library. */
const isOwn = ({ flags, name }: Declaration): boolean =>
  flags.isExternal !== true && name !== "constructor"

/** The declaration of something exported, as one would write it without its body. */
export const ofDeclaration = (declaration: Declaration, kind: string): string => {
  const { children = [], extendedTypes = [], name, signatures = [], type } = declaration
  const head = `${name}${generics(declaration)}`
  const bases = extendedTypes.map(ofType).join(", ")
  const above = bases === "" ? "" : ` extends ${bases}`
  switch (kind) {
    case "function":
      return signatures.map((each) => `${name}${ofSignature(each, ": ")}`).join("\n\n")
    case "class":
      return `class ${head}${above} ${ofObject({ ...declaration, signatures: [], children: children.filter(isOwn) })}`
    case "interface":
      return `interface ${head}${above} ${ofObject({ ...declaration, children: children.filter(isOwn) })}`
    case "type": {
      const text = ofType(type)
      return `type ${head} =${text.startsWith("\n") ? "" : " "}${text}`
    }
    default:
      return `const ${name}: ${ofType(type)}`
  }
}
