//! The cubed sphere, Q: six panels of points that are equally spaced in angle, or Gauss-Legendre points of spectral elements.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use crate::{
    axis::Axis,
    error::{Error, Result},
    gauss::gauss_legendre,
    geometry::check_size,
    parallel,
    sphere::{dot, mod360},
};

/// No model has so many points along a side; the axis takes memory that no value of a record has earned.
const MOST_POINTS: usize = 100_000;

/// Six panels of `n` by `n` points; panel `p` (0 to 5) occupies rows `p n + 1` to `(p + 1) n`.
///
/// ```
/// use rpnfst_grids::Grid;
/// # fn main() -> Result<(), rpnfst_grids::Error> {
/// let grid = Grid::new(b'Q', 30, 180, [0x420000, 0xa4fa00, 0x660000, (6 << 7) | 5])?;
/// let (lat, lon) = grid.point(1.0, 1.0);
/// assert!((lat + 1.761843133234).abs() < 1e-9 && (lon - 265.985716491061).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CubedSphere {
    n: usize,
    elements: u32,
    order: u32,
    /// Angles in radians of the points of a panel in one direction, with the panel's edges.
    axis: Axis,
    /// Angle of each point.
    nodes: Vec<f64>,
    matrix: [[f64; 3]; 3],
}

impl CubedSphere {
    pub(crate) fn new(ni: usize, nj: usize, [lon, lat, yaw, size]: [u32; 4]) -> Result<Self> {
        check_size(b'Q', ni, nj)?;
        let (elements, order) = (size >> 7, size & 127);
        if !(1..=8).contains(&order) {
            return Err(Error::descriptor(b'Q', "ig4", size.into(), "its low 7 bits are an order of 1 to 8"));
        }
        let n = elements as usize * order as usize;
        if n > MOST_POINTS {
            return Err(Error::descriptor(b'Q', "ig4", size.into(), "more than 100,000 points along a side"));
        }
        if n == 0 || ni != n || Some(nj) != n.checked_mul(6) {
            return Err(Error::descriptor(
                b'Q',
                "ig4",
                size.into(),
                "its elements and order do not give the size n x 6n",
            ));
        }
        let (points, _) = gauss_legendre(order as usize);
        let width = FRAC_PI_2 / f64::from(elements);
        let nodes: Vec<f64> = (0..elements)
            .flat_map(|element| {
                points.iter().map(move |point| -FRAC_PI_4 + width * (f64::from(element) + f64::midpoint(*point, 1.0)))
            })
            .collect();
        let mut values = nodes.clone();
        values.insert(0, -FRAC_PI_4);
        values.push(FRAC_PI_4);
        let axis = Axis::list("u", values)?;
        let angle = |word: u32| (f64::from(word & 0xff_ffff) - f64::from(0x80_0000)) * 2.0 * PI / f64::from(1 << 24);
        let ((sl, cl), (sp, cp), (sa, ca)) = (angle(lon).sin_cos(), angle(lat).sin_cos(), angle(yaw).sin_cos());
        let matrix = [
            [cl * ca + sl * sp * sa, cl * sa - sl * sp * ca, sl * cp],
            [-cp * sa, cp * ca, sp],
            [cl * sp * sa - sl * ca, -sl * sa - cl * sp * ca, cl * cp],
        ];
        Ok(Self { n, elements, order, axis, nodes, matrix })
    }

    /// Points along a side of a panel.
    pub fn n(&self) -> usize {
        self.n
    }

    /// Elements along a side of a panel.
    pub fn elements(&self) -> u32 {
        self.elements
    }

    /// Points along a side of an element, 1 to 8.
    pub fn order(&self) -> u32 {
        self.order
    }

    /// The angles in radians, -π/4 to π/4, of the points along a side of a panel; both directions have them.
    pub fn nodes(&self) -> &[f64] {
        &self.nodes
    }

