use poem::web::Data;
use poem_openapi::{Object, OpenApi, param::Path, payload::Json};
use uuid::Uuid;

use super::types::{Invitation, Member};
use crate::{
    api::{
        Reply, SignedIn, Tag,
        follow::{A_MOMENT, Followed, Promise},
        platform::operations::Operation,
    },
    args,
    error::Result,
    server::App,
};

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct InvitationToken {
    /// From the link in the email.
    token: String,
}

pub struct InvitationsApi;

#[OpenApi(prefix_path = "/api/invitations", tag = "Tag::Members")]
impl InvitationsApi {
    /// Who is invited
    #[oai(path = "/", method = "get", operation_id = "list_invitations")]
    async fn list_invitations(&self, caller: SignedIn) -> Result<Reply<Vec<Invitation>>> {
        caller.read("list_invitations", args! {}).await
    }

    /// Accept an invitation
    ///
    /// For a signed-in person without an organisation. Refresh the access token afterwards: it then names the
    /// organisation.
    #[oai(path = "/accept", method = "post", operation_id = "accept_invitation")]
    async fn accept_invitation(&self, caller: SignedIn, invitation: Json<InvitationToken>) -> Result<Reply<Member>> {
        caller.write("accept_invitation", args! { p_token: invitation.0.token }).await
    }

    /// Send an invitation again
    ///
    /// With a new link; the old one is worth nothing then. 200 once the email is on its way, 202 when that takes longer:
    /// follow the operation then. At most once a minute.
    #[oai(path = "/:id/send", method = "post", operation_id = "send_invitation_again")]
    async fn send_invitation_again(
        &self,
        caller: SignedIn,
        id: Path<Uuid>,
        Data(app): Data<&App>,
    ) -> Result<Followed<Operation>> {
        let promise = caller.0.write("send_invitation_again", args! { p_invitation_id: id.0 }).await?;
        Promise::of(promise)?.itself(&caller, app, A_MOMENT).await
    }

    /// Take an invitation back
    #[oai(path = "/:id", method = "delete", operation_id = "revoke_invitation")]
    async fn revoke_invitation(&self, caller: SignedIn, id: Path<Uuid>) -> Result<Reply<Invitation>> {
        caller.write("revoke_invitation", args! { p_invitation_id: id.0 }).await
    }
}
