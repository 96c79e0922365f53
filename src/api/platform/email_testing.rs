//! The sandbox's inbox beside the API: `/email-testing` for people, `/api/email-testing/*` for tests.
//!
//! Plain routes, because the OpenAPI document describes what a production server has. The server mounts them when a
//! sandbox is attached and not otherwise.

use poem::Route;

use crate::sandbox::inbox;

pub fn mount(routes: Route) -> Route {
    inbox::mount(routes, "/email-testing")
}
