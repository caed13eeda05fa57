//! Several runs of gradient descent with noise on the labels, one datum a step, each on data and with noise of its own: each in a lane of its own.
//!
//! A run keeps what its data have added so far, and has the pre-activations of a datum from these when a step sees it: three of four numbers that are
//! written would else be pre-activations that no step reads. What differs from lane to lane comes by selects among all data, of which there are few.
use super::lanes::{Lanes, Many, back, groups, lay};
use crate::lines::Lines;
use pulp::bytemuck::cast_slice_mut;
use pulp::{Simd, WithSimd};

/// Steps whose data and noise are laid beside each other at once, which the first cache holds.
const CHUNK: usize = 64;

/// Runs one after the other; the rest as `Noisy` has it.
pub struct Several<'a> {
    pub runs: usize,
    pub slope: f64,
    pub rate: f64,
    pub gram: &'a [f64],
    pub labels: &'a [f64],
    pub indices: &'a [u32],
    pub epsilon: &'a [f64],
    pub z: &'a mut [f64],
    pub coefficients: &'a mut [f64],
}

impl WithSimd for Several<'_> {
    /// How many steps all runs can take; None where there is no memory, or there are too many data.
    type Output = Option<usize>;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let l = Many(simd);
        match self.labels.len() {
            1 => self.run::<_, 1>(l),
            2 => self.run::<_, 2>(l),
            3 => self.run::<_, 3>(l),
            4 => self.run::<_, 4>(l),
            5 => self.run::<_, 5>(l),
            6 => self.run::<_, 6>(l),
            _ => None,
        }
    }
}

/// A group of runs between two steps: the last one is known, and not yet added.
struct Group<N, T, const D: usize> {
    /// D x m: before the first step.
    start: Lines<N>,
    /// D x m: what each datum has added since.
    added: Lines<N>,
    /// Of the neurons, at the last datum of each lane.
    slopes: Lines<N>,
    scale: N,
    /// Which lanes had which datum.
    chosen: [T; D],
}

impl Several<'_> {
    /// Lays the data and the noise of `count` steps beside each other, from step number `from` on, one group after the other.
    #[inline(always)]
    fn draw<L: Lanes>(
        &self,
        from: usize,
        count: usize,
        data: &mut [L::Number],
        noise: &mut [L::Number],
    ) {
        let steps = self.indices.len() / self.runs;
        let (data, noise): (&mut [f64], &mut [f64]) = (cast_slice_mut(data), cast_slice_mut(noise));
        for lane in 0..groups::<L>(self.runs) * L::COUNT {
            let first = lane.min(self.runs - 1) * steps + from;
            let to = lane / L::COUNT * CHUNK * L::COUNT + lane % L::COUNT;
            let indices = &self.indices[first..][..count];
            let epsilon = &self.epsilon[first..][..count];
            for (k, (index, value)) in indices.iter().zip(epsilon).enumerate() {
                data[to + k * L::COUNT] = f64::from(*index);
                noise[to + k * L::COUNT] = *value;
            }
        }
    }

    #[inline(always)]
    fn run<L: Lanes, const D: usize>(self, l: L) -> Option<usize> {
        let (runs, steps) = (self.runs, self.indices.len() / self.runs);
        let count = groups::<L>(runs);
        let size = self.z.len() / runs;
        let m = size / D;
        let mut data = Lines::<L::Number>::zeros(count.checked_mul(CHUNK)?)?;
        let mut noise = Lines::<L::Number>::zeros(count.checked_mul(CHUNK)?)?;
        let mut all = Lines::<L::Number>::zeros(count.checked_mul(size)?)?;
        let own = Lines::<f64>::zeros(self.z.len())?;
        lay::<L>(self.z, runs, size, &mut all, size, 0);
        let mut together = Vec::new();
        together.try_reserve_exact(count).ok()?;
        for g in 0..count {
            let mut start = Lines::zeros(size)?;
            start.copy_from_slice(&all[g * size..][..size]);
            together.push(Group {
                start,
                added: Lines::zeros(size)?,
                slopes: Lines::zeros(m)?,
                scale: l.zero(),
                chosen: [l.always(); D],
            });
        }
        let mut labels = [l.zero(); D];
        // minus the rows of the Gram matrix
        let mut gram = [[l.zero(); D]; D];
        for i in 0..D {
            labels[i] = l.splat(self.labels[i]);
            for k in 0..D {
                gram[i][k] = l.splat(-self.gram[i * D + k]);
            }
        }
        let (rate, slope) = (l.splat(self.rate), l.splat(self.slope));
        let endless = l.splat(f64::INFINITY);
        let mut taken = 0;
        loop {
            let at = taken % CHUNK;
            if at == 0 {
                self.draw::<L>(taken, CHUNK.min(steps - taken), &mut data, &mut noise);
            }
            let mut ordinary = l.always();
            for (g, group) in together.iter_mut().enumerate() {
                let chosen = truths::<L, D>(l, data[g * CHUNK + at]);
                let factors = of_lanes::<L, D, D>(l, &chosen, &gram);
                let f = advance::<L, D>(l, slope, group, &chosen, &factors);
                let [label] = of_lanes::<L, D, 1>(l, &chosen, &labels.map(|label| [label]));
                let r = l.sub(l.sub(f, label), noise[g * CHUNK + at]);
                ordinary = l.both(ordinary, l.less(l.mul(r, r), endless));
                group.scale = l.mul(rate, r);
                group.chosen = chosen;
            }
            if taken == steps || !l.all(ordinary) {
                break;
            }
            taken += 1;
        }
        for (g, group) in together.iter().enumerate() {
            all[g * size..][..size].copy_from_slice(&group.added);
        }
        self.finish::<L>(&all, size, own);
        Some(taken)
    }

    /// What the data have added to the coefficients and the pre-activations of each run.
    #[inline(always)]
    fn finish<L: Lanes>(self, added: &[L::Number], size: usize, mut own: Lines<f64>) {
        let n = self.labels.len();
        let m = size / n;
        back::<L>(added, size, 0, self.runs, size, &mut own);
        for (total, value) in self.coefficients.iter_mut().zip(&own[..]) {
            *total += value;
        }
        for (z, added) in self.z.chunks_mut(size).zip(own.chunks(size)) {
            for (k, row) in z.chunks_mut(m).enumerate() {
                for (i, values) in added.chunks(m).enumerate() {
                    for (to, value) in row.iter_mut().zip(values) {
                        *to -= self.gram[i * n + k] * value;
                    }
                }
            }
        }
    }
}

