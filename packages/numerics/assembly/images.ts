/**
 * Convolutions of images with channels last, in float32, and their gradients: four places times two vectors of channels, held in registers while the sum runs.
 *
 * `shape` has the numbers that `ImageKernels.ts` lists. Order of every sum: of an output the rows, columns and channels of its window; of a weight the places of one image,
 * then the images; of a number of the image the rows of places, the taps, the places, and the outputs.
 */
import { madd, zero } from "./simd"

@inline
function get(shape: usize, place: i32): i32 {
  return load<i32>(shape + ((<usize>place) << 2))
}

/** The bytes of so many numbers. */
@inline
function size(count: i32): usize {
  return (<usize>count) << 2
}

/** Rows of an image with the zeros that its windows have. */
@inline
function rowsOf(shape: usize): i32 {
  return max(get(shape, 1) + get(shape, 11), (get(shape, 7) - 1) * get(shape, 9) + get(shape, 4))
}

/** Bytes from row to row of an image with its zeros. */
@inline
function pitchOf(shape: usize): usize {
  const columns = max(get(shape, 2) + get(shape, 12), (get(shape, 8) - 1) * get(shape, 10) + get(shape, 5))
  return size(columns * get(shape, 3))
}

/** Where the image begins among its zeros. */
@inline
function insideOf(shape: usize): usize {
  return pitchOf(shape) * <usize>get(shape, 11) + size(get(shape, 12) * get(shape, 3))
}

/** Copies an image between the zeros of a plane, or back. */
function copy(shape: usize, from: usize, stepFrom: usize, to: usize, stepTo: usize): void {
  const row = size(get(shape, 2) * get(shape, 3))
  for (let i = get(shape, 1); i > 0; i--) {
    memory.copy(to, from, row)
    from += stepFrom
    to += stepTo
  }
}

/** The outputs of one or four places for one or two vectors of channels, of `taps` rows of `run` weights. */
@inline
function outputs(
  four: bool, wide: bool, taps: i32, run: i32, at: usize, pitch: usize, step: usize,
  filter: usize, row: usize, out: usize,
): void {
  let s00 = zero(), s01 = zero()
  let s10 = zero(), s11 = zero()
  let s20 = zero(), s21 = zero()
  let s30 = zero(), s31 = zero()
  for (let r = taps; r > 0; r--) {
    let a0 = at
    const end = at + size(run)
    while (a0 < end) {
      const w0 = v128.load(filter)
      const w1 = wide ? v128.load(filter, 16) : w0
      let x = v128.load32_splat(a0)
      s00 = madd<f32>(x, w0, s00)
      if (wide) s01 = madd<f32>(x, w1, s01)
      if (four) {
        let a = a0 + step
        x = v128.load32_splat(a)
        s10 = madd<f32>(x, w0, s10)
        if (wide) s11 = madd<f32>(x, w1, s11)
        a += step
        x = v128.load32_splat(a)
        s20 = madd<f32>(x, w0, s20)
        if (wide) s21 = madd<f32>(x, w1, s21)
        a += step
        x = v128.load32_splat(a)
        s30 = madd<f32>(x, w0, s30)
        if (wide) s31 = madd<f32>(x, w1, s31)
      }
      a0 += 4
      filter += row
    }
    at += pitch
  }
  v128.store(out, s00)
  if (wide) v128.store(out, s01, 16)
  if (four) {
    out += row
    v128.store(out, s10)
    if (wide) v128.store(out, s11, 16)
    out += row
    v128.store(out, s20)
    if (wide) v128.store(out, s21, 16)
    out += row
    v128.store(out, s30)
    if (wide) v128.store(out, s31, 16)
  }
}

/** All places of a line for one or two vectors of channels. */
@inline
function line(
  wide: bool, places: i32, taps: i32, run: i32, at: usize, pitch: usize, step: usize,
  filter: usize, row: usize, out: usize,
): void {
  let j = 0
  for (; j + 4 <= places; j += 4) {
    outputs(true, wide, taps, run, at, pitch, step, filter, row, out)
    at += 4 * step
    out += 4 * row
  }
  for (; j < places; j++) {
    outputs(false, wide, taps, run, at, pitch, step, filter, row, out)
    at += step
    out += row
  }
}

/** Outputs of every window, which are written. `plane` has room for an image with its zeros. */
export function convolve(shape: usize, images: usize, filter: usize, out: usize, plane: usize): void {
  const taps = get(shape, 4), channels = get(shape, 3), count = get(shape, 6)
  const lines = get(shape, 7), places = get(shape, 8)
  const run = get(shape, 5) * channels
  const pitch = pitchOf(shape), row = size(count), step = size(get(shape, 10) * channels)
  const inner = size(get(shape, 2) * channels), inside = plane + insideOf(shape)
  memory.fill(plane, 0, pitch * <usize>rowsOf(shape))
  for (let b = get(shape, 0); b > 0; b--) {
    copy(shape, images, inner, inside, pitch)
    for (let i = 0; i < lines; i++) {
      const at = plane + pitch * <usize>(i * get(shape, 9))
      let o = 0
      for (; o + 8 <= count; o += 8)
        line(true, places, taps, run, at, pitch, step, filter + size(o), row, out + size(o))
      for (; o + 4 <= count; o += 4)
        line(false, places, taps, run, at, pitch, step, filter + size(o), row, out + size(o))
      for (; o < count; o++) {
        for (let j = 0; j < places; j++) {
          let sum: f32 = 0
          let weight = filter + size(o)
          for (let r = 0; r < taps; r++) {
            let a = at + step * <usize>j + pitch * <usize>r
            for (let k = 0; k < run; k++) {
              sum += load<f32>(a) * load<f32>(weight)
              a += 4
              weight += row
            }
          }
          store<f32>(out + row * <usize>j + size(o), sum)
        }
      }
      out += row * <usize>places
    }
    images += inner * <usize>get(shape, 1)
  }
}

