// A front end's first minutes, through the client generated from our OpenAPI document. That it compiles is half the test.
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/api.js";

declare const process: { env: Record<string, string | undefined> };

function assert(condition: unknown, what: string): asserts condition {
    if (!condition) throw new Error(what);
}

const api = createClient<paths>({
    baseUrl: process.env.VOXANNE_URL ?? "",
    headers: { authorization: `Bearer ${process.env.VOXANNE_TOKEN}` },
});

const me = await api.GET("/api/me");
assert(me.data, "who is signed in");
const organization: components["schemas"]["Organization"] = me.data.organization;
assert(me.data.role === "admin", "the first person is the admin");
assert(me.data.wallet !== null && me.data.wallet.balance_pence === 0, "the wallet is there and empty");

const changed = await api.PATCH("/api/organization", { body: { specialty: "Dentistry", website: null } });
assert(changed.data?.specialty === "Dentistry", "a field is changed");
assert(changed.data.website === null && changed.data.id === organization.id, "the others are as they were");

const invited = await api.POST("/api/members/invite", {
    body: { email: "sam@clinic.example", role: "manager" },
    params: { header: { "Idempotency-Key": "a-first-invitation" } },
});
assert(invited.response.status === 201 && invited.data?.role === "manager", "an invitation is made");
const open = await api.GET("/api/invitations");
assert(open.data?.some((invitation) => invitation.id === invited.data?.id), "and listed");

const page = await api.GET("/api/audit-logs", { params: { query: { limit: 1 } } });
assert(page.data?.items.length === 1 && page.data.next_cursor, "a page and where the next one begins");

const missing = await api.DELETE("/api/api-keys/{id}", {
    params: { path: { id: "00000000-0000-0000-0000-000000000000" } },
});
assert(missing.error, "what is not there is refused");
const code: string = missing.error.code;
assert(code === "api_key_not_found" && missing.error.request_id, `with a code to rely on, not ${code}`);

console.log("the generated client works");
