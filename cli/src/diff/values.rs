//! Two arrays compared.

use rpnfst::{Field, Values};

/// What is no difference. Each of them is enough.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Tolerances {
    pub(super) abs: Option<f64>,
    pub(super) rel: Option<f64>,
    pub(super) bits: Option<u8>,
}

/// What is known of the differences of two arrays of the same shape.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Comparison {
    /// No difference at all, in any bit that counts (0 and -0 are equal, and all NaN).
    pub(super) identical: bool,
    /// Values that do not agree, those missing or NaN in only one of the two included.
    pub(super) differ: usize,
    /// Values that are missing or NaN in only one of the two.
    pub(super) missing: usize,
    /// Number of values; another one in the other array (of raw words) is a difference.
    pub(super) count: usize,
    pub(super) max_abs: f64,
    pub(super) max_rel: f64,
    pub(super) rms: f64,
    /// Of A with B; nothing when one of them is constant.
    pub(super) correlation: Option<f64>,
    /// Mean of B minus mean of A.
    pub(super) bias: f64,
}

impl Comparison {
    fn same(count: usize) -> Self {
        Self {
            identical: true,
            differ: 0,
            missing: 0,
            count,
            max_abs: 0.0,
            max_rel: 0.0,
            rms: 0.0,
            correlation: None,
            bias: 0.0,
        }
    }
}

/// Compares values.
pub(super) fn compare(a: &Field, b: &Field, tolerances: &Tolerances) -> Comparison {
    let count = a.values().len();
    if a.missing() == b.missing() && a.values() == b.values() {
        return Comparison::same(count);
    }
    let (x, y) = (reals(a.values()), reals(b.values()));
    if x.len() != y.len() {
        let differ = count.max(b.values().len());
        return Comparison { identical: false, differ, missing: differ, ..Comparison::same(count) };
    }
    let hole = |field: &Field, values: &[f64], k: usize| {
        // Complex numbers have two parts and are never missing.
        values[k].is_nan() || field.missing().is_some_and(|mask| mask.get(k).is_some_and(|bit| *bit))
    };
    let mut result = Comparison { identical: false, ..Comparison::same(count) };
    let exact = integers_differ(a.values(), b.values());
    #[expect(clippy::float_cmp, reason = "equal is equal")]
    let equals = |k: usize, p: f64, q: f64| exact.get(k).map_or(p == q, |differ| !differ);
    let step = tolerances.bits.map(|bits| range(a, &x, &hole) / 2_f64.powi(i32::from(bits)));
    let mut sums = Sums::default();
    let mut equal = true;
    for (k, (&p, &q)) in x.iter().zip(&y).enumerate() {
        match (hole(a, &x, k), hole(b, &y, k)) {
            (true, true) => {}
            (false, false) => {
                sums.add(p, q);
                let d = (p - q).abs();
                if equals(k, p, q) {
                    continue;
                }
                equal = false;
                let largest = p.abs().max(q.abs());
                // Two infinities of different sign, or one: no tolerance reaches so far.
                let d = if d.is_nan() { f64::INFINITY } else { d };
                let rel = if largest.is_finite() { d / largest } else { f64::INFINITY };
                result.max_abs = result.max_abs.max(d);
                result.max_rel = result.max_rel.max(if rel.is_nan() { 0.0 } else { rel });
                let within = |limit: Option<f64>, value: f64| limit.is_some_and(|limit| value <= limit);
                let close =
                    d.is_finite() && (within(tolerances.abs, d) || within(tolerances.rel, rel) || within(step, d));
                result.differ += usize::from(!close);
            }
            _ => {
                equal = false;
                result.missing += 1;
                result.differ += 1;
            }
        }
    }
    result.identical = equal;
    (result.rms, result.bias, result.correlation) = sums.results();
    result
}

/// The values as reals; the parts of complex numbers one after the other.
fn reals(values: &Values) -> Vec<f64> {
    match values {
        Values::Complex32(v) => v.iter().flatten().map(|&part| f64::from(part)).collect(),
        Values::Complex64(v) => v.iter().flatten().copied().collect(),
        other => other.to_f64().unwrap_or_default(),
    }
}

/// Which integers of 64 bits differ, which reals cannot always tell. Empty for other types.
fn integers_differ(a: &Values, b: &Values) -> Vec<bool> {
    match (a, b) {
        (Values::U64(a), Values::U64(b)) => a.iter().zip(b).map(|(a, b)| a != b).collect(),
        (Values::I64(a), Values::I64(b)) => a.iter().zip(b).map(|(a, b)| a != b).collect(),
        _ => Vec::new(),
    }
}

