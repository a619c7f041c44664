//! Two arrays compared.

use rpnfst::{Field, Values};

use crate::{number::Number, words::Meaning};

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
    /// Number of values.
    pub(super) count: usize,
    /// Of numbers, which can be subtracted.
    pub(super) numbers: Option<Numbers>,
    /// What kept differences from being computed, or tolerances from being applied.
    pub(super) why: Option<String>,
}

/// How large the differences are.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
pub(super) struct Numbers {
    pub(super) max_abs: f64,
    pub(super) max_rel: f64,
    pub(super) rms: f64,
    /// Of A with B; nothing when one of them is constant.
    pub(super) correlation: Option<f64>,
    /// Mean of B minus mean of A.
    pub(super) bias: f64,
}

impl Comparison {
    fn same(count: usize, meaning: Meaning) -> Self {
        let numbers = (meaning == Meaning::Numbers).then(Numbers::default);
        Self { identical: true, differ: 0, missing: 0, count, numbers, why: None }
    }

    fn incomparable(a: &Field, b: &Field, why: String) -> Self {
        let differ = a.values().len().max(b.values().len());
        Self { identical: false, differ, missing: 0, count: differ, numbers: None, why: Some(why) }
    }
}

/// A field, and what its elements are.
pub(super) type Meant<'a> = (&'a Field, Meaning);

/// Compares values.
pub(super) fn compare((a, meaning): Meant<'_>, (b, other): Meant<'_>, tolerances: &Tolerances) -> Comparison {
    let (n, m) = (a.values().len(), b.values().len());
    if meaning != other {
        return Comparison::incomparable(a, b, format!("{} / {}", meaning.name(), other.name()));
    }
    if n != m {
        return Comparison::incomparable(a, b, format!("{n} / {m} {}", meaning.name()));
    }
    if a.missing() == b.missing() && a.values() == b.values() {
        return Comparison::same(n, meaning);
    }
    if meaning != Meaning::Numbers {
        let differ = (0..n).filter(|&k| Number::at(a.values(), k) != Number::at(b.values(), k)).count();
        let why = Some(meaning.name().to_owned());
        return Comparison { identical: false, differ, why, ..Comparison::same(n, meaning) };
    }
    match (parts(a), parts(b)) {
        (1, 2) => Comparison::incomparable(a, b, "real / complex numbers".to_owned()),
        (2, 1) => Comparison::incomparable(a, b, "complex / real numbers".to_owned()),
        (parts, _) => numbers(a, b, parts, tolerances),
    }
}

/// Real numbers of an element.
fn parts(field: &Field) -> usize {
    if matches!(field.values(), Values::Complex32(_) | Values::Complex64(_)) { 2 } else { 1 }
}

fn numbers(a: &Field, b: &Field, parts: usize, tolerances: &Tolerances) -> Comparison {
    let step = tolerances.bits.map(|bits| range(a) / 2_f64.powi(i32::from(bits)));
    let mut result = Comparison::same(a.values().len(), Meaning::Numbers);
    let mut numbers = Numbers::default();
    let mut sums = Sums::default();
    let is_long = |field: &Field| matches!(field.values(), Values::U64(_) | Values::I64(_));
    // Reals cannot always tell integers of 64 bits.
    let exact = is_long(a) && is_long(b);
    #[expect(clippy::float_cmp, reason = "equal is equal")]
    let equals = |k: usize, p: f64, q: f64| {
        if exact { integer(a.values(), k) == integer(b.values(), k) } else { p == q }
    };
    for start in (0..result.count).step_by(CHUNK) {
        let (x, y) = (reals(a.values(), start), reals(b.values(), start));
        for (k, (x, y)) in (start..).zip(x.chunks(parts).zip(y.chunks(parts))) {
            match (is_hole(a, x, k), is_hole(b, y, k)) {
                (true, true) => continue,
                (false, false) => {}
                _ => {
                    result.identical = false;
                    result.missing += 1;
                    result.differ += 1;
                    continue;
                }
            }
            let mut differs = false;
            for (&p, &q) in x.iter().zip(y) {
                sums.add(p, q);
                if equals(k, p, q) {
                    continue;
                }
                result.identical = false;
                let largest = p.abs().max(q.abs());
                // Two infinities of different sign, or one: no tolerance reaches so far.
                let d = (p - q).abs();
                let d = if d.is_nan() { f64::INFINITY } else { d };
                let rel = if largest.is_finite() { d / largest } else { f64::INFINITY };
                numbers.max_abs = numbers.max_abs.max(d);
                numbers.max_rel = numbers.max_rel.max(if rel.is_nan() { 0.0 } else { rel });
                let within = |limit: Option<f64>, value: f64| limit.is_some_and(|limit| value <= limit);
                differs |=
                    !(d.is_finite() && (within(tolerances.abs, d) || within(tolerances.rel, rel) || within(step, d)));
            }
            result.differ += usize::from(differs);
        }
    }
    (numbers.rms, numbers.bias, numbers.correlation) = sums.results();
    result.numbers = Some(numbers);
    result
}

/// Values that are looked at together: copies as reals of all of them would be several times the memory.
const CHUNK: usize = 1 << 14;

