//! One field: its values on levels become values on pressures or heights.

use std::sync::Arc;

use rpnfst::{
    Error, Field, File, Record, Values,
    geo::{Coordinates, Numbers},
    grids::levels::{Columns, Levels, Outside, Quantity, Scale},
    record::{Descriptors, IpValue, Kind},
};

use super::groups::Groups;
use crate::{
    args::{Beyond, Global, Scale as Asked, Vinterp},
    holes::taken_out,
    threads,
};

/// Points of a column that are worked on at once.
const POINTS: usize = 16 * 1024;

/// The levels that are asked for.
pub(super) struct Wanted {
    /// Pa or m.
    targets: Vec<f64>,
    levels: Vec<IpValue>,
    is_pressure: bool,
    scale: Scale,
    below: Outside,
    above: Outside,
}

impl Wanted {
    pub(super) fn of(args: &Vinterp) -> Self {
        let is_pressure = !args.pressure.is_empty();
        let list = if is_pressure { &args.pressure } else { &args.height };
        let (unit, kind) = if is_pressure { (100.0, Kind::Pressure) } else { (1.0, Kind::Height) };
        #[expect(clippy::cast_possible_truncation, reason = "the precision of levels")]
        let levels = list.iter().map(|value| IpValue::new(*value as f32, kind)).collect();
        let outside = |beyond| match beyond {
            Beyond::Missing => Outside::Missing,
            Beyond::Nearest => Outside::Nearest,
            Beyond::Extrapolate => Outside::Extrapolate,
        };
        let scale = match args.scale {
            None if is_pressure => Scale::Logarithmic,
            Some(Asked::Log) => Scale::Logarithmic,
            _ => Scale::Linear,
        };
        Self {
            targets: list.iter().map(|value| value * unit).collect(),
            levels,
            is_pressure,
            scale,
            below: outside(args.below),
            above: outside(args.above),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        if self.is_pressure { "pressure" } else { "height" }
    }
}

/// What a field needs.
pub(super) struct Column<'a> {
    pub(super) file: &'a File,
    pub(super) global: &'a Global,
    pub(super) descriptors: &'a Descriptors<'a>,
    pub(super) wanted: &'a Wanted,
}

/// The records of a field, and where their pressures or heights come from.
pub(super) struct OnLevels<'a> {
    records: Vec<&'a Record>,
    place: Place<'a>,
}

enum Place<'a> {
    /// One value for each level.
    Values(Vec<f32>),
    /// Of a coordinate, with its surface fields.
    Computed(Arc<Levels>, Vec<f32>, Option<Vec<f32>>),
    /// Of other records.
    Read(Vec<&'a Record>, f32),
}

impl OnLevels<'_> {
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }
}

impl<'a> Column<'a> {
    /// The levels of a field that have the coordinate that is asked for.
    pub(super) fn find(
        &self,
        group: &[&'a Record],
        groups: &Groups<'a>,
        coordinates: &Coordinates<'a>,
    ) -> rpnfst::Result<OnLevels<'a>> {
        let Some(head) = group.first() else {
            return Ok(OnLevels { records: Vec::new(), place: Place::Values(Vec::new()) });
        };
        let kind = if self.wanted.is_pressure { Kind::Pressure } else { Kind::Height };
        let is_kind = |record: &Record| record.level().is_some_and(|level| level.kind == kind);
        if is_kind(head) {
            let unit = if self.wanted.is_pressure { 100.0 } else { 1.0 };
            let records: Vec<_> = group.iter().copied().filter(|record| is_kind(record)).collect();
            let values = records.iter().filter_map(|record| Some(record.level()?.value * unit)).collect();
            return Ok(OnLevels { records, place: Place::Values(values) });
        }
        let beside = || {
            let (nomvar, unit) = if self.wanted.is_pressure { ("PX", 100.0) } else { ("GZ", 10.0) };
            let pairs = group.iter().filter_map(|record| Some((*record, groups.beside(nomvar, record)?)));
            let (records, places): (Vec<_>, Vec<_>) = pairs.unzip();
            OnLevels { records, place: Place::Read(places, unit) }
        };
        let coordinate = match coordinates.of(head) {
            Ok(coordinate) => coordinate,
            Err(error) => return Some(beside()).filter(|found| found.len() > 1).ok_or(error),
        };
        let levels = coordinate.levels.clone();
        let fits = if self.wanted.is_pressure { levels.vcode().is_pressure() } else { levels.vcode().is_height() };
        if !fits {
            let found = beside();
            if found.len() > 1 {
                return Ok(found);
            }
            let (nomvar, what) = if self.wanted.is_pressure { ("PX", "heights") } else { ("GZ", "pressures") };
            let what = format!("its levels are {what}, and no {nomvar} is on the same ones");
            return Err(Error::Levels { record: (*head).into(), what });
        }
        let records: Vec<_> = group.iter().copied().filter(|record| levels.find(record.ip1()).is_ok()).collect();
        let surface = self.file.surface_field(head, &coordinate)?;
        Ok(OnLevels { records, place: Place::Computed(levels, surface.values, surface.large_scale) })
    }