@inline
function increase(at: usize, by: v128): void {
  v128.store(at, f32x4.add(v128.load(at), by))
}

/** Adds the products of one or four weights, at these places of a window, over all places of an image. */
@inline
function products(
  four: bool, wide: bool, lines: i32, places: i32, a: usize, o1: usize, o2: usize, o3: usize,
  pitch: usize, step: usize, dy: usize, row: usize, out: usize,
): void {
  let s00 = zero(), s01 = zero()
  let s10 = zero(), s11 = zero()
  let s20 = zero(), s21 = zero()
  let s30 = zero(), s31 = zero()
  for (let i = 0; i < lines; i++) {
    let at = a
    for (let j = 0; j < places; j++) {
      const d0 = v128.load(dy)
      const d1 = wide ? v128.load(dy, 16) : d0
      let x = v128.load32_splat(at)
      s00 = madd<f32>(x, d0, s00)
      if (wide) s01 = madd<f32>(x, d1, s01)
      if (four) {
        x = v128.load32_splat(at + o1)
        s10 = madd<f32>(x, d0, s10)
        if (wide) s11 = madd<f32>(x, d1, s11)
        x = v128.load32_splat(at + o2)
        s20 = madd<f32>(x, d0, s20)
        if (wide) s21 = madd<f32>(x, d1, s21)
        x = v128.load32_splat(at + o3)
        s30 = madd<f32>(x, d0, s30)
        if (wide) s31 = madd<f32>(x, d1, s31)
      }
      at += step
      dy += row
    }
    a += pitch
  }
  increase(out, s00)
  if (wide) increase(out + 16, s01)
  if (four) {
    out += row
    increase(out, s10)
    if (wide) increase(out + 16, s11)
    out += row
    increase(out, s20)
    if (wide) increase(out + 16, s21)
    out += row
    increase(out, s30)
    if (wide) increase(out + 16, s31)
  }
}

/** The gradient with respect to the filter, which is written. `plane` as of `convolve`. */
export function filterGradient(shape: usize, images: usize, dy: usize, out: usize, plane: usize): void {
  const channels = get(shape, 3), count = get(shape, 6)
  const lines = get(shape, 7), places = get(shape, 8)
  const run = get(shape, 5) * channels
  const weights = get(shape, 4) * run
  const pitch = pitchOf(shape), row = size(count), step = size(get(shape, 10) * channels)
  const down = pitch * <usize>get(shape, 9)
  const inner = size(get(shape, 2) * channels), inside = plane + insideOf(shape)
  memory.fill(plane, 0, pitch * <usize>rowsOf(shape))
  memory.fill(out, 0, row * <usize>weights)
  for (let b = get(shape, 0); b > 0; b--) {
    copy(shape, images, inner, inside, pitch)
    for (let k = 0; k < weights; ) {
      const four = k + 4 <= weights
      const from = pitch * <usize>(k / run) + size(k % run)
      const at = plane + from
      const to = out + row * <usize>k
      const last = four ? k + 3 : k
      const o1 = pitch * <usize>((k + 1) / run) + size((k + 1) % run) - from
      const o2 = pitch * <usize>((k + 2) / run) + size((k + 2) % run) - from
      const o3 = pitch * <usize>(last / run) + size(last % run) - from
      let o = 0
      for (; o + 8 <= count; o += 8) {
        const d = dy + size(o)
        const w = to + size(o)
        if (four) products(true, true, lines, places, at, o1, o2, o3, down, step, d, row, w)
        else products(false, true, lines, places, at, o1, o2, o3, down, step, d, row, w)
      }
      for (; o + 4 <= count; o += 4) {
        const d = dy + size(o)
        const w = to + size(o)
        if (four) products(true, false, lines, places, at, o1, o2, o3, down, step, d, row, w)
        else products(false, false, lines, places, at, o1, o2, o3, down, step, d, row, w)
      }
      for (; o < count; o++) {
        for (let l = k; l <= last; l++) {
          let sum: f32 = 0
          let d = dy + size(o)
          let a = plane + pitch * <usize>(l / run) + size(l % run)
          for (let i = 0; i < lines; i++) {
            for (let j = 0; j < places; j++) {
              sum += load<f32>(a + step * <usize>j) * load<f32>(d)
              d += row
            }
            a += down
          }
          const w = out + row * <usize>l + size(o)
          store<f32>(w, load<f32>(w) + sum)
        }
      }
      k = last + 1
    }
    images += inner * <usize>get(shape, 1)
    dy += row * <usize>(lines * places)
  }
}

