/** Scales of products at which a thread of the fixture ends, and at which it goes on for ever. */
export const deadly = 0.25
export const endless = 0.125