/// Maximum minus minimum of the values that are there.
fn range(field: &Field, values: &[f64], hole: &impl Fn(&Field, &[f64], usize) -> bool) -> f64 {
    let there = (0..values.len()).filter(|&k| !hole(field, values, k) && values[k].is_finite()).map(|k| values[k]);
    let (least, most) = there.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
    if most >= least { most - least } else { 0.0 }
}

/// Sums of pairs of values, around the first pair so that large offsets do not swallow small changes.
#[derive(Default)]
struct Sums {
    n: f64,
    origin: (f64, f64),
    x: f64,
    y: f64,
    xx: f64,
    yy: f64,
    xy: f64,
    dd: f64,
}

impl Sums {
    fn add(&mut self, x: f64, y: f64) {
        if self.n == 0.0 {
            self.origin = (x, y);
        }
        let d = x - y;
        let (x, y) = (x - self.origin.0, y - self.origin.1);
        self.n += 1.0;
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.yy += y * y;
        self.xy += x * y;
        self.dd += d * d;
    }

    /// Root mean square of the differences, bias, correlation.
    fn results(&self) -> (f64, f64, Option<f64>) {
        if self.n == 0.0 {
            return (0.0, 0.0, None);
        }
        let bias = (self.y - self.x) / self.n + self.origin.1 - self.origin.0;
        let variance = |sum: f64, square: f64| square - sum * sum / self.n;
        let (vx, vy) = (variance(self.x, self.xx), variance(self.y, self.yy));
        let correlation = (self.xy - self.x * self.y / self.n) / (vx * vy).sqrt();
        ((self.dd / self.n).sqrt(), bias, Some(correlation.clamp(-1.0, 1.0)).filter(|c| c.is_finite()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(values: &[f32]) -> Field {
        Field::new(Values::F32(values.to_vec()), (values.len(), 1, 1), None).expect("one dimension")
    }

    #[test]
    fn tolerances() {
        let (a, b) = (field(&[1.0, 2.0, 3.0, 4.0]), field(&[1.0, 2.0, 3.5, 4.0]));
        let differ = |tolerances: Tolerances| compare(&a, &b, &tolerances).differ;
        assert_eq!(differ(Tolerances::default()), 1);
        assert_eq!(differ(Tolerances { abs: Some(0.5), ..Tolerances::default() }), 0);
        assert_eq!(differ(Tolerances { abs: Some(0.49), ..Tolerances::default() }), 1);
        assert_eq!(differ(Tolerances { rel: Some(0.143), ..Tolerances::default() }), 0);
        assert_eq!(differ(Tolerances { rel: Some(0.142), ..Tolerances::default() }), 1);
        // A range of 3 in 4 steps, or in 8.
        assert_eq!(differ(Tolerances { bits: Some(2), ..Tolerances::default() }), 0);
        assert_eq!(differ(Tolerances { bits: Some(3), ..Tolerances::default() }), 1);
        let found = compare(&a, &b, &Tolerances { abs: Some(1.0), ..Tolerances::default() });
        assert!(!found.identical);
        assert_eq!((found.max_abs, found.rms, found.bias), (0.5, 0.25, 0.125));
    }

    #[test]
    fn holes_and_infinities() {
        let nan = f32::NAN;
        let same = compare(&field(&[nan, 0.0]), &field(&[nan, -0.0]), &Tolerances::default());
        assert!(same.identical && same.differ == 0);
        let one =
            compare(&field(&[nan, 1.0]), &field(&[1.0, 1.0]), &Tolerances { abs: Some(9.0), ..Tolerances::default() });
        assert_eq!((one.differ, one.missing), (1, 1));
        let infinite =
            compare(&field(&[f32::INFINITY]), &field(&[1.0]), &Tolerances { rel: Some(9.0), ..Tolerances::default() });
        assert_eq!((infinite.differ, infinite.max_abs), (1, f64::INFINITY));
        let long = |x: u64| Field::new(Values::U64(vec![x]), (1, 1, 1), None).expect("one value");
        assert_eq!(compare(&long(u64::MAX), &long(u64::MAX - 1), &Tolerances::default()).differ, 1);
    }

    #[test]
    fn correlation_of_a_shifted_field_is_one() {
        let a: Vec<f32> = (0..100_u16).map(|k| 1e5 + f32::from(k)).collect();
        let b: Vec<f32> = a.iter().map(|x| x + 2.0).collect();
        let found = compare(&field(&a), &field(&b), &Tolerances::default());
        assert_eq!((found.rms, found.bias, found.correlation), (2.0, 2.0, Some(1.0)));
    }
}
