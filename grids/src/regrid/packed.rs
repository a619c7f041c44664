//! Places of a large target in little memory: applying them costs no more than reading them.

use super::places::Odd;
use crate::interp::line::{Line, Numbers, PIECE};
use crate::kernels::{avx2_or_not, prefetch};

/// Places smaller than this stay in the caches as they are, and rows shorter than this would leave pieces empty.
const LARGE: usize = 1 << 16;
const LONG: usize = 4 * PIECE;

/// `u` and `v` of the points of a target in rows.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    /// Points of a row.
    pub(crate) row: usize,
    pub(crate) rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pieces: Vec<Piece>,
    /// Places of pieces that are no smooth line, or of which a point needs care.
    rough: Vec<[Numbers; 2]>,
}

/// Some points of a row.
#[derive(Clone, Debug)]
struct Piece {
    u: Line,
    v: Line,
    /// Its number among the rough ones.
    rough: Option<u32>,
}

impl Packed {
    /// Whether a target of so many points in rows of so many is worth it.
    pub(crate) fn pays(row: usize, len: usize) -> bool {
        len >= LARGE && row >= LONG
    }

    pub(crate) fn new(row: usize, rows: Vec<(Row, Odd)>, odd: &mut Odd) -> Self {
        let keep = |(row, more)| {
            odd.append(more);
            row
        };
        Self { row, rows: rows.into_iter().map(keep).collect() }
    }

    /// The place of a point.
    pub(crate) fn at(&self, point: usize) -> Option<[f64; 2]> {
        let (mut u, mut v) = ([0.0; PIECE], [0.0; PIECE]);
        let column = point % self.row.max(1);
        self.rows.get(point / self.row.max(1))?.piece(column / PIECE, &mut u, &mut v);
        Some([*u.get(column % PIECE)?, *v.get(column % PIECE)?])
    }

    pub(crate) fn bytes(&self) -> usize {
        let row = |row: &Row| size_of_val(row.pieces.as_slice()) + size_of_val(row.rough.as_slice()) + size_of::<Row>();
        self.rows.iter().map(row).sum()
    }
}

impl Row {
    pub(crate) fn with_capacity(points: usize) -> Self {
        Self { pieces: Vec::with_capacity(points.div_ceil(PIECE)), rough: Vec::new() }
    }

    /// Adds points: a whole number of pieces, or the last ones. `inner`: limits of `u` and of `v`; between them no point needs care.
    pub(crate) fn push(&mut self, u: &[f64], v: &[f64], inner: [[f64; 2]; 2]) {
        let this = self;
        avx2_or_not!(Self::push_all; this, u, v, inner);
    }

    #[inline(always)]
    fn push_all(&mut self, u: &[f64], v: &[f64], [inner_u, inner_v]: [[f64; 2]; 2]) {
        for (u, v) in u.chunks(PIECE).zip(v.chunks(PIECE)) {
            let mut piece = Piece { u: Line::EMPTY, v: Line::EMPTY, rough: None };
            let fits = [piece.u.set(u, inner_u), piece.v.set(v, inner_v)];
            if fits != [true; 2] {
                let mut rough = [[f64::NAN; PIECE]; 2];
                for (to, from) in rough.iter_mut().zip([u, v]) {
                    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
                }
                piece.rough = u32::try_from(self.rough.len()).ok();
                self.rough.push(rough);
            }
            self.pieces.push(piece);
        }
    }

    /// The lines of a piece, if no point of it needs care. Beyond the end of the row they mean nothing.
    #[inline(always)]
    pub(crate) fn lines(&self, number: usize) -> Option<(&Line, &Line)> {
        self.pieces.get(number).filter(|piece| piece.rough.is_none()).map(|piece| (&piece.u, &piece.v))
    }

    /// Asks for a piece that is wanted soon.
    #[inline(always)]
    pub(crate) fn expect(&self, number: usize) {
        if let Some(piece) = self.pieces.get(number) {
            piece.u.expect();
            piece.v.expect();
            prefetch(std::slice::from_ref(&piece.rough), 0);
        }
    }

    /// The places of a piece; beyond the end of the row they mean nothing.
    #[inline(always)]
    pub(crate) fn piece(&self, number: usize, u: &mut Numbers, v: &mut Numbers) {
        let Some(piece) = self.pieces.get(number) else { return };
        if let Some([from_u, from_v]) = piece.rough.and_then(|rough| self.rough.get(rough as usize)) {
            (*u, *v) = (*from_u, *from_v);
        } else {
            piece.u.points(u);
            piece.v.points(v);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(u: &[f64], v: &[f64]) -> (Row, Vec<[f64; 2]>) {
        let mut row = Row::with_capacity(u.len());
        row.push(u, v, [[0.0, 3e3]; 2]);
        let packed = Packed { row: u.len(), rows: vec![row.clone()] };
        (row, (0..u.len()).map(|k| packed.at(k).unwrap()).collect())
    }

    #[test]
    fn smooth_rows_keep_nine_digits_behind_the_point() {
        let at = |k: i32| (1200.0 + 0.9 * f64::from(k) + 1e-4 * f64::from(k * k), 30.0 - (f64::from(k) / 90.0).cos());
        let (u, v): (Vec<f64>, Vec<f64>) = (0..150).map(at).unzip();
        let (row, back) = there_and_back(&u, &v);
        assert_eq!((row.pieces.len(), row.rough.len()), (3, 0));
        for ((back, u), v) in back.iter().zip(&u).zip(&v) {
            assert!((back[0] - u).abs() < 1.2e-10 && (back[1] - v).abs() < 1.2e-10, "{back:?} {u} {v}");
        }
    }

    #[test]
    fn others_keep_everything() {
        let mut u: Vec<f64> = (0..100).map(f64::from).collect();
        let v = vec![7.0; 100];
        (u[3], u[70]) = (f64::NAN, 2500.0);
        let (row, back) = there_and_back(&u, &v);
        assert_eq!(row.rough.len(), 2);
        u[3] = 3000.0 - 1e-11;
        assert!(there_and_back(&u, &v).0.lines(0).is_none());
        assert!(back[3][0].is_nan() && back[3][1] == 7.0);
        assert_eq!((back[70], back[99]), ([2500.0, 7.0], [99.0, 7.0]));
    }
}
