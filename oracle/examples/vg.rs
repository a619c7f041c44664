//! d
use rpnfst_oracle::cases::*;
use rpnfst_oracle::*;
fn main() {
    let l = Librmn::load().unwrap().unwrap();
    let a: Vec<u64> = std::env::args().skip(1).map(|x| x.parse().unwrap()).collect();
    let p = std::env::temp_dir().join(format!("vg{}.std", a[0]));
    let mut f = l.create(&p, Container::Random).unwrap();
    for s in a[0]..a[1] {
        let mut pr = Profile::default();
        if a.len() > 2 {
            pr.types = a[2..].iter().map(|x| *x as i32).collect();
        }
        let c = Case::generate(s, &pr);
        eprintln!(
            "CASE {s} {:?} {} datyp {} npak {} {}x{}x{} {:?} {:?}",
            c.data.element(),
            c.pattern,
            c.spec.datyp,
            c.spec.npak,
            c.spec.ni,
            c.spec.nj,
            c.spec.nk,
            c.spec.turbo,
            c.spec.missing
        );
        if let Err(e) = f.write(&c.spec, &c.data) {
            eprintln!("ERR {e}")
        }
    }
    drop(f);
    let f = l.open(&p).unwrap();
    for e in f.list().unwrap() {
        eprintln!("READ {} {} {} {}x{}x{}", e.handle, e.datyp, e.nbits, e.ni, e.nj, e.nk);
        let _ = f.read_natural(&e, Missing::Off);
        let _ = f.read_natural(&e, Missing::Flags);
        if (e.datyp & 63) == 1 {
            let _ = f.read(&e, Element::F64, Missing::Off);
        }
    }
    drop(f);
    std::fs::remove_file(p).unwrap();
}
