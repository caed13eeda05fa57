export const sixteenth = (delta: number) => (delta * delta) / 16

export const quarter = (delta: number) => (delta * delta) / 4