/** Adds what the outputs of one or four places give to one or two vectors of channels below one tap. */
@inline
function give(four: bool, wide: bool, count: i32, dy: usize, row: usize, filter: usize, pixel: usize, to: usize, step: usize): void {
  const to1 = to + step, to2 = to1 + step, to3 = to2 + step
  let s00 = v128.load(to), s01 = wide ? v128.load(to, 16) : zero()
  let s10 = four ? v128.load(to1) : zero(), s11 = four && wide ? v128.load(to1, 16) : zero()
  let s20 = four ? v128.load(to2) : zero(), s21 = four && wide ? v128.load(to2, 16) : zero()
  let s30 = four ? v128.load(to3) : zero(), s31 = four && wide ? v128.load(to3, 16) : zero()
  for (let o = count; o > 0; o--) {
    const w0 = v128.load(filter)
    const w1 = wide ? v128.load(filter, 16) : w0
    let x = v128.load32_splat(dy)
    s00 = madd<f32>(x, w0, s00)
    if (wide) s01 = madd<f32>(x, w1, s01)
    if (four) {
      let d = dy + row
      x = v128.load32_splat(d)
      s10 = madd<f32>(x, w0, s10)
      if (wide) s11 = madd<f32>(x, w1, s11)
      d += row
      x = v128.load32_splat(d)
      s20 = madd<f32>(x, w0, s20)
      if (wide) s21 = madd<f32>(x, w1, s21)
      d += row
      x = v128.load32_splat(d)
      s30 = madd<f32>(x, w0, s30)
      if (wide) s31 = madd<f32>(x, w1, s31)
    }
    dy += 4
    filter += pixel
  }
  v128.store(to, s00)
  if (wide) v128.store(to, s01, 16)
  if (four) {
    v128.store(to1, s10)
    v128.store(to2, s20)
    v128.store(to3, s30)
    if (wide) {
      v128.store(to1, s11, 16)
      v128.store(to2, s21, 16)
      v128.store(to3, s31, 16)
    }
  }
}

/** All places of a line below one tap, for one or two vectors of channels. */
@inline
function giveLine(wide: bool, places: i32, count: i32, dy: usize, row: usize, filter: usize, pixel: usize, to: usize, step: usize): void {
  let j = 0
  for (; j + 4 <= places; j += 4) {
    give(true, wide, count, dy, row, filter, pixel, to, step)
    dy += 4 * row
    to += 4 * step
  }
  for (; j < places; j++) {
    give(false, wide, count, dy, row, filter, pixel, to, step)
    dy += row
    to += step
  }
}

/** The gradient with respect to the images, which is written. `work` has room for an image with its zeros, and for the filter. */
export function imageGradient(shape: usize, dy: usize, filter: usize, out: usize, work: usize): void {
  const channels = get(shape, 3), count = get(shape, 6)
  const lines = get(shape, 7), places = get(shape, 8)
  const down = get(shape, 4), across = get(shape, 5)
  const pitch = pitchOf(shape), row = size(count), pixel = size(channels)
  const step = pixel * <usize>get(shape, 10)
  const inner = size(get(shape, 2) * channels), inside = insideOf(shape)
  const all = pitch * <usize>rowsOf(shape)
  // of each tap a row for each output
  const turned = work
  const taps = down * across
  const plane = work + size(taps * channels * count)
  for (let tap = 0; tap < taps; tap++) {
    for (let o = 0; o < count; o++) {
      for (let c = 0; c < channels; c++) {
        store<f32>(
          turned + size((tap * count + o) * channels + c),
          load<f32>(filter + size((tap * channels + c) * count + o)),
        )
      }
    }
  }
  for (let b = get(shape, 0); b > 0; b--) {
    memory.fill(plane, 0, all)
    for (let i = 0; i < lines; i++) {
      for (let tap = 0; tap < taps; tap++) {
        const to = plane + pitch * <usize>(i * get(shape, 9) + tap / across) + pixel * <usize>(tap % across)
        const weights = turned + row * <usize>(tap * channels)
        let c = 0
        for (; c + 8 <= channels; c += 8)
          giveLine(true, places, count, dy, row, weights + size(c), pixel, to + size(c), step)
        for (; c + 4 <= channels; c += 4)
          giveLine(false, places, count, dy, row, weights + size(c), pixel, to + size(c), step)
        for (; c < channels; c++) {
          for (let j = 0; j < places; j++) {
            const at = to + step * <usize>j + size(c)
            let sum = load<f32>(at)
            for (let o = 0; o < count; o++) {
              sum += load<f32>(dy + row * <usize>j + size(o)) * load<f32>(weights + pixel * <usize>o + size(c))
            }
            store<f32>(at, sum)
          }
        }
      }
      dy += row * <usize>places
    }
    copy(shape, plane + inside, pitch, out, inner)
    out += inner * <usize>get(shape, 1)
  }
}
