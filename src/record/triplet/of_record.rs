//! The time interval or layer of one record. Other than [`decode_intervals`](super::decode_intervals) these methods
//! look at two of the ips only, and refuse no value of the third.

use super::{Interval, is_old, reversed};
use crate::record::{
    Record,
    ip::{IpValue, Kind, decode},
};

impl Record {
    /// The time interval of ip2 and ip3, in hours, `lo` before `hi`: both are encoded times (new style, kind 10) that
    /// differ, as those of accumulations and means are.
    ///
    /// `None` for plain numbers in ip2 or ip3, and for records whose ips are links
    /// ([`has_special_ips`](Self::has_special_ips)).
    ///
    /// ```
    /// # use rpnfst::{File, record::triplet::Interval};
    /// let file = File::open("testdata/cases/intervals.std")?;
    /// let spans = file.records().iter().map(|record| record.time_interval().map(|Interval { lo, hi, .. }| (lo, hi)));
    /// assert_eq!(spans.take(3).collect::<Vec<_>>(), [Some((0.0, 6.0)), Some((6.0, 12.0)), None]);
    /// # Ok::<(), rpnfst::Error>(())
    /// ```
    pub fn time_interval(&self) -> Option<Interval> {
        let [ip2, ip3] = [self.ip2(), self.ip3()].map(|ip| self.encoded(ip));
        let (end, start) = (ip2.filter(|v| v.kind.is_time())?, ip3.filter(|v| v.kind.is_time())?);
        let (lo, hi) = if start.value > end.value { (end.value, start.value) } else { (start.value, end.value) };
        Some(Interval::new(lo, hi, Kind::Hours)).filter(Interval::is_interval)
    }

    /// The layer between ip1 and ip3: both are encoded levels (new style) of one kind that differ. `lo` is the bound
    /// nearer to the ground.
    ///
    /// `None` for other ips, and for records whose ips are links ([`has_special_ips`](Self::has_special_ips)).
    pub fn level_interval(&self) -> Option<Interval> {
        let [a, b] = [self.ip1(), self.ip3()].map(|ip| self.encoded(ip));
        let (a, b) = (a.filter(|v| v.kind.is_level())?, b?);
        let turned = reversed(a.kind, a.value, b.value);
        let (lo, hi) = if turned { (b.value, a.value) } else { (a.value, b.value) };
        Some(Interval::new(lo, hi, a.kind)).filter(|layer| a.kind == b.kind && layer.is_interval())
    }

    /// The time of ip2: an encoded time, or a plain number of hours. `None` when it is something else.
    pub fn ip2_time(&self) -> Option<IpValue> {
        match self.ip2() {
            _ if self.has_special_ips() => None,
            ip if is_old(ip) => Some(IpValue::new(ip as f32, Kind::Hours)),
            ip => decode(ip).ok().filter(|value| value.kind.is_time()),
        }
    }

    /// The value of an ip in new style.
    fn encoded(&self, ip: u32) -> Option<IpValue> {
        if is_old(ip) || self.has_special_ips() { None } else { decode(ip).ok() }
    }
}
