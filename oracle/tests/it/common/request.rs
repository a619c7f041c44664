//! The requests of the oracle's cases as those of rpnfst-codecs.

use rpnfst::record::{DateStamp, GridType, date};
use rpnfst::{Attributes, Writable};
use rpnfst_codecs::{
    BaseType, Compression, DataType, Element, EncodeError, PackRequest, Rules, Shape, Stored, Threads, WordOrder,
    missing,
};
use rpnfst_oracle::cases::Case;
use rpnfst_oracle::{Data, Missing as OracleMissing, Spec, Turbo};

fn shape(spec: &Spec) -> Shape {
    let [ni, nj, nk] = [spec.ni, spec.nj, spec.nk].map(i32::cast_unsigned);
    Shape { ni, nj, nk }
}

/// As librmn 19.5 packs it, missing values apart.
pub fn packing(case: &Case) -> PackRequest<'static> {
    PackRequest {
        data_type: DataType::new(u8::try_from(case.spec.datyp).unwrap()),
        pack_bits: u8::try_from(case.spec.nbits()).unwrap(),
        shape: shape(&case.spec),
        order: WordOrder::Big,
        rules: Rules::Like(rpnfst_codecs::Librmn::V19),
        compression: if case.spec.turbo == Turbo::Fast { Compression::Fast } else { Compression::Normal },
        missing: None,
    }
}

pub fn encode(packing: PackRequest<'_>, data: &Data, with_missing: bool) -> Result<(Stored, Vec<u8>), EncodeError> {
    fn each<T: Element>(packing: PackRequest<'_>, values: &[T], with: bool) -> Result<(Stored, Vec<u8>), EncodeError> {
        let mask = missing::flagged(values).filter(|_| with);
        let mut out = Vec::new();
        let stored = PackRequest { missing: mask.as_ref(), ..packing }.encode(values, Threads::One, &mut out)?;
        Ok((stored, out))
    }
    match data {
        Data::U8(values) => each(packing, values, with_missing),
        Data::I8(values) => each(packing, values, with_missing),
        Data::U16(values) => each(packing, values, with_missing),
        Data::I16(values) => each(packing, values, with_missing),
        Data::U32(values) => each(packing, values, with_missing),
        Data::I32(values) => each(packing, values, with_missing),
        Data::F32(values) => each(packing, values, with_missing),
        Data::F64(values) => each(packing, values, with_missing),
        Data::Complex32(values) => each(packing, values, with_missing),
        Data::Complex64(values) => each(packing, values, with_missing),
    }
}

/// Fields of tiny values with negative zeros or subnormals: librmn's tokens can be negative.
pub fn spills(payload: &[u8], data_type: DataType, case: &Case) -> bool {
    let Data::F32(values) = &case.data else { return false };
    let first = if data_type.is_turbo() { 4 } else { 0 };
    // The reference exponent.
    payload.get(first + 2).is_some_and(|&exponent| exponent < 24)
        && values.iter().any(|value| value.is_sign_negative() && value.abs() < f32::MIN_POSITIVE)
}

/// The attributes of a request. What librmn folds is folded, and where it stores an error for the date, so do we.
pub fn new_record(spec: &Spec) -> Attributes {
    let folded =
        |text: &str| text.chars().map(|c| if c >= '`' { char::from(c as u8 - 32) } else { c }).collect::<String>();
    let [deet, npas, ip1, ip2, ip3] = [spec.deet, spec.npas, spec.ip1, spec.ip2, spec.ip3].map(i32::cast_unsigned);
    let [ig1, ig2, ig3, ig4] = [spec.ig1, spec.ig2, spec.ig3, spec.ig4].map(i32::cast_unsigned);
    let dateo = DateStamp::from_raw(spec.dateo);
    let drop_flag = if spec.missing == OracleMissing::Flags { 0 } else { DataType::MISSING_FLAG };
    let datyp = u8::try_from(spec.datyp).expect("a type") & !drop_flag;
    let record = Attributes::new(folded(&spec.nomvar))
        .typvar(folded(&spec.typvar))
        .etiket(folded(&spec.etiket))
        .grtyp(GridType(spec.grtyp.as_bytes().first().copied().unwrap_or(b' ')))
        .dateo(dateo)
        .deet(deet)
        .npas(npas)
        .ip1(ip1)
        .ip2(ip2)
        .ip3(ip3)
        .ig(ig1, ig2, ig3, ig4)
        .data_type(DataType::new(datyp))
        .pack_bits(u8::try_from(spec.nbits()).expect("bits"));
    let no_date = dateo.is_none() && deet != 0 && npas != 0;
    if no_date || date::validity_of(dateo, deet, npas).is_err() {
        return record.datev(DateStamp::CLASSIC_ERROR);
    }
    record
}

/// The values of a request, and which of them librmn takes for missing.
pub fn values(case: &Case) -> Box<dyn Writable + '_> {
    fn each<'a, T: Element>(case: &Case, values: &'a [T]) -> Box<dyn Writable + 'a> {
        let dims = [case.spec.ni, case.spec.nj, case.spec.nk].map(|n| usize::try_from(n).expect("small"));
        let data = rpnfst::Array::new(values, dims.into()).expect("as many as points");
        // Without the mode, and for other types, librmn stores no flag.
        let kept = case.spec.missing == OracleMissing::Flags && matches!(case.spec.datyp & 63, 1 | 2 | 4 | 5 | 6);
        if case.spec.datyp & 64 == 0 || !kept {
            return Box::new(data);
        }
        let mask = missing::flagged(values).unwrap_or_else(|| rpnfst_codecs::Mask::repeat(false, values.len()));
        Box::new(data.with_missing(mask).expect("a bit each"))
    }
    if let (Data::U32(words), 0 | 64 | 128) = (&case.data, case.spec.datyp) {
        let dims = [case.spec.ni, case.spec.nj, case.spec.nk].map(|n| usize::try_from(n).expect("small"));
        return Box::new(rpnfst::Array::words(words, dims.into()).expect("small"));
    }
    match &case.data {
        Data::U8(values) => each(case, values),
        Data::I8(values) => each(case, values),
        Data::U16(values) => each(case, values),
        Data::I16(values) => each(case, values),
        Data::U32(values) => each(case, values),
        Data::I32(values) => each(case, values),
        Data::F32(values) => each(case, values),
        Data::F64(values) => each(case, values),
        Data::Complex32(values) => each(case, values),
        Data::Complex64(values) => each(case, values),
    }
}

/// Whether librmn stores the request as it should: not an incompressible type 130 (D1), not a flag for missing values lost
/// with an incompressible field (D6), no tokens that spill over.
pub fn stored_well(case: &Case) -> bool {
    let with_missing = case.spec.missing == OracleMissing::Flags;
    let Ok((stored, payload)) = encode(packing(case), &case.data, with_missing) else { return false };
    let failed =
        DataType::new(u8::try_from(case.spec.datyp).expect("a type")).is_turbo() && !stored.data_type.is_turbo();
    let base = stored.data_type.base();
    let misplaced = base == BaseType::Unsigned && stored.pack_bits <= 16;
    !(failed && (misplaced || stored.data_type.has_missing()))
        && !(base == BaseType::Quantized && spills(&payload, stored.data_type, case))
}
