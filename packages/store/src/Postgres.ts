export { at } from "./internal/Postgres.ts"
