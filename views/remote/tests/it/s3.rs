//! Against moto's S3 server, if it is installed (`pip install 'moto[s3,server]'`).

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::Duration,
};

use rpnfst::{File, OpenOptions};
use rpnfst_remote::{Error, Options, Remote, Trouble, open_with};

/// A server that ends with the test.
struct Moto {
    address: SocketAddr,
    child: Child,
}

impl Moto {
    /// `None` where there is no such program; `MOTO_SERVER` says where it is if it is not on the path.
    fn start() -> Option<Self> {
        let program = std::env::var_os("MOTO_SERVER").unwrap_or_else(|| "moto_server".into());
        let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", &address.port().to_string()]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        let moto = Self { address, child };
        for _ in 0..300 {
            if TcpStream::connect(address).is_ok() {
                return Some(moto);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("moto_server does not listen");
    }

    /// Makes a bucket or an object; moto believes any signature.
    fn put(&self, path: &str, body: &[u8]) {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        let length = body.len();
        let key = "Credential=me/20261124/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
        let head = format!(
            "PUT {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {length}\r\nConnection: close\r\n\
             Authorization: AWS4-HMAC-SHA256 {key}\r\n\r\n",
            self.address
        );
        stream.write_all(&[head.as_bytes(), body].concat()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn objects_of_a_bucket() {
    let Some(moto) = Moto::start() else {
        rpnfst_oracle::skipped::skipped("no moto_server on the path, nor MOTO_SERVER");
        return;
    };
    let path = "../../testdata/xdf/same_name.std";
    let bytes = fs::read(path).expect("a file");
    moto.put("/archive", b"");
    moto.put("/archive/runs/a.std", &bytes);
    let options = Options::new()
        .environment(false)
        .setting("aws_endpoint", format!("http://{}", moto.address))
        .setting("aws_allow_http", "true")
        .setting("aws_region", "us-east-1")
        .setting("aws_access_key_id", "me")
        .setting("aws_secret_access_key", "secret")
        .block_size(1 << 10)
        .cache_size(0);
    let url = "s3://archive/runs/a.std";
    let open = |url: &str| open_with(url, &options, &OpenOptions::new());
    let (remote, local) = (open(url).expect("a remote file"), File::open(path).expect("a file"));
    assert_eq!(remote.records(), local.records());
    for record in local.records() {
        let (there, here) = (remote.read(record).expect("values"), local.read(record).expect("values"));
        assert_eq!(format!("{there:?}"), format!("{here:?}"));
    }

    let trouble = |url: &str| match Remote::open(url, &options) {
        Err(Error::Remote { trouble, .. }) => trouble,
        other => panic!("{other:?}"),
    };
    assert_eq!(trouble("s3://archive/runs/none.std"), Trouble::NotFound);
    assert_eq!(trouble("s3://none/runs/a.std"), Trouble::NotFound);
    moto.put("/archive/empty", b"");
    assert!(Remote::open("s3://archive/empty", &options).is_ok());

    let nobody = options.clone().setting("aws_skip_signature", "true");
    let Err(Error::Remote { trouble: Trouble::Denied(_), .. }) = Remote::open(url, &nobody) else { panic!("opened") };

    // Another version under the same name.
    let mut other = bytes;
    other.reverse();
    moto.put("/archive/runs/a.std", &other);
    let error = remote.read(&remote.records()[0]).expect_err("a change").to_string();
    assert!(error.starts_with(&format!("{url}: record ")) && error.contains("changed while it was read"), "{error}");
}
