//! What listing costs: at most 6 requests and 400 kB for 1,000 records in 2 GB.

use rpnfst::Container;
use rpnfst_remote::open;

use crate::{server::Server, sparse};

#[test]
fn listing_two_gigabytes() {
    for container in [Container::Xdf, Container::Rsf] {
        let object = sparse::file(container, 1000, 500_000);
        let size = rpnfst::ReadAt::size(&object).expect("a size");
        assert!(size > 2_000_000_000, "{size} bytes");
        let server = Server::new(object);
        let file = open(&server.url()).expect("a file");
        assert_eq!(file.records().len(), 1000);
        assert_eq!(file.problems().count(), 0);
        let (requests, bytes) = (server.requests(), server.bytes());
        println!("{container:?}: {} requests, {bytes} bytes: {requests:#?}", requests.len());
        assert!(requests.len() <= 6 && bytes <= 400_000, "{container:?}: {requests:#?}, {bytes} bytes");

        // One record of the middle: its own bytes and a block more.
        let record = &file.records()[500];
        let values = file.read(record).expect("values");
        assert_eq!(values.as_slice::<f32>().expect("reals")[0].to_bits(), 500.0_f32.to_bits());
        let (requests, bytes) = (server.requests().len() - requests.len(), server.bytes() - bytes);
        println!(
            "{container:?}: a record of {} bytes: {requests} requests, {bytes} bytes",
            record.total_stored_bytes()
        );
        assert!(requests <= 3 && bytes <= record.total_stored_bytes() + 200_000, "{requests} requests, {bytes} bytes");
    }
}

#[test]
fn reading_all_records_in_order() {
    for container in [Container::Xdf, Container::XdfSequential, Container::Rsf] {
        let object = sparse::file(container, 400, 25_000);
        let size = rpnfst::ReadAt::size(&object).expect("a size");
        let server = Server::new(object);
        let file = open(&server.url()).expect("a file");
        let listing = (server.requests().len(), server.bytes());
        for record in file.records() {
            file.read(record).expect("values");
        }
        let (requests, bytes) = (server.requests().len(), server.bytes());
        println!("{container:?}: {size} bytes, listing {listing:?}, all {requests} requests, {bytes} bytes");
        // A sequential file has no directory.
        let most = if container == Container::XdfSequential { (410, 3_000_000) } else { (3, 200_000) };
        assert!(listing.0 <= most.0 && listing.1 <= most.1, "{container:?}: {listing:?}");
        assert!(requests - listing.0 <= 40 && bytes <= size + 3_000_000, "{requests} requests, {bytes} bytes");
    }
}

#[test]
fn walking_through_a_sequential_file() {
    // It has no directory: each record is found from the one before.
    let server = Server::new(sparse::file(Container::XdfSequential, 100, 500_000));
    let file = open(&server.url()).expect("a file");
    assert_eq!(file.records().len(), 100);
    let (requests, bytes) = (server.requests().len(), server.bytes());
    println!("{requests} requests, {bytes} bytes");
    assert!(requests <= 210 && bytes <= 2_000_000, "{requests} requests, {bytes} bytes");
}
