//! The proof of the sagas: whatever befalls them, at rest all books agree.

pub mod agree;
mod detour;
mod grid;
mod moves;
mod races;
pub mod stage;
