//! Grids described in words: `L:0.25`.

use std::str::FromStr;

use rpnfst_grids::{Error as GridError, Grid, descriptor};

/// A grid described in few words, such as `L:0.25`.
///
/// | words | grid |
/// |---|---|
/// | `L:step` | the globe, from pole to pole, first column at 0 degrees |
/// | `L:lat0,lon0,dlat,dlon,ni,nj` | latitudes and longitudes, from point (1, 1) |
/// | `A:ni,nj`, `B:ni,nj`, `G:ni,nj` | the globe: points beside the poles, points at the poles, Gaussian |
/// | `N:pi,pj,d60,dgrw,ni,nj`, `S:...` | polar stereographic: the pole, metres at 60 degrees, angle of the meridian of Greenwich |
/// | `E:lat1,lon1,lat2,lon2,ni,nj` | the globe, rotated |
/// | `E:lat1,lon1,lat2,lon2,rlat0,rlon0,dlat,dlon,ni,nj` | a part of a rotated globe, from rotated position (1, 1) |
/// | `U:rows,overlap,lat1,lon1,lat2,lon2` | Yin-Yang |
///
/// What the four integers of a record cannot say exactly, as a third of a degree, becomes a Z grid on axes. Rotations are
/// rounded to 1/40 degree, and axes to single precision, as they are in files.
///
/// ```
/// use rpnfst::geo::GridSpec;
/// let grid = "L:0.25".parse::<GridSpec>()?.into_grid();
/// assert_eq!((grid.letter(), grid.ni(), grid.nj()), (b'L', 1440, 721));
/// let grid = "L:45,-80,0.3333,0.5,21,11".parse::<GridSpec>()?.into_grid();
/// assert_eq!((grid.letter(), grid.point(1.0, 1.0)), (b'Z', (45.0, 280.0)));
/// assert!("L:0.7".parse::<GridSpec>().is_err()); // 360 degrees are no multiple of that
/// # Ok::<(), rpnfst::geo::GridError>(())
/// ```
#[derive(Clone, Debug)]
pub struct GridSpec {
    grid: Grid,
}

/// Points that a description may ask for.
const MOST: f64 = 4e9;

impl GridSpec {
    /// Whether a text looks like one: a letter, a colon and a number.
    pub fn is_one(text: &str) -> bool {
        let mut chars = text.chars();
        let (letter, colon, next) = (chars.next(), chars.next(), chars.next());
        letter.is_some_and(|letter| letter.is_ascii_alphabetic())
            && colon == Some(':')
            && next.is_none_or(|next| next.is_ascii_digit() || matches!(next, '-' | '+' | '.' | ' '))
    }

    /// The grid.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The grid, by value.
    pub fn into_grid(self) -> Grid {
        self.grid
    }
}

impl FromStr for GridSpec {
    type Err = GridError;

    fn from_str(text: &str) -> Result<Self, GridError> {
        let (letter, list) =
            text.split_once(':').ok_or_else(|| wrong(text, "expected a letter, a colon and numbers"))?;
        let number = |word: &str| word.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        let numbers: Option<Vec<f64>> = list.split(',').map(number).collect();
        let numbers = numbers.ok_or_else(|| wrong(text, "expected numbers with commas between them"))?;
        let grid = match (letter.trim(), &numbers[..]) {
            ("L", &[step]) => {
                let (ni, nj) = (parts(text, 360.0, step)?, parts(text, 180.0, step)?);
                lat_lon(text, [-90.0, 0.0, step, step], size(text, ni as f64, nj as f64 + 1.0)?)
            }
            ("L", &[lat0, lon0, dlat, dlon, ni, nj]) => lat_lon(text, [lat0, lon0, dlat, dlon], size(text, ni, nj)?),
            ("A" | "B" | "G", &[ni, nj]) => {
                let (ni, nj) = size(text, ni, nj)?;
                Grid::new(letter.trim().as_bytes()[0], ni, nj, [0; 4])
            }
            ("N" | "S", &[pi, pj, d60, dgrw, ni, nj]) => {
                polar(text, letter.trim().as_bytes()[0], [pi, pj, d60, dgrw], size(text, ni, nj)?)
            }
            ("E", &[lat1, lon1, lat2, lon2, ni, nj]) => {
                let (ni, nj) = size(text, ni, nj)?;
                Grid::new(b'E', ni, nj, descriptor::encode(b'E', [lat1, lon1, lat2, lon2])?)
            }
            ("E", &[lat1, lon1, lat2, lon2, lat0, lon0, dlat, dlon, ni, nj]) => {
                let (ni, nj) = size(text, ni, nj)?;
                let ig = descriptor::encode(b'E', [lat1, lon1, lat2, lon2])?;
                Grid::from_axes(b'Z', b'E', ig, axis(lon0, dlon, ni), axis(lat0, dlat, nj))
            }
            ("U", &[rows, overlap, lat1, lon1, lat2, lon2]) => {
                let (rows, _) = size(text, rows, 2.0)?;
                Grid::yin_yang_of(rows, overlap, [lat1, lon1, lat2, lon2]).and_then(singles)
            }
            ("L" | "A" | "B" | "G" | "N" | "S" | "E" | "U", _) => {
                return Err(wrong(text, &format!("{} numbers are not what {} takes", numbers.len(), letter.trim())));
            }
            _ => return Err(wrong(text, "the letter is none of L, A, B, G, N, S, E and U")),
        };
        Ok(Self { grid: grid.map_err(|error| wrong(text, &error.to_string()))? })
    }
}

