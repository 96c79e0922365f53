//! Live events (placeholder until 'inbound' writes it).
use tokio_util::sync::CancellationToken;
use crate::db::Db;
pub struct Feed;
impl Feed {
    pub fn new(_db: Db, _stopping: CancellationToken) -> Self { Self }
}
