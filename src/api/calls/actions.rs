//! What is done after a call: ringing back, writing to whoever called, passing its recording or its transcript on.

use poem::{IntoResponse, Response, http::header, web::Data};
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::Path,
    payload::Json,
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::Type,
};
use uuid::Uuid;

use crate::{
    api::{
        Reply, SignedIn, Tag,
        follow::{Followed, Promise},
    },
    args,
    error::Result,
    server::App,
};

const TEXT: &str = "text/plain; charset=utf-8";

/// A call that was placed.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
pub struct PlacedCall {
    call_id: Uuid,
    /// Vapi's id of it.
    vapi_call_id: Option<String>,
    /// Who is called.
    phone: String,
    /// `initiated`.
    status: String,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct Followup {
    /// At most 160 characters.
    message: String,
}

/// A text message that is on its way.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct SentFollowup {
    success: bool,
    message_id: Uuid,
    phone: String,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct Share {
    email: String,
}

/// A link that is on its way.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct SharedRecording {
    success: bool,
    email: String,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct Export {
    /// `txt`.
    #[oai(default = "text_file")]
    format: String,
}

fn text_file() -> String {
    "txt".to_owned()
}

pub struct ContactCallsApi;

#[OpenApi(prefix_path = "/api/contacts", tag = "Tag::Calls")]
impl ContactCallsApi {
    /// Call a contact back
    ///
    /// By the organisation's agent for calling out, with its own number or a verified one, within the calling hours. What the
    /// call may cost is held first. 202 when Vapi takes longer than 20 seconds: follow the operation.
    #[oai(path = "/:id/call-back", method = "post", operation_id = "call_back")]
    async fn call_back(&self, caller: SignedIn, id: Path<Uuid>, Data(app): Data<&App>) -> Result<Followed<PlacedCall>> {
        let promise = Promise::of(caller.0.write("call_back", args! { p_contact_id: id.0 }).await?)?;
        promise.read(&caller, app, app.config.patience(), "placed_call").await
    }
}

pub struct CallActionsApi;

#[OpenApi(prefix_path = "/api/calls-dashboard", tag = "Tag::Calls")]
impl CallActionsApi {
    /// Text whoever called
    ///
    /// One an hour to a person: after that 429, with when to try again. Nobody is texted who said STOP.
    #[oai(path = "/:id/followup", method = "post", operation_id = "send_followup")]
    async fn send_followup(
        &self,
        caller: SignedIn,
        id: Path<Uuid>,
        what: Json<Followup>,
    ) -> Result<Reply<SentFollowup>> {
        caller.write("send_followup", args! { p_call_id: id.0, p_message: what.0.message }).await
    }

    /// Share a recording
    ///
    /// By a link in an email, which opens without an account for 24 hours.
    #[oai(path = "/:id/share", method = "post", operation_id = "share_recording")]
    async fn share_recording(
        &self,
        caller: SignedIn,
        id: Path<Uuid>,
        whom: Json<Share>,
    ) -> Result<Reply<SharedRecording>> {
        caller.write("share_recording", args! { p_call_id: id.0, p_email: whom.0.email }).await
    }

    /// Take a transcript away
    ///
    /// As a text file. That it left is on record.
    #[oai(path = "/:id/transcript/export", method = "post", operation_id = "export_transcript")]
    async fn export_transcript(&self, caller: SignedIn, id: Path<Uuid>, how: Json<Export>) -> Result<TextFile> {
        let answer = caller.0.write("export_transcript", args! { p_call_id: id.0, p_format: how.0.format }).await?;
        Ok(TextFile { text: answer.parse()?, filename: format!("transcript-{}.txt", id.0) })
    }
}

struct TextFile {
    text: String,
    filename: String,
}

impl IntoResponse for TextFile {
    fn into_response(self) -> Response {
        Response::builder()
            .content_type(TEXT)
            .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.filename))
            .header(header::CACHE_CONTROL, "no-store")
            .body(self.text)
    }
}

impl ApiResponse for TextFile {
    fn meta() -> MetaResponses {
        let content = vec![MetaMediaType { content_type: TEXT, schema: String::schema_ref() }];
        MetaResponses {
            responses: vec![MetaResponse {
                description: "The transcript",
                status: Some(200),
                status_range: None,
                content,
                headers: vec![],
            }],
        }
    }

    fn register(_: &mut Registry) {}
}