fn wrong(text: &str, why: &str) -> GridError {
    GridError::Invalid { what: "the description of a grid", reason: format!("{text}: {why}") }
}

fn size(text: &str, ni: f64, nj: f64) -> Result<(usize, usize), GridError> {
    let count = |n: f64| points(n).filter(|_| n.fract() == 0.0);
    match (count(ni), count(nj)) {
        (Some(i), Some(j)) if ni * nj <= MOST => Ok((i, j)),
        _ => Err(wrong(text, &format!("{ni} x {nj} is no size"))),
    }
}

/// A number of points.
fn points(n: f64) -> Option<usize> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
    (1.0..=MOST).contains(&n).then_some(n as usize)
}

/// How many steps a whole has.
fn parts(text: &str, whole: f64, step: f64) -> Result<usize, GridError> {
    let count = whole / step;
    if !(count >= 1.0 && (count - count.round()).abs() < 1e-6) {
        return Err(wrong(text, &format!("{whole} degrees are no multiple of {step}")));
    }
    points(count.round()).ok_or_else(|| wrong(text, "too many points"))
}

/// Values as single reals hold them.
fn axis(first: f64, step: f64, count: usize) -> Vec<f64> {
    #[expect(clippy::cast_possible_truncation, reason = "meant")]
    (0..count).map(|at| f64::from((first + at as f64 * step) as f32)).collect()
}

fn lat_lon(text: &str, xg: [f64; 4], (ni, nj): (usize, usize)) -> Result<Grid, GridError> {
    let [lat0, lon0, dlat, dlon] = xg;
    let last = lat0 + (nj - 1) as f64 * dlat;
    if lat0.abs() > 90.0 + 1e-9 || last.abs() > 90.0 + 1e-9 {
        return Err(wrong(text, &format!("latitudes go from {lat0} to {last}")));
    }
    if dlat <= 0.0 || dlon <= 0.0 {
        return Err(wrong(text, "steps go north and east: they are positive"));
    }
    let exact = descriptor::encode(b'L', xg).ok().filter(|ig| {
        let again = descriptor::decode(b'L', *ig).unwrap_or([f64::NAN; 4]);
        let [a, b, c, d] = std::array::from_fn(|k| (again[k] - xg[k]).abs());
        a < 1e-9 && (b < 1e-9 || (b - 360.0).abs() < 1e-9) && c < 1e-9 && d < 1e-9
    });
    match exact {
        Some(ig) => Grid::new(b'L', ni, nj, ig),
        None => Grid::from_axes(b'Z', b'L', [100, 100, 9000, 0], axis(lon0, dlon, ni), axis(lat0, dlat, nj)),
    }
}

fn polar(text: &str, letter: u8, xg: [f64; 4], (ni, nj): (usize, usize)) -> Result<Grid, GridError> {
    let ig = descriptor::encode(letter, xg)?;
    let again = descriptor::decode(letter, ig)?;
    // A pole far away is kept by the place of point (1, 1), and moves by a part of a grid length.
    let [pi, pj, d60, dgrw] = std::array::from_fn(|k| (again[k] - xg[k]).abs());
    if pi > 1.0 || pj > 1.0 || d60 > 1e-6 * xg[2].abs() || (dgrw > 1e-6 && (dgrw - 360.0).abs() > 1e-6) {
        let [pi, pj, d60, dgrw] = again;
        let near = format!("records cannot say that; they can say {pi},{pj},{d60},{dgrw}");
        return Err(wrong(text, &near));
    }
    Grid::new(letter, ni, nj, ig)
}

/// The grid whose axes are those of another in single precision.
fn singles(grid: Grid) -> Result<Grid, GridError> {
    match grid.geometry() {
        rpnfst_grids::Geometry::YinYang(pair) => Grid::yin_yang(&super::write::numbers_of(pair)),
        _ => Ok(grid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str) -> Result<(u8, usize, usize), GridError> {
        text.parse::<GridSpec>().map(|spec| (spec.grid().letter(), spec.grid().ni(), spec.grid().nj()))
    }

    #[test]
    fn descriptions() {
        assert_eq!(made("L:1").expect("a grid"), (b'L', 360, 181));
        assert_eq!(made("L:-90,-180,0.25,0.25,1440,721").expect("a grid"), (b'L', 1440, 721));
        assert_eq!(made("G:16,8").expect("a grid"), (b'G', 16, 8));
        assert_eq!(made("N:51,51,60000,21,80,90").expect("a grid"), (b'N', 80, 90));
        assert_eq!(made("E:35,265,60,80,20,10").expect("a grid"), (b'E', 20, 10));
        assert_eq!(made("E:35,265,60,80,-10,170,0.1,0.1,20,10").expect("a grid"), (b'Z', 20, 10));
        assert_eq!(made("U:15,2,10,200,20,290").expect("a grid"), (b'U', 43, 30));
        for text in
            ["", "L", "L:", "L:0.7", "L:x", "L:1,2", "L:0", "L:-1", "L:80,0,1,1,10,20", "L:0,0,1,1,0,5", "Q:1", "L:nan"]
        {
            assert!(made(text).is_err(), "{text}");
        }
    }

    #[test]
    fn file_names_are_none() {
        assert!(GridSpec::is_one("L:0.25") && GridSpec::is_one("N:-5,3"));
        assert!(!GridSpec::is_one("C:\\data\\a.std") && !GridSpec::is_one("model.std#3"));
    }
}
