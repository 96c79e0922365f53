use poem_openapi::{
    Object, OpenApi,
    param::{Path, Query},
    payload::Json,
    types::{MaybeUndefined, ToJSON},
};
use uuid::Uuid;

use super::types::{Invitation, Member, MemberStatus, Role};
use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    error::Result,
};

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewMember {
    email: String,
    /// `user` when absent.
    role: Option<Role>,
    full_name: Option<String>,
}

/// One of the two: the person is in, or has been invited.
#[derive(Object)]
struct MemberAddition {
    member: Option<Member>,
    invitation: Option<Invitation>,
}

/// What to change. Absent leaves a field as it is, null clears it.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct MemberPatch {
    role: MaybeUndefined<Role>,
    /// `active` or `suspended`.
    status: MaybeUndefined<MemberStatus>,
    full_name: MaybeUndefined<String>,
    phone: MaybeUndefined<String>,
    avatar_url: MaybeUndefined<String>,
}

pub struct MembersApi;

#[OpenApi(prefix_path = "/api/members", tag = "Tag::Members")]
impl MembersApi {
    /// The people of the organisation
    #[oai(path = "/", method = "get", operation_id = "list_members")]
    async fn list_members(
        &self,
        caller: SignedIn,
        /// Removed members too.
        include_inactive: Query<Option<bool>>,
    ) -> Result<Reply<Vec<Member>>> {
        caller.read("list_members", args! { p_include_inactive: include_inactive.0 }).await
    }

    /// Add a person
    ///
    /// Someone who has signed up and belongs to no organisation is in at once; anyone else is invited by email.
    #[oai(path = "/", method = "post", operation_id = "add_member")]
    async fn add_member(&self, caller: SignedIn, member: Json<NewMember>) -> Result<Reply<MemberAddition, 201>> {
        let NewMember { email, role, full_name } = member.0;
        caller.write("add_member", args! { p_email: email, p_role: role, p_full_name: full_name }).await
    }

    /// Invite a person by email
    ///
    /// The invitation is good for seven days and for one use. Inviting an email again answers the open invitation.
    #[oai(path = "/invite", method = "post", operation_id = "invite_member")]
    async fn invite_member(&self, caller: SignedIn, member: Json<NewMember>) -> Result<Reply<Invitation, 201>> {
        let NewMember { email, role, full_name } = member.0;
        caller.write("invite_member", args! { p_email: email, p_role: role, p_full_name: full_name }).await
    }

    /// Change a member
    ///
    /// The last active admin can be neither demoted nor suspended.
    #[oai(path = "/:id", method = "patch", operation_id = "update_member")]
    async fn update_member(&self, caller: SignedIn, id: Path<Uuid>, patch: Json<MemberPatch>) -> Result<Reply<Member>> {
        caller.write("update_member", args! { p_member_id: id.0, p_patch: patch.0.to_json() }).await
    }

    /// Remove a member
    ///
    /// The data is out of reach at once, not when the token expires. The last active admin cannot be removed.
    #[oai(path = "/:id", method = "delete", operation_id = "remove_member")]
    async fn remove_member(&self, caller: SignedIn, id: Path<Uuid>) -> Result<Reply<Member>> {
        caller.write("remove_member", args! { p_member_id: id.0 }).await
    }
}