/// The values from `start` on, at most [`CHUNK`], as reals; the parts of complex numbers one after the other.
fn reals(values: &Values, start: usize) -> Vec<f64> {
    fn part<T: Copy>(values: &[T], start: usize) -> impl Iterator<Item = T> {
        values.iter().skip(start).take(CHUNK).copied()
    }
    match values {
        Values::U8(v) => part(v, start).map(f64::from).collect(),
        Values::I8(v) => part(v, start).map(f64::from).collect(),
        Values::U16(v) => part(v, start).map(f64::from).collect(),
        Values::I16(v) => part(v, start).map(f64::from).collect(),
        Values::U32(v) => part(v, start).map(f64::from).collect(),
        Values::I32(v) => part(v, start).map(f64::from).collect(),
        Values::U64(v) => part(v, start).map(|x| x as f64).collect(),
        Values::I64(v) => part(v, start).map(|x| x as f64).collect(),
        Values::F32(v) => part(v, start).map(f64::from).collect(),
        Values::F64(v) => part(v, start).collect(),
        Values::Complex32(v) => part(v, start).flatten().map(f64::from).collect(),
        Values::Complex64(v) => part(v, start).flatten().collect(),
        _ => Vec::new(),
    }
}

/// Value `k` of an integer of 64 bits.
fn integer(values: &Values, k: usize) -> Option<i128> {
    match values {
        Values::U64(v) => v.get(k).map(|&x| x.into()),
        Values::I64(v) => v.get(k).map(|&x| x.into()),
        _ => None,
    }
}

/// Whether there is no number: missing, or NaN in one of its parts.
fn is_hole(field: &Field, parts: &[f64], k: usize) -> bool {
    parts.iter().any(|part| part.is_nan()) || field.missing().is_some_and(|mask| mask.get(k) == Some(true))
}

/// Maximum minus minimum of the values that are there.
fn range(field: &Field) -> f64 {
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for start in (0..field.values().len()).step_by(CHUNK) {
        let values = reals(field.values(), start);
        for (k, x) in (start..).zip(values.chunks(parts(field))) {
            if !is_hole(field, x, k) {
                for x in x.iter().filter(|x| x.is_finite()) {
                    (least, most) = (least.min(*x), most.max(*x));
                }
            }
        }
    }
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

    fn compare(a: &Field, b: &Field, tolerances: &Tolerances) -> Comparison {
        super::compare((a, Meaning::Numbers), (b, Meaning::Numbers), tolerances)
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
        let numbers = found.numbers.expect("numbers");
        assert_eq!((numbers.max_abs, numbers.rms, numbers.bias), (0.5, 0.25, 0.125));
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
        assert_eq!((infinite.differ, infinite.numbers.map(|n| n.max_abs)), (1, Some(f64::INFINITY)));
        let long = |x: u64| Field::new(Values::U64(vec![x]), (1, 1, 1), None).expect("one value");
        assert_eq!(compare(&long(u64::MAX), &long(u64::MAX - 1), &Tolerances::default()).differ, 1);
    }

    #[test]
    fn correlation_of_a_shifted_field_is_one() {
        let a: Vec<f32> = (0..100_u16).map(|k| 1e5 + f32::from(k)).collect();
        let b: Vec<f32> = a.iter().map(|x| x + 2.0).collect();
        let found = compare(&field(&a), &field(&b), &Tolerances::default()).numbers.expect("numbers");
        assert_eq!((found.rms, found.bias, found.correlation), (2.0, 2.0, Some(1.0)));
    }

    #[test]
    fn more_values_than_are_looked_at_together() {
        let n = CHUNK + 3;
        let a: Vec<f32> = (0..n).map(|k| if k % 2 == 0 { 0.0 } else { 1.0 }).collect();
        let mut b = a.clone();
        (b[0], b[n - 1]) = (0.25, 0.75);
        let found = compare(&field(&a), &field(&b), &Tolerances { bits: Some(2), ..Tolerances::default() });
        assert_eq!((found.differ, found.count, found.numbers.map(|n| n.max_abs)), (1, n, Some(0.75)));
    }

    #[test]
    fn a_complex_number_is_one_value() {
        let complex = |v: &[[f32; 2]]| Field::new(Values::Complex32(v.to_vec()), (v.len(), 1, 1), None).expect("one");
        let (a, b) = (complex(&[[1.0, 2.0], [3.0, 4.0]]), complex(&[[1.5, 2.25], [3.0, 4.0]]));
        let found = compare(&a, &b, &Tolerances::default());
        assert_eq!((found.differ, found.count, found.numbers.map(|n| n.max_abs)), (1, 2, Some(0.5)));
        assert_eq!(compare(&a, &b, &Tolerances { abs: Some(0.25), ..Tolerances::default() }).differ, 1);
        assert_eq!(compare(&a, &b, &Tolerances { abs: Some(0.5), ..Tolerances::default() }).differ, 0);
        let found = compare(&a, &field(&[1.0, 3.0]), &Tolerances { abs: Some(9.0), ..Tolerances::default() });
        assert_eq!((found.differ, found.why.as_deref()), (2, Some("complex / real numbers")));
    }

    #[test]
    fn what_is_no_number_is_equal_or_not() {
        let words = |v: &[u32]| Field::new(Values::U32(v.to_vec()), (v.len(), 1, 1), None).expect("one dimension");
        let (a, b) = (words(&[1, 2, 3]), words(&[1, 2, 4]));
        let wide = Tolerances { abs: Some(9.0), rel: Some(9.0), bits: Some(1) };
        for meaning in [Meaning::Words, Meaning::Characters] {
            let found = super::compare((&a, meaning), (&b, meaning), &wide);
            assert_eq!((found.identical, found.differ, found.numbers), (false, 1, None), "{meaning:?}");
            assert!(super::compare((&a, meaning), (&a, meaning), &wide).identical);
            let other = super::compare((&a, meaning), (&a, Meaning::Numbers), &wide);
            assert_eq!((other.identical, other.differ), (false, 3));
        }
        let found = super::compare((&a, Meaning::Words), (&words(&[1]), Meaning::Words), &wide);
        assert_eq!((found.differ, found.why.as_deref()), (3, Some("3 / 1 raw words")));
        assert_eq!(compare(&a, &b, &wide).differ, 0);
    }
}
