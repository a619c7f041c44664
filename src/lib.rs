//! rpnfst.
