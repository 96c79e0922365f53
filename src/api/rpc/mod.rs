//! The Supabase door (placeholder until 'door' writes it).
pub fn routes() -> poem::Route { poem::Route::new() }