/// Which lanes have which datum.
#[inline(always)]
fn truths<L: Lanes, const D: usize>(l: L, data: L::Number) -> [L::Truth; D] {
    let mut truths = [l.always(); D];
    for (i, truth) in truths.iter_mut().enumerate() {
        *truth = l.same(data, l.splat(i as f64));
    }
    truths
}

/// Of each lane the row of its datum.
#[inline(always)]
fn of_lanes<L: Lanes, const D: usize, const K: usize>(
    l: L,
    chosen: &[L::Truth; D],
    rows: &[[L::Number; K]; D],
) -> [L::Number; K] {
    let mut found = rows[0];
    for i in 1..D {
        for k in 0..K {
            found[k] = l.select(chosen[i], rows[i][k], found[k]);
        }
    }
    found
}

/// Adds the last step to what its datum has added, and gives the sum of the values at the next datum of each lane, whose slopes stay in the group.
#[inline(always)]
fn advance<L: Lanes, const D: usize>(
    l: L,
    slope: L::Number,
    group: &mut Group<L::Number, L::Truth, D>,
    chosen: &[L::Truth; D],
    factors: &[L::Number; D],
) -> L::Number {
    let m = group.slopes.len();
    let neurons = Neurons {
        m,
        slope,
        scale: group.scale,
        last: group.chosen,
        chosen: *chosen,
        factors: *factors,
        start: &group.start[..D * m],
    };
    let (added, slopes) = (&mut group.added[..D * m], &mut group.slopes[..m]);
    // two sums: one would wait for itself
    let mut sums = [l.zero(); 2];
    for j in (1..m).step_by(2) {
        sums[0] = neurons.advance(l, j - 1, added, slopes, sums[0]);
        sums[1] = neurons.advance(l, j, added, slopes, sums[1]);
    }
    if m % 2 == 1 {
        sums[0] = neurons.advance(l, m - 1, added, slopes, sums[0]);
    }
    l.add(sums[0], sums[1])
}

/// What a step has in common for all neurons.
struct Neurons<'a, L: Lanes, const D: usize> {
    m: usize,
    slope: L::Number,
    scale: L::Number,
    last: [L::Truth; D],
    chosen: [L::Truth; D],
    factors: [L::Number; D],
    start: &'a [L::Number],
}

impl<L: Lanes, const D: usize> Neurons<'_, L, D> {
    /// As `advance` for neuron j, whose value is added to the sum.
    #[inline(always)]
    fn advance(
        &self,
        l: L,
        j: usize,
        added: &mut [L::Number],
        slopes: &mut [L::Number],
        sum: L::Number,
    ) -> L::Number {
        let row = l.mul(self.scale, slopes[j]);
        let mut z = self.start[j];
        for i in 1..D {
            z = l.select(self.chosen[i], self.start[i * self.m + j], z);
        }
        for k in 0..D {
            let kept = &mut added[k * self.m + j];
            *kept = l.select(self.last[k], l.add(*kept, row), *kept);
            z = l.fused(self.factors[k], *kept, z);
        }
        let square = l.mul(z, z);
        slopes[j] = l.fused(l.splat(3.0), square, self.slope);
        l.fused(z, l.add(square, self.slope), sum)
    }
}
