/** A term and what it means, in a sentence or a few that need no paper. Other names of it stand after a slash, the first one is shown. */
export type Terms = Readonly<Record<string, string>>
