//! Plans played on a database of their own.

use voxanne::simulate::{Plan, Report, Simulation};

use crate::support::TestDb;

/// A plan that was played, and the database it was played on.
pub struct Played {
    pub db: TestDb,
    pub report: Report,
}

impl Played {
    /// Until nothing is left to happen. Asking the provider has no limit here: thousands of calls are asked about at once.
    pub async fn to_the_end(plan: &Plan) -> Self {
        let db = TestDb::new().await;
        let (owner, worker) = (db.owner().await, db.worker().await);
        owner.batch_execute("delete from private.provider_limits where provider = 'vapi'").await.expect("no limit");
        let simulation = Simulation::new(plan, &owner, &worker).await.expect("the simulation begins");
        let report = simulation.run().await.expect("the simulation plays");
        Self { db, report }
    }

    /// A number out of the database.
    pub async fn count(&self, what: &str) -> i64 {
        let owner = self.db.owner().await;
        owner.query_one(&format!("select count(*) from {what}"), &[]).await.expect("a count").get(0)
    }
}
