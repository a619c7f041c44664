//! Levels, times and their codes through librmn (`record.md`, section 4).

use std::ffi::c_char;

use crate::library::{Librmn, text_of};
pub use crate::symbols::FloatIp;

/// Encoding of an ip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IpStyle {
    /// Kind, exponent and mantissa, above 32767.
    New,
    /// 0 to 32767.
    Old,
}

/// A value and its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct IpValue {
    /// In the unit of the kind.
    pub value: f32,
    /// Kind, -1 when the ip is invalid.
    pub kind: i32,
}

/// Three values, or ips, and the status bits of the call that gave them (64: no result).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triplet<T> {
    /// In the order of the arguments.
    pub values: [T; 3],
    /// Status bits.
    pub status: i32,
}

impl Librmn {
    /// Value, kind and text of an ip (`convip_plus`, mode -1). The text is empty for some old-style codes.
    pub fn decode_ip(&self, mut ip: i32) -> (IpValue, String) {
        let mut decoded = IpValue::default();
        let mut text = [b' '; 32];
        self.convip(&mut ip, &mut decoded, -1, &mut text, true);
        (decoded, text_of(&text))
    }

    /// Code of a value (`convip_plus`, mode 2 or 3); negative when it is refused.
    pub fn encode_ip(&self, mut value: IpValue, style: IpStyle) -> i32 {
        let mut ip = 0;
        let mode = match style {
            IpStyle::New => 2,
            IpStyle::Old => 3,
        };
        self.convip(&mut ip, &mut value, mode, &mut [b' '; 32], false);
        ip
    }

    fn convip(&self, ip: &mut i32, value: &mut IpValue, mut mode: i32, text: &mut [u8; 32], want_text: bool) {
        let mut flag = i32::from(want_text);
        let session = self.lock();
        // SAFETY: live numbers and a character argument with its length; the lock is held.
        unsafe {
            (session.convip_plus)(
                ip,
                &raw mut value.value,
                &raw mut value.kind,
                &raw mut mode,
                text.as_mut_ptr().cast::<c_char>(),
                &raw mut flag,
                text.len(),
            );
        }
    }

    /// Three ips decoded together (`ConvertIPtoPK`).
    pub fn decode_three(&self, ips: [i32; 3]) -> Triplet<IpValue> {
        let mut values = [IpValue::default(); 3];
        let [first, second, third] = &mut values;
        let session = self.lock();
        // SAFETY: live numbers; the lock is held.
        let status = unsafe {
            (session.convert_ip_to_pk)(
                &raw mut first.value,
                &raw mut first.kind,
                &raw mut second.value,
                &raw mut second.kind,
                &raw mut third.value,
                &raw mut third.kind,
                ips[0],
                ips[1],
                ips[2],
            )
        };
        Triplet { values, status }
    }

    /// Three values encoded together (`ConvertPKtoIP`).
    pub fn encode_three(&self, values: [IpValue; 3]) -> Triplet<i32> {
        let mut ips = [0; 3];
        let [ip1, ip2, ip3] = &mut ips;
        let [first, second, third] = values;
        let session = self.lock();
        // SAFETY: live integers; the lock is held.
        let status = unsafe {
            (session.convert_pk_to_ip)(
                ip1,
                ip2,
                ip3,
                first.kind,
                first.value,
                second.kind,
                second.value,
                third.kind,
                third.value,
            )
        };
        Triplet { values: ips, status }
    }

    /// Three intervals encoded together (`EncodeIp`).
    pub fn encode_intervals(&self, mut values: [FloatIp; 3]) -> Triplet<i32> {
        let mut ips = [0; 3];
        let [ip1, ip2, ip3] = &mut ips;
        let [first, second, third] = &mut values;
        let session = self.lock();
        // SAFETY: live integers and structures; the lock is held.
        let status = unsafe { (session.encode_ip)(ip1, ip2, ip3, first, second, third) };
        Triplet { values: ips, status }
    }

    /// Three ips decoded to intervals (`DecodeIp`).
    pub fn decode_intervals(&self, ips: [i32; 3]) -> Triplet<FloatIp> {
        let mut values = [FloatIp::default(); 3];
        let [first, second, third] = &mut values;
        let session = self.lock();
        // SAFETY: live structures; the lock is held.
        let status = unsafe { (session.decode_ip)(first, second, third, ips[0], ips[1], ips[2]) };
        Triplet { values, status }
    }
}
