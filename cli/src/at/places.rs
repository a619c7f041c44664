//! The points at which values are wanted.

use std::{fs, path::Path};

use crate::{
    args::At,
    number::significant,
    report::{Result, Stop},
};

/// Points, and how their columns are named.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Places {
    pub(super) lat: Vec<f64>,
    pub(super) lon: Vec<f64>,
    pub(super) names: Vec<String>,
}

impl Places {
    /// Those of the command line, and then those of a file.
    pub(super) fn of(args: &At) -> Result<Self> {
        if args.lat.len() != args.lon.len() {
            let (lat, lon) = (args.lat.len(), args.lon.len());
            return Err(Stop::message(format!("--lat and --lon come in pairs; {lat} and {lon} are given")));
        }
        let mut places = Self::default();
        for (lat, lon) in args.lat.iter().zip(&args.lon) {
            places.add(*lat, *lon, None).map_err(Stop::message)?;
        }
        if let Some(path) = &args.points {
            places.read(path).map_err(|what| Stop::message(format!("{}: {what}", path.display())))?;
        }
        if places.lat.is_empty() {
            return Err(Stop::message(
                "at which points? --lat Y --lon X, or --points FILE.csv with the columns lat and lon",
            ));
        }
        Ok(places)
    }

    fn add(&mut self, lat: f64, lon: f64, name: Option<&str>) -> Result<(), String> {
        if !(-90.0..=90.0).contains(&lat) {
            return Err(format!("latitude {lat}: expected -90 to 90"));
        }
        if !lon.is_finite() || lon.abs() > 1e6 {
            return Err(format!("longitude {lon}: expected a number of degrees"));
        }
        let label = || format!("{},{}", significant(lat, 9), significant(lon, 9));
        self.names.push(name.filter(|name| !name.is_empty()).map_or_else(label, str::to_owned));
        self.lat.push(lat);
        self.lon.push(lon);
        Ok(())
    }

    fn read(&mut self, path: &Path) -> Result<(), String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        self.parse(text.trim_start_matches('\u{feff}'))
    }

    /// Rows below a header with `lat` and `lon`, in any order and among others.
    fn parse(&mut self, text: &str) -> Result<(), String> {
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let header = lines.next().map(|(_, line)| cells(line)).unwrap_or_default();
        let column =
            |names: &[&str]| header.iter().position(|cell| names.iter().any(|name| cell.eq_ignore_ascii_case(name)));
        let (Some(lat), Some(lon)) = (column(&["lat", "latitude"]), column(&["lon", "longitude"])) else {
            return Err(format!(
                "the first line is `{}`, expected names of columns with lat and lon",
                header.join(",")
            ));
        };
        let name = column(&["name"]);
        for (number, line) in lines {
            let cells = cells(line);
            let real = |at: usize| {
                let cell = cells.get(at).map_or("", String::as_str);
                cell.parse::<f64>().map_err(|_| format!("line {}: `{cell}` is no number of degrees", number + 1))
            };
            let name = name.and_then(|at| cells.get(at)).map(String::as_str);
            self.add(real(lat)?, real(lon)?, name).map_err(|what| format!("line {}: {what}", number + 1))?;
        }
        Ok(())
    }
}

/// The cells of a line of CSV; quotes may hold commas.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => {
                rest.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell).trim().to_owned()),
            _ => cell.push(c),
        }
    }
    cells.push(cell.trim().to_owned());
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_points() {
        let mut places = Places::default();
        let text = "id,Name,LON, lat\r\n1,\"Montréal, QC\",-73.6,45.5\r\n\r\n2,,289,46.8\r\n";
        assert_eq!(places.parse(text), Ok(()));
        assert_eq!((&places.lat, &places.lon), (&vec![45.5, 46.8], &vec![-73.6, 289.0]));
        assert_eq!(places.names, ["Montréal, QC", "46.8,289"]);
        for wrong in ["", "45,-73\n", "lat,lon\n45\n", "lat,lon\n91,0\n", "lat,lon\n0,inf\n", "lat,lon\nx,0\n"] {
            assert!(Places::default().parse(wrong).is_err(), "{wrong}");
        }
    }
}
