//! The program `rollcall`.
fn main() {}