    /// The field on the levels that are asked for.
    pub(super) fn move_field(&self, on: &OnLevels<'_>) -> rpnfst::Result<Vec<(IpValue, Field)>> {
        let Some(head) = on.records.first() else { return Ok(Vec::new()) };
        let (ni, nj) = (head.ni() as usize, head.nj() as usize);
        let points = ni.saturating_mul(nj);
        let (count, targets) = (on.records.len(), self.wanted.targets.len());
        let is_read = matches!(on.place, Place::Read(..));
        let arrays = count.saturating_mul(if is_read { 2 } else { 1 }).saturating_add(targets.saturating_mul(3));
        self.global.allows((points as u64).saturating_mul(4).saturating_mul(arrays as u64), self.file, head)?;
        let field = self.cube(&on.records)?;
        let places = match &on.place {
            Place::Read(records, unit) => {
                let mut places = self.cube(records)?;
                places.iter_mut().flatten().for_each(|place| *place *= unit);
                places
            }
            _ => Vec::new(),
        };
        let ip1: Vec<_> = on.records.iter().map(|record| record.ip1()).collect();
        let piece = |number: usize| -> rpnfst::Result<Vec<f32>> {
            let start = number * POINTS;
            let range = start..(start + POINTS).min(points);
            let width = range.len();
            let gather = |cube: &[Vec<f32>]| -> Vec<f32> {
                cube.iter().flat_map(|level| level.get(range.clone()).unwrap_or_default()).copied().collect()
            };
            let coordinate = match &on.place {
                Place::Values(values) => spread(values, width),
                Place::Read(..) => gather(&places),
                Place::Computed(levels, surface, large_scale) => {
                    let of = |field: &[f32]| field.get(range.clone()).unwrap_or_default().to_vec();
                    let large_scale = large_scale.as_deref().map(of);
                    let all = levels.compute(&ip1, &of(surface), large_scale.as_deref(), Quantity::Level)?;
                    if all.len() == count && width != 1 { spread(&all, width) } else { all }
                }
            };
            let columns = if self.wanted.is_pressure {
                Columns::pressures(&coordinate, count)
            } else {
                Columns::heights(&coordinate, count)
            };
            let columns = columns.scale(self.wanted.scale).below(self.wanted.below).above(self.wanted.above);
            let plan = columns.at(&self.wanted.targets)?;
            Ok(plan.apply(&gather(&field))?)
        };
        let pieces = threads::map(points.div_ceil(POINTS), piece).into_iter().collect::<rpnfst::Result<Vec<_>>>()?;
        let mut made = Vec::new();
        for (target, level) in self.wanted.levels.iter().enumerate() {
            let mut values = Vec::with_capacity(points);
            for piece in &pieces {
                let width = piece.len() / targets.max(1);
                values.extend_from_slice(piece.get(target * width..(target + 1) * width).unwrap_or_default());
            }
            let mask = taken_out(&mut values);
            made.push((*level, Field::new(Values::F32(values), (ni, nj, 1), mask)?));
        }
        Ok(made)
    }

    /// Some records in single precision.
    fn cube(&self, records: &[&Record]) -> rpnfst::Result<Vec<Vec<f32>>> {
        let options = self.global.reading();
        let one = |record: &&Record| {
            #[expect(clippy::cast_possible_truncation, reason = "levels are no more precise")]
            match self.file.numbers(record, self.descriptors.mask_of(record), &options)? {
                Numbers::Single(values) => Ok(values),
                Numbers::Double(values) => Ok(values.into_iter().map(|value| value as f32).collect()),
                _ => Ok(Vec::new()),
            }
        };
        threads::map(records.len(), |number| records.get(number).map_or_else(|| Ok(Vec::new()), one))
            .into_iter()
            .collect()
    }
}

/// Each value for all points.
fn spread(values: &[f32], width: usize) -> Vec<f32> {
    values.iter().flat_map(|value| std::iter::repeat_n(*value, width)).collect()
}