    /// The angle of a position along a panel, from 0 (its first point); the panel's edges are half a point further than its end points.
    fn angle(&self, along: f64) -> f64 {
        // The axis counts its edge as 1, which is half as far from the first point as the next point is.
        let last = (self.n - 1) as f64;
        let at = if along < 0.0 {
            2.0 + 2.0 * along
        } else if along > last {
            last + 2.0 + 2.0 * (along - last)
        } else {
            along + 2.0
        };
        self.axis.value(at)
    }

    /// The position along a panel, from 0, of an angle.
    fn along(&self, angle: f64) -> f64 {
        let last = (self.n - 1) as f64;
        let at = self.axis.index(angle) - 2.0;
        if at < 0.0 {
            0.5 * at
        } else if at > last {
            last + 0.5 * (at - last)
        } else {
            at
        }
    }

    /// Latitude and longitude of a grid position.
    pub fn point(&self, x: f64, y: f64) -> (f64, f64) {
        let n = self.n as f64;
        let panel = ((y - 0.5) / n).floor().clamp(0.0, 5.0);
        self.on_panel(panel, self.angle(x - 1.0).tan(), self.angle(y - 1.0 - panel * n).tan())
    }

    fn on_panel(&self, panel: f64, a: f64, b: f64) -> (f64, f64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 5")]
        let point = match panel as u8 {
            0 => [a, b, 1.0],
            1 => [1.0, b, -a],
            2 => [-a, b, -1.0],
            3 => [-1.0, b, a],
            4 => [a, 1.0, -b],
            _ => [a, -1.0, b],
        };
        let [x, y, z] = self.matrix.map(|row| dot(row, point));
        (y.atan2(x.hypot(z)).to_degrees(), mod360(x.atan2(z).to_degrees()))
    }

    /// Grid position of a latitude and a longitude.
    pub fn locate(&self, lat: f64, lon: f64) -> Option<(f64, f64)> {
        let [p, q, r] = crate::sphere::unit(lat, lon);
        // This frame has y to the north pole and z to longitude 0.
        let vector = [q, r, p];
        let [m1, m2, m3] = self.matrix;
        let [x, y, z] = [0, 1, 2].map(|k| m1[k] * vector[0] + m2[k] * vector[1] + m3[k] * vector[2]);
        let (ax, ay, az) = (x.abs(), y.abs(), z.abs());
        let (panel, a, b) = if az >= ax && az >= ay {
            if z > 0.0 { (0.0, x / z, y / z) } else { (2.0, x / z, -y / z) }
        } else if ax >= ay {
            if x > 0.0 { (1.0, -z / x, y / x) } else { (3.0, -z / x, -y / x) }
        } else if y > 0.0 {
            (4.0, x / y, -z / y)
        } else {
            (5.0, -x / y, -z / y)
        };
        let (x, y) = (self.along(a.atan()) + 1.0, self.along(b.atan()) + 1.0 + panel * self.n as f64);
        (x.is_finite() && y.is_finite()).then_some((x, y))
    }

    /// Corners of the cells of a panel, `n + 1` a row: half way between points, and the panel's edges.
    pub(crate) fn panel_corners(&self, panel: usize) -> (Vec<f64>, Vec<f64>) {
        let tangents: Vec<f64> = (0..=self.n).map(|at| self.angle(at as f64 - 0.5).tan()).collect();
        let corner = |a: f64, b: f64| self.on_panel(panel as f64, a, b);
        tangents.iter().flat_map(|b| tangents.iter().map(move |a| corner(*a, *b))).unzip()
    }

    /// Latitudes and longitudes of all points, columns fastest.
    pub(crate) fn points(&self, lat: &mut [f64], lon: &mut [f64]) {
        let tangents: Vec<f64> = self.nodes.iter().map(|node| node.tan()).collect();
        parallel::rows2(lat, lon, self.n, |row, lat, lon| {
            let b = tangents.get(row % self.n).copied().unwrap_or(f64::NAN);
            for ((lat, lon), a) in lat.iter_mut().zip(lon).zip(&tangents) {
                (*lat, *lon) = self.on_panel((row / self.n) as f64, *a, b);
            }
        });
    }
}
