//! What a writer asks of values, whatever their element type.

use rpnfst_codecs::{
    DataType, Element, ElementKind, EncodeError, PackRequest, Shape, Stored, Threads, WordOrder, lossless, missing,
};

use super::{Array, Field, Mask, each};

/// Values that a [`Writer`](crate::Writer) can write: an [`Array`], or a [`Field`] that was read.
pub trait Writable: sealed::Writable + Sync {}

pub(crate) mod sealed {
    use super::{DataType, ElementKind, EncodeError, Mask, PackRequest, Shape, Stored, Threads, WordOrder};

    pub trait Writable {
        fn shape(&self) -> Shape;
        fn kind(&self) -> ElementKind;
        /// Type that the values have by themselves, where the element type does not say it.
        fn natural_type(&self) -> Option<DataType>;
        /// Which values are missing, as far as the caller has said.
        fn mask(&self) -> Option<&Mask>;
        /// Which values say by themselves that they are missing: NaN and the default special values.
        fn special(&self) -> Option<Mask>;
        /// See [`lossless`](rpnfst_codecs::lossless).
        fn lossless(&self, bits: Option<u8>, order: WordOrder) -> Result<(DataType, u8), EncodeError>;
        fn encode(&self, request: &PackRequest<'_>, threads: Threads, out: &mut Vec<u8>)
        -> Result<Stored, EncodeError>;
    }
}

impl<T: Element> Writable for Array<'_, T> {}

impl<T: Element> sealed::Writable for Array<'_, T> {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn kind(&self) -> ElementKind {
        T::KIND
    }

    fn natural_type(&self) -> Option<DataType> {
        self.natural
    }

    fn mask(&self) -> Option<&Mask> {
        self.missing()
    }

    fn special(&self) -> Option<Mask> {
        missing::special(self.values())
    }

    fn lossless(&self, bits: Option<u8>, order: WordOrder) -> Result<(DataType, u8), EncodeError> {
        lossless(self.values(), self.missing(), bits, order)
    }

    fn encode(&self, request: &PackRequest<'_>, threads: Threads, out: &mut Vec<u8>) -> Result<Stored, EncodeError> {
        request.encode(self.values(), threads, out)
    }
}

impl Writable for Field {}

impl sealed::Writable for Field {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn kind(&self) -> ElementKind {
        self.values.kind()
    }

    fn natural_type(&self) -> Option<DataType> {
        None
    }

    fn mask(&self) -> Option<&Mask> {
        self.missing()
    }

    fn special(&self) -> Option<Mask> {
        each!(&self.values, values => missing::special(values))
    }

    fn lossless(&self, bits: Option<u8>, order: WordOrder) -> Result<(DataType, u8), EncodeError> {
        each!(&self.values, values => lossless(values, self.missing(), bits, order))
    }

    fn encode(&self, request: &PackRequest<'_>, threads: Threads, out: &mut Vec<u8>) -> Result<Stored, EncodeError> {
        each!(&self.values, values => request.encode(values, threads, out))
    }
}

impl<W: Writable + ?Sized> Writable for &W {}

impl<W: sealed::Writable + ?Sized> sealed::Writable for &W {
    fn shape(&self) -> Shape {
        (**self).shape()
    }

    fn kind(&self) -> ElementKind {
        (**self).kind()
    }

    fn natural_type(&self) -> Option<DataType> {
        (**self).natural_type()
    }

    fn mask(&self) -> Option<&Mask> {
        (**self).mask()
    }

    fn special(&self) -> Option<Mask> {
        (**self).special()
    }

    fn lossless(&self, bits: Option<u8>, order: WordOrder) -> Result<(DataType, u8), EncodeError> {
        (**self).lossless(bits, order)
    }

    fn encode(&self, request: &PackRequest<'_>, threads: Threads, out: &mut Vec<u8>) -> Result<Stored, EncodeError> {
        (**self).encode(request, threads, out)
    }
}
