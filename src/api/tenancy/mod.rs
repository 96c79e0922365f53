//! Who you are, your organisation and its people.

use poem_openapi::OpenApi;

pub fn apis() -> impl OpenApi {
}
