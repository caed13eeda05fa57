/** Root seeds as people write them: `0..9`, `1,4,7`, `0..4,9`. */
export { count, list } from "./SeedText.ts"
