//! The sandbox's inbox over the API (placeholder until 'sandbox' writes it).
use poem::Route;
pub fn mount(routes: Route) -> Route { routes }
